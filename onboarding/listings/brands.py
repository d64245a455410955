"""Which well-known brand a text names, and how: as its own, as what it fits, or by a spelling that passes for it.

The brands are those of `data/brands.toml`. Naming a brand to say what goods fit is allowed (商标法, article 59),
passing for it is not (article 57). What is found is a reason to look.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Use = Literal["confusable", "named", "nominative"]

_TABLE: Final = Path(__file__).parent / "data" / "brands.toml"
_ORDER: Final = ("confusable", "named", "nominative")


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand with the spellings that mean it, and when words of their own do."""

    name: str
    names: Sequence[str]
    common: Sequence[str]
    context: Sequence[str]
    not_after: Sequence[str]
    not_before: Sequence[str]
    lookalikes: Sequence[str]

    @property
    def known_as(self) -> tuple[str, ...]:
        """Every good name of it, folded."""
        return (_folded(self.name), *self.names, *self.common)


@dataclass(frozen=True, slots=True)
class Named:
    """A brand in a text: how it is written there and how it is used."""

    brand: str
    term: str
    use: Use


@dataclass(frozen=True, slots=True)
class _Marks:
    """What beside a brand says how it is used."""

    fits_before: re.Pattern[str]
    part_after: re.Pattern[str]
    like_before: re.Pattern[str]
    like_after: re.Pattern[str]


def brands_in(text: str) -> list[Named]:
    """Every brand that a text names, each once, the gravest use of it, the gravest first."""
    folded, written = _folded(text), unicodedata.normalize("NFKC", text)
    found: dict[str, Named] = {}
    for brand in _brands():
        used = sorted(_uses(brand, folded, written), key=lambda one: _ORDER.index(one.use))
        if used:
            found[brand.name] = used[0]
    return sorted(found.values(), key=lambda one: _ORDER.index(one.use))


def names_brand(text: str, brand: str) -> bool:
    """Whether a text, such as the scope of a licence, names a brand by one of its good names."""
    folded = _folded(text)
    return any(name in folded for one in _brands() if one.name == brand for name in one.known_as)


def _uses(brand: Brand, text: str, written: str) -> Iterator[Named]:
    """Each use with its spelling as it was `written`, which is as long as the folded text."""
    for term in brand.lookalikes:
        for start in _places(term, text):
            yield Named(brand.name, written[start : start + len(term)], "confusable")
    named = [*brand.names, *(brand.common if any(word in text for word in brand.context) else ())]
    for term in named:
        for start in _places(term, text):
            before, after = text[:start], text[start + len(term) :]
            if not before.endswith(tuple(brand.not_after)) and not after.startswith(tuple(brand.not_before)):
                yield Named(brand.name, written[start : start + len(term)], _use(before, after))


def _use(before: str, after: str) -> Use:
    marks = _marks()
    if marks.like_before.search(before) or marks.like_after.search(after):
        return "confusable"
    fits = marks.fits_before.search(before) or marks.part_after.search(after.replace(" ", ""))
    return "nominative" if fits else "named"


def _places(term: str, text: str) -> list[int]:
    """Where a term stands; of Latin letters as a word of its own, as `anta` stands in `fantasy`."""
    return [found.start() for found in _pattern(term).finditer(text)]


@cache
def _pattern(term: str) -> re.Pattern[str]:
    left = r"(?<![a-z0-9])" if term[0].isascii() else ""
    right = r"(?![a-z0-9])" if term[-1].isascii() else ""
    return re.compile(f"{left}{re.escape(term)}{right}")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


@cache
def _brands() -> tuple[Brand, ...]:
    table = _table()["brand"]
    lists = ("names", "common", "context", "not_after", "not_before", "lookalikes")
    return tuple(Brand(row["name"], *(tuple(map(_folded, row.get(name, ()))) for name in lists)) for row in table)


@cache
def _marks() -> _Marks:
    words = _table()["words"]
    fits, parts, before, after = ("|".join(words[name]) for name in ("fits", "parts", "like_before", "like_after"))
    return _Marks(
        fits_before=re.compile(rf"({fits})[^,;|。，；]{{0,10}}$"),
        part_after=re.compile(rf"^.{{0,8}}({parts})", re.DOTALL),
        like_before=re.compile(rf"({before})\s?$"),
        like_after=re.compile(rf"^(\s?({after})|{words['manner']})"),
    )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
