"""Offers of goods that were loaded by the thousand: the factories' own in three statements, the merchants' as ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, insert, select, update

from kernel.db import session
from kernel.ids import public_ids
from onboarding.listings.models import Listing, Sku, WayOfSelling
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.resale import resync

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.facts import ListingsLoaded

_TERMS = ("price_fen", "currency", "min_quantity", "pack_size", "mix", "state")


def on_listings_loaded(fact: ListingsLoaded, *, actor: Actor, now: datetime) -> None:
    """Goods that were loaded can be bought at once, at the prices that hold now."""
    chosen = Listing.public_id.in_(fact.listings)
    rows: list[Any] = list(session().execute(_STANDING.where(chosen)))
    _open([row for row in rows if row.offer is None and row.for_sale], now)
    _follow([row for row in rows if row.offer is not None])
    resync(PickUp.listing_id.in_(select(Listing.id).where(chosen)), actor=actor, now=now)


def _open(rows: list[Any], now: datetime) -> None:
    made = [
        {
            "public_id": name,
            "organisation_id": row.organisation_id,
            "listing_id": row.listing_id,
            "sku_id": row.sku,
            "kind": "own",
            "created_at": now,
            **dict(zip(_TERMS, _asked(row), strict=True)),
        }
        for row, name in zip(rows, public_ids("off", len(rows)), strict=True)
    ]
    if made:
        session().execute(insert(Offer.__table__), made)  # type: ignore[arg-type]


def _follow(rows: list[Any]) -> None:
    moved = [
        {"offer": row.offer, **{f"to_{name}": value for name, value in zip(_TERMS, _asked(row), strict=True)}}
        for row in rows
        if _asked(row) != tuple(getattr(row, f"is_{name}") for name in _TERMS)
    ]
    if moved:
        table: Any = Offer.__table__
        changed = update(table).where(table.c.id == bindparam("offer"))
        session().execute(changed.values({name: bindparam(f"to_{name}") for name in _TERMS}), moved)


def _asked(row: Row[Any]) -> tuple[Any, ...]:
    """What an own offer should say, in the order of `_TERMS`; of what is not for sale all stays but that it is on."""
    if not row.for_sale:
        return (*(getattr(row, f"is_{name}") for name in _TERMS[:-1]), "off")
    return (row.retail_price_fen, row.currency, row.min_quantity, row.pack_size, row.mix, "on")


_STANDING = (
    select(
        Sku.id.label("sku"),
        Sku.listing_id,
        Sku.organisation_id,
        Sku.retail_price_fen,
        Sku.currency,
        Sku.for_sale.label("for_sale"),
        WayOfSelling.min_quantity,
        WayOfSelling.pack_size,
        WayOfSelling.mix,
        Offer.id.label("offer"),
        *(getattr(Offer, name).label(f"is_{name}") for name in _TERMS),
    )
    .join(Listing, Listing.id == Sku.listing_id)
    .join(WayOfSelling, (WayOfSelling.listing_id == Listing.id) & (WayOfSelling.way == "direct"))
    .outerjoin(Offer, (Offer.sku_id == Sku.id) & (Offer.kind == "own"))
    .order_by(Sku.id)
)
