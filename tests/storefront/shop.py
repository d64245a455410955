"""Buying in few words, for the tests of carts, orders and parcels."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from commission.payments import operations as payments
from commission.payments.rail import Rail
from commission.payments.rules import PAYS
from commission.settlement.operations import refund_sale
from kernel.db import session, transaction
from kernel.ids import public_id
from kernel.money import Money
from kernel.outbox import publish
from kernel.permissions import SYSTEM, Actor, Role
from onboarding.accounts.models import User
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer
from onboarding.offers.operations import open_own_offers
from onboarding.offers.queries import offers_of_listing
from storefront.after_sales.facts import OrderRefunded
from storefront.cart.operations import add_line
from storefront.cart.queries import cart_of
from storefront.orders.models import Order
from storefront.orders.operations import place
from storefront.orders.queries import checkout_of
from storefront.orders.rules import Address
from storefront.shipments.operations import ship
from tests.cast import BO, NOW, WEI, Person
from tests.support.goods import make_factory, make_listing, make_merchant, make_resale

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
        """Who resells, with a shop of her own."""
        return make_merchant(person, name=name)

    def resell(
        self, merchant: Actor, listing: Listing, *, price_fen: int = 9_900, supply_fen: int = 6_000
    ) -> list[str]:
        """Her offers of a factory's listing, in the order of its variants."""
        pick_up = make_resale(merchant, listing, price_fen=price_fen, supply_price_fen=supply_fen)
        offers = select(Offer.public_id).where(Offer.pick_up_id == pick_up.id).order_by(Offer.sku_id)
        return list(session().scalars(offers))

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

    def refund(self, order: str, pieces: int) -> OrderRefunded:
        """Pieces of an unshipped order's first line go back, as after-sales decides it."""
        with transaction():
            found = session().scalars(select(Order).where(Order.public_id == order)).one()
            line = found.lines[0]
            line.refunded_quantity += pieces
            if line.refunded_quantity == line.quantity:
                found.state, found.cancelled_at, found.cancel_reason = "cancelled", NOW, "refunded"
            goods, supply = line.unit_price_fen * pieces, (line.supply_price_fen or 0) * pieces
            fact = OrderRefunded(order=order, refund=public_id("ref"), goods_fen=goods, supply_fen=supply)
            nothing = Money(0)
            refund_sale(order=order, refund=fact.refund, goods=Money(goods), freight=nothing, actor=SYSTEM, now=NOW)
            publish(fact, actor=SYSTEM, now=NOW)
        return fact

    def orders(self, payment: str, buyer: Actor | None = None) -> list[str]:
        """The orders of a checkout."""
        return [order.public_id for order in checkout_of(buyer or self.buyer, payment).orders]

    def states(self, payment: str, buyer: Actor | None = None) -> list[str]:
        """Their states, as the database has them now."""
        session().rollback()
        return [order.state for order in checkout_of(buyer or self.buyer, payment).orders]


def later(**parts: int) -> datetime:
    """NOW and so much later."""
    return NOW + timedelta(**parts)
