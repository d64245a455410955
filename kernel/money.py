"""Money: an integer of minor units (fen) with its currency. No floats, no bare numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

BASIS = 10_000


class CurrencyMismatchError(TypeError):
    """Two amounts of different currencies met."""


def share(amount: int, basis_points: int) -> int:
    """`basis_points` of `amount` fen, half-up; the rule is stated in the terms (0.5 % of 99 is 0, of 100 is 1)."""
    sign = -1 if amount < 0 else 1
    return sign * ((abs(amount) * basis_points * 2 + BASIS) // (BASIS * 2))


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Split `amount` fen by weights with the largest remainder; the parts always sum to the whole."""
    total = sum(weights)
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be non-negative and not all zero")
    sign = -1 if amount < 0 else 1
    parts = [abs(amount) * weight // total for weight in weights]
    remainders = [abs(amount) * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: abs(amount) - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of one currency; arithmetic with plain numbers is a TypeError."""

    amount: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError("money is a whole number of minor units")

    def __add__(self, other: object) -> Self:
        return type(self)(self.amount + self._same(other), self.currency)

    def __sub__(self, other: object) -> Self:
        return type(self)(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.amount, self.currency)

    def __mul__(self, count: int) -> Self:
        if type(count) is not int:
            return NotImplemented
        return type(self)(self.amount * count, self.currency)

    def __lt__(self, other: object) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: object) -> bool:
        return self.amount <= self._same(other)

    def share(self, basis_points: int) -> Self:
        """The part of this amount given in basis points, half-up."""
        return type(self)(share(self.amount, basis_points), self.currency)

    def allocate(self, weights: Sequence[int]) -> list[Self]:
        """Split by weights with the largest remainder."""
        return [type(self)(part, self.currency) for part in allocate(self.amount, weights)]

    def _same(self, other: object) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money does not mix with {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} does not mix with {other.currency}")
        return other.amount
