"""Options × values, and the variants that follow of them. Pure: what is there, what is asked, what becomes of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

from kernel.errors import DomainError
from kernel.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OPTIONS_MOST: Final = 3
SKUS_MOST: Final = 200
NAME_CAP: Final = 20
VALUE_CAP: Final = 30
_SEPARATORS: Final = re.compile(r"[\s、，,;；/|]+")
_SIGNS: Final = frozenset("=;")
"""What stands between names and values in the key of a variant."""
_CELLS_MOST: Final = 8_000


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an option; `was` is its name so far, empty for a new one."""

    name: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing in which variants differ; `was` is its name so far, empty for a new one."""

    name: str
    values: tuple[Value, ...]
    was: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What becomes of variants: those `kept` by their place with their options, those `gone`, those to be `made`.

    `like` is the place of the variant that each new one resembles most, none where there was no other.
    """

    kept: dict[int, dict[str, str]]
    gone: tuple[int, ...]
    made: tuple[dict[str, str], ...]
    like: tuple[int | None, ...]


def split_values(pasted: str) -> list[str]:
    """A pasted list, `红 黄、蓝/绿`, as its values, each once, in their order."""
    return list(dict.fromkeys(clean(one) for one in _SEPARATORS.split(pasted) if clean(one)))


def options_of(present: Iterable[Mapping[str, str]]) -> list[Option]:
    """The options and values that variants have, in the order in which they first appear."""
    found: dict[str, dict[str, None]] = {}
    for options in present:
        for name, value in options.items():
            found.setdefault(name, {})[value] = None
    return [Option(name, tuple(Value(value, value) for value in values), name) for name, values in found.items()]


def reshape(present: Sequence[Mapping[str, str]], options: Sequence[Option], *, fill: bool = False) -> Shape:
    """Lay variants out anew. A variant keeps its place through every renaming; it goes when a value of it is gone.

    A variant takes the first value of an option that is new; of those that a vanished option no longer tells apart the
    first stays. New are the combinations with a new value, with `fill` every one that is missing.
    Raises `variants.name`, `variants.value`, `variants.options`, `variants.doubled`, `variants.too_many`.
    """
    check_options(options)
    kept: dict[int, dict[str, str]] = {}
    taken: set[tuple[str, ...]] = set()
    for place, before in _first_values_first(present, options):
        after = _moved(before, options)
        if after is not None and tuple(after.values()) not in taken:
            kept[place] = after
            taken.add(tuple(after.values()))
    made = [cell for cell in _cells(options, fresh_only=bool(kept) and not fill) if tuple(cell.values()) not in taken]
    if made and len(kept) + len(made) > SKUS_MOST:
        raise DomainError("variants.too_many", count=len(kept) + len(made), limit=SKUS_MOST)
    gone = tuple(place for place in range(len(present)) if place not in kept)
    kept = dict(sorted(kept.items()))
    return Shape(kept, gone, tuple(made), tuple(_nearest(cell, kept) for cell in made))


def check_options(options: Sequence[Option]) -> None:
    """Options are few and named once, their values too, with no sign that keys are made of."""
    if len(options) > OPTIONS_MOST:
        raise DomainError("variants.options", limit=OPTIONS_MOST)
    _check_names([option.name for option in options], "variants.name", NAME_CAP)
    for option in options:
        if not option.values:
            raise DomainError("variants.empty", option=option.name)
        _check_names([value.name for value in option.values], "variants.value", VALUE_CAP)


def with_pasted(option: Option, pasted: str) -> Option:
    """The option with the values of a pasted list that it has not yet."""
    known = {value.name for value in option.values}
    fresh = tuple(Value(name) for name in split_values(pasted) if name not in known)
    return replace(option, values=(*option.values, *fresh))


def _check_names(names: Sequence[str], code: str, cap: int) -> None:
    for name in names:
        if not 1 <= len(name) <= cap or _SIGNS & {*name}:
            raise DomainError(code, name=name, limit=cap)
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise DomainError("variants.doubled", name=doubled)


def _first_values_first(
    present: Sequence[Mapping[str, str]], options: Sequence[Option]
) -> list[tuple[int, Mapping[str, str]]]:
    """Variants by place; whoever has every option already goes before whoever is given one."""
    asked = {option.was for option in options if option.was}
    return sorted(enumerate(present), key=lambda one: (not asked <= one[1].keys(), one[0]))


def _moved(before: Mapping[str, str], options: Sequence[Option]) -> dict[str, str] | None:
    """A variant under the names of now; none when a value of it is no more."""
    after: dict[str, str] = {}
    for option in options:
        had = before.get(option.was) if option.was else None
        value = option.values[0] if had is None else next((one for one in option.values if one.was == had), None)
        if value is None:
            return None
        after[option.name] = value.name
    return after


def _cells(options: Sequence[Option], *, fresh_only: bool) -> list[dict[str, str]]:
    """Every combination, or those with a value that is new; the first value of a new option is where all are now."""
    count = prod(len(option.values) for option in options)
    if count > _CELLS_MOST:
        raise DomainError("variants.too_many", count=count, limit=SKUS_MOST)
    names = [option.name for option in options]
    fresh = [_fresh(option) for option in options]
    cells = product(*([value.name for value in option.values] for option in options))
    return [
        dict(zip(names, cell, strict=True))
        for cell in cells
        if not fresh_only or any(value in new for value, new in zip(cell, fresh, strict=True))
    ]


def _fresh(option: Option) -> set[str]:
    """The values that no variant has yet: not the first of a new option, for that is where all are put."""
    return {value.name for at, value in enumerate(option.values) if not value.was and (option.was or at)}


def _nearest(cell: Mapping[str, str], kept: Mapping[int, Mapping[str, str]]) -> int | None:
    """The place of the variant that shares most values, the first of equals."""
    return max(kept, key=lambda place: len(cell.items() & kept[place].items()), default=None)
