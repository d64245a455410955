"""What the goods of one commit tell about words: which name the thing itself, and in which categories."""

from collections.abc import Sequence
from functools import cached_property
from math import log2
from typing import Any, Final

import tantivy

from storefront.search.lexicon import Lexicon
from storefront.search.meaning import Word
from storefront.search.text import pieces

_MOST_CATEGORIES: Final = 2_000
_MOST_REMEMBERED: Final = 2_000
_NOWHERE: Final = ("其他", "其它", "-")  # categories that say nothing of their goods
_ABOUT_IT: Final = 0.5  # of the titles that say a word, when it is surely a thing
_LEAST_FIT: Final = 0.05
_MOST_HOMES: Final = 8  # of a word: where goods are sorted badly, every category has some that are called so
_BESIDES: Final = 8  # goods that every category is thought to have besides, so that one listing proves little
_OFTEN: Final = 0.3  # of how often they are about the word that they are most often about
_SMOOTH: Final = 2  # titles that every word is thought to stand in besides


class Usage:
    """One commit of the index, asked about words; what it was asked it remembers."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, words: Lexicon) -> None:
        self._searcher = searcher
        self._schema = schema
        self.words = words
        self._homes: dict[str, dict[str, float]] = {}

    def holds(self, query: tantivy.Query) -> bool:
        """Whether any listing matches."""
        return bool(self._searcher.search(query, limit=1, count=False).hits)

    def holds_run(self, text: str) -> bool:
        """Whether any title has these characters side by side."""
        return len(pieces(text)) > 1 and self.says(text)

    def says(self, text: str) -> bool:
        """The same of a single character or word of letters as well."""
        run: list[Any] = pieces(text)
        if len(run) == 1:
            return self.holds(tantivy.Query.term_query(self._schema, "run", run[0]))
        return bool(run) and self.holds(tantivy.Query.phrase_query(self._schema, "run", run))

    def in_titles(self, term: str) -> int:
        """How many titles hold a term."""
        return self._searcher.doc_freq("title", term)

    def in_rest(self, term: str) -> int:
        """How many goods hold a term around their titles: as an attribute, a maker, a place or a category."""
        return max(self._searcher.doc_freq("rest", term), self._searcher.doc_freq("home", term))

    def names_maker(self, word: Word) -> bool:
        """Whether any part of a word may stand in the name of a maker or belt."""
        terms = (term for form in word.forms for part in form.parts for term in part)
        return any(self._searcher.doc_freq("home", term) for term in terms)

    def about(self, term: str) -> int:
        """How many titles are about a term."""
        return self._searcher.doc_freq("head", term)

    def core(self, words: Sequence[Word]) -> Word:
        """The word that says what the thing is: the last of those that goods are often about."""
        names = [self._names(word) for word in words]
        often = _OFTEN * max(names)
        return next(word for word, name in zip(reversed(words), reversed(names), strict=True) if name >= often)

    def is_thing(self, word: Word) -> bool:
        """Whether most titles that say a word are about it: 炒锅 is a thing, 羊绒 what things are of."""
        term = self._thing(word)
        return self._searcher.doc_freq("head", term) > _ABOUT_IT * self.in_titles(term)

    def homes(self, word: Word) -> dict[str, float]:
        """The categories whose goods are called so, each with how well it fits: 1 for the best."""
        term = self._thing(word)
        fits = self._homes.get(term)
        if fits is None:
            named = self._counted(tantivy.Query.term_query(self._schema, "head", term))
            shares = {
                home: 1.0 if term in home.split("/") else count / (self._sizes[home] + _BESIDES)
                for home, count in named.items()
                if home not in _NOWHERE
            }
            most = max(shares.values(), default=1.0)
            squares = {home: (share / most) ** 2 for home, share in shares.items()}
            best = sorted(squares.items(), key=lambda home: -home[1])[:_MOST_HOMES]
            fits = {home: fit for home, fit in best if fit >= _LEAST_FIT}
            if len(self._homes) >= _MOST_REMEMBERED:  # a commit may stand for days, and anybody may ask anything
                self._homes.clear()
            self._homes[term] = fits
        return fits

    def _names(self, word: Word) -> float:
        """How surely a word names a thing: by how often titles that hold it are about it, and how many are."""
        if word.is_measure:
            return 0.0
        term = self._thing(word)
        held, about = self._searcher.doc_freq("title", term), self._searcher.doc_freq("head", term)
        return about / (held + _SMOOTH) * log2(2 + about)

    def _thing(self, word: Word) -> str:
        """The term that a word is counted by: its first form that goods are about."""
        terms = [form.parts[-1][-1] for form in word.forms]
        return next((term for term in terms if self._searcher.doc_freq("head", term)), terms[0])

    @cached_property
    def _sizes(self) -> dict[str, int]:
        return self._counted(tantivy.Query.all_query())

    def _counted(self, query: tantivy.Query) -> dict[str, int]:
        counts: Any = self._searcher.aggregate(query, {"in": {"terms": {"field": "leaf", "size": _MOST_CATEGORIES}}})
        return {bucket["key"]: bucket["doc_count"] for bucket in counts["in"]["buckets"]}
