"""How merchants come to their goods: they join, ask, are admitted or not, pick up, set prices; some are held."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.clock import business_date
from kernel.db import session
from kernel.files import Files
from kernel.permissions import SYSTEM
from onboarding.admissions import operations as admissions
from onboarding.admissions.desk import groups_of
from onboarding.admissions.groups import make_group
from onboarding.admissions.queries import admission_between
from onboarding.compliance.queries import current
from onboarding.licences.operations import record_reading, upload_licence
from onboarding.listings import operations as listings
from onboarding.listings.models import Listing, ListingEdit
from onboarding.listings.queries import listing_rows, own_listing
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case
from onboarding.offers import operations as offers
from onboarding.offers.models import Offer, PickUp
from onboarding.verification import operations as verification
from onboarding.verification.queries import seller_of
from onboarding.verification.rules import Said
from storefront.demo.days import Calendar, Event, Stage
from storefront.demo.merchants import MERCHANTS, NEWCOMER, RAISES, Ask, Merchant, Raise
from storefront.demo.papers import picture_of, reading_of, shop_papers_of
from storefront.demo.people import HUA, WEI, acting, of_phone

if TYPE_CHECKING:
    from datetime import datetime

    from onboarding.admissions.models import Admission

_MOST = 200  # more goods than any factory here has
_LOYAL_BP = 9_500


def supplying(calendar: Calendar, stage: Stage) -> list[Event]:
    """All that happens between merchants and factories before anything is sold."""
    events = []
    for merchant in (*MERCHANTS, NEWCOMER):
        events.append(Event(calendar.at(merchant.joined, 9.6), partial(_join, merchant, stage)))
        for ask in merchant.asks:
            events += _events_of(merchant, ask, calendar)
    raised = [Event(calendar.at(one.day, 14.5), partial(_raise, one)) for one in RAISES]
    return [*events, *raised, Event(calendar.at(88, 16.5), _group)]


def _events_of(merchant: Merchant, ask: Ask, calendar: Calendar) -> list[Event]:
    asked = Event(calendar.at(ask.day, 10.4), partial(_ask, merchant, ask))
    if ask.decided is None:
        return [asked]
    decided = Event(calendar.at(ask.decided, 15.2), partial(_decide, merchant, ask))
    if ask.refusal:
        return [asked, decided]
    picked = Event(calendar.at(ask.decided, 16.1), partial(_pick_up, merchant, ask))
    ended = [Event(calendar.at(ask.ended[0], 17.3), partial(_end, merchant, ask, ask.ended[1]))] if ask.ended else []
    return [asked, decided, picked, *ended]


def _join(merchant: Merchant, stage: Stage, *, now: datetime) -> None:
    """Show the licence and confirm what it says; who is what her licence says is let in by that."""
    if seller_of(acting(merchant.owner), "merchant") is not None:
        return
    verification.begin(actor=acting(merchant.owner), kind="merchant", now=now)
    owner, shop = acting(merchant.owner), acting(merchant.owner).memberships[0].organisation
    key = stage.ports.get(Files).put(picture_of(merchant.uscc))
    licence = upload_licence(actor=owner, organisation=shop, photo_key=key, now=now)
    record_reading(actor=SYSTEM, licence=licence.public_id, reading=reading_of(merchant.uscc), now=now)
    agreement = current("merchant", on=business_date(now)).version
    said = Said(
        kind="merchant", name=merchant.name, uscc=merchant.uscc, agreement=agreement, papers=shop_papers_of(merchant)
    )
    verification.hand_in(actor=owner, said=said, now=now)


def _ask(merchant: Merchant, ask: Ask, *, now: datetime) -> None:
    if _between(merchant, ask) is None:
        factory = of_phone(ask.factory).memberships[0].organisation
        admissions.ask(actor=acting(merchant.owner), factory=factory, words=ask.words, now=now)


def _decide(merchant: Merchant, ask: Ask, *, now: datetime) -> None:
    admission, owner = _between(merchant, ask), of_phone(ask.factory)
    if admission is None or admission.state != "asked":
        return
    if ask.refusal:
        admissions.refuse(actor=owner, admission=admission.public_id, reason=ask.refusal, now=now)
    else:
        admissions.admit(actor=owner, admission=admission.public_id, now=now)


def _end(merchant: Merchant, ask: Ask, reason: str, *, now: datetime) -> None:
    admission = _between(merchant, ask)
    if admission is not None and admission.state == "admitted":
        admissions.end(actor=of_phone(ask.factory), admission=admission.public_id, reason=reason, now=now)


def _pick_up(merchant: Merchant, ask: Ask, *, now: datetime) -> None:
    """Pick up the first goods of a factory, then set some prices by hand; doing so again changes nothing."""
    owner, factory = acting(merchant.owner), of_phone(ask.factory).memberships[0].organisation_id
    rows = sorted(listing_rows(factory, state="published", limit=_MOST), key=lambda row: row.code)[: ask.goods]
    offers.pick_up(actor=owner, listings=[row.listing for row in rows], markup_bp=ask.markup_bp, now=now)
    for row in rows:
        if price := merchant.by_hand.get(row.code):
            for offer in _offers(owner.memberships[0].organisation_id, row.listing):
                offers.set_price(actor=owner, offer=offer, price_fen=price, now=now)


def _raise(one: Raise, *, now: datetime) -> None:
    """So much more waits for an operator, who agrees."""
    owner = of_phone(one.factory)
    rows = {row.code: row.listing for row in listing_rows(owner.memberships[0].organisation_id, limit=_MOST)}
    way = next(way for way in own_listing(owner, rows[one.code]).ways if way.way == "supply")
    if way.drop_ship_price_fen != one.price_fen:
        listings.set_supply(
            actor=owner,
            listing=rows[one.code],
            drop_ship_price_fen=one.price_fen,
            open_to_merchants=True,
            now=now,
        )
        change = select(Case.public_id).join(ListingEdit, ListingEdit.public_id == Case.subject)
        waits = (ListingEdit.listing_id == way.listing_id) & (Case.state == "open")
        approve_case(actor=acting(HUA), case=session().scalars(change.where(waits)).one(), now=now)


def _group(*, now: datetime) -> None:
    """Wei has a group for merchants who stay; nobody is in it yet, so that what everybody owes is as it was."""
    factory = acting(WEI).memberships[0].organisation_id
    if not groups_of(factory):
        make_group(actor=acting(WEI), name="老店优惠", share_bp=_LOYAL_BP, now=now)


def _between(merchant: Merchant, ask: Ask) -> Admission | None:
    factory, hers = of_phone(ask.factory).memberships[0], acting(merchant.owner).memberships[0]
    return admission_between(factory.organisation_id, hers.organisation_id)


def _offers(merchant: int, listing: str) -> list[str]:
    """A merchant's offers (public ids) of a listing, in the order of its variants."""
    hers = (
        select(Offer.public_id)
        .join(PickUp, PickUp.id == Offer.pick_up_id)
        .join(Listing, Listing.id == Offer.listing_id)
    )
    return list(
        session().scalars(
            hers.where(PickUp.organisation_id == merchant, Listing.public_id == listing).order_by(Offer.sku_id)
        )
    )
