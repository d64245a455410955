"""A merchant at her desk and in the market, in few words."""

import re
from dataclasses import replace
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import update

from kernel.db import session, transaction
from kernel.permissions import Actor, Role
from onboarding.admissions.models import Admission
from onboarding.listings.models import Listing, SupplyTier, WayOfSelling
from onboarding.offers.operations import open_own_offers, pick_up
from storefront.search.index import Index
from storefront.search.tasks import rebuild
from tests.cast import BO, NOW, Person
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop
from tests.support import merchants
from tests.support.goods import make_listing

COST = 5_000


class Desk:
    """Wei supplies a scarf at 50.00 a piece, from 40.00 in bulk; Bo, whom he admitted, sells it."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.app, self.wei = shop, shop.app, shop.wei
        self.bo = self.merchant(BO, name="薄荷小店")
        self.admission = merchants.admit(self.wei, self.bo)
        self.scarf = self.supplied(self.wei, title="代发羊绒围巾")
        with transaction():
            tier = SupplyTier(listing_id=self.scarf.id, min_quantity=20, unit_price_fen=4_000, currency="CNY")
            session().add(tier)

    def merchant(self, person: Person, *, name: str = "隔壁小店") -> Actor:
        """Who resells and, as everybody, may also buy."""
        return replace(self.shop.merchant(person, name=name), roles=frozenset({Role.SHOPPER}))

    def supplied(self, owner: Actor, *, title: str, stock: tuple[int, ...] = (10, 0)) -> Listing:
        """Goods on sale that merchants may have at 50.00."""
        listing = make_listing(owner, title=title, stock=stock, supply_fen=COST)
        open_own_offers(actor=owner, listing=listing.public_id, now=NOW)
        return listing

    def browser(self, actor: Actor | None = None) -> FlaskClient:
        """Her browser, or somebody else's, with the index up to date."""
        rebuild(index=self.app.extensions["ports"].get(Index))
        return browser_of(self.app, actor or self.bo)

    def picked(self, *listings: Listing, markup_bp: int = 3_000, now: datetime = NOW) -> list[str]:
        """Bo's pick-ups of these, or of the scarf."""
        ids = [listing.public_id for listing in listings or (self.scarf,)]
        return pick_up(actor=self.bo, listings=ids, markup_bp=markup_bp, now=now)

    def stands(self, state: str, reason: str = "") -> None:
        """Put the admission into a state, without what follows from it."""
        at = None if state == "asked" else NOW
        with transaction():
            session().execute(update(Admission).values(state=state, reason=reason, decided_at=at))

    def close_supply(self) -> None:
        """The factory supplies nobody any more."""
        with transaction():
            for way in session().query(WayOfSelling).filter_by(listing_id=self.scarf.id, way="supply"):
                session().delete(way)


def flat(page: str) -> str:
    """The words of a page, without marks and runs of space."""
    body = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
