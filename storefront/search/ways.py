"""The ways to understand a query, the strictest first; each says what was given up on the way to it."""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING, Final, NamedTuple

import tantivy

from storefront.search.hearing import corrected, heard
from storefront.search.meaning import ending, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from storefront.search.meaning import Word
    from storefront.search.ranking import Ranking
    from storefront.search.rules import Match
    from storefront.search.usage import Usage

_TRIES: Final = 12  # of leaving out words, for each number of words left out


class Way(NamedTuple):
    """A query of the index, how it matches, the words it gave up, and the query that was probably meant.

    `wider` finds what matches in part, and less and less; for those who would rather see more than little.
    """

    match: Match
    query: tantivy.Query
    relaxed: tuple[str, ...] = ()
    suggestion: str = ""
    wider: tuple[tantivy.Query, ...] = ()


def ways(q: str, ranking: Ranking, usage: Usage, *, exact: bool = False) -> Iterator[Way]:
    """What to try in turn until something is found; `exact` takes the words as they are and nothing less."""
    if not q.strip():
        yield Way("all", tantivy.Query.all_query())
    elif exact and (typed := words(q)):
        yield Way("all", ranking.text(typed))
    elif asked := heard(words(q), usage.words):
        right = corrected(asked, usage)
        if right:
            asked = right.words
        wide, said = _wider(asked, ranking, usage), right.text if right else ""
        yield Way("all", ranking.text(asked), (), said, wide)
        yield Way("all", ranking.text(asked, "across"), (), said, wide)
        yield Way("loose", ranking.text(asked, "characters"), (), said, wide)
        for kept, dropped in _fewer(asked, lambda word: usage.holds(ranking.word(word))):
            yield Way("any", ranking.text(kept), tuple(word.text for word in dropped), said, wide)
    yield Way("none", tantivy.Query.empty_query())


def _wider(asked: Sequence[Word], ranking: Ranking, usage: Usage) -> tuple[tantivy.Query, ...]:
    """The thing asked for whatever else was said of it, then what else there is where it is at home."""
    demanded = [word for word in asked if not word.optional]
    core = usage.core(demanded)
    short = ending(core)
    beside = ranking.beside(asked)
    if len(demanded) == 1 and short == core:
        return (beside,)
    return ranking.text([word._replace(optional=True) if word is not core else short for word in asked]), beside


def _fewer(asked: Sequence[Word], alive: Callable[[Word], bool]) -> Iterator[tuple[list[Word], list[Word]]]:
    """Fewer and fewer of the words: first without those that nothing holds, the thing itself (said last) to the end."""
    demanded = [word for word in asked if not word.optional]
    living = [word for word in demanded if alive(word)]
    sizes = range(len(living) - (len(living) == len(demanded)), 0, -1)
    for size in sizes:
        for kept in islice(combinations(reversed(living), size), _TRIES):
            yield sorted(kept, key=lambda word: word.start), [word for word in demanded if word not in kept]
