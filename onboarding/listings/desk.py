"""A factory's goods at a glance: what is nearly sold out, and the stock to be counted again from the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from kernel.db import session
from onboarding.listings.models import Listing, Sku
from onboarding.listings.queries import is_scarce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onboarding.listings.queries import ListingRow

_FIRST = 3
_COUNTED_AT_ONCE = 6
_UNCOUNTED = frozenset({"archived"})


@dataclass(frozen=True, slots=True)
class ScarceSku:
    """One variant of which hardly anything is left."""

    listing: str
    title: str
    options: dict[str, str]
    left: int


@dataclass(frozen=True, slots=True)
class Scarce:
    """How many variants on sale are nearly sold out, and the emptiest of them."""

    count: int
    first: Sequence[ScarceSku]


def scarce(organisation_id: int) -> Scarce:
    """What a factory should make or count again; one statement."""
    left, mine = Sku.on_hand - Sku.reserved, Listing.organisation_id == organisation_id
    columns: tuple[Any, ...] = (func.count().over(), Listing.public_id, Listing.title, Sku.options, left)
    query = (
        select(*columns).join(Sku, Sku.listing_id == Listing.id).where(mine, Listing.state == "published", *is_scarce())
    )
    rows = session().execute(query.order_by(left, Sku.id).limit(_FIRST)).all()
    return Scarce(rows[0][0] if rows else 0, [ScarceSku(*row[1:]) for row in rows])


def countable(rows: Sequence[ListingRow]) -> dict[int, list[Sku]]:
    """The variants of the goods of a list (by listing id) that are few enough to be counted there; one statement."""
    few = [row.listing_id for row in rows if row.skus <= _COUNTED_AT_ONCE and row.state not in _UNCOUNTED]
    found: dict[int, list[Sku]] = {}
    for sku in session().scalars(select(Sku).where(Sku.listing_id.in_(few)).order_by(Sku.id)):
        found.setdefault(sku.listing_id, []).append(sku)
    return found
