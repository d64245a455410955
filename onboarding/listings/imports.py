"""Writes planned listings, some at once: new ones as drafts, known ones brought up to date; twice is once."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from kernel.db import is_sqlite, session
from kernel.errors import DomainError
from kernel.ids import public_id
from onboarding.listings.held import hold_prices
from onboarding.listings.known import counted_before, known_listings
from onboarding.listings.models import Listing, SheetImport, Sku, SupplyTier, WayOfSelling
from onboarding.listings.pictures import picture_for
from onboarding.listings.revisions import KEPT, changes_of
from onboarding.listings.stock import open_stock, set_on_hand
from onboarding.verification.queries import ways_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Table

    from kernel.permissions import Actor
    from onboarding.listings.known import KnownListing
    from onboarding.listings.plan import LeftOut, PlannedListing, PlannedSku
    from onboarding.listings.revisions import Change
    from onboarding.listings.sheets.reading import SheetReading

_LISTING_WORDS: Final = frozenset({"title", "category", "attributes"})
_SKU_TERMS: Final = frozenset({"retail_price_fen", "supply_price_fen", "made_to_order"})
_WAY_TERMS: Final = {"moq": "min_quantity", "drop_ship_price_fen": "drop_ship_price_fen"}


@dataclass(slots=True)
class Outcome:
    """Counts of what was written; `changed` are public ids of published listings whose prices or stock moved.

    `waiting` are codes of goods of which something waits for an operator.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skus: int = 0
    kept_stock: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def added_to(self, result: dict[str, Any]) -> dict[str, Any]:
        """The counts so far with these: a new result, as it is stored with the sheet."""
        mine = asdict(self)
        mine.pop("changed")
        return {name: result.get(name, type(more)()) + more for name, more in mine.items()}


def stored(reading: SheetReading) -> dict[str, Any]:
    """The reading as it is kept: its public JSON, its columns, and the numbers that wait for the owner's answer."""
    answer = reading.as_json()
    answer["tables"] = [asdict(table) for table in reading.tables if table.seen]
    for goods, listing in zip(answer["listings"], reading.listings, strict=True):
        goods["shared_stock"] = [asdict(shared) for shared in listing.shared_stock]
        goods |= {name: said for name in ("path", "measure", "private") if (said := getattr(listing, name))}
        for told, sku in zip(goods["skus"], listing.skus, strict=True):
            if sku.retail_price_fen is not None:
                told["retail_price_fen"] = sku.retail_price_fen
    return answer


def hold_house(organisation_id: int) -> None:
    """Let nobody else make goods of this factory until the transaction ends: two sheets at once make a code once."""
    if not is_sqlite():  # where there is one writer at a time anyway
        session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"goods:{organisation_id}"))))


def write(
    some: Sequence[PlannedListing],
    *,
    actor: Actor,
    organisation_id: int,
    source: str,
    answers: Mapping[str, Any],
    now: datetime,
) -> Outcome:
    """Write some listings of a plan for a factory, in the open transaction; `source` is the sheet's public id.

    What the owner's `answers` do not allow to be changed, goods that were ever on sale, is left out and told.
    What an operator has to see first waits.
    """
    outcome = Outcome()
    hold_house(organisation_id)
    known = known_listings(organisation_id, [one.code for one in some], lock=True)
    new = [one for one in some if one.code not in known]
    outcome.created = len(new)
    if new:
        outcome.skus = _create(new, organisation_id, source, now)
    by_id = sorted(((known[one.code], one) for one in some if one.code in known), key=lambda pair: pair[0].id)
    counted = counted_before([old for old, _one in by_id], source=source)
    differing = [(old, changes_of(old, one, recount=recounts(answers, one), before=counted)) for old, one in by_id]
    if not answers["on_sale"]:
        differing = [_allowed(old, said, outcome) for old, said in differing]
    _bring_up_to_date(differing, outcome, organisation_id, source, now)
    hold_prices(differing, actor=replace(actor, user_id=answers["by"]), now=now)  # who takes back what waited
    return outcome


def recounts(answers: Mapping[str, Any], one: PlannedListing) -> bool:
    """Whether stock is counted as a sheet says: not where the same file has counted it before."""
    return bool(answers["recount"]) and one.code not in answers.get("counted", ())


def left_out(one: LeftOut) -> dict[str, Any]:
    """Goods that were not made, as a result tells them."""
    return {"row": one.row, "title": one.title, "code": one.code, "params": dict(one.params)}


def is_imported(sheet: SheetImport) -> bool:
    """Whether the same file was imported before, or is just being: its stock was counted then.

    The same file a second time must not bring back pieces sold since.
    """
    same = (SheetImport.organisation_id == sheet.organisation_id) & (SheetImport.file_key == sheet.file_key)
    done = SheetImport.state.in_(("importing", "imported")) & (SheetImport.id != sheet.id)
    return session().scalar(select(SheetImport.id).where(same, done).limit(1)) is not None


def _allowed(known: KnownListing, changes: list[Change], outcome: Outcome) -> tuple[KnownListing, list[Change]]:
    if not changes or known.published_at is None:
        return known, changes
    outcome.left_out.append(_kept(known, DomainError("listing.on_sale")))
    return known, []


def _kept(known: KnownListing, refused: DomainError) -> dict[str, Any]:
    """Goods that stay as they are, as a result tells them."""
    return {"row": None, "title": known.title, "code": refused.code, "params": dict(refused.params)}


def _create(some: list[PlannedListing], organisation_id: int, source: str, now: datetime) -> int:
    """Write new listings with all that belongs to them, table by table; returns how many SKUs they have."""
    listings = [_listing(one, organisation_id, now) for one in some]
    ids: dict[str, int] = dict(_written(insert(Listing).returning(Listing.code, Listing.id), listings))
    skus = [_sku(sku, organisation_id) | {"listing_id": ids[one.code]} for one in some for sku in one.skus]
    stock = {(ids[one.code], sku.key): sku.stock or 0 for one in some for sku in one.skus}
    written = _written(insert(Sku).returning(Sku.id, Sku.listing_id, Sku.options_key), skus)
    open_stock({sku: stock[listing, key] for sku, listing, key in written}, source=source, now=now)
    ways = ways_of(organisation_id)
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
    differing: list[tuple[KnownListing, list[Change]]],
    outcome: Outcome,
    organisation_id: int,
    source: str,
    now: datetime,
) -> None:
    """Write what differs, kind by kind; stock last and by the ids of SKUs, the one order of locks."""
    _write_words(differing)
    _write_skus(differing, organisation_id)
    _write_terms(differing)
    moved = _recount(differing, outcome, source=source, now=now)
    for known, changes in differing:
        written = known.id in moved or any(one.name not in KEPT | {"stock"} for one in changes)
        outcome.updated += written
        outcome.unchanged += not written
        outcome.kept_stock += [known.code for one in changes if one.name == "stock_kept"]
        if any(one.name == "in_review" for one in changes):
            outcome.left_out.append(_kept(known, DomainError("listing.in_review")))
        outcome.waiting += [known.code] if any(one.waits for one in changes) else []
        if written and known.state == "published":
            outcome.changed.append(known.public_id)


def _write_words(differing: list[tuple[KnownListing, list[Change]]]) -> None:
    for known, changes in differing:
        words = {one.name: one.new for one in changes if one.name in _LISTING_WORDS}
        if words:
            session().execute(_core(update(Listing).where(Listing.id == known.id).values(**words)))


def _write_skus(differing: list[tuple[KnownListing, list[Change]]], organisation_id: int) -> None:
    """Prices of known variants that need not wait, and new variants; those counted with nothing get stock later."""
    new: list[dict[str, Any]] = []
    anew: dict[int, dict[str, Any]] = {}
    for known, changes in differing:
        for one in changes:
            if one.name == "variant":
                late = known.published_at is not None
                new.append(_sku(one.new, organisation_id) | {"listing_id": known.id, "late": late})
            elif one.name in _SKU_TERMS and not one.waits:
                sku = known.skus[one.sku or ""]
                terms = anew.setdefault(sku.id, {f"to_{name}": getattr(sku, name) for name in _SKU_TERMS})
                terms |= {"sku": sku.id, f"to_{one.name}": one.new}
    table: Table = Sku.__table__  # type: ignore[assignment]
    if anew:
        to: dict[str, Any] = {name: bindparam(f"to_{name}") for name in sorted(_SKU_TERMS)}
        changed = update(table).where(table.c.id == bindparam("sku")).values(**to)
        session().execute(changed, list(anew.values()))
    if new:
        session().execute(insert(Sku), new)


def _write_terms(differing: list[tuple[KnownListing, list[Change]]]) -> None:
    for known, changes in differing:
        terms = {_WAY_TERMS[one.name]: one.new for one in changes if one.name in _WAY_TERMS and not one.waits}
        ways = [way for way, _least, _price in known.supply]
        if terms:
            session().execute(_core(update(WayOfSelling).where(WayOfSelling.id.in_(ways)).values(**terms)))
        for ladder in [one.new for one in changes if one.name == "tiers" and not one.waits]:
            session().execute(_core(delete(SupplyTier).where(SupplyTier.listing_id == known.id)))
            session().execute(insert(SupplyTier), [_tier(rung) | {"listing_id": known.id} for rung in ladder])


def _recount(
    differing: list[tuple[KnownListing, list[Change]]], outcome: Outcome, *, source: str, now: datetime
) -> set[int]:
    """Stock as the sheet says, of new variants too; less than buyers were promised meanwhile stays and is reported."""
    counted: list[tuple[int, int, KnownListing]] = []
    born = [known.id for known, changes in differing if any(one.name == "variant" for one in changes)]
    query = select(Sku.listing_id, Sku.options_key, Sku.id).where(Sku.listing_id.in_(born))
    fresh = {(listing, key): sku for listing, key, sku in session().execute(query)} if born else {}
    for known, changes in differing:
        for one in changes:
            if one.name == "stock":
                counted.append((known.skus[one.sku or ""].id, one.new, known))
            elif one.name == "variant" and one.new.stock:
                counted.append((fresh[known.id, one.new.key], one.new.stock, known))
    moved = set[int]()
    for sku, pieces, known in sorted(counted, key=lambda line: line[0]):
        try:
            set_on_hand(sku, pieces, source=source, now=now)
            moved.add(known.id)
        except DomainError:
            outcome.kept_stock.append(known.code)
    return moved


def _core(statement: Any) -> Any:  # noqa: ANN401  updates and deletes past the session, which holds none of these
    return statement.execution_options(synchronize_session=False)
