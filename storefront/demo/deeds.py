"""What shoppers and factories do with an order, from placing to receiving it; done once, however often asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from commission.payments.operations import begin_charge, perform, record_outcome
from commission.payments.rail import Rail
from commission.payments.rules import DECLINES, PAYS
from kernel.db import session
from kernel.money import Money
from kernel.permissions import SYSTEM, Actor
from storefront.cart import operations as cart
from storefront.cart.queries import cart_of
from storefront.demo.days import Event, Stage
from storefront.demo.fates import Fate
from storefront.demo.people import SHOPPERS, acting
from storefront.demo.returns import AfterSales
from storefront.orders import operations as orders
from storefront.orders.models import Order, OrderGroup
from storefront.orders.queries import due_payment
from storefront.shipments.operations import ship

if TYPE_CHECKING:
    from datetime import datetime

    from storefront.demo.shelf import Shelf
    from storefront.demo.trade import Purchase

_CARRIERS: Final = (("yto", "YT73"), ("sf", "SF13"), ("zto", "7310"), ("jitu", "JT30"), ("yunda", "4600"))


class Market:
    """Where they do it: the shelf they take from, the rail they pay by."""

    def __init__(self, shelf: Shelf, stage: Stage) -> None:
        self._shelf = shelf
        self._stage = stage
        self._after_sales = AfterSales(self)
        self._actors = {shopper.phone: acting(shopper) for shopper in SHOPPERS}

    def reached(self, until: datetime) -> datetime | None:
        """When the last of these shoppers' checkouts was placed, up to the demo's last moment."""
        buyers = [actor.user_id for actor in self._actors.values()]
        placed = select(OrderGroup.placed_at).where(OrderGroup.buyer_id.in_(buyers), OrderGroup.placed_at <= until)
        return session().scalar(placed.order_by(OrderGroup.placed_at.desc()).limit(1))

    def events(self, purchase: Purchase) -> list[Event]:
        """All that happens to a purchase."""
        deeds = {
            "pay": self.pay,
            "cancel": self.cancel,
            "expire": self.expire,
            "pack": self.pack,
            "ship": self.ship,
            "receive": self.receive,
            **self._after_sales.deeds(),
        }
        steps = [Event(at, partial(deeds[name], purchase)) for name, at in purchase.steps.items()]
        return [Event(purchase.at, partial(self.place, purchase)), *steps]

    def place(self, purchase: Purchase, *, now: datetime) -> None:
        """Fill a cart and check out."""
        if self.orders(purchase):
            return
        buyer, token = self.buyer(purchase), ""
        for offer, quantity in self._shelf.choose(purchase, now=now):
            token = cart.add_line(cart=token, offer=offer, quantity=quantity, actor=buyer, now=now)
        seen = cart_of(token)
        orders.place(
            actor=buyer,
            cart=token,
            address=purchase.shopper.address,
            form_token=seen.form_token,
            total=Money(seen.total_fen, seen.currency),
            now=now,
        )

    def pay(self, purchase: Purchase, *, now: datetime) -> None:
        """Pay what is due; one card in twenty-five is declined at first."""
        buyer = self.buyer(purchase)
        payment = next((due for order in self.orders(purchase) if (due := due_payment(buyer, order))), "")
        methods = (DECLINES, PAYS) if purchase.fate is Fate.DECLINED_FIRST else (PAYS,)
        for method in methods if payment else ():
            intent = begin_charge(payment=payment, method=method, actor=buyer, now=now)
            answer = perform(intent, rail=self._stage.ports.get(Rail))
            record_outcome(intent=intent, outcome=answer, actor=buyer, now=now)

    def cancel(self, purchase: Purchase, *, now: datetime) -> None:
        """Think better of it before paying."""
        for order in self.orders(purchase, "placed")[:1]:
            orders.cancel(actor=self.buyer(purchase), group=order.group.public_id, now=now)

    def expire(self, purchase: Purchase, *, now: datetime) -> None:
        """Forget to pay."""
        for order in self.orders(purchase, "placed")[:1]:
            orders.expire(group=order.group.public_id, actor=SYSTEM, now=now)

    def pack(self, purchase: Purchase, *, now: datetime) -> None:
        """Every seller packs her part."""
        for order in self.orders(purchase, "paid"):
            orders.pack(actor=self.owner(order.shipper), order=order.public_id, now=now)

    def ship(self, purchase: Purchase, *, now: datetime) -> None:
        """Every shipper hands her part to a carrier."""
        for order in self.orders(purchase, "paid", "packed"):
            carrier, letters = _CARRIERS[order.id % len(_CARRIERS)]
            tracking = f"{letters}{order.id * 7_919 % 10**9:09}"
            ship(actor=self.owner(order.shipper), order=order.public_id, carrier=carrier, tracking=tracking, now=now)

    def receive(self, purchase: Purchase, *, now: datetime) -> None:
        """Sign for the parcels."""
        for order in self.orders(purchase, "shipped"):
            orders.receive(actor=self.buyer(purchase), order=order.public_id, now=now)

    def buyer(self, purchase: Purchase) -> Actor:
        """Who buys."""
        return self._actors[purchase.shopper.phone]

    def owner(self, organisation: str) -> Actor:
        """Who acts for a seller or a shipper (public id)."""
        return self._shelf.owner_of(organisation)

    def orders(self, purchase: Purchase, *states: str) -> list[Order]:
        """The orders of a purchase, in these states or in any: known by buyer and moment, which no two share."""
        mine = (OrderGroup.buyer_id == self.buyer(purchase).user_id) & (OrderGroup.placed_at == purchase.at)
        query = select(Order).join(OrderGroup).where(mine).order_by(Order.id)
        query = query.where(Order.state.in_(states)) if states else query
        return list(session().scalars(query, execution_options={"populate_existing": True}))
