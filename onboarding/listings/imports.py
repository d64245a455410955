"""Writes a plan into listings: new ones as drafts, known ones brought up to date; the same plan twice is once."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.orm import selectinload

from kernel.db import session
from kernel.errors import DomainError
from kernel.ids import public_id
from onboarding.listings.models import Listing, SheetImport, Sku, SupplyTier, WayOfSelling
from onboarding.listings.pictures import picture_for
from onboarding.listings.rules import PRICEABLE
from onboarding.listings.stock import open_stock, set_on_hand
from onboarding.verification.queries import ways_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from onboarding.listings.plan import LeftOut, Plan, PlannedListing, PlannedSku
    from onboarding.listings.sheets.reading import SheetReading

_AT_ONCE: Final = 500
Item = TypeVar("Item")


@dataclass(slots=True)
class Outcome:
    """Counts of an import; `changed` are public ids of published listings whose prices or stock moved.

    `once_sold` are those of listings that changed and were published at any time.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skus: int = 0
    kept_stock: list[str] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    once_sold: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The result as it is stored with the sheet."""
        return asdict(self)


def stored(reading: SheetReading) -> dict[str, Any]:
    """The reading as it is kept: its public JSON, and the numbers that wait for the owner's answer."""
    answer = reading.as_json()
    for goods, listing in zip(answer["listings"], reading.listings, strict=True):
        goods["shared_stock"] = [asdict(shared) for shared in listing.shared_stock]
    return answer


def write(plan: Plan, sheet: SheetImport, *, now: datetime) -> Outcome:
    """Write the plan for the factory of a sheet.

    Stock of known SKUs is counted anew only from a file that was not imported before: the same file a second
    time must not bring back pieces sold since.
    """
    outcome = Outcome(left_out=[_left_out(one) for one in plan.left_out])
    known = _known(sheet.organisation_id)
    recount = not _imported_before(sheet)
    ways = ways_of(sheet.organisation_id)
    for some in _batches([one for one in plan.listings if one.code not in known]):
        outcome.created += len(some)
        outcome.skus += _create(some, sheet, ways, now)
    told = sorted(((known[one.code], one) for one in plan.listings if one.code in known), key=itemgetter(0))
    for several in _batches(told):
        listings = _locked([listing for listing, _ in several])
        for listing, one in several:
            _bring_up_to_date(listings[listing], one, outcome, recount=recount, sheet=sheet, now=now)
        session().flush()  # so that nothing holds on to those of this batch
    return outcome


def _batches(every: list[Item]) -> Iterator[list[Item]]:
    """A few hundred at once: the largest sheet needs no more memory than a small one."""
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def _left_out(one: LeftOut) -> dict[str, Any]:
    return {"row": one.row, "title": one.title, "code": one.code, "params": dict(one.params)}


def _known(organisation_id: int) -> dict[str, int]:
    """The factory's goods, code → id."""
    query = select(Listing.code, Listing.id).where(Listing.organisation_id == organisation_id)
    return dict(tuple[str, int](row) for row in session().execute(query))


def _locked(listings: list[int]) -> dict[int, Listing]:
    """Whole listings by their ids, locked in that order."""
    whole = (selectinload(Listing.skus), selectinload(Listing.ways), selectinload(Listing.tiers))
    query = select(Listing).where(Listing.id.in_(listings)).order_by(Listing.id).options(*whole).with_for_update()
    return {one.id: one for one in session().scalars(query, execution_options={"populate_existing": True})}


def _imported_before(sheet: SheetImport) -> bool:
    same = (SheetImport.organisation_id == sheet.organisation_id) & (SheetImport.file_key == sheet.file_key)
    return session().scalar(select(SheetImport.id).where(same, SheetImport.state == "imported").limit(1)) is not None


def _create(some: list[PlannedListing], sheet: SheetImport, ways: str, now: datetime) -> int:
    """Write new listings with all that belongs to them, table by table; returns how many SKUs they have."""
    listings = [_listing(one, sheet.organisation_id, now) for one in some]
    ids: dict[str, int] = dict(_written(insert(Listing).returning(Listing.code, Listing.id), listings))
    skus = [_sku(sku, sheet.organisation_id) | {"listing_id": ids[one.code]} for one in some for sku in one.skus]
    stock = {(ids[one.code], sku.key): sku.stock or 0 for one in some for sku in one.skus}
    written = _written(insert(Sku).returning(Sku.id, Sku.listing_id, Sku.options_key), skus)
    open_stock({sku: stock[listing, key] for sku, listing, key in written}, source=sheet.public_id, now=now)
    sold = [way | {"listing_id": ids[one.code]} for one in some for way in _ways(one, ways)]
    tiers = [_tier(rung) | {"listing_id": ids[one.code]} for one in some for rung in one.tiers]
    session().execute(insert(WayOfSelling), sold)
    if tiers:
        session().execute(insert(SupplyTier), tiers)
    return len(skus)


def _written(statement: Any, rows: list[dict[str, Any]]) -> Iterable[Any]:  # noqa: ANN401  an insert and what it gives
    return session().execute(statement, rows).all() if rows else []


def _listing(one: PlannedListing, organisation_id: int, now: datetime) -> dict[str, Any]:
    return {
        "public_id": public_id("lst"),
        "organisation_id": organisation_id,
        "code": one.code,
        "title": one.title,
        "category": one.category,
        "attributes": one.attributes,
        "description": "",
        "image": picture_for(one.title, one.category),
        "state": "draft",
        "reason": "",
        "created_at": now,
        "published_at": None,
    }


def _sku(sku: PlannedSku, organisation_id: int) -> dict[str, Any]:
    return {
        "public_id": public_id("sku"),
        "organisation_id": organisation_id,
        "options": sku.options,
        "options_key": sku.key,
        "retail_price_fen": sku.retail_price_fen,
        "supply_price_fen": sku.supply_price_fen,
        "on_hand": 0,
        "reserved": 0,
        "made_to_order": sku.made_to_order,
    }


def _ways(one: PlannedListing, ways: str) -> Iterator[dict[str, Any]]:
    if ways != "supply":
        yield {"way": "direct", "min_quantity": 1, "drop_ship_price_fen": None}
    if ways != "direct":
        yield {"way": "supply", "min_quantity": one.moq, "drop_ship_price_fen": one.drop_ship_price_fen}


def _tier(rung: tuple[int, int]) -> dict[str, Any]:
    return {"min_quantity": rung[0], "unit_price_fen": rung[1]}


def _bring_up_to_date(
    listing: Listing,
    one: PlannedListing,
    outcome: Outcome,
    *,
    recount: bool,
    sheet: SheetImport,
    now: datetime,
) -> None:
    """Prices, tiers and stock follow the sheet; words only while nobody but the factory has seen them."""
    if listing.state not in PRICEABLE:
        outcome.unchanged += 1
        return
    changed = _reword(listing, one) if listing.state in {"draft", "refused"} else False
    changed |= _reprice(listing, one)
    changed |= _set_supply(listing, one)
    if changed:
        session().flush()
    changed |= recount and _recount(listing, one, outcome, source=sheet.public_id, now=now)
    outcome.updated += changed
    outcome.unchanged += not changed
    if changed and listing.published_at is not None:
        outcome.once_sold.append(listing.public_id)
    if changed and listing.state == "published":
        outcome.changed.append(listing.public_id)


def _reword(listing: Listing, one: PlannedListing) -> bool:
    words = {"title": one.title, "category": one.category, "attributes": one.attributes}
    changed = {name: value for name, value in words.items() if getattr(listing, name) != value}
    for name, value in changed.items():
        setattr(listing, name, value)
    return bool(changed)


def _reprice(listing: Listing, one: PlannedListing) -> bool:
    """Prices of known variants, and variants that are new; a variant missing from the sheet stays as it is."""
    by_key = {sku.options_key: sku for sku in listing.skus}
    changed = False
    for planned in one.skus:
        sku = by_key.get(planned.key)
        if sku is None:
            listing.skus.append(Sku(**_sku(planned, listing.organisation_id)))
            changed = True
            continue
        told = (planned.retail_price_fen, planned.supply_price_fen, planned.made_to_order)
        if told != (sku.retail_price_fen, sku.supply_price_fen, sku.made_to_order):
            sku.retail_price_fen, sku.supply_price_fen, sku.made_to_order = told
            changed = True
    return changed


def _set_supply(listing: Listing, one: PlannedListing) -> bool:
    """What the sheet says of it; a price for single pieces or a ladder that it leaves out stays."""
    way = next((way for way in listing.ways if way.way == "supply"), None)
    if way is None:  # it sells to shoppers alone, and a sheet changes nothing about that
        return False
    told = one.drop_ship_price_fen
    terms = (one.moq, way.drop_ship_price_fen if told is None else told)
    changed = terms != (way.min_quantity, way.drop_ship_price_fen)
    if changed:
        way.min_quantity, way.drop_ship_price_fen = terms
    if one.tiers and one.tiers != tuple((tier.min_quantity, tier.unit_price_fen) for tier in listing.tiers):
        for tier in listing.tiers:
            session().delete(tier)
        session().flush()
        session().refresh(listing, ["tiers"])
        listing.tiers.extend(SupplyTier(**_tier(rung)) for rung in one.tiers)
        changed = True
    return changed


def _recount(listing: Listing, one: PlannedListing, outcome: Outcome, *, source: str, now: datetime) -> bool:
    """Stock as the sheet says; where less is said than buyers were promised, it stays and is reported."""
    planned = {sku.key: sku.stock for sku in one.skus}
    changed = False
    for sku in listing.skus:
        stock = planned.get(sku.options_key)
        if stock is None or stock == sku.on_hand:
            continue
        try:
            set_on_hand(sku.id, stock, source=source, now=now)
            changed = True
        except DomainError:
            outcome.kept_stock.append(listing.code)
    return changed
