"""What is offered while somebody types: words of goods, categories, belts, verified factories.

Names are held in memory for a minute; of the few factories shown the database says whether they still trade.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from kernel.text import slugify
from onboarding.belts.queries import all_belts
from onboarding.listings.categories import categories, category_name
from storefront.demand.queries import still_trading, trading_factories
from storefront.search.queries import belt_label
from storefront.search.schemas import Choice
from storefront.search.text import normalise, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KINDS: Final = ("words", "categories", "belts", "factories")
MOST: Final = {"words": 6, "categories": 3, "belts": 3, "factories": 3}

_FRESH_SECONDS: Final = 60.0


class WordSource(Protocol):
    """Who knows which words go on as somebody types."""

    def suggest(self, text: str, *, limit: int) -> tuple[str, ...]:
        """Words of goods that begin like the text or sound so, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is popular, and after it what the goods are called."""

    popular: tuple[str, ...]
    index: WordSource

    def suggest(self, text: str, *, limit: int) -> tuple[str, ...]:
        """What goes with a text; of nothing typed what is popular."""
        popular = [name.key for name in _best((_name(one, one, one) for one in self.popular), text, limit)]
        more = self.index.suggest(text, limit=limit) if text.strip() else ()
        return tuple(dict.fromkeys([*popular, *more]))[:limit]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line to choose; a word goes into the field, all else has a page of its own."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Name:
    """Something with a name: how it is spelt in Chinese and English, how it sounds from each syllable on."""

    key: str
    spelt: tuple[str, ...]
    sounds: tuple[str, ...]
    initials: tuple[str, ...]
    chinese: str = ""
    english: str = ""
    province: str = ""


class Directory:
    """The names of belts and factories as of the last minute."""

    def __init__(self) -> None:
        self._read_at = -_FRESH_SECONDS
        self._belts: Sequence[Name] = ()
        self._factories: Sequence[Name] = ()

    def suggest(self, text: str, *, source: WordSource, language: str) -> list[Suggestion]:
        """What goes with a text, group by group; one statement where factories match, two more once a minute."""
        if not squeeze(normalise(text)):
            return [_word(word) for word in source.suggest("", limit=MOST["words"])]
        self._refresh()
        found = [_word(word) for word in source.suggest(text, limit=MOST["words"])]
        for name in _best(_categories(), text, MOST["categories"]):
            address = Choice(categories=(name.key,)).url()
            found.append(Suggestion("categories", category_name(name.key, language), address))
        for name in _best(self._belts, text, MOST["belts"]):
            label = belt_label(name.province, name.chinese, name.english)
            found.append(Suggestion("belts", label, f"/belts/{name.key}"))
        return found + self._trading(_best(self._factories, text, MOST["factories"]))

    def _trading(self, matching: list[Name]) -> list[Suggestion]:
        known = still_trading(name.key for name in matching) if matching else set()
        return [Suggestion("factories", name.chinese, f"/f/{name.key}") for name in matching if name.key in known]

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at < _FRESH_SECONDS:
            return
        self._belts = [_name(one.slug, one.name_zh, one.name_en, province=one.province) for one in all_belts()]
        self._factories = [_name(slug, name, "") for slug, name in trading_factories()]
        self._read_at = time.monotonic()


def _word(word: str) -> Suggestion:
    return Suggestion("words", word, Choice(q=word).url())


@cache
def _categories() -> tuple[Name, ...]:
    """Every path of the tree, the first row before its leaves; a leaf is found by its own name."""
    tops = [(top, top, found.en) for top, found in categories().items()]
    leaves = [
        (f"{top}/{leaf}", leaf, english)
        for top, found in categories().items()
        for leaf, english in found.leaves.items()
    ]
    return tuple(_name(*one) for one in [*tops, *leaves])


def _name(key: str, chinese: str, english: str, *, province: str = "") -> Name:
    syllables = [part for part in slugify(chinese).split("-") if part]
    return Name(
        key=key,
        spelt=tuple(squeeze(normalise(one)) for one in (chinese, english) if one),
        sounds=tuple("".join(syllables[start:]) for start in range(len(syllables))),
        initials=tuple("".join(part[0] for part in syllables[start:]) for start in range(len(syllables))),
        chinese=chinese,
        english=english,
        province=province,
    )


def _best(names: Iterable[Name], text: str, limit: int) -> list[Name]:
    """The names that go with a text: those that begin so, then that hold it, then that sound so; short ones first."""
    asked = squeeze(normalise(text))
    typed = squeeze(slugify(text)) if any(sign.isascii() for sign in asked) else ""
    ranked = ((_rank(name, asked, typed), len(name.spelt[0]), place, name) for place, name in enumerate(names))
    return [name for *_order, name in sorted((one for one in ranked if one[0]), key=lambda one: one[:3])[:limit]]


def _rank(name: Name, asked: str, typed: str) -> int:
    """1 is best; 0 goes not with it at all. Without a text everything does."""
    if any(asked in one for one in name.spelt):
        return 1 if any(one.startswith(asked) for one in name.spelt) else 2
    return _heard(name, typed) if typed else 0


def _heard(name: Name, typed: str) -> int:
    """How well it sounds like what is typed: from its first syllable on, or from a later one."""
    ways = (name.sounds, name.initials) if len(typed) > 1 else (name.sounds,)
    for rank, syllables in enumerate(ways, 3):
        if syllables and syllables[0].startswith(typed):
            return rank
    return 5 if any(one.startswith(typed) for syllables in ways for one in syllables) else 0
