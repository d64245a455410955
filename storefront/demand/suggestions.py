"""What is offered while somebody types: words of goods, categories, belts, verified factories; nothing without goods.

Names are held in memory for a minute, with how many goods each has; of the few factories shown the database says
whether they still trade.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from onboarding.belts.queries import all_belts
from onboarding.listings.categories import categories, category_name, guess_category, top_of
from storefront.demand.names import Name, Starts, best, named
from storefront.demand.queries import still_trading, trading_factories
from storefront.search.queries import belt_label
from storefront.search.rules import Query
from storefront.search.schemas import Choice
from storefront.search.text import normalise, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storefront.search.rules import Result

KINDS: Final = ("words", "categories", "belts", "factories")
MOST: Final = {"words": 6, "categories": 3, "belts": 3, "factories": 3}
FIRST: Final = 6  # categories, before anything is typed

_FRESH_SECONDS: Final = 60.0
_LEAST_NAMED: Final = 2  # letters that name a belt
_LEAST_MAKER: Final = 3  # and a factory: two are its town


class WordSource(Protocol):
    """Who knows which words go on as somebody types."""

    def suggest(self, text: str, *, limit: int) -> tuple[str, ...]:
        """Words of goods that begin like the text or sound so, the likeliest first."""


class Goods(Protocol):
    """Who knows how many goods there are of each kind and place."""

    def search(self, query: Query) -> Result:
        """What a query finds, with its facets."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is popular, and after it what the goods are called."""

    popular: tuple[str, ...]
    index: WordSource

    def suggest(self, text: str, *, limit: int) -> tuple[str, ...]:
        """What goes with a text; of nothing typed what is popular."""
        if not text.strip():
            return self.popular[:limit]
        popular = [name.key for name in best((named(one, one) for one in self.popular), text, limit)]
        return tuple(dict.fromkeys([*popular, *self.index.suggest(text, limit=limit)]))[:limit]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line to choose; a word goes into the field, all else has a page of its own. `count` is how many goods."""

    kind: str
    label: str
    url: str
    count: int = 0
    typed: str = ""

    @property
    def parts(self) -> tuple[str, str, str]:
        """The label, parted where it says what was typed."""
        found = re.search(re.escape(self.typed), self.label, re.IGNORECASE) if self.typed else None
        start, end = found.span() if found else (0, 0)
        return self.label[:start], self.label[start:end], self.label[end:]


class Leads(NamedTuple):
    """Where the words of a search lead beside goods, each at most one."""

    makers: tuple[Suggestion, ...] = ()
    belts: tuple[Suggestion, ...] = ()
    near: tuple[Suggestion, ...] = ()


class Directory:
    """The names of categories, belts and factories that have goods, as of the last minute."""

    def __init__(self) -> None:
        self._read_at = -_FRESH_SECONDS
        self._categories: Sequence[Name] = ()
        self._belts: Sequence[Name] = ()
        self._factories: Sequence[Name] = ()
        self._places = Starts((), _LEAST_NAMED)
        self._makers = Starts((), _LEAST_MAKER)
        self._goods = Counter[str]()  # none of what it lacks: other threads put new names in beside old ones

    def suggest(self, text: str, *, source: WordSource, goods: Goods, language: str) -> list[Suggestion]:
        """What goes with a text, group by group; one statement where factories match, two more once a minute."""
        self._refresh(goods)
        asked = " ".join(text.split())
        words = [
            Suggestion("words", one, Choice(q=one).url(), 0, asked)
            for one in source.suggest(asked, limit=MOST["words"])
        ]
        if not squeeze(normalise(asked)):
            return words + self._of_categories(self._fullest(), "", language)
        found = words + self._of_categories(best(self._categories, asked, MOST["categories"]), asked, language)
        found += self._of_belts(best(self._belts, asked, MOST["belts"]), asked)
        return found + self._trading(best(self._factories, asked, MOST["factories"]), asked)

    def lead(self, text: str, *, goods: Goods, language: str) -> Leads:
        """Where the words of a search lead beside goods: who is named by them, and the category they speak of."""
        self._refresh(goods)
        asked = squeeze(normalise(text))
        if len(asked) < _LEAST_NAMED:
            return Leads()
        told = guess_category(text) or ""
        near = next((name for path in (told, top_of(told)) for name in self._categories if name.key == path), None)
        return Leads(
            makers=tuple(self._trading(self._makers.named(asked)[:1], "")),
            belts=tuple(self._of_belts(self._places.named(asked)[:1], "")),
            near=tuple(self._of_categories([near] if near else [], "", language)),
        )

    def _fullest(self) -> list[Name]:
        """The categories of the first row with the most goods."""
        tops = (name for name in self._categories if "/" not in name.key)
        return sorted(tops, key=lambda name: (-self._goods[name.key], name.key))[:FIRST]

    def _of_categories(self, names: Iterable[Name], asked: str, language: str) -> list[Suggestion]:
        return [
            Suggestion(
                "categories",
                category_name(name.key, language),
                Choice(categories=(name.key,)).url(),
                self._goods[name.key],
                asked,
            )
            for name in names
        ]

    def _of_belts(self, names: Iterable[Name], asked: str) -> list[Suggestion]:
        return [
            Suggestion(
                "belts",
                belt_label(name.province, name.chinese, name.english),
                f"/belts/{name.key}",
                self._goods[name.key],
                asked,
            )
            for name in names
        ]

    def _trading(self, matching: list[Name], asked: str) -> list[Suggestion]:
        known = still_trading(name.key for name in matching) if matching else set()
        return [
            Suggestion("factories", name.chinese, f"/f/{name.key}", 0, asked) for name in matching if name.key in known
        ]

    def _refresh(self, goods: Goods) -> None:
        if time.monotonic() - self._read_at < _FRESH_SECONDS:
            return
        facets = goods.search(Query(per_page=1)).facets
        self._goods = Counter({**facets.categories, **facets.belts})
        self._categories = [name for name in _categories() if facets.categories.get(name.key)]
        belts = [one for one in all_belts() if facets.belts.get(one.slug)]
        self._belts = [named(one.slug, one.name_zh, one.name_en, province=one.province) for one in belts]
        self._factories = [named(slug, name) for slug, name in trading_factories()]
        self._places = Starts(self._belts, _LEAST_NAMED)
        self._makers = Starts(self._factories, _LEAST_MAKER)
        self._read_at = time.monotonic()


@cache
def _categories() -> tuple[Name, ...]:
    """Every path of the tree, the first row before its leaves; a leaf is found by its own name."""
    tops = [(top, top, found.en) for top, found in categories().items()]
    leaves = [
        (f"{top}/{leaf}", leaf, english)
        for top, found in categories().items()
        for leaf, english in found.leaves.items()
    ]
    return tuple(named(*one) for one in [*tops, *leaves])
