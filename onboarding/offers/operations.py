"""What can be done with offers: a factory's own offers follow its listings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.ids import public_id
from onboarding.listings.models import Listing, Sku, WayOfSelling
from onboarding.offers.models import Offer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.operations import ListingArchived, ListingChanged, ListingPublished


@operation("offer.open_own")
def open_own_offers(*, actor: Actor, listing: str, now: datetime) -> list[str]:  # noqa: ARG001  audited
    """Bring the factory's own offers of a listing (public id) up to date: one per SKU, on, at its retail price.

    Returns the public ids of offers made or changed; a second time there are none.
    """
    found = session().scalar(select(Listing).where(Listing.public_id == listing))
    if found is None:
        raise NotFoundError
    skus = session().scalars(select(Sku).where(Sku.listing_id == found.id).order_by(Sku.id)).all()
    ways = select(WayOfSelling.min_quantity).where(WayOfSelling.listing_id == found.id, WayOfSelling.way == "direct")
    touched = _sync(found, skus, session().scalar(ways) or 1, now)
    if touched:
        note(f"listing:{listing}", after={"offers": touched})
    return touched


@operation("offer.close")
def close_offers(*, actor: Actor, listing: str, now: datetime) -> None:  # noqa: ARG001  audited
    """Switch off every offer of a listing (public id), resale offers too."""
    of_listing = select(Listing.id).where(Listing.public_id == listing).scalar_subquery()
    off = update(Offer).where(Offer.listing_id == of_listing, Offer.state != "off")
    session().execute(off.values(state="off"), execution_options={"synchronize_session": "fetch"})
    note(f"listing:{listing}", after={"offers": "off"})


def on_listing_published(fact: ListingPublished, *, actor: Actor, now: datetime) -> None:
    """Goods that may be sold can be bought from the factory at once."""
    open_own_offers(actor=actor, listing=fact.listing, now=now)


def on_listing_changed(fact: ListingChanged, *, actor: Actor, now: datetime) -> None:
    """Own offers follow the factory's prices and variants."""
    open_own_offers(actor=actor, listing=fact.listing, now=now)


def on_listing_archived(fact: ListingArchived, *, actor: Actor, now: datetime) -> None:
    """What is taken down is offered by nobody."""
    close_offers(actor=actor, listing=fact.listing, now=now)


def _sync(listing: Listing, skus: Sequence[Sku], min_quantity: int, now: datetime) -> list[str]:
    query = select(Offer).where(Offer.listing_id == listing.id, Offer.kind == "own")
    own = {offer.sku_id: offer for offer in session().scalars(query)}
    touched = []
    for sku in skus:
        offer = own.get(sku.id)
        terms = (sku.retail_price_fen, sku.currency, min_quantity, "on")
        if offer is None:
            session().add(offer := _offer(listing, sku, now))
        elif terms == (offer.price_fen, offer.currency, offer.min_quantity, offer.state):
            continue
        offer.price_fen, offer.currency, offer.min_quantity, offer.state = terms
        touched.append(offer.public_id)
    session().flush()
    return touched


def _offer(listing: Listing, sku: Sku, now: datetime) -> Offer:
    return Offer(
        public_id=public_id("off"),
        organisation_id=listing.organisation_id,
        listing_id=listing.id,
        sku_id=sku.id,
        kind="own",
        created_at=now,
    )
