"""What can be asked of goods and sheets: always through the actor, a stranger finds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import selectinload

from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import ROLE_PERMISSIONS, Permission
from onboarding.belts.models import Belt
from onboarding.listings.models import Listing, SheetImport, SheetProgress, Sku, SupplyTier, WayOfSelling
from onboarding.listings.pricing import drop_ship_price
from onboarding.listings.rules import SCARCE, Lot
from onboarding.verification.models import Application

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A line of a factory's list of goods; prices in fen over its SKUs."""

    listing_id: int
    listing: str
    code: str
    title: str
    image: str
    state: str
    reason: str
    price_fen: int
    price_to_fen: int
    skus: int
    left: int
    made_to_order: bool


@dataclass(frozen=True, slots=True)
class DirectTerms:
    """The direct way of a listing; `prices` are `{sku id: (fen, currency)}`."""

    listing_id: int
    organisation_id: int
    lot: Lot
    prices: dict[int, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class SupplyTerms:
    """The open supply way of a listing: `prices` are what a merchant owes for one piece, `{sku id: fen}`.

    `tiers` are `(pieces, fen)`; a variant without a price is missing; below the floor nobody resells.
    """

    listing_id: int
    organisation_id: int
    min_quantity: int
    tiers: tuple[tuple[int, int], ...]
    prices: dict[int, int]
    currency: str
    floor_price_fen: int | None


@dataclass(frozen=True, slots=True)
class OwnSupply:
    """The supply way as the factory itself sees it; `prices` for one piece are from the lowest to the highest.

    `too_dear` says that merchants would owe as much as the factory's own shoppers pay, or more.
    """

    is_open: bool
    min_quantity: int
    drop_ship_price_fen: int | None
    prices: list[int]
    too_dear: bool


class Resellers(Protocol):
    """Knows how many merchants sell a listing (id) now; the contexts above do."""

    def __call__(self, listing_id: int, *, below_fen: int | None = None) -> int:
        """Count them; with `below_fen` those who sell some of it for less."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of the recent uploads."""

    sheet: str
    filename: str
    state: str
    result: dict[str, Any]
    created_at: datetime


def own_listing(actor: Actor, listing: str, *, lock: bool = False) -> Listing:
    """A listing (public id) of the actor's factory, with SKUs, ways and tiers; operations lock it."""
    query = select(Listing).where(Listing.public_id == listing)
    owned = _owned(query, Listing.organisation_id, actor, Permission.LISTING_GOODS_EDIT)
    whole = owned.options(selectinload(Listing.skus), selectinload(Listing.ways), selectinload(Listing.tiers))
    found: Listing | None = session().scalar(_locked(whole) if lock else whole)
    if found is None:
        raise NotFoundError
    if lock and found.published_at is not None:  # on sale, or taken off it until new words of it are looked at
        keep_on_sale(actor, found.organisation_id)
    return found


def keep_on_sale(actor: Actor, organisation_id: int) -> None:
    """Refuse with `listing.on_sale` who only prepares goods: what shoppers can or could buy is not hers to change."""
    if not actor.may(Permission.LISTING_SALE_CHANGE, organisation_id=organisation_id):
        raise DomainError("listing.on_sale")


def own_sheet(actor: Actor, sheet_import: str, *, lock: bool = False) -> SheetImport:
    """A sheet import (public id) of the actor's factory; operations lock it."""
    query = select(SheetImport).where(SheetImport.public_id == sheet_import)
    owned = _owned(query, SheetImport.organisation_id, actor, Permission.LISTING_GOODS_EDIT)
    found: SheetImport | None = session().scalar(_locked(owned) if lock else owned)
    if found is None:
        raise NotFoundError
    return found


def direct_terms(listing: str) -> DirectTerms:
    """At which prices and from how many pieces a listing (public id) sells to shoppers; the system asks.

    One that only merchants may sell has no prices.
    """
    found = (
        session()
        .execute(
            select(Listing.id, Listing.organisation_id, *_LOT)
            .outerjoin(WayOfSelling, (WayOfSelling.listing_id == Listing.id) & (WayOfSelling.way == "direct"))
            .where(Listing.public_id == listing),
        )
        .one_or_none()
    )
    if found is None:
        raise NotFoundError
    query = select(Sku.id, Sku.retail_price_fen, Sku.currency).where(Sku.listing_id == found[0], Sku.for_sale)
    query = query.order_by(Sku.id)
    prices = {row[0]: (row[1], row[2]) for row in session().execute(query)} if found[2] else {}
    return DirectTerms(found[0], found[1], Lot(*found[2:]) if found[2] else Lot(), prices)


def supply_terms(listings: Collection[int]) -> dict[int, SupplyTerms]:
    """At which prices listings (ids) are open to merchants; one that is closed or has no trade price is missing.

    Who asks shows them to admitted merchants alone. Two statements.
    """
    chosen = sorted(listings)
    columns = (SupplyTier.listing_id, SupplyTier.min_quantity, SupplyTier.unit_price_fen)
    rungs = select(*columns).where(SupplyTier.listing_id.in_(chosen)).order_by(SupplyTier.min_quantity)
    tiers: dict[int, list[tuple[int, int]]] = {}
    for rung in session().execute(rungs):
        tiers.setdefault(rung.listing_id, []).append((rung.min_quantity, rung.unit_price_fen))
    found: dict[int, SupplyTerms] = {}
    for row in session().execute(_SUPPLIED.where(WayOfSelling.listing_id.in_(chosen))):
        ladder = tiers.get(row.listing_id, [])
        price = drop_ship_price(row.drop_ship_price_fen, row.supply_price_fen, ladder[0][1] if ladder else None)
        if price is not None:
            about = (row.listing_id, row.organisation_id, row.min_quantity, tuple(ladder))
            terms = SupplyTerms(*about, {}, row.currency, row.floor_price_fen)
            found.setdefault(row.listing_id, terms).prices[row.id] = price
    return found


def own_supply(listing: Listing) -> OwnSupply:
    """The supply way of a loaded listing."""
    way = next((way for way in listing.ways if way.way == "supply"), None)
    told = way.drop_ship_price_fen if way else None
    first_tier = listing.tiers[0].unit_price_fen if listing.tiers else None
    owed = [(drop_ship_price(told, sku.supply_price_fen, first_tier), sku.retail_price_fen) for sku in listing.skus]
    return OwnSupply(
        is_open=way is not None and not way.closed,
        min_quantity=way.min_quantity if way else 1,
        drop_ship_price_fen=told,
        prices=sorted(price for price, _retail in owed if price is not None),
        too_dear=any(price is not None and price >= retail for price, retail in owed),
    )


def is_dictated(sheet_id: int) -> bool:
    """Whether a sheet was said in sentences; its reading is not loaded for this."""
    said = select(SheetImport.reading["said"].as_string()).where(SheetImport.id == sheet_id)
    return session().scalar(said) is not None


def progress_of_sheet(sheet_id: int) -> tuple[int, int]:
    """How many listings of a sheet are written, and of how many."""
    query = select(SheetProgress.done, SheetProgress.total).where(SheetProgress.sheet_import_id == sheet_id)
    return tuple[int, int](session().execute(query).one())


def recent_sheets(organisation_id: int, *, limit: int = 10) -> list[SheetRow]:
    """The newest uploads of a factory."""
    table = SheetImport
    columns = (table.public_id, table.filename, table.state, table.result, table.created_at)
    query = select(*columns).where(table.organisation_id == organisation_id).order_by(table.id.desc()).limit(limit)
    return [SheetRow(*row) for row in session().execute(query)]


def sheet_to_look_through(organisation_id: int) -> tuple[str, int]:
    """The newest price sheet (public id) that made no goods yet, and how many it has, 0 while it is read; or ""."""
    mine = (SheetImport.organisation_id == organisation_id) & SheetImport.state.in_(("waiting", "read"))
    found = session().scalar(select(SheetImport).where(mine).order_by(SheetImport.id.desc()).limit(1))
    count = len(found.reading.get("listings", ())) if found else 0
    return (found.public_id, count) if found and (count or found.state == "waiting") else ("", 0)


def listing_rows(organisation_id: int, *, state: str = "", before: int = 0, limit: int = 50) -> list[ListingRow]:
    """A factory's goods, newest first; `before` skips as many, `state` may be `scarce`."""
    table = Listing
    columns = (table.id, table.public_id, table.code, table.title, table.image, table.state, table.reason)
    figures = (
        func.coalesce(func.min(Sku.retail_price_fen), 0),
        func.coalesce(func.max(Sku.retail_price_fen), 0),
        func.count(Sku.id),
        func.coalesce(func.sum(Sku.on_hand - Sku.reserved), 0),
        func.coalesce(func.max(case((Sku.made_to_order, 1), else_=0)), 0) == 1,
    )
    query = select(*columns, *figures).outerjoin(Sku, Sku.listing_id == table.id)
    query = query.where(table.organisation_id == organisation_id).group_by(table.id)
    if state == SCARCE:
        few = select(Sku.id).where(Sku.listing_id == table.id, *is_scarce()).correlate(table).exists()
        query = query.where(table.state == "published", few)
    elif state:
        query = query.where(table.state == state)
    page = query.order_by(table.id.desc()).offset(before).limit(limit)
    return [ListingRow(*tuple[Any, ...](row)) for row in session().execute(page)]


def state_counts(organisation_id: int) -> dict[str, int]:
    """How many goods of a factory are in each state; `scarce` counts those nearly sold out once more."""
    few = select(Sku.id).where(Sku.listing_id == Listing.id, *is_scarce()).correlate(Listing).exists()
    scarce = func.count().filter((Listing.state == "published") & few)
    query = select(Listing.state, func.count(), scarce).where(Listing.organisation_id == organisation_id)
    rows = session().execute(query.group_by(Listing.state)).all()
    return {row[0]: row[1] for row in rows} | {SCARCE: sum(row[2] for row in rows)}


def is_scarce() -> tuple[ColumnElement[bool], ...]:
    """What holds of a SKU on sale of which hardly anything is left, by what its listing (joined) calls few."""
    return ~Sku.made_to_order & Sku.for_sale, Sku.on_hand - Sku.reserved <= Listing.low_stock


def known_codes(organisation_id: int, codes: Collection[str]) -> set[str]:
    """Which of these codes the factory has listed already."""
    query = select(Listing.code).where(Listing.organisation_id == organisation_id)
    return set(session().scalars(query)) & set(codes)


def place_of(organisation_id: int) -> tuple[str, str, str]:
    """`(belt slug, province, category)` of a factory's belt; empty before it applied."""
    query = select(Belt.slug, Belt.province, Belt.category).join(Application, Application.belt_id == Belt.id)
    found = session().execute(query.where(Application.organisation_id == organisation_id)).one_or_none()
    return (found[0], found[1], found[2]) if found else ("", "", "")


def _locked(query: Select[Any]) -> Select[Any]:
    """Locked, and read anew even where the session knows the row: counters change past it."""
    return query.with_for_update().execution_options(populate_existing=True)


def _owned(query: Select[Any], column: Any, actor: Actor, permission: Permission) -> Select[Any]:  # noqa: ANN401
    if any(permission in ROLE_PERMISSIONS[role] for role in actor.roles):
        return query
    mine = [one.organisation_id for one in actor.memberships if permission in one.permissions]
    return query.where(column.in_(mine))


_LOT = (WayOfSelling.min_quantity, WayOfSelling.pack_size, WayOfSelling.mix)
_SUPPLIED = (
    select(
        WayOfSelling.listing_id,
        Sku.organisation_id,
        WayOfSelling.min_quantity,
        WayOfSelling.drop_ship_price_fen,
        WayOfSelling.floor_price_fen,
        Sku.id,
        Sku.supply_price_fen,
        Sku.currency,
    )
    .join(Sku, Sku.listing_id == WayOfSelling.listing_id)
    .where(WayOfSelling.way == "supply", WayOfSelling.closed.is_(False), Sku.for_sale)
    .order_by(Sku.id)
)
