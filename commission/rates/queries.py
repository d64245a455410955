"""Which rate holds when; every version stays readable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from commission.rates.models import RateCard, RateRule
from commission.rates.rules import WAYS, FrozenRate
from kernel.db import session
from kernel.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as published: basis points by way."""

    version: int
    effective_from: datetime
    published_at: datetime
    rates: dict[str, int]


def rate_for(way: str, at: datetime) -> FrozenRate:
    """The rate of a way of selling at a moment. Raises DomainError `rates.unknown_way`: never silently zero."""
    row = session().execute(_RATE, {"way": way, "at": at}).first()
    if row is None:
        raise DomainError("rates.unknown_way", way=way)
    return FrozenRate(row.card, row.basis_points)


def cards() -> list[CardView]:
    """Every version, newest first."""
    rules: dict[int, dict[str, int]] = {}
    for rule in session().scalars(select(RateRule)):
        rules.setdefault(rule.card, {})[rule.way] = rule.basis_points
    published = session().scalars(select(RateCard).order_by(RateCard.version.desc()))
    return [
        CardView(
            card.version,
            card.effective_from,
            card.published_at,
            {way: rules[card.version][way] for way in WAYS if way in rules[card.version]},
        )
        for card in published
    ]


_IN_FORCE = (
    select(RateCard.version)
    .where(RateCard.effective_from <= bindparam("at", type_=RateCard.effective_from.type))
    .order_by(RateCard.version.desc())
    .limit(1)
    .scalar_subquery()
)
_RATE = select(RateRule.card, RateRule.basis_points).where(RateRule.way == bindparam("way"), RateRule.card == _IN_FORCE)
