"""The ways to understand a query, the strictest first; each says what was given up on the way to it."""

from __future__ import annotations

from functools import partial
from itertools import combinations, islice
from typing import TYPE_CHECKING, Final, NamedTuple

import tantivy

from storefront.search.hearing import corrected, heard
from storefront.search.meaning import ending, words
from storefront.search.text import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from storefront.search.meaning import Word
    from storefront.search.ranking import Ranking
    from storefront.search.rules import Match
    from storefront.search.usage import Usage

_TRIES: Final = 12  # of leaving out words, for each number of words left out


class Way(NamedTuple):
    """A query of the index, how it matches, the words it gave up, and the query that was probably meant.

    `wide` says what else there is, for those who would rather see more than little.
    """

    match: Match
    query: tantivy.Query
    relaxed: tuple[str, ...] = ()
    suggestion: str = ""
    wide: Wide | None = None


class Wide(NamedTuple):
    """What lies around a search: what matches it in part, and what lies beside it in the categories of the thing.

    `made` is what has words only in the name of its maker or belt.
    `thing` leaves of any goods those that name the thing only to tell another apart, `other` takes these; nothing
    where no thing is named. `holds_all`: what matches in part holds all that matches.
    """

    partly: tantivy.Query | None
    beside: tantivy.Query
    thing: Callable[[tantivy.Query], tantivy.Query] | None
    other: Callable[[tantivy.Query], tantivy.Query] | None
    made: tantivy.Query | None = None
    holds_all: bool = False


def ways(q: str, ranking: Ranking, usage: Usage, *, exact: bool = False) -> Iterator[Way]:
    """What to try in turn until something is found; `exact` takes the words as they are and nothing less."""
    if not q.strip():
        yield Way("all", tantivy.Query.all_query())
    elif exact and (typed := words(q)):
        yield Way("all", ranking.text(typed))
    elif asked := heard(words(q), usage):
        asked, said = set_right(asked, ranking, usage)
        wide = _wide(asked, ranking, usage)
        named = ranking.text(asked)
        made = named if any(map(usage.names_maker, asked)) else None
        yield Way("all", ranking.text(asked, "goods"), (), said, wide._replace(made=made, holds_all=True))
        yield Way("all", named, (), said, wide._replace(holds_all=True))
        yield Way("all", ranking.text(asked, "across"), (), said, wide)
        if all(word.text in listed("talk_words") for word in asked):
            yield Way("all", tantivy.Query.all_query())  # 代发 and 包邮 say nothing of the goods
        yield Way("loose", ranking.text(asked, "characters"), (), said, wide)
        for kept, dropped in _fewer(asked, lambda word: usage.holds(ranking.word(word))):
            yield Way("any", ranking.text(kept), tuple(word.text for word in dropped), said, wide)
    yield Way("none", tantivy.Query.empty_query())


def set_right(asked: tuple[Word, ...], ranking: Ranking, usage: Usage) -> tuple[tuple[Word, ...], str]:
    """The words as they were probably meant, and how to write them where that is not what was typed."""
    right = corrected(asked, usage, lambda word: usage.holds(ranking.word(word)))
    return (right.words, right.text) if right else (asked, "")


def _wide(asked: Sequence[Word], ranking: Ranking, usage: Usage) -> Wide:
    """The thing asked for whatever else was said of it, and what else there is where it is at home."""
    demanded = [word for word in asked if not word.optional]
    core = usage.core(demanded)
    short = ending(core)
    partly = None
    if (len(demanded) > 1 or short != core) and core.text not in listed("part_names"):
        partly = ranking.text([word._replace(optional=True) if word is not core else short for word in asked])
    is_thing = usage.is_thing(core)
    thing, other = (partial(each, demanded) if is_thing else None for each in (ranking.thing, ranking.other))
    return Wide(partly, ranking.beside(asked), thing, other)


def _fewer(asked: Sequence[Word], alive: Callable[[Word], bool]) -> Iterator[tuple[list[Word], list[Word]]]:
    """Fewer and fewer of the words: first without those that nothing holds, the thing itself to the end.

    What only says how a thing is, or what for (防水, 送礼), goes before any thing; of several, what is said first.
    """
    demanded = [word for word in asked if not word.optional]
    living = [word for word in demanded if alive(word)]
    said = listed("attribute_words")
    dearest = sorted(living, key=lambda word: (word.text in said or word.is_measure, -word.start))
    sizes = range(len(living) - (len(living) == len(demanded)), 0, -1)
    for size in sizes:
        for kept in islice(combinations(dearest, size), _TRIES):
            yield sorted(kept, key=lambda word: word.start), [word for word in demanded if word not in kept]
