"""What can be done with goods: read price sheets into them, edit, submit, publish, refuse, archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import clean
from onboarding.listings.claims import is_forbidden, refuse_forbidden, words_of
from onboarding.listings.facts import (
    ListingArchived,
    ListingChanged,
    ListingPublished,
    ListingRefused,
    ListingSubmitted,
    SheetUploaded,
)
from onboarding.listings.imports import stored, write
from onboarding.listings.models import Listing, SheetImport, WayOfSelling
from onboarding.listings.plan import plan
from onboarding.listings.pricing import check_price
from onboarding.listings.queries import keep_on_sale, own_listing, own_sheet, own_supply, place_of
from onboarding.listings.rules import LISTING, PRICEABLE, REASON_CAP, REWRITABLE
from onboarding.listings.stock import set_on_hand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.plan import StockMeaning
    from onboarding.listings.sheets.reading import SheetReading


@operation("sheet.upload")
def upload_sheet(*, actor: Actor, filename: str, file_key: str, now: datetime) -> SheetImport:
    """Take note of an uploaded price sheet; the worker reads it."""
    factory = actor.membership(Permission.LISTING_GOODS_EDIT)
    sheet = SheetImport(
        public_id=public_id("imp"),
        organisation_id=factory.organisation_id,
        filename=clean(filename)[-200:] or "price-sheet",
        file_key=file_key,
        state="waiting",
        reading={},
        result={},
        error_code="",
        error_params={},
        created_at=now,
    )
    session().add(sheet)
    note(f"sheet:{sheet.public_id}", after={"file_key": file_key})
    publish(SheetUploaded(sheet.public_id), actor=actor, now=now)
    return sheet


@operation("sheet.read")
def record_reading(
    *,
    actor: Actor,
    sheet_import: str,
    now: datetime,  # noqa: ARG001  every operation is told the time
    reading: SheetReading | None = None,
    error: DomainError | None = None,
) -> None:
    """Keep what a waiting sheet says, or why it cannot be read; a sheet that was read already stays as it is."""
    sheet = own_sheet(actor, sheet_import, lock=True)
    if sheet.state != "waiting":
        return
    if reading is None:
        failed = error or DomainError("sheet.damaged")
        sheet.state, sheet.error_code, sheet.error_params = "failed", failed.code, failed.params
    else:
        sheet.state, sheet.reading = "read", stored(reading)
    note(f"sheet:{sheet_import}", before={"state": "waiting"}, after={"state": sheet.state})


@operation("sheet.import")
def import_listings(
    *,
    actor: Actor,
    sheet_import: str,
    stock_meaning: StockMeaning | None,
    markup_bp: int | None,
    now: datetime,
) -> dict[str, Any]:
    """Make draft listings of a read sheet, all or none; returns the counts, the same ones when asked again.

    `markup_bp` over the trade price stands in where the sheet suggests no retail price.
    """
    sheet = own_sheet(actor, sheet_import, lock=True)
    if sheet.state == "imported":
        return sheet.result
    if sheet.state != "read":
        raise DomainError("sheet.not_read")
    category = place_of(sheet.organisation_id)[2] or "日用百货"
    planned = plan(sheet.reading, stock=stock_meaning, markup_bp=markup_bp, category=category)
    outcome = write(planned, sheet, now=now)
    sheet.state, sheet.result = "imported", outcome.as_json()
    counts = {name: sheet.result[name] for name in ("created", "updated", "unchanged", "skus")}
    note(f"sheet:{sheet_import}", before={"state": "read"}, after={"state": "imported", **counts})
    if outcome.once_sold:
        keep_on_sale(actor, sheet.organisation_id)
    for listing in outcome.changed:
        publish(ListingChanged(listing), actor=actor, now=now)
    return sheet.result


@operation("listing.edit")
def edit_listing(
    *,
    actor: Actor,
    listing: str,
    words: Mapping[str, str],
    prices: Mapping[str, int],
    stock: Mapping[str, int],
    now: datetime,
    shown: Mapping[str, int] | None = None,
) -> Listing:
    """Change words (`title`, `category`, `description`, `image`), retail prices and stock, both by SKU public id.

    `shown` is the stock that stood on the page: where it moved since, its field (`stock_<sku>`) is refused, and all.
    New words on a published listing take it off sale and before an operator again; prices and stock do not.
    """
    found = own_listing(actor, listing, lock=True)
    if found.state not in PRICEABLE:
        raise DomainError("listing.state", state=found.state, action="edit")
    before, after = _new_words(found, words)
    repriced = _set_prices(found, prices)
    recounted = _set_stock(found, stock, shown or {}, now=now)
    note(f"listing:{listing}", before=before | repriced[0] | recounted[0], after=after | repriced[1] | recounted[1])
    if after and found.state == "published":
        refuse_forbidden(words_of(found))
        _step(found, "rewrite", actor=actor, now=now)
        publish(ListingSubmitted(listing), actor=actor, now=now)
    elif found.state == "published" and (repriced[1] or recounted[1]):
        publish(ListingChanged(listing), actor=actor, now=now)
    return found


@operation("listing.set_supply")
def set_supply(
    *,
    actor: Actor,
    listing: str,
    drop_ship_price_fen: int | None,
    open_to_merchants: bool,
    now: datetime,
) -> Listing:
    """Say at what price a single piece is shipped for merchants (none: the trade price), and whether they may sell it.

    Their offers follow at once. Raises `listing.no_supply_price` for goods opened without any trade price.
    """
    found = own_listing(actor, listing, lock=True)
    if found.state not in PRICEABLE:
        raise DomainError("listing.state", state=found.state, action="supply")
    way = _supply_way(found)
    before = {"drop_ship_price": way.drop_ship_price_fen, "open": not way.closed}
    after = {"drop_ship_price": drop_ship_price_fen, "open": open_to_merchants}
    way.drop_ship_price_fen, way.closed = drop_ship_price_fen, not open_to_merchants
    if drop_ship_price_fen is not None:
        check_price(drop_ship_price_fen)
    if open_to_merchants and not own_supply(found).prices:
        raise DomainError("listing.no_supply_price")
    note(f"listing:{listing}", before=before, after=after)
    if after != before and found.state == "published":
        publish(ListingChanged(listing), actor=actor, now=now)
    return found


@operation("listing.submit")
def submit_listing(*, actor: Actor, listing: str, now: datetime) -> Listing:
    """Hand a draft, or a listing given back and mended, to the operators; `listing.advertising` at forbidden words."""
    found = own_listing(actor, listing, lock=True)
    if not found.skus:
        raise DomainError("listing.no_skus")
    refuse_forbidden(words_of(found))
    _step(found, "submit", actor=actor, now=now)
    publish(ListingSubmitted(listing), actor=actor, now=now)
    return found


@operation("listing.submit_all")
def submit_all(*, actor: Actor, now: datetime) -> int:
    """Hand every draft of the factory to the operators; returns how many. Forbidden words need mending first."""
    mine = Listing.organisation_id == actor.membership(Permission.LISTING_GOODS_EDIT).organisation_id
    drafts = select(Listing).where(mine, Listing.state == LISTING.start).order_by(Listing.id)
    sound = [one.public_id for one in session().scalars(drafts) if not is_forbidden(words_of(one))]
    for listing in sound:
        submit_listing(actor=actor, listing=listing, now=now)
    return len(sound)


@operation("listing.publish")
def publish_listing(*, actor: Actor, listing: str, now: datetime) -> Listing:
    """Approve a submitted listing within the operator's scope."""
    found = _for_decision(actor, listing)
    _step(found, "publish", actor=actor, now=now)
    found.published_at = found.published_at or now
    publish(ListingPublished(listing), actor=actor, now=now)
    return found


@operation("listing.refuse")
def refuse_listing(*, actor: Actor, listing: str, reason: str, now: datetime) -> Listing:
    """Give a submitted listing back; the reason is shown to the factory."""
    told = clean(reason, keep_lines=True)[:REASON_CAP]
    if not told:
        raise DomainError("listing.reason_missing")
    found = _for_decision(actor, listing)
    _step(found, "refuse", actor=actor, now=now, reason=told)
    publish(ListingRefused(listing), actor=actor, now=now)
    return found


@operation("listing.archive")
def archive_listing(*, actor: Actor, listing: str, now: datetime) -> Listing:
    """Take a published listing down for good; orders placed before go on."""
    found = own_listing(actor, listing, lock=True)
    _step(found, "archive", actor=actor, now=now)
    publish(ListingArchived(listing), actor=actor, now=now)
    return found


def _supply_way(listing: Listing) -> WayOfSelling:
    way = next((way for way in listing.ways if way.way == "supply"), None)
    if way is None:
        least = listing.tiers[0].min_quantity if listing.tiers else 1
        listing.ways.append(way := WayOfSelling(way="supply", min_quantity=least, closed=True))
    return way


def _step(listing: Listing, action: str, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Take one edge of the lifecycle, if it is there and the actor may."""
    step = LISTING.step(listing.state, action)
    belt, region, _ = place_of(listing.organisation_id)
    actor.require(step.permission, organisation_id=listing.organisation_id, region=region, belt=belt)
    change = {"state": listing.state, "at": now.isoformat()}
    note(f"listing:{listing.public_id}", before=change, after={"state": step.to}, reason=reason)
    listing.state, listing.reason = step.to, reason
    session().flush()


def _for_decision(actor: Actor, listing: str) -> Listing:
    """A listing within the scope of somebody who decides; outside of it there is nothing to see."""
    found = session().scalar(select(Listing).where(Listing.public_id == listing).with_for_update())
    if found is None:
        raise NotFoundError
    belt, region, _ = place_of(found.organisation_id)
    if not actor.may(Permission.OPS_CASES_DECIDE, organisation_id=found.organisation_id, region=region, belt=belt):
        raise NotFoundError
    return found


def _new_words(listing: Listing, words: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    after = {name: text for name, text in words.items() if getattr(listing, name) != text}
    before = {name: getattr(listing, name) for name in after}
    if after and listing.state not in REWRITABLE:
        raise DomainError("listing.in_review")
    for name, text in after.items():
        setattr(listing, name, text)
    return before, after


def _set_prices(listing: Listing, prices: Mapping[str, int]) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    for sku in listing.skus:
        price = prices.get(sku.public_id, sku.retail_price_fen)
        check_price(price)
        if price != sku.retail_price_fen:
            before[f"{sku.public_id}.price"], after[f"{sku.public_id}.price"] = sku.retail_price_fen, price
            sku.retail_price_fen = price
    return before, after


def _set_stock(
    listing: Listing, stock: Mapping[str, int], shown: Mapping[str, int], *, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after, moved = {}, {}, {}
    for sku in listing.skus:
        pieces = stock.get(sku.public_id, sku.on_hand)
        if pieces == sku.on_hand:
            continue
        before[f"{sku.public_id}.stock"], after[f"{sku.public_id}.stock"] = sku.on_hand, pieces
        try:
            set_on_hand(sku.id, pieces, shown=shown.get(sku.public_id), now=now)
        except DomainError as refusal:
            if refusal.code != "stock.moved":
                raise
            moved[f"stock_{sku.public_id}"] = (refusal.code, refusal.params)
    if moved:
        raise InvalidInputError(moved)
    return before, after
