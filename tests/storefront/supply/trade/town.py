"""Two factories, two merchants, two shoppers and a payment company: the real ones, and the model beside them."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from commission.payments.rail import Rail
from commission.payments.sandbox import SandboxRail
from commission.rates.operations import publish_first_card
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import SYSTEM, Actor
from kernel.ports import Ports
from onboarding.admissions.models import Admission
from onboarding.listings.models import Listing
from onboarding.offers import operations as offers
from onboarding.offers.models import Offer, PickUp
from tests.cast import BO, HUA, LIN, MEI, NOW, WEI, YU
from tests.storefront.shop import make_person
from tests.storefront.supply.trade.model import Goods, Model
from tests.support import merchants
from tests.support.goods import make_factory, make_listing, make_merchant

Result = TypeVar("Result")
Item = TypeVar("Item")
SETTLES_AFTER = timedelta(days=8)


class Town:
    """Everybody, at one moment. A deed that is refused leaves the model as it was."""

    def __init__(self, rail: Path) -> None:
        self.now = NOW
        self.model = Model()
        self.deeds = Counter[tuple[str, str]]()
        self.skus: dict[int, str] = {}
        self.rail = SandboxRail(rail)
        self.ports = Ports({Rail: self.rail})
        publish_first_card(actor=SYSTEM, now=NOW)
        self.factories = {_home(one): one for one in (make_factory(WEI), make_factory(YU))}
        self.merchants = {_home(one): one for one in (make_merchant(BO), make_merchant(MEI))}
        self.shoppers = [make_person(LIN), make_person(HUA)]
        self._stock_shelves()
        self._make_friends()

    @property
    def today(self) -> date:
        return business_date(self.now)

    @property
    def release(self) -> date:
        """The day on which what is received now is settled."""
        return self.today + SETTLES_AFTER

    def attempt(self, deed: str, do: Callable[[], Result]) -> tuple[str, Result | None]:
        """`(why it was refused, "" if it was not; what it gave)`: a refusal is an answer, all else is a fault."""
        session().rollback()
        try:
            found = do()
        except DomainError as refusal:
            self.deeds[deed, refusal.code] += 1
            return refusal.code, None
        self.deeds[deed, ""] += 1
        return "", found

    def done(self, deed: str, do: Callable[[], object], *, legal: bool) -> bool:
        """Do what should be refused or not; whether it was done."""
        code, _ = self.attempt(deed, do)
        assert (code == "") is legal, f"{deed}: {code or 'not refused'}"
        return legal

    def shopper(self, user: str) -> Actor:
        return next(one for one in self.shoppers if one.user == user)

    def seller(self, organisation: str) -> Actor:
        return (self.factories | self.merchants)[organisation]

    def maker(self, listing: str) -> str:
        return self.model.goods[listing].maker

    def offer(self, seller: str, sku: int) -> str:
        """An offer (public id), on or not."""
        home = self.seller(seller).memberships[0].organisation_id
        found = select(Offer.public_id).where(Offer.organisation_id == home, Offer.sku_id == sku)
        return session().scalar(found) or ""

    def pick_up(self, merchant: str, listing: str) -> str:
        home = self.merchants[merchant].memberships[0].organisation_id
        found = select(PickUp.public_id).join(Listing, Listing.id == PickUp.listing_id)
        return session().scalar(found.where(PickUp.organisation_id == home, Listing.public_id == listing)) or ""

    def _stock_shelves(self) -> None:
        """Few pieces of everything, so that sellers run into each other; the last goods are made to order."""
        wei, yu = self.factories.values()
        self._goods(wei, {"stock": (6, 2), "price_fen": 9_990, "supply_fen": 4_999})
        self._goods(wei, {"stock": (5,), "price_fen": 101}, trade=99)
        self._goods(yu, {"stock": (7, 1), "price_fen": 20_005, "supply_fen": 12_345})
        self._goods(yu, {"stock": (0,), "price_fen": 1_250, "supply_fen": 633}, to_order=True)

    def _goods(self, owner: Actor, facts: dict[str, Any], *, trade: int | None = None, to_order: bool = False) -> None:
        listing = make_listing(owner, **{"supply_fen": None, **facts})
        with transaction():
            listing = session().merge(listing)
            for sku in listing.skus:
                sku.supply_price_fen, sku.made_to_order = trade, to_order
            if trade:
                listing.ways.append(way := type(listing.ways[0])(way="supply", min_quantity=1))
                way.closed = False
        offers.open_own_offers(actor=owner, listing=listing.public_id, now=NOW)
        prices = {sku.id: sku.retail_price_fen for sku in listing.skus}
        goods = Goods(_home(owner), prices, dict.fromkeys(prices, trade), facts.get("supply_fen"))
        self.model.goods[listing.public_id] = goods
        self.skus |= {sku.id: sku.public_id for sku in listing.skus}
        self.model.there.update(dict(zip(prices, facts["stock"], strict=True)))
        self.model.uncounted |= set(prices) if to_order else set()

    def _make_friends(self) -> None:
        for factory in self.factories:
            for merchant in self.merchants:
                merchants.admit(self.factories[factory], self.merchants[merchant])
                self.model.admissions[factory, merchant] = "admitted"

    def admission(self, factory: str, merchant: str) -> str:
        sides = self.factories[factory].memberships[0], self.merchants[merchant].memberships[0]
        pair = (Admission.factory_id == sides[0].organisation_id) & (Admission.merchant_id == sides[1].organisation_id)
        return session().scalars(select(Admission.public_id).where(pair)).one()

    def let_pass(self, **parts: int) -> None:
        self.now += timedelta(**parts)


def chosen(things: list[Item], number: int) -> Item:
    return things[number % len(things)]


def _home(actor: Actor) -> str:
    return actor.memberships[0].organisation
