"""A factory's goods at a glance: what is nearly sold out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from kernel.db import session
from onboarding.listings.models import Listing, Sku
from onboarding.listings.rules import LOW_STOCK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

_FIRST = 3


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
    left = Sku.on_hand - Sku.reserved
    columns: tuple[Any, ...] = (func.count().over(), Listing.public_id, Listing.title, Sku.options, left)
    query = select(*columns).join(Sku, Sku.listing_id == Listing.id).where(*is_scarce(organisation_id))
    rows = session().execute(query.order_by(left, Sku.id).limit(_FIRST)).all()
    return Scarce(rows[0][0] if rows else 0, [ScarceSku(*row[1:]) for row in rows])


def is_scarce(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    """What holds of a SKU, joined to its listing, that is nearly sold out."""
    few = Sku.on_hand - Sku.reserved <= LOW_STOCK
    return Listing.organisation_id == organisation_id, Listing.state == "published", ~Sku.made_to_order, few
