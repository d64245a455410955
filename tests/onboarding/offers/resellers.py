"""Reselling in few words, for the tests of pick-ups and what follows."""

from sqlalchemy import select

from commission.rates.operations import publish_first_card
from kernel.db import session
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM, Actor
from onboarding.admissions import operations as admissions
from onboarding.listings import operations as listings
from onboarding.listings.models import Listing
from onboarding.offers import operations
from onboarding.offers.models import Offer
from tests.cast import BO, NOW, WEI
from tests.support.goods import make_factory, make_listing, make_merchant

THIRTY = 3_000
Row = tuple[int, int, str, str]


class Trade:
    """Wei's factory with goods at 50.00 for merchants, and Bo whom it supplies."""

    def __init__(self) -> None:
        publish_first_card(actor=SYSTEM, now=NOW)
        self.wei, self.bo = make_factory(WEI), make_merchant(BO)
        self.admission = self.admit(self.bo)

    def admit(self, merchant: Actor) -> str:
        """The merchant asks and the factory says yes."""
        asked = admissions.ask(actor=merchant, factory=self.wei.memberships[0].organisation, words="", now=NOW)
        return admissions.admit(actor=self.wei, admission=asked.public_id, now=NOW).public_id

    def goods(self, supply_fen: int = 5_000, **facts: object) -> Listing:
        return make_listing(self.wei, supply_fen=supply_fen, **facts)

    def pick_up(self, *goods: Listing, markup_bp: int = THIRTY, by: Actor | None = None) -> list[str]:
        ids = [listing.public_id for listing in goods]
        return operations.pick_up(actor=by or self.bo, listings=ids, markup_bp=markup_bp, now=NOW)

    def supply(self, listing: Listing, price_fen: int | None, *, is_open: bool = True) -> None:
        listings.set_supply(
            actor=self.wei,
            listing=listing.public_id,
            drop_ship_price_fen=price_fen,
            open_to_merchants=is_open,
            now=NOW,
        )

    def end(self) -> None:
        admissions.end(actor=self.wei, admission=self.admission, reason="低价窜货", now=NOW)

    def admit_again(self) -> None:
        self.admit(self.bo)


def resale(listing: Listing) -> list[Row]:
    """`(price, supply price, state, held reason)` of the resale offers of a listing, as the database has them now."""
    session().rollback()
    columns = (Offer.price_fen, Offer.supply_price_fen, Offer.state, Offer.held_reason)
    query = select(*columns).where(Offer.listing_id == listing.id, Offer.kind == "resale").order_by(Offer.id)
    return [tuple(row) for row in session().execute(query)]


def offer_of(listing: Listing) -> str:
    """The first resale offer of a listing."""
    query = select(Offer.public_id).where(Offer.listing_id == listing.id, Offer.kind == "resale").order_by(Offer.id)
    return session().scalars(query).first() or ""


def held_facts() -> list[str]:
    """Why something was held, as it was announced."""
    query = select(OutboxFact.payload).where(OutboxFact.kind == "offer.held").order_by(OutboxFact.id)
    return [payload["reason"] for payload in session().scalars(query)]


def changed_facts() -> list[str]:
    """Of which listings it was announced that merchants offer them otherwise."""
    query = select(OutboxFact.payload).where(OutboxFact.kind == "offer.changed").order_by(OutboxFact.id)
    return [payload["listing"] for payload in session().scalars(query)]
