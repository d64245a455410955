"""Buying in few words, for the tests of carts, orders and parcels."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask

from commission.payments import operations as payments
from commission.payments.rail import Rail
from commission.payments.rules import PAYS
from kernel.db import session, transaction
from kernel.ids import public_id
from kernel.money import Money
from kernel.permissions import Actor, Membership, Role
from onboarding.accounts.models import MembershipRow, Organisation, User
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.operations import open_own_offers
from onboarding.offers.queries import offers_of_listing
from storefront.cart.operations import add_line
from storefront.cart.queries import cart_of
from storefront.orders.operations import place
from storefront.orders.queries import checkout_of
from storefront.orders.rules import Address
from storefront.shipments.operations import ship
from tests.cast import BO, NOW, WEI, Person
from tests.support.goods import make_factory, make_listing

HOME = Address("林晓", "+8613800138001", "浙江省", "杭州市", "西湖区", "文三路 1 号", "放门口")
FORM = {
    "name": "林晓",
    "phone": "13800138001",
    "province": "浙江省",
    "city": "杭州市",
    "county": "西湖区",
    "line": "文三路 1 号",
    "note": "",
}


def make_person(person: Person) -> Actor:
    """A person who has signed in before."""
    with transaction():
        user = User(public_id=public_id("usr"), phone="+86" + person.phone, name=person.name, created_at=NOW)
        user.phone_fingerprint = f"person-{person.phone}"
        session().add(user)
        session().flush()
    return Actor(user_id=user.id, user=user.public_id, name=user.name, roles=frozenset({Role.SHOPPER}))


class Shop:
    """A factory with goods on sale and a buyer who goes through the steps of buying."""

    def __init__(self, app: Flask, buyer: Actor) -> None:
        self.app, self.buyer = app, buyer
        self.rail = app.extensions["ports"].get(Rail)
        self.ports = app.extensions["ports"]
        self.wei = make_factory(WEI)
        self.listing = self.put_on_sale(self.wei, stock=(10, 10))
        self.offers = [offer.offer for offer in offers_of_listing(self.listing.public_id)]
        self.skus = [sku.id for sku in self.listing.skus]

    def put_on_sale(self, owner: Actor, *, stock: tuple[int, ...] = (10,), price_fen: int = 12_800) -> Listing:
        """Goods of a factory, published, with their offers."""
        listing = make_listing(owner, stock=stock, price_fen=price_fen)
        open_own_offers(actor=owner, listing=listing.public_id, now=NOW)
        return listing

    def merchant(self, person: Person = BO, *, name: str = "薄荷小店") -> Actor:
        """A person with a shop of her own; returns her as its owner."""
        owner = make_person(person)
        with transaction():
            home = Organisation(public_id=public_id("mer"), kind="merchant", name=name, created_at=NOW)
            home.slug = f"shop-{owner.user_id}"
            session().add(home)
            session().flush()
            row = MembershipRow(user_id=owner.user_id, organisation_id=home.id, role="owner", created_at=NOW)
            session().add(row)
        membership = Membership(home.id, home.public_id, home.name, "merchant", Role.OWNER)
        return replace(owner, memberships=(membership,))

    def resell(
        self, merchant: Actor, listing: Listing, *, price_fen: int = 9_900, supply_fen: int = 6_000
    ) -> list[str]:
        """A merchant's offers for every variant of a factory's listing; their public ids."""
        [home] = merchant.memberships
        with transaction():
            held = PickUp(public_id=public_id("pck"), organisation_id=home.organisation_id, listing_id=listing.id)
            held.factory_id, held.markup_bp, held.state, held.picked_at = listing.organisation_id, 5_000, "on", NOW
            session().add(held)
            session().flush()
            offers = [_resale(held, sku.id, price_fen, supply_fen) for sku in listing.skus]
            session().add_all(offers)
        return [offer.public_id for offer in offers]

    def fill(self, wanted: Mapping[str, int], buyer: Actor | None = None) -> str:
        """A cart with so many of each offer; its token."""
        cart = ""
        for offer, quantity in wanted.items():
            cart = add_line(cart=cart, offer=offer, quantity=quantity, actor=buyer or self.buyer, now=NOW)
        return cart

    def order(self, wanted: Mapping[str, int], *, buyer: Actor | None = None, now: datetime = NOW) -> str:
        """A placed checkout; its payment."""
        cart = self.fill(wanted, buyer)
        return self.place(cart, buyer=buyer, now=now)

    def place(self, cart: str, *, buyer: Actor | None = None, now: datetime = NOW, form_token: str = "") -> str:
        """Place what lies in a cart; the payment that is due."""
        found = cart_of(cart)
        return place(
            actor=buyer or self.buyer,
            cart=cart,
            address=HOME,
            form_token=form_token or found.form_token,
            total=Money(found.total_fen),
            now=now,
        )

    def pay(self, payment: str, *, buyer: Actor | None = None, now: datetime = NOW, method: str = PAYS) -> str:
        """Pay as the page does; the state of the charge."""
        actor = buyer or self.buyer
        intent = payments.begin_charge(payment=payment, method=method, actor=actor, now=now)
        outcome = payments.perform(intent, rail=self.rail)
        return payments.record_outcome(intent=intent, outcome=outcome, actor=actor, now=now)

    def bought(self, wanted: Mapping[str, int]) -> list[str]:
        """Paid orders, by their public ids."""
        payment = self.order(wanted)
        self.pay(payment)
        return self.orders(payment)

    def shipped(self, *, now: datetime = NOW) -> str:
        """One order on its way."""
        order = self.bought({self.offers[0]: 1})[0]
        ship(actor=self.wei, order=order, carrier="sf", tracking="SF1234567890123", now=now)
        return order

    def orders(self, payment: str, buyer: Actor | None = None) -> list[str]:
        """The orders of a checkout."""
        return [order.public_id for order in checkout_of(buyer or self.buyer, payment).orders]

    def states(self, payment: str, buyer: Actor | None = None) -> list[str]:
        """Their states, as the database has them now."""
        session().rollback()
        return [order.state for order in checkout_of(buyer or self.buyer, payment).orders]


def _resale(held: PickUp, sku: int, price_fen: int, supply_fen: int) -> Offer:
    return Offer(
        public_id=public_id("off"),
        organisation_id=held.organisation_id,
        listing_id=held.listing_id,
        sku_id=sku,
        kind="resale",
        price_fen=price_fen,
        currency="CNY",
        min_quantity=1,
        pick_up_id=held.id,
        supply_price_fen=supply_fen,
        state="on",
        created_at=NOW,
    )


def later(**parts: int) -> datetime:
    """NOW and so much later."""
    return NOW + timedelta(**parts)
