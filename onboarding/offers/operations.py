"""What can be done with offers: a factory's own offers follow its listings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from kernel.audit import note, operation
from kernel.db import session
from kernel.ids import public_id
from onboarding.listings.queries import direct_terms
from onboarding.offers.models import Offer

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.operations import ListingArchived, ListingChanged, ListingPublished
    from onboarding.listings.queries import DirectTerms


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
    """Switch off every offer of a listing (public id), resale offers too."""
    off = update(Offer).where(Offer.listing_id == direct_terms(listing).listing_id, Offer.state != "off")
    session().execute(off.values(state="off"), execution_options={"synchronize_session": "fetch"})
    note(f"listing:{listing}", after={"offers": "off"})


def lock_offers(offers: Collection[int]) -> None:
    """Hold offers (ids) as they are until the open transaction ends: a price that was checked is the one sold."""
    query = select(Offer.id).where(Offer.id.in_(offers)).order_by(Offer.id)
    session().execute(query.with_for_update(read=True))


def on_listing_published(fact: ListingPublished, *, actor: Actor, now: datetime) -> None:
    """Goods that may be sold can be bought from the factory at once."""
    open_own_offers(actor=actor, listing=fact.listing, now=now)


def on_listing_changed(fact: ListingChanged, *, actor: Actor, now: datetime) -> None:
    """Own offers follow the factory's prices and variants."""
    open_own_offers(actor=actor, listing=fact.listing, now=now)


def on_listing_archived(fact: ListingArchived, *, actor: Actor, now: datetime) -> None:
    """What is taken down is offered by nobody."""
    close_offers(actor=actor, listing=fact.listing, now=now)


def _sync(terms: DirectTerms, now: datetime) -> list[str]:
    query = select(Offer).where(Offer.listing_id == terms.listing_id, Offer.kind == "own")
    own = {offer.sku_id: offer for offer in session().scalars(query)}
    touched = []
    for sku, (price, currency) in terms.prices.items():
        offer = own.get(sku)
        told = (price, currency, terms.min_quantity, "on")
        if offer is None:
            session().add(offer := _offer(terms, sku, now))
        elif told == (offer.price_fen, offer.currency, offer.min_quantity, offer.state):
            continue
        offer.price_fen, offer.currency, offer.min_quantity, offer.state = told
        touched.append(offer.public_id)
    session().flush()
    return touched


def _offer(terms: DirectTerms, sku: int, now: datetime) -> Offer:
    return Offer(
        public_id=public_id("off"),
        organisation_id=terms.organisation_id,
        listing_id=terms.listing_id,
        sku_id=sku,
        kind="own",
        created_at=now,
    )
