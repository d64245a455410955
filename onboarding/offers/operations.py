"""What can be done with offers: a factory's own follow its listings, a merchant's follow what she picked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import note, operation
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import yuan
from kernel.ids import public_id
from kernel.permissions import Permission
from onboarding.listings.pricing import check_markup, check_price
from onboarding.listings.queries import direct_terms, supply_terms
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.pick_ups import factory_and_merchant, goods_to_pick_up, hold_goods, of_factory, supplied_by
from onboarding.offers.pricing import least_price
from onboarding.offers.resale import fees_bp, hold_still, resync, tell_changed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor, Membership
    from onboarding.admissions.facts import PriceGroupChanged
    from onboarding.admissions.operations import AdmissionEnded, AdmissionGranted
    from onboarding.listings.facts import (
        ListingArchived,
        ListingChanged,
        ListingPublished,
        ListingRelisted,
        ListingTakenDown,
    )
    from onboarding.listings.queries import DirectTerms
    from onboarding.listings.rules import Lot
    from onboarding.offers.pick_ups import Goods

PICK_UPS_AT_ONCE: Final = 200


@operation("offer.open_own")
def open_own_offers(*, actor: Actor, listing: str, now: datetime) -> list[str]:  # noqa: ARG001  audited
    """Bring the factory's own offers of a listing (public id) up to date: one per SKU, on, at its retail price.

    Returns the public ids of offers made or changed; a second time there are none.
    """
    touched = _sync(direct_terms(listing), now)
    if touched:
        note(f"listing:{listing}", after={"offers": touched})
    return touched


@operation("offer.close")
def close_offers(*, actor: Actor, listing: str, now: datetime) -> None:  # noqa: ARG001  audited
    """Switch off every offer of a listing (public id), resale offers too.

    What a merchant set by hand stays with her offer: it comes back with the goods, as after a take-down.
    """
    listing_id = direct_terms(listing).listing_id
    hold_still(PickUp.listing_id == listing_id)
    _write((Offer.listing_id == listing_id) & (Offer.state != "off"), state="off", held_reason="")
    note(f"listing:{listing}", after={"offers": "off"})


@operation("offer.pick_up")
def pick_up(*, actor: Actor, listings: Sequence[str], markup_bp: int, now: datetime) -> list[str]:
    """Sell goods (public ids) of factories that supply the merchant, at their supply price and a markup; all or none.

    Returns the pick-ups' public ids in the order of the listings. Goods picked up before take the new markup, prices
    set by hand stay. What earns nothing at this markup is held. Raises `offer.nothing_chosen`, `offer.too_many`,
    `listing.markup`, `offer.own_goods`, `offer.not_on_sale`, `offer.not_admitted`, `offer.not_supplied`.
    """
    merchant = actor.membership(Permission.MERCHANT_GOODS_EDIT)
    check_markup(markup_bp)
    wanted = list(dict.fromkeys(listings))
    if not wanted or len(wanted) > PICK_UPS_AT_ONCE:
        raise DomainError("offer.too_many" if wanted else "offer.nothing_chosen", limit=PICK_UPS_AT_ONCE)
    suppliers = supplied_by(merchant.organisation_id, wanted)
    goods = {one.listing: one for one in goods_to_pick_up(wanted)}
    if len(goods) < len(wanted):
        raise NotFoundError
    _check_goods(list(goods.values()), actor, suppliers)
    made = _write_pick_ups(list(goods.values()), merchant, markup_bp, now)
    hers = PickUp.organisation_id == merchant.organisation_id
    counts = resync(hers & PickUp.listing_id.in_(list(made)), actor=actor, now=now)
    picked = [made[goods[listing].listing_id] for listing in wanted]
    note(f"organisation:{merchant.organisation}", after={"pick_ups": picked, "markup_bp": markup_bp, **counts})
    return picked


@operation("offer.set_price")
def set_price(*, actor: Actor, offer: str, price_fen: int, now: datetime) -> None:
    """Set the price of a resale offer (public id) by hand: from now on it stays when the supply price moves.

    Raises `listing.price`, `offer.off`, and `offer.below_cost` or `offer.below_floor` with the least price in yuan.
    """
    check_price(price_fen)
    pick_up = _own(actor, PickUp.id.in_(select(Offer.pick_up_id).where(Offer.public_id == offer)))
    columns = (Offer.price_fen, Offer.supply_price_fen, Offer.state)
    found = session().execute(select(*columns).where(Offer.public_id == offer)).one()
    if found.state == "off":
        raise DomainError("offer.off")
    least = least_price(found.supply_price_fen, fees_bp(now))
    if price_fen < least:
        raise DomainError("offer.below_cost", least=yuan(least))
    floor = supply_terms([pick_up.listing_id])
    floor_fen = floor[pick_up.listing_id].floor_price_fen if floor else None
    if floor_fen is not None and price_fen < floor_fen:
        raise DomainError("offer.below_floor", least=yuan(floor_fen))
    _write(Offer.public_id == offer, price_fen=price_fen, by_hand=True)
    note(f"offer:{offer}", before={"price_fen": found.price_fen}, after={"price_fen": price_fen})
    resync(PickUp.id == pick_up.id, actor=actor, now=now, changed={pick_up.listing_id})


@operation("offer.follow_markup")
def follow_markup(*, actor: Actor, pick_up: str, markup_bp: int, now: datetime) -> None:
    """Let every price of a pick-up (public id) follow a markup from now on, those set by hand too."""
    check_markup(markup_bp)
    found = _own(actor, PickUp.public_id == pick_up)
    if found.state == "off":
        raise DomainError("offer.off")
    note(f"pick_up:{pick_up}", before={"markup_bp": found.markup_bp}, after={"markup_bp": markup_bp})
    found.markup_bp = markup_bp
    _write(Offer.pick_up_id == found.id, by_hand=False)
    resync(PickUp.id == found.id, actor=actor, now=now)


@operation("offer.let_go")
def let_go(*, actor: Actor, pick_up: str, now: datetime) -> None:
    """Stop selling what was picked up (public id); orders placed before go on. A second time nothing happens."""
    found = _own(actor, PickUp.public_id == pick_up)
    note(f"pick_up:{pick_up}", before={"state": found.state}, after={"state": "off"})
    if found.state == "on":
        found.state = "off"
        _write(Offer.pick_up_id == found.id, state="off", held_reason="", by_hand=False)
        tell_changed({found.listing_id}, actor=actor, now=now)


def lock_offers(offers: Collection[int]) -> None:
    """Hold offers (ids) as they are until the open transaction ends: a price that was checked is the one sold.

    Their goods first: a factory that changes goods holds these before anything of them.
    """
    hold_goods(PickUp.id.in_(select(Offer.pick_up_id).where(Offer.id.in_(offers))))
    query = select(Offer.id).where(Offer.id.in_(offers)).order_by(Offer.id)
    session().execute(query.with_for_update(read=True))


def on_listing_published(fact: ListingPublished | ListingRelisted, *, actor: Actor, now: datetime) -> None:
    """Goods that may be sold can be bought at once, from the factory and from who resells them."""
    open_own_offers(actor=actor, listing=fact.listing, now=now)
    _resync_listing(fact.listing, actor=actor, now=now)


def on_listing_changed(fact: ListingChanged, *, actor: Actor, now: datetime) -> None:
    """Offers follow the factory's prices and variants, the merchants' too."""
    open_own_offers(actor=actor, listing=fact.listing, now=now)
    _resync_listing(fact.listing, actor=actor, now=now)


def on_listing_taken_down(fact: ListingTakenDown, *, actor: Actor, now: datetime) -> None:
    """What the platform takes off sale is held by who resells it, and comes back when it does."""
    _resync_listing(fact.listing, actor=actor, now=now)


def on_listing_archived(fact: ListingArchived, *, actor: Actor, now: datetime) -> None:
    """What its factory takes off sale is offered by nobody, until it puts it back."""
    close_offers(actor=actor, listing=fact.listing, now=now)


def on_admission_decided(fact: AdmissionGranted | AdmissionEnded, *, actor: Actor, now: datetime) -> None:
    """Goods of a factory come back to a merchant's shelf when it supplies her, and leave it when it ends that."""
    factory_id, merchant_id = factory_and_merchant(fact.factory, fact.merchant)
    where = (PickUp.factory_id == factory_id) & (PickUp.organisation_id == merchant_id)
    if counts := resync(where, actor=actor, now=now):
        note(f"organisation:{fact.merchant}", after=dict(counts))


def on_price_group_changed(fact: PriceGroupChanged, *, actor: Actor, now: datetime) -> None:
    """What merchants owe follows their group at once."""
    if counts := resync(of_factory(fact.factory), actor=actor, now=now):
        note(f"organisation:{fact.factory}", after={"resale": counts})


def _resync_listing(listing: str, *, actor: Actor, now: datetime) -> None:
    where = PickUp.listing_id == direct_terms(listing).listing_id
    if counts := resync(where, actor=actor, now=now):
        note(f"listing:{listing}", after={"resale": counts})


def _check_goods(goods: list[Goods], actor: Actor, suppliers: set[int]) -> None:
    mine = {membership.organisation_id for membership in actor.memberships}
    terms = supply_terms([one.listing_id for one in goods])
    for one in goods:
        if one.factory_id in mine:
            raise DomainError("offer.own_goods", title=one.title)
        if one.factory_id not in suppliers:
            raise DomainError("offer.not_admitted", factory=one.factory_name)
        if not one.on_sale:
            raise DomainError("offer.not_on_sale", title=one.title)
        if one.listing_id not in terms:
            raise DomainError("offer.not_supplied", title=one.title)


def _write_pick_ups(goods: list[Goods], merchant: Membership, markup_bp: int, now: datetime) -> dict[int, str]:
    rows = [
        {
            "public_id": public_id("pck"),
            "organisation_id": merchant.organisation_id,
            "factory_id": one.factory_id,
            "listing_id": one.listing_id,
            "markup_bp": markup_bp,
            "state": "on",
            "picked_at": now,
        }
        for one in goods
    ]
    new = (sqlite if is_sqlite() else postgresql).insert(PickUp).values(rows)
    again = {
        "markup_bp": markup_bp,
        "state": "on",
        "picked_at": case((PickUp.state == "off", now), else_=PickUp.picked_at),
    }
    written = new.on_conflict_do_update(index_elements=["organisation_id", "listing_id"], set_=again)
    made = session().execute(written.returning(PickUp.listing_id, PickUp.public_id))
    return {row[0]: row[1] for row in made}


def _own(actor: Actor, which: ColumnElement[bool]) -> PickUp:
    """A merchant's own pick-up, locked: nobody writes its offers meanwhile."""
    mine = [one.organisation_id for one in actor.memberships if Permission.MERCHANT_GOODS_EDIT in one.permissions]
    hers = which & PickUp.organisation_id.in_(mine)
    hold_goods(hers)
    query = select(PickUp).where(hers).with_for_update().execution_options(populate_existing=True)
    found = session().scalar(query)
    if found is None:
        raise NotFoundError
    return found


def _write(where: ColumnElement[bool], **values: object) -> None:
    session().execute(update(Offer).where(where).values(**values), execution_options={"synchronize_session": "fetch"})


def _sync(terms: DirectTerms, now: datetime) -> list[str]:
    query = select(Offer).where(Offer.listing_id == terms.listing_id, Offer.kind == "own")
    own = {offer.sku_id: offer for offer in session().scalars(query)}
    touched = []
    for sku, (price, currency) in terms.prices.items():
        offer = own.get(sku)
        told = (price, currency, *_lot(terms.lot), "on")
        if offer is None:
            session().add(offer := _offer(terms, sku, now))
        elif told == (offer.price_fen, offer.currency, *_lot(offer), offer.state):
            continue
        offer.price_fen, offer.currency, offer.min_quantity, offer.pack_size, offer.mix, offer.state = told
        touched.append(offer.public_id)
    for offer in own.values():
        if offer.sku_id not in terms.prices and offer.state != "off":
            offer.state = "off"
            touched.append(offer.public_id)
    session().flush()
    return touched


def _lot(of: Lot | Offer) -> tuple[int, int, str]:
    return of.min_quantity, of.pack_size, of.mix


def _offer(terms: DirectTerms, sku: int, now: datetime) -> Offer:
    return Offer(
        public_id=public_id("off"),
        organisation_id=terms.organisation_id,
        listing_id=terms.listing_id,
        sku_id=sku,
        kind="own",
        created_at=now,
    )
