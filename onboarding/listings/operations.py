"""What can be done with goods: read price sheets into them, edit, submit, publish, refuse, archive."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import clean
from onboarding.listings.certified import check_certified, make_ready, refuse_unfit
from onboarding.listings.changes import DROP_SHIP, PRICE, waiting_edit
from onboarding.listings.edits import (
    far_prices,
    frozen_in_review,
    hold,
    hold_terms,
    new_words,
    sample,
    set_prices,
    set_stock,
    set_words,
    take_in,
    vet,
)
from onboarding.listings.facts import (
    ListingArchived,
    ListingChanged,
    ListingPublished,
    ListingRefused,
    ListingSubmitted,
    ListingWithdrawn,
    SheetConfirmed,
    SheetUploaded,
)
from onboarding.listings.imports import stored
from onboarding.listings.models import Listing, SheetImport, WayOfSelling
from onboarding.listings.plan import check_answers
from onboarding.listings.pricing import check_price
from onboarding.listings.queries import own_listing, own_sheet, own_supply
from onboarding.listings.rules import COUNTABLE, PRICEABLE, REASON_CAP, WATCHED
from onboarding.listings.settled import is_stopped, progress_of, settle_again, settle_answers
from onboarding.listings.steps import for_decision, take_step
from onboarding.listings.stock import Why

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
) -> None:
    """Have the worker make draft listings of a read sheet; asked twice is once, asked after it stopped goes on.

    `markup_bp` over the trade price stands in where the sheet suggests no retail price. Raises `sheet.not_read`,
    `sheet.stock_unanswered`, `sheet.markup_unanswered`, `listing.on_sale`.
    """
    sheet = own_sheet(actor, sheet_import, lock=True)
    if sheet.state in {"importing", "imported"}:
        return
    before = sheet.state
    if before == "read":
        check_answers(sheet.reading, stock=stock_meaning, markup_bp=markup_bp)
        answers = settle_answers(actor, sheet, stock=stock_meaning, markup_bp=markup_bp)
        session().add(progress_of(sheet, answers))
    elif is_stopped(sheet):
        settle_again(sheet)
    else:
        raise DomainError("sheet.not_read")
    sheet.state, sheet.error_code, sheet.error_params = "importing", "", {}
    note(f"sheet:{sheet_import}", before={"state": before}, after={"state": sheet.state})
    publish(SheetConfirmed(sheet_import), actor=actor, now=now)


@operation("listing.edit")
def edit_listing(
    *,
    actor: Actor,
    listing: str,
    words: Mapping[str, Any],
    prices: Mapping[str, int],
    stock: Mapping[str, int],
    now: datetime,
    shown: Mapping[str, int] | None = None,
) -> Listing:
    """Change words (`title category description image attributes`), retail prices and stock, both by SKU public id.

    `shown` is the stock that stood on the page: where it moved since, its field (`stock_<sku>`) is refused, and all.
    What operators must see of goods on sale, or taken down, waits; they sell on, or come back, as they are.
    """
    found = own_listing(actor, listing, lock=True)
    if found.state not in COUNTABLE:
        raise DomainError("listing.state", state=found.state, action="edit")
    fresh = new_words(found, words)
    if found.state in WATCHED and not (fresh and found.state == "lapsed"):
        refuse_unfit(found, fresh, today=business_date(now))
        far = far_prices(found, prices)
        given = {*words, *(PRICE + sku for sku in prices)}
        hold(found, given=given, risky=fresh | {PRICE + sku: fen for sku, fen in far.items()}, actor=actor, now=now)
        fresh, prices = {}, {sku: fen for sku, fen in prices.items() if sku not in far}
    elif fresh:
        take_in(found, actor=actor, now=now)
        fresh = new_words(found, words) or fresh
    reworded, repriced = set_words(found, fresh, actor=actor, now=now), set_prices(found, prices)
    recounted = set_stock(found, stock, shown or {}, why=Why("counted", actor.user), now=now)
    before, after = (reworded[at] | repriced[at] | recounted[at] for at in (0, 1))
    note(f"listing:{listing}", before=before, after=after)
    if fresh and found.state == "lapsed":
        make_ready(found, today=business_date(now))
        take_step(found, "rewrite", actor=actor, now=now)
        publish(ListingSubmitted(listing), actor=actor, now=now)
    elif found.state == "published" and after:
        sample(found, *repriced, actor=actor, now=now)
        publish(ListingChanged(listing), actor=actor, now=now)
    return found


@operation("listing.withdraw_edit")
def withdraw_edit(*, actor: Actor, listing: str, now: datetime) -> None:
    """Take back what waits for an operator; of goods of which nothing waits it changes nothing."""
    found = own_listing(actor, listing, lock=True)
    waiting = waiting_edit(found.id)
    hold(found, given=waiting.after if waiting else (), risky={}, actor=actor, now=now)


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

    Their offers follow at once; a price of goods on sale outside the band waits for an operator. Raises
    `listing.no_supply_price` for goods opened without any trade price.
    """
    found = own_listing(actor, listing, lock=True)
    frozen_in_review(found)
    if found.state not in PRICEABLE:
        raise DomainError("listing.state", state=found.state, action="supply")
    way = _supply_way(found)
    if drop_ship_price_fen is not None:
        check_price(drop_ship_price_fen)
    before = {"drop_ship_price": way.drop_ship_price_fen, "open": not way.closed}
    if hold_terms(found, {DROP_SHIP: drop_ship_price_fen}, actor=actor, now=now):
        drop_ship_price_fen = way.drop_ship_price_fen
    after = {"drop_ship_price": drop_ship_price_fen, "open": open_to_merchants}
    way.drop_ship_price_fen, way.closed = drop_ship_price_fen, not open_to_merchants
    if open_to_merchants and not own_supply(found).prices:
        raise DomainError("listing.no_supply_price")
    note(f"listing:{listing}", before=before, after=after)
    if after != before and found.state == "published":
        publish(ListingChanged(listing), actor=actor, now=now)
    return found


@operation("listing.submit")
def submit_listing(*, actor: Actor, listing: str, now: datetime) -> Listing:
    """Hand a draft, or a listing given back and mended, to the operators; refused with what it lacks."""
    found = own_listing(actor, listing, lock=True)
    if not found.skus:
        raise DomainError("listing.no_skus")
    take_in(found, actor=actor, now=now)
    make_ready(found, today=business_date(now))
    take_step(found, "submit", actor=actor, now=now)
    publish(ListingSubmitted(listing), actor=actor, now=now)
    return found


@operation("listing.submit_all")
def submit_some(*, actor: Actor, listings: Sequence[str], now: datetime) -> list[str]:
    """Hand those of some drafts (public ids) that lack nothing to the operators; returns those."""
    return [one for one in listings if _is_submitted(one, actor=actor, now=now)]


def _is_submitted(listing: str, *, actor: Actor, now: datetime) -> bool:
    """Whether one draft could be handed in; what it lacks leaves the others alone."""
    with suppress(DomainError), session().begin_nested():
        submit_listing(actor=actor, listing=listing, now=now)
        return True
    return False


@operation("listing.publish")
def publish_listing(*, actor: Actor, listing: str, now: datetime) -> Listing:
    """Approve a submitted listing within the operator's scope."""
    found = for_decision(actor, listing)
    check_certified(found, today=business_date(now))
    take_step(found, "publish", actor=actor, now=now)
    found.published_at = found.published_at or now
    vet(found)
    publish(ListingPublished(listing), actor=actor, now=now)
    return found


@operation("listing.refuse")
def refuse_listing(*, actor: Actor, listing: str, reason: str, now: datetime) -> Listing:
    """Give a submitted listing back; the reason is shown to the factory."""
    told = clean(reason, keep_lines=True)[:REASON_CAP]
    if not told:
        raise DomainError("listing.reason_missing")
    found = for_decision(actor, listing)
    take_step(found, "refuse", actor=actor, now=now, reason=told)
    publish(ListingRefused(listing), actor=actor, now=now)
    return found


@operation("listing.withdraw")
def withdraw_listing(*, actor: Actor, listing: str, now: datetime) -> Listing:
    """Take goods back that wait for an operator; `listing.known` for those that were on sale before."""
    found = own_listing(actor, listing, lock=True)
    if found.state == "submitted" and found.published_at is not None:
        raise DomainError("listing.known")
    take_step(found, "withdraw", actor=actor, now=now)
    publish(ListingWithdrawn(listing), actor=actor, now=now)
    return found


@operation("listing.archive")
def archive_listing(*, actor: Actor, listing: str, now: datetime) -> Listing:
    """Take a published listing off sale, until `relisting` puts it back; orders placed before go on."""
    found = own_listing(actor, listing, lock=True)
    withdraw_edit(actor=actor, listing=listing, now=now)
    take_step(found, "archive", actor=actor, now=now)
    publish(ListingArchived(listing), actor=actor, now=now)
    return found


def _supply_way(listing: Listing) -> WayOfSelling:
    way = next((way for way in listing.ways if way.way == "supply"), None)
    if way is None:
        least = listing.tiers[0].min_quantity if listing.tiers else 1
        listing.ways.append(way := WayOfSelling(way="supply", min_quantity=least, closed=True))
    return way
