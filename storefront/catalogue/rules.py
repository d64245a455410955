"""How a shopper walks through the options of a listing, one link a step, and finds a belt on the tile grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from onboarding.belts.rules import TILES, Tile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class HasOptions(Protocol):
    """The part of a SKU that is asked here."""

    @property
    def options(self) -> dict[str, str]:
        """Its options by name."""


class Choosable(Protocol):
    """A variant that can be chosen."""

    @property
    def sku(self) -> HasOptions:
        """The SKU it is."""

    @property
    def choice(self) -> str:
        """How an address chooses it: `sku=sku_…` of a factory, `offer=off_…` of a merchant."""

    @property
    def is_available(self) -> bool:
        """Whether one can buy it now."""


AnyVariant = TypeVar("AnyVariant", bound=Choosable)


@dataclass(frozen=True)
class OptionChip:
    """One value of an option, and where choosing it leads."""

    label: str
    url: str
    is_on: bool
    is_available: bool


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
    names = list(dict.fromkeys(name for variant in variants for name in variant.sku.options))
    return [(name, _values(name, variants, current, address)) for name in names]


def _values(name: str, variants: Sequence[Choosable], current: Choosable, address: str) -> list[OptionChip]:
    values = dict.fromkeys(variant.sku.options.get(name, "") for variant in variants)
    chips = []
    for value in values:
        nearest = max(
            (variant for variant in variants if variant.sku.options.get(name, "") == value),
            key=lambda variant: (_alike(variant, current), variant.is_available),
        )
        chips.append(
            OptionChip(
                label=value,
                url=f"{address}?{nearest.choice}",
                is_on=current.sku.options.get(name, "") == value,
                is_available=nearest.is_available,
            ),
        )
    return chips


def _alike(one: Choosable, other: Choosable) -> int:
    return sum(one.sku.options.get(name) == value for name, value in other.sku.options.items())
