"""How a shopper walks through the options of a listing, one link a step, and finds a belt on the tile grid."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from kernel.text import lazy
from onboarding.belts.rules import TILES, Tile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Choosable(Protocol):
    """A variant that can be chosen."""

    @property
    def options(self) -> Mapping[str, str]:
        """Its options by name."""

    @property
    def choice(self) -> str:
        """How an address chooses it: `sku=sku_…` of a factory, `offer=off_…` of a merchant."""

    @property
    def is_available(self) -> bool:
        """Whether one can buy it now."""

    @property
    def few(self) -> int:
        """Pieces left where they are few enough to say so, else 0."""


AnyVariant = TypeVar("AnyVariant", bound=Choosable)


@dataclass(frozen=True, slots=True)
class OptionChip:
    """One value of an option, and where choosing it leads; it `fits` if nothing else has to change for it."""

    label: str
    url: str
    is_on: bool
    is_available: bool
    fits: bool
    few: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What so many pieces cost a merchant, and how many more make each of them cheaper (0: none do). Money is fen."""

    pieces: int
    unit_fen: int
    more: int = 0
    next_fen: int = 0

    @property
    def total_fen(self) -> int:
        """What all of them cost."""
        return self.unit_fen * self.pieces


class HasPlace(Protocol):
    """The part of a belt that is asked here."""

    @property
    def slug(self) -> str:
        """How an address names it."""

    @property
    def province(self) -> str:
        """Where it lies."""


@dataclass(frozen=True)
class Square:
    """A province on the tile grid: how many belts it has, and how many goods they sell."""

    tile: Tile
    belts: int
    goods: int


class HasSeller(Protocol):
    """The part of a card that is asked here."""

    @property
    def seller(self) -> str:
        """Who sells it (public id)."""


AnyCard = TypeVar("AnyCard", bound=HasSeller)
_OF_ONE_SELLER: Final = 3

# Drawn pictures are 400 by 400 and sharp at any size: nearer looks are parts of the same file.
_LOOKS: Final = (("", lazy("全图")), ("120,120,160,160", lazy("近看")), ("90,175,190,190", lazy("下半部分")))

_WITH_UNIT: Final = re.compile(
    r"(?P<name>.*[^A-Za-z0-9\s(（/])\s*"
    r"(?:/?(?P<bare>mm|cm|kg|ml|m|g|L|W|V)|[(（](?P<framed>mm|cm|m|kg|g|ml|L|W|V|毫米|厘米|米|克|千克|公斤|毫升|升|瓦|伏)[)）])"
)
_FIGURES: Final = re.compile(r"[0-9.]+(?:\s*[-–~～x×*]\s*[0-9.]+)*")


def united(name: str, value: str) -> tuple[str, str]:
    """An attribute whose name says the unit of its number, `镜宽mm` 138, as one says it: `镜宽`, `138 mm`."""
    named = _WITH_UNIT.fullmatch(name)
    if named is None or not _FIGURES.fullmatch(value):
        return name, value
    return named["name"], f"{value} {named['bare'] or named['framed']}"


def looks(image: str) -> list[tuple[str, str]]:
    """What there is to see of goods without a photograph, as `(path, word)`: the drawn picture, also from nearby."""
    return [(f"{image}#svgView(viewBox({part}))" if part else image, word) for part, word in _LOOKS]


def mixed(cards: Sequence[AnyCard], *, limit: int) -> list[AnyCard]:
    """The first cards, at most three of a seller while others have some: one full sheet is not the whole shop."""
    taken = Counter[str]()
    first: list[AnyCard] = []
    rest: list[AnyCard] = []
    for card in cards:
        taken[card.seller] += 1
        (first if taken[card.seller] <= _OF_ONE_SELLER else rest).append(card)
    return [*first, *rest][:limit]


def squares(belts: Iterable[HasPlace], goods: Mapping[str, int]) -> list[Square]:
    """All provinces, with what their belts have to show (goods by the slug of a belt)."""
    held: dict[str, list[str]] = {province: [] for province in TILES}
    for belt in belts:
        held[belt.province].append(belt.slug)
    return [
        Square(TILES[province], len(slugs), sum(goods.get(slug, 0) for slug in slugs))
        for province, slugs in held.items()
    ]


def selected(variants: Sequence[AnyVariant], choice: str) -> AnyVariant:
    """The variant asked for, else the first that can be bought, else the first."""
    asked = [variant for variant in variants if variant.choice == choice]
    available = [variant for variant in variants if variant.is_available]
    return [*asked, *available, variants[0]][0]


def option_chips(
    variants: Sequence[Choosable],
    current: Choosable,
    address: str,
) -> list[tuple[str, list[OptionChip]]]:
    """For each option its values; each leads to the variant that changes that option and as little else as can be."""
    names = list(dict.fromkeys(name for variant in variants for name in variant.options))
    return [(name, _values(name, variants, current, address)) for name in names]


def quote(single_fen: int, ladder: Sequence[tuple[int, int]], pieces: int) -> Quote:
    """The price of so many by a strictly falling ladder `(pieces, fen)`; below its first rung that of a single piece.

    Of two prices that hold for a number, the lower one does.
    """
    reached = [fen for least, fen in ladder if least <= pieces]
    unit = min([single_fen, *reached])
    ahead = next(((least, fen) for least, fen in ladder if least > pieces and fen < unit), None)
    return Quote(pieces, unit, ahead[0] - pieces, ahead[1]) if ahead else Quote(pieces, unit)


def _values(name: str, variants: Sequence[Choosable], current: Choosable, address: str) -> list[OptionChip]:
    values = dict.fromkeys(variant.options.get(name, "") for variant in variants)
    chips = []
    for value in values:
        nearest = max(
            (variant for variant in variants if variant.options.get(name, "") == value),
            key=lambda variant: (_alike(variant, current), variant.is_available),
        )
        chips.append(
            OptionChip(
                label=value,
                url=f"{address}?{nearest.choice}",
                is_on=current.options.get(name, "") == value,
                is_available=nearest.is_available,
                fits=_alike(nearest, current) >= len(current.options.keys() - {name}),
                few=nearest.few,
            ),
        )
    return chips


def _alike(one: Choosable, other: Choosable) -> int:
    return sum(one.options.get(name) == value for name, value in other.options.items())
