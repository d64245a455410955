"""A factory's goods at a glance: what is nearly sold out, and the stock to be counted again from the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from kernel.db import session
from onboarding.accounts.models import User
from onboarding.listings.models import Listing, ListingEdit, Sku, StockMovement
from onboarding.listings.queries import is_scarce

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ScalarSelect

    from onboarding.listings.queries import ListingRow

_FIRST = 3
_COUNTED_AT_ONCE = 6
_SINCE = ("waiting", "applied", "refused")
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


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of one variant's stock: from `before` to `after` pieces, why, and by whom where it was by hand."""

    at: datetime
    options: dict[str, str]
    before: int
    after: int
    reason: str
    who: str
    words: str


def scarce(organisation_id: int) -> Scarce:
    """What a factory should make or count again; one statement."""
    left, mine = Sku.on_hand - Sku.reserved, Listing.organisation_id == organisation_id
    columns: tuple[Any, ...] = (func.count().over(), Listing.public_id, Listing.title, Sku.options, left)
    query = (
        select(*columns).join(Sku, Sku.listing_id == Listing.id).where(mine, Listing.state == "published", *is_scarce())
    )
    rows = session().execute(query.order_by(left, Sku.id).limit(_FIRST)).all()
    return Scarce(rows[0][0] if rows else 0, [ScarceSku(*row[1:]) for row in rows])


def refusals_at(organisation_id: int) -> tuple[ScalarSelect[int], ScalarSelect[str]]:
    """Of how many goods on sale of a factory the last change was refused, and the public id of one of them."""
    later = aliased(ListingEdit)
    since = select(later.id).where(later.listing_id == ListingEdit.listing_id, later.id > ListingEdit.id)
    last = ~since.where(later.state.in_(_SINCE)).exists()
    mine = (Listing.organisation_id == organisation_id) & (Listing.state == "published")
    where = (mine, ListingEdit.listing_id == Listing.id, ListingEdit.state == "refused", last)
    figures = (func.count(Listing.id), func.min(Listing.public_id))
    return select(figures[0]).where(*where).scalar_subquery(), select(figures[1]).where(*where).scalar_subquery()


def moved(listing_id: int, *, sku: str = "", skipped: int = 0, limit: int = 50) -> list[Moved]:
    """How the stock of a listing's variants (or of one, by its public id) came about, newest first; one statement."""
    table = StockMovement
    after = func.sum(table.pieces).over(partition_by=table.sku_id, order_by=table.id)
    columns: tuple[Any, ...] = (table.id, table.at, Sku.options, table.pieces, after.label("after"), table.reason)
    every = (
        select(*columns, table.words, func.coalesce(User.name, "").label("who"))
        .join(Sku, Sku.id == table.sku_id)
        .outerjoin(User, User.public_id == table.who)
        .where(Sku.listing_id == listing_id, *([Sku.public_id == sku] if sku else []))
        .subquery()
    )
    page = select(every).order_by(every.c.id.desc()).offset(skipped).limit(limit)
    return [
        Moved(row.at, row.options, int(row.after) - row.pieces, int(row.after), row.reason, row.who, row.words)
        for row in session().execute(page)
    ]


def countable(rows: Sequence[ListingRow]) -> dict[int, list[Sku]]:
    """The variants of the goods of a list (by listing id) that are few enough to be counted there; one statement."""
    few = [row.listing_id for row in rows if row.skus <= _COUNTED_AT_ONCE and row.state not in _UNCOUNTED]
    found: dict[int, list[Sku]] = {}
    for sku in session().scalars(select(Sku).where(Sku.listing_id.in_(few), Sku.for_sale).order_by(Sku.id)):
        found.setdefault(sku.listing_id, []).append(sku)
    return found
