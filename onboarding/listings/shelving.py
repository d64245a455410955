"""Writes goods of a catalogue as they stand on sale: new ones table by table, what differs of known ones besides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, update

from kernel.db import next_ids, session
from kernel.errors import DomainError
from kernel.ids import public_ids
from onboarding.listings.models import Listing, Sku, StockMovement, SupplyTier, WayOfSelling
from onboarding.listings.pictures import picture_for
from onboarding.listings.pricing import check_supply, drop_ship_price
from onboarding.listings.stock import set_on_hand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from onboarding.listings.known import KnownListing, KnownSku
    from onboarding.listings.plan import PlannedListing, PlannedSku

Row = dict[str, Any]
_CURRENCY = "CNY"
_UNTOLD = frozenset({"category", "attributes"})


class Kept(NamedTuple):
    """Stock that stays as it is, and why."""

    house: int
    known: KnownListing
    why: DomainError


@dataclass(slots=True)
class Difference:
    """What a line changes about goods that stand: words, terms of variants by id, new variants, stock by SKU id."""

    house: int
    known: KnownListing
    planned: PlannedListing
    words: Row = field(default_factory=dict)
    skus: dict[int, Row] = field(default_factory=dict)
    new: list[PlannedSku] = field(default_factory=list)
    stock: dict[int, int] = field(default_factory=dict)
    way: Row = field(default_factory=dict)
    is_ladder: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.skus or self.new or self.stock or self.way or self.is_ladder)


def make(some: Sequence[tuple[int, PlannedListing]], *, source: str, now: datetime) -> list[tuple[int, str]]:
    """Write new goods of factories (ids) with all that belongs to them; their ids and public ids, in this order."""
    if not some:
        return []
    ids, made = next_ids(Listing, len(some)), public_ids("lst", len(some))
    skus = [(house, listing, sku) for (house, one), listing in zip(some, ids, strict=True) for sku in one.skus]
    named = zip(next_ids(Sku, len(skus)), public_ids("sku", len(skus)), strict=True)
    variants = [
        _sku(sku, house, listing) | {"id": number, "public_id": name}
        for (house, listing, sku), (number, name) in zip(skus, named, strict=True)
    ]
    seen = _seen_terms([one for _house, one in some], variants)
    listings = [
        _listing(one, house, now) | {"id": listing, "public_id": name, "vetted_terms": terms}
        for (house, one), listing, name, terms in zip(some, ids, made, seen, strict=True)
    ]
    planned = list(zip(ids, (one for _house, one in some), strict=True))
    _insert(Listing, listings)
    _insert(Sku, variants)
    _insert(StockMovement, [_opened(sku, source, now) for sku in variants if sku["on_hand"]])
    _insert(WayOfSelling, [way | {"listing_id": listing} for listing, one in planned for way in _ways(one)])
    _insert(SupplyTier, [rung for listing, one in planned for rung in _rungs(listing, one)])
    return list(zip(ids, made, strict=True))


def differences(house: int, known: KnownListing, planned: PlannedListing, told: Collection[str]) -> Difference | None:
    """What a planned listing changes of what its line `told`; None for nothing. Variants it does not name stay."""
    found = Difference(house, known, planned)
    words = {"title": planned.title, "category": planned.category, "attributes": planned.attributes}
    for name, word in words.items():
        if getattr(known, name) != word and (name in told or name not in _UNTOLD):
            found.words[name] = word
    for sku in planned.skus:
        stands = known.skus.get(sku.key)
        if stands is None:
            found.new.append(sku)
            continue
        terms = _terms(sku, stands, told)
        if terms:
            found.skus[stands.id] = terms
        if sku.stock is not None and sku.stock != stands.on_hand:
            found.stock[stands.id] = sku.stock
    _compare_supply(found, told)
    return found or None


def check_prices(known: KnownListing, planned: PlannedListing, told: Collection[str]) -> None:
    """Refuse a line that would leave goods that stand dearer for merchants than for shoppers, by what it `told`."""
    is_told = bool({"supply_price_fen", "skus"} & set(told))
    prices = {key: (sku.retail_price_fen, sku.supply_price_fen) for key, sku in known.skus.items()}
    for sku in planned.skus:
        stands = prices.get(sku.key, (0, None))[1]
        prices[sku.key] = (sku.retail_price_fen, sku.supply_price_fen if is_told else stands)
    single = known.supply[0][2] if known.supply else None
    single = planned.drop_ship_price_fen if "drop_ship_price_fen" in told else single
    check_supply(prices.values(), single=single, tiers=planned.tiers if "tiers" in told else known.tiers)


def bring_up_to_date(some: Sequence[Difference], *, source: str, now: datetime) -> list[Kept]:
    """Write what differs, stock last and by the ids of SKUs, the one order of locks; returns what stock stays."""
    for one in some:
        if one.words:
            session().execute(_core(update(Listing).where(Listing.id == one.known.id).values(**one.words)))
        if one.way:
            _write_way(one)
        if one.is_ladder:
            session().execute(_core(delete(SupplyTier).where(SupplyTier.listing_id == one.known.id)))
    _insert(SupplyTier, [rung for one in some if one.is_ladder for rung in _rungs(one.known.id, one.planned)])
    _reprice([{"sku": sku, **terms} for one in some for sku, terms in one.skus.items()])
    _add_variants(some, source, now)
    return list(_recount(some, source, now))


def _listing(one: PlannedListing, house: int, now: datetime) -> Row:
    return {
        "organisation_id": house,
        "code": one.code,
        "title": one.title,
        "category": one.category,
        "attributes": one.attributes,
        "description": "",
        "image": picture_for(one.title, one.category),
        "state": "published",
        "reason": "",
        "created_at": now,
        "published_at": now,
    }


def _sku(sku: PlannedSku, house: int, listing: int) -> Row:
    return {
        "listing_id": listing,
        "organisation_id": house,
        "options": sku.options,
        "options_key": sku.key,
        "retail_price_fen": sku.retail_price_fen,
        "supply_price_fen": sku.supply_price_fen,
        "vetted_price_fen": sku.retail_price_fen,
        "currency": _CURRENCY,
        "on_hand": sku.stock or 0,
        "reserved": 0,
        "made_to_order": sku.made_to_order,
    }


def _seen_terms(some: Sequence[PlannedListing], variants: Sequence[Row]) -> Iterator[Row]:
    """The terms as those who vouch for them saw them (`bands`)."""
    names = iter(variants)
    for one in some:
        own = {next(names)["public_id"]: sku.supply_price_fen for sku in one.skus}
        yield _terms_seen(own, one.drop_ship_price_fen, one.tiers)


def _terms_seen(own: Mapping[str, int | None], single: int | None, tiers: Sequence[tuple[int, int]]) -> Row:
    first = tiers[0][1] if tiers else None
    singles = {sku: drop_ship_price(single, price, first) for sku, price in own.items()}
    told = {sku: fen for sku, fen in singles.items() if fen is not None}
    return {"least": 1, "singles": told, "tiers": [[*rung] for rung in tiers]}


def _opened(sku: Row, source: str, now: datetime) -> Row:
    return {"sku_id": sku["id"], "pieces": sku["on_hand"], "reason": "opened", "source": source, "at": now}


def _ways(one: PlannedListing) -> Iterator[Row]:
    """The direct way; the supply way as well, closed where nothing says at what price."""
    yield {"way": "direct", "min_quantity": 1, "drop_ship_price_fen": None, "closed": False}
    yield {
        "way": "supply",
        "min_quantity": one.moq,
        "drop_ship_price_fen": one.drop_ship_price_fen,
        "closed": not _is_supplied(one),
    }


def _is_supplied(one: PlannedListing) -> bool:
    return bool(one.tiers or one.drop_ship_price_fen or any(sku.supply_price_fen for sku in one.skus))


def _rungs(listing: int, one: PlannedListing) -> Iterator[Row]:
    for least, price in one.tiers:
        yield {"listing_id": listing, "min_quantity": least, "unit_price_fen": price, "currency": _CURRENCY}


def _terms(sku: PlannedSku, stands: KnownSku, told: Collection[str]) -> Row:
    """All terms of a variant, if any differs: one statement writes those of many."""
    supply = sku.supply_price_fen if {"supply_price_fen", "skus"} & set(told) else stands.supply_price_fen
    made = sku.made_to_order if "skus" in told else stands.made_to_order
    after = {"price": sku.retail_price_fen, "supply": supply, "made": made}
    before = (stands.retail_price_fen, stands.supply_price_fen, stands.made_to_order)
    return after if tuple(after.values()) != before else {}


def _compare_supply(found: Difference, told: Collection[str]) -> None:
    known, planned = found.known, found.planned
    _way, least, single = known.supply[0] if known.supply else (0, 1, None)
    if "moq" in told and planned.moq != least:
        found.way["min_quantity"] = planned.moq
    if "drop_ship_price_fen" in told and planned.drop_ship_price_fen != single:
        found.way["drop_ship_price_fen"] = planned.drop_ship_price_fen
    if _is_supplied(planned) and not _has_price(known):
        found.way["closed"] = False
    found.is_ladder = "tiers" in told and list(planned.tiers) != known.tiers
    if found.way or found.is_ladder or found.skus:
        found.words["vetted_terms"] = _seen_again(found)


def _has_price(known: KnownListing) -> bool:
    """Whether merchants could be told any price of goods that stand."""
    single = known.supply and known.supply[0][2]
    return bool(known.tiers or single or any(sku.supply_price_fen for sku in known.skus.values()))


def _seen_again(found: Difference) -> Row:
    known = found.known
    tiers = found.planned.tiers if found.is_ladder else known.tiers
    single = found.way.get("drop_ship_price_fen", known.supply[0][2] if known.supply else None)
    own = {
        sku.public_id: found.skus.get(sku.id, {"supply": sku.supply_price_fen})["supply"] for sku in known.skus.values()
    }
    return _terms_seen(own, single, tiers)


def _write_way(one: Difference) -> None:
    ids = [way for way, _least, _price in one.known.supply]
    if ids:
        session().execute(_core(update(WayOfSelling).where(WayOfSelling.id.in_(ids)).values(**one.way)))
    else:
        way: Mapping[str, Any] = {
            "way": "supply",
            "min_quantity": one.planned.moq,
            "closed": not _is_supplied(one.planned),
        }
        session().execute(insert(WayOfSelling), [{**way, **one.way, "listing_id": one.known.id}])


def _reprice(rows: list[Row]) -> None:
    if rows:
        table: Any = Sku.__table__
        price: Any = bindparam("price")
        told = {"retail_price_fen": price, "vetted_price_fen": price, "supply_price_fen": bindparam("supply")}
        changed = update(table).where(table.c.id == bindparam("sku"))
        session().execute(
            changed.values(**told, made_to_order=bindparam("made")), sorted(rows, key=lambda row: row["sku"])
        )


def _add_variants(some: Sequence[Difference], source: str, now: datetime) -> None:
    new = [(one, sku) for one in some for sku in one.new]
    ids, names = next_ids(Sku, len(new)), public_ids("sku", len(new))
    rows = [
        _sku(sku, one.house, one.known.id) | {"id": number, "public_id": name}
        for (one, sku), number, name in zip(new, ids, names, strict=True)
    ]
    _insert(Sku, rows)
    _insert(StockMovement, [_opened(row, source, now) for row in rows if row["on_hand"]])


def _recount(some: Sequence[Difference], source: str, now: datetime) -> Iterator[Kept]:
    counted = sorted((sku, pieces, number) for number, one in enumerate(some) for sku, pieces in one.stock.items())
    for sku, pieces, number in counted:
        try:
            set_on_hand(sku, pieces, source=source, now=now)
        except DomainError as why:
            yield Kept(some[number].house, some[number].known, why)


def _insert(table: Any, rows: list[Row]) -> None:  # noqa: ANN401  a mapped class
    """Past the unit of work: a million rows are no objects. Columns that are not told take the table's defaults."""
    if rows:
        session().execute(insert(table.__table__), rows)


def _core(statement: Any) -> Any:  # noqa: ANN401  updates and deletes past the session, which holds none of these
    return statement.execution_options(synchronize_session=False)
