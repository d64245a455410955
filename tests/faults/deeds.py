"""What may be killed anywhere: each deed has its ground, its doing, and what must be true once it was done again."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select

from commission.ledger.models import Entry
from commission.payments.models import RailIntent
from commission.settlement.models import Payout
from commission.settlement.operations import begin_payouts, settle
from kernel.clock import Clock, FrozenClock, business_date
from kernel.db import session
from kernel.notify import Message
from kernel.permissions import SYSTEM, Actor
from kernel.work import drain
from onboarding.listings.models import StockMovement, StockReservation
from storefront.cart.queries import cart_of
from storefront.jobs import PLAN
from storefront.orders.models import Order, OrderGroup
from storefront.orders.operations import receive
from storefront.shipments.models import Shipment
from tests.storefront.conftest import browser_of
from tests.storefront.shop import FORM, Shop

SHIPPING = {"carrier": "sf", "tracking": "SF1234567890123"}
GONE_ON = {302, 303, 404, 422}  # done, or refused because it is done already


@dataclass
class Scene:
    """The shop with goods enough for every kill, its clock, and browsers of its people."""

    shop: Shop

    def __post_init__(self) -> None:
        listing = self.shop.put_on_sale(self.shop.wei, stock=(5_000,))
        from onboarding.offers.queries import offers_of_listing

        self.offer = offers_of_listing(listing.public_id)[0].offer
        self.sku = listing.skus[0].id
        clock = self.shop.app.extensions["ports"].get(Clock)
        assert isinstance(clock, FrozenClock)
        self.clock = clock
        self.lin, self.wei = self._browser(self.shop.buyer), self._browser(self.shop.wei)

    def _browser(self, person: Actor) -> FlaskClient:
        return browser_of(self.shop.app, person)

    def post(self, browser: FlaskClient, path: str, **fields: str) -> None:
        """Send a form; a refusal is the page's business, a fault of the server is the test's."""
        answer = browser.post(path, data=fields)
        assert answer.status_code in GONE_ON, (path, answer.status_code, answer.text[:3000])

    def let_pass(self, **by: int) -> None:
        """Move the clock of everybody."""
        self.clock.moment += timedelta(**by)

    def placed(self) -> str:
        """A checkout that waits for its payment."""
        return self.shop.order({self.offer: 1}, now=self.clock.now())

    def paid(self) -> str:
        """An order that waits for its parcel."""
        payment = self.placed()
        self.shop.pay(payment, now=self.clock.now())
        return self.shop.orders(payment)[0]

    def shipped(self) -> str:
        """An order on its way."""
        order = self.paid()
        self.post(self.wei, f"/factory/orders/{order}/shipment", **SHIPPING)
        return order

    def due(self) -> str:
        """An order whose money is due today."""
        order = self.shipped()
        receive(actor=self.shop.buyer, order=order, now=self.clock.now())
        self.let_pass(days=9)
        return order

    def payable(self) -> str:
        """An order whose money was settled."""
        order = self.due()
        settle(day=business_date(self.clock.now()), actor=SYSTEM, now=self.clock.now())
        return order

    def work(self) -> None:
        """Do all that waits, as the worker would."""
        drain(PLAN, ports=self.shop.ports)


@dataclass(frozen=True)
class Deed:
    """A name, the ground, the doing, and what is true of its subject afterwards."""

    name: str
    begin: Callable[[Scene], str]
    do: Callable[[Scene, str], None]
    verify: Callable[[Scene, str], None]


def begin_place(scene: Scene) -> str:
    cart = scene.shop.fill({scene.offer: 1})
    with scene.lin.session_transaction() as kept:
        kept["cart"] = cart
    found = cart_of(cart)
    return f"{found.form_token} {found.total_fen}"


def do_place(scene: Scene, subject: str) -> None:
    token, total = subject.split()
    scene.post(scene.lin, "/checkout", form_token=token, total_fen=total, **FORM)


def verify_place(scene: Scene, subject: str) -> None:
    groups = session().scalars(select(OrderGroup).where(OrderGroup.form_token == subject.split(maxsplit=1)[0])).all()
    assert [[order.state for order in group.orders] for group in groups] == [["placed"]]
    held = session().scalars(select(StockReservation).where(StockReservation.holder == groups[0].public_id)).all()
    assert [(row.state, row.quantity) for row in held] == [("held", 1)]
    from storefront.orders.operations import cancel

    cancel(actor=scene.shop.buyer, group=groups[0].public_id, now=scene.clock.now())


def do_pay(scene: Scene, payment: str) -> None:
    scene.post(scene.lin, f"/pay/{payment}", method="sandbox_pays")


def verify_pay(scene: Scene, payment: str) -> None:
    charges = [one for one in scene.shop.rail.charges() if one.counterpart == payment]
    assert [one.state for one in charges] == ["ok"]
    [order] = scene.shop.orders(payment)
    assert scene.shop.states(payment) == ["paid"]
    assert entries("sale.paid", order) == 1
    group = select(OrderGroup.public_id).join(Order).where(Order.public_id == order)
    sold = select(func.sum(StockMovement.pieces)).where(StockMovement.source == group.scalar_subquery())
    assert session().scalar(sold) == -1


def do_ship(scene: Scene, order: str) -> None:
    scene.post(scene.wei, f"/factory/orders/{order}/shipment", **SHIPPING)


def verify_ship(scene: Scene, order: str) -> None:
    parcels = select(func.count()).select_from(Shipment).join(Order, Order.id == Shipment.order_id)
    assert session().scalar(parcels.where(Order.public_id == order)) == 1
    assert state_of(order) == "shipped"
    assert texts(scene, order, "SF1234567890123") == 1


def do_receive(scene: Scene, order: str) -> None:
    scene.post(scene.lin, f"/orders/{order}/receipt")


def verify_receive(scene: Scene, order: str) -> None:
    assert state_of(order) == "delivered"


def do_settle(scene: Scene, order: str) -> None:
    settle(day=business_date(scene.clock.now()), actor=SYSTEM, now=scene.clock.now())


def verify_settle(scene: Scene, order: str) -> None:
    assert entries("sale.settled", order) == 1


def do_payout(scene: Scene, order: str) -> None:
    begin_payouts(actor=SYSTEM, now=scene.clock.now())
    scene.work()


def verify_payout(scene: Scene, order: str) -> None:
    rows = session().scalars(select(Payout)).all()
    sent = scene.shop.rail.payouts()
    assert {row.state for row in rows} == {"paid"}
    assert sorted((row.rail_ref, row.amount_fen) for row in rows) == sorted((one.rail_ref, one.amount) for one in sent)
    assert session().scalar(select(func.count()).where(RailIntent.kind == "payout")) == len(sent)


def do_work(scene: Scene, order: str) -> None:
    scene.work()


def verify_work(scene: Scene, order: str) -> None:
    assert texts(scene, order, "您有新订单") == 1


def entries(fact: str, about: str) -> int:
    """How often a fact stands in the journal."""
    of_fact = select(func.count()).where(Entry.fact_kind == fact, Entry.fact_id == about)
    return session().scalar(of_fact) or 0


def state_of(order: str) -> str | None:
    """Where an order stands."""
    return session().scalar(select(Order.state).where(Order.public_id == order))


def texts(scene: Scene, order: str, words: str) -> int:
    """How many sent texts of an order hold these words."""
    number = session().scalar(select(Order.number).where(Order.public_id == order))
    sent = session().scalars(select(Message).where(Message.state == "sent"))
    named = re.compile(rf"{number}(?![0-9])")
    return sum(bool(named.search(one.text)) and words in one.text for one in sent)


DEEDS = (
    Deed("place", begin_place, do_place, verify_place),
    Deed("pay", Scene.placed, do_pay, verify_pay),
    Deed("ship", Scene.paid, do_ship, verify_ship),
    Deed("receive", Scene.shipped, do_receive, verify_receive),
    Deed("settle", Scene.due, do_settle, verify_settle),
    Deed("payout", Scene.payable, do_payout, verify_payout),
    Deed("relay and jobs", Scene.paid, do_work, verify_work),
)
