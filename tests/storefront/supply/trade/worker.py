"""What goes by itself in the town: time, schedules, calls to the rail."""

from datetime import timedelta

from sqlalchemy import select

from commission.payments.models import RailIntent
from commission.payments.rules import PAYS
from commission.payments.tasks import resolve_unknown, send_refund
from commission.settlement.operations import begin_payouts
from commission.settlement.tasks import perform_payout, settle_due
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.permissions import SYSTEM
from onboarding.listings import stock
from storefront.orders.tasks import count_days, expire_unpaid
from tests.storefront.supply.trade.shoppers import Shoppers
from tests.storefront.supply.trade.town import Town

PAY_WITHIN, HOLD_FOR, LOOK_UP_AFTER = timedelta(minutes=30), timedelta(minutes=45), timedelta(seconds=10)


class Worker:
    """The worker's tasks, as it would run them."""

    def __init__(self, town: Town, shoppers: Shoppers) -> None:
        self.town, self.model, self.shoppers = town, town.model, shoppers

    def expire(self) -> None:
        """Checkouts whose time is over; a charge in the air is looked up first."""
        town, shoppers = self.town, self.shoppers
        expire_unpaid({}, ports=town.ports, now=town.now)
        for group, placed in shoppers.placed.items():
            if placed + PAY_WITHIN > town.now or not shoppers.is_unpaid(group):
                continue
            if group in shoppers.flying:
                shoppers.answered(group)
            if shoppers.is_unpaid(group):
                self.model.give_up(group)
                town.deeds["expired", ""] += 1

    def release(self) -> None:
        """Goods held longer than promised go back, whoever may still pay for them."""
        with transaction():
            stock.release_expired(now=self.town.now)
        for group in [one for one in self.model.holds if self.shoppers.placed[one] + HOLD_FOR <= self.town.now]:
            del self.model.holds[group]
            self.town.deeds["released", ""] += 1

    def look_up(self) -> None:
        town = self.town
        resolve_unknown({}, ports=town.ports, now=town.now)
        for group, (_, begun) in list(self.shoppers.flying.items()):
            if begun + LOOK_UP_AFTER <= town.now:
                self.shoppers.answered(group)

    def count_days(self) -> None:
        town = self.town
        count_days({}, ports=town.ports, now=town.now)
        for order in self.model.orders.values():
            if order.state == "shipped" and business_date(order.shipped_at) < town.today - timedelta(days=10):
                order.state, order.received_at, order.release = "delivered", town.now, town.release
            if order.state == "delivered" and business_date(order.received_at) <= town.today - timedelta(days=8):
                order.state = "completed"

    def settle(self) -> None:
        settle_due({}, ports=self.town.ports, now=self.town.now)
        for order in self.model.orders.values():
            if order.release is not None and order.release <= self.town.today and not order.settled:
                order.settled = True
                self.town.deeds["settled", "resold" if order.resold else "own"] += 1

    def pay_out(self) -> None:
        _, begun = self.town.attempt("pay out", lambda: begin_payouts(actor=SYSTEM, now=self.town.now))
        self.town.deeds["payouts", ""] += len(begun or ())

    def send(self, fault: str = "") -> None:
        """Calls to the rail that were begun; the first of each kind may meet a fault."""
        planned = self.town.rail.faults.planned
        planned["refund"], planned["payout"] = [fault], [fault]
        session().rollback()
        begun = select(RailIntent.public_id, RailIntent.kind, RailIntent.subject)
        waiting = begun.where(RailIntent.state == "begun", RailIntent.kind != "charge").order_by(RailIntent.id)
        for intent, kind, subject in session().execute(waiting).all():
            if kind == "refund":
                send_refund({"intent": intent}, ports=self.town.ports, now=self.town.now)
            else:
                perform_payout({"payout": subject}, ports=self.town.ports, now=self.town.now)
        planned["refund"], planned["payout"] = [], []

    def close_year(self) -> None:
        """All that is under way comes to its end: answered, shipped, received, settled, paid out."""
        town = self.town
        town.let_pass(hours=1)
        for do in (self.look_up, self.expire, self.release):
            do()
        for ref, order in list(self.model.orders.items()):
            if order.state in {"paid", "packed"}:
                self.shoppers.ship(ref)
        town.let_pass(days=11)
        self.count_days()
        for ref, refund in self.shoppers.refunds.items():
            if refund.state == "agreed":
                self.shoppers.confirm(ref)
        town.let_pass(days=9)
        for do in (self.count_days, self.settle, self.send, self.look_up, self.pay_out, self.send):
            do()


__all__ = ["PAYS", "Worker"]
