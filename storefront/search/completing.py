"""How a text goes on that somebody types: words of goods, English words for them, models, a second word.

Only what finds something is offered.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import tantivy

from storefront.search.english import phrases
from storefront.search.text import MODEL, joined, normalise, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storefront.search.lexicon import Lexicon
    from storefront.search.usage import Usage

LONGEST_START: Final = 40  # characters of what is being typed
_LOOKED_AT: Final = 20  # goods with such a model, and English words that begin so
_SPARE: Final = 3
_TRIED: Final = 4  # second words, each of which costs a search


def continued(
    usage: Usage,
    searcher: tantivy.Searcher,
    schema: tantivy.Schema,
    text: str,
    *,
    finds: Callable[[str], bool],
    limit: int,
) -> list[str]:
    """What goes on from a text, the likeliest first; `finds` says whether a text finds goods by all its words."""
    start = squeeze(normalise(text))
    if not start:
        return []
    begun = (entry.text for entry in usage.words.beginning(start, _SPARE * limit))
    found = [word for word in begun if usage.says(word)][:limit]  # the lexicon forgets no word of goods taken down
    if start.isascii():
        english = list(_english(usage, normalise(text).strip()))
        exact = english[:1] if english and squeeze(english[0]) == start else []
        found = [*_models(searcher, schema, start), *exact, *found, *english]
    if not found:
        found = list(_second(usage.words, text, finds, limit))
    return list(dict.fromkeys(found))[:limit]


def _english(usage: Usage, start: str) -> Iterator[str]:
    """English words that begin so and whose goods there are, one of those that mean the same."""
    begun = sorted((each for each in phrases() if each.startswith(start)), key=lambda each: (len(each), each))
    meant = {phrases()[each]: each for each in reversed(begun[:_LOOKED_AT])}
    for chinese, each in reversed(meant.items()):
        if any(usage.says(normalise(one)) for one in chinese):
            yield each


def _models(searcher: tantivy.Searcher, schema: tantivy.Schema, start: str) -> list[str]:
    """Models that begin so, `DY-9001` for `dy9`, as their goods write them."""
    if not any(sign.isdigit() for sign in start) or start.isdigit():
        return []
    begun = [tantivy.Query.fuzzy_term_query(schema, field, start, 0, True, True) for field in ("title", "rest")]
    either = tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in begun])
    models: set[str] = set()
    for _, address in searcher.search(either, _LOOKED_AT, count=False).hits:
        told = json.loads(bytes(searcher.doc(address)["document"][0]))
        said = MODEL.findall(f"{told['title']} {told['attributes']}")
        models.update(each for each in said if joined(normalise(each)).startswith(start))
    return sorted(models, key=lambda each: (len(each), each))


def _second(words: Lexicon, text: str, finds: Callable[[str], bool], limit: int) -> Iterator[str]:
    """What was typed with its last word gone on, `围巾 羊绒` for `围巾 羊`."""
    *before, last = text.split()
    start = squeeze(normalise(last))
    if not before or not start:
        return
    for entry in words.beginning(start, min(limit, _TRIED)):
        whole = " ".join([*before, entry.text])
        if finds(whole):
            yield whole
