"""A factory's goods as a price sheet finds them: by their codes, a few hundred at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from kernel.db import is_sqlite, session
from onboarding.listings.changes import DROP_SHIP, PRICE, SUPPLY, TIERS, of_variants
from onboarding.listings.models import Listing, ListingEdit, SheetImport, Sku, StockMovement, SupplyTier, WayOfSelling
from onboarding.listings.rules import EDIT, LISTING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, TableValuedAlias


@dataclass(frozen=True, slots=True)
class KnownSku:
    """One variant as it stands."""

    id: int
    public_id: str
    key: str
    options: dict[str, str]
    retail_price_fen: int
    vetted_price_fen: int | None
    late: bool
    supply_price_fen: int | None
    made_to_order: bool
    on_hand: int
    reserved: int


@dataclass(frozen=True, slots=True)
class KnownListing:
    """One listing as it stands; `supply` is `(id, least pieces, drop-ship price)`, None for shoppers alone.

    `asked` are the retail prices that wait for an operator, by SKU public id, `asked_terms` the terms that do.
    """

    id: int
    public_id: str
    code: str
    title: str
    category: str
    attributes: dict[str, str]
    state: str
    published_at: datetime | None
    vetted_terms: dict[str, Any]
    skus: dict[str, KnownSku] = field(default_factory=dict)
    tiers: list[tuple[int, int]] = field(default_factory=list)
    supply: list[tuple[int, int, int | None]] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    asked_terms: dict[str, Any] = field(default_factory=dict)

    @property
    def terms(self) -> dict[str, Any]:
        """Its terms under the names of their fields, as `bands.terms_of` tells them of loaded goods."""
        told: dict[str, Any] = {SUPPLY + sku.public_id: sku.supply_price_fen for sku in self.skus.values()}
        single = self.supply[0][2] if self.supply else None
        return told | {DROP_SHIP: single, TIERS: [[*rung] for rung in self.tiers]}


def _pairs(asked: str) -> tuple[TableValuedAlias, ColumnElement[bool]]:
    """The table of pairs, and that a listing is of one of them."""
    house: ColumnElement[Any]
    code: ColumnElement[Any]
    if is_sqlite():
        pair = func.json_each(asked).table_valued("value", name="asked")
        house, code = (func.json_extract(pair.c.value, f"$[{place}]") for place in (0, 1))
    else:
        pair = func.jsonb_array_elements(cast(literal(asked, Text()), JSONB)).table_valued("value", name="asked")
        told = cast(pair.c.value, JSONB)
        house, code = cast(told[0].astext, BigInteger), told[1].astext
    return pair, (Listing.organisation_id == house) & (Listing.code == code)


_COLUMNS = (
    Listing.id,
    Listing.public_id,
    Listing.code,
    Listing.title,
    Listing.category,
    Listing.attributes,
    Listing.state,
    Listing.published_at,
    Listing.vetted_terms,
)


def known_listings(organisation_id: int, codes: Collection[str], *, lock: bool = False) -> dict[str, KnownListing]:
    """The factory's goods of these codes, locked in the order of their ids if asked; five statements."""
    query = select(*_COLUMNS).order_by(Listing.id)
    mine = query.where(Listing.organisation_id == organisation_id, Listing.code.in_(codes))
    found = {row.id: KnownListing(*row) for row in session().execute(mine.with_for_update() if lock else mine)}
    if found:
        _add_skus(found)
        _add_terms(found)
        _add_asked(found)
    return {one.code: one for one in found.values()}


def known_pairs(pairs: Collection[tuple[int, str]]) -> dict[tuple[int, str], KnownListing]:
    """Goods of many factories by (factory id, code), locked in the order of their ids; what waits is not told.

    The pairs come as a table of JSON: for a list of pairs SQLite would look through all goods there are.
    """
    query = select(Listing.organisation_id, *_COLUMNS).join(*_pairs(json.dumps(list(pairs)))).order_by(Listing.id)
    rows = session().execute(query.with_for_update(of=Listing)).all()
    found = {row.id: KnownListing(*tuple[Any, ...](row)[1:]) for row in rows}
    if found:
        _add_skus(found)
        _add_terms(found)
    return {(row.organisation_id, row.code): found[row.id] for row in rows}


def _add_skus(found: dict[int, KnownListing]) -> None:
    named = (Sku.id, Sku.public_id, Sku.options_key, Sku.options)
    priced = (Sku.retail_price_fen, Sku.vetted_price_fen, Sku.late, Sku.supply_price_fen, Sku.made_to_order)
    query = select(Sku.listing_id, *named, *priced, Sku.on_hand, Sku.reserved).where(Sku.listing_id.in_(found))
    for row in session().execute(query.order_by(Sku.id)):
        sku = KnownSku(*tuple[Any, ...](row)[1:])
        found[row.listing_id].skus[sku.key] = sku


def _add_terms(found: dict[int, KnownListing]) -> None:
    ladder = (SupplyTier.listing_id, SupplyTier.min_quantity, SupplyTier.unit_price_fen)
    tiers = select(*ladder).where(SupplyTier.listing_id.in_(found)).order_by(SupplyTier.min_quantity)
    for rung in session().execute(tiers):
        found[rung.listing_id].tiers.append((rung.min_quantity, rung.unit_price_fen))
    terms = (WayOfSelling.listing_id, WayOfSelling.id, WayOfSelling.min_quantity, WayOfSelling.drop_ship_price_fen)
    ways = select(*terms).where(WayOfSelling.listing_id.in_(found), WayOfSelling.way == "supply")
    for way in session().execute(ways):
        found[way.listing_id].supply.append((way.id, way.min_quantity, way.drop_ship_price_fen))


def _add_asked(found: dict[int, KnownListing]) -> None:
    waits = ListingEdit.listing_id.in_(found) & (ListingEdit.state == EDIT.start)
    for listing, fields in session().execute(select(ListingEdit.listing_id, ListingEdit.after).where(waits)):
        found[listing].asked.update(of_variants(fields, PRICE))
        terms = found[listing].terms
        found[listing].asked_terms.update({name: value for name, value in fields.items() if name in terms})


def counted_before(known: Collection[KnownListing], *, source: str) -> set[int]:
    """Variants (ids) of goods that another import of the same file as `source` (public ids) has counted.

    It may have made them while this one waited, and pieces of them may be sold since.
    """
    same = select(SheetImport.organisation_id, SheetImport.file_key).where(SheetImport.public_id == source).subquery()
    of_house = same.c.organisation_id == SheetImport.organisation_id
    query = (
        select(StockMovement.sku_id)
        .join(SheetImport, SheetImport.public_id == StockMovement.source)
        .join(same, of_house & (same.c.file_key == SheetImport.file_key))
        .join(Sku, Sku.id == StockMovement.sku_id)
        .where(SheetImport.public_id != source, Sku.listing_id.in_([one.id for one in known]))
    )
    return set(session().scalars(query))


def drafts_named(organisation_id: int, listings: Collection[str]) -> list[Listing]:
    """Those of some goods (public ids) of a factory that are drafts."""
    mine = (Listing.organisation_id == organisation_id) & (Listing.state == LISTING.start)
    return list(session().scalars(select(Listing).where(mine, Listing.public_id.in_(listings)).order_by(Listing.id)))


def codes_of(organisation_id: int) -> dict[str, str]:
    """The factory's goods that are not archived, code → title."""
    query = select(Listing.code, Listing.title).where(Listing.organisation_id == organisation_id)
    rows = session().execute(query.where(Listing.state != "archived").order_by(Listing.id))
    return dict(tuple[str, str](row) for row in rows)
