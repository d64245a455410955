"""What happens to the factory's leg of a resold order: it follows the merchant's, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from commission.settlement.operations import record_receipt, record_supply, refund_supply
from commission.settlement.rules import Supply
from kernel.audit import note, operation
from kernel.db import is_sqlite, session
from kernel.ids import public_id
from kernel.money import Money
from storefront.supply.models import SupplyOrder
from storefront.supply.queries import given_back, resold, supply_order_of
from storefront.supply.rules import main_category, owed_fen

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from storefront.after_sales.facts import OrderRefunded
    from storefront.orders.facts import OrderPaid, OrderReceived
    from storefront.supply.queries import Resold


def on_order_paid(fact: OrderPaid, *, actor: Actor, now: datetime) -> None:
    """A merchant's paid order is an order of hers at the factory, at once."""
    if fact.shipper != fact.seller:
        make_supply_order(order=fact.order, actor=actor, now=now)


def on_order_received(fact: OrderReceived, *, actor: Actor, now: datetime) -> None:
    """What the shopper has, the factory has delivered: its money waits for the same days."""
    found = supply_order_of(fact.order)
    if found is not None:
        record_receipt(order=found[0], received_at=now, actor=actor, now=now)


@operation("supply.make_order")
def make_supply_order(*, order: str, actor: Actor, now: datetime) -> None:
    """Make the one supply order of a merchant's paid order and book what she owes; again does nothing."""
    sold, supply = resold(order), public_id("sup")
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    made = insert(SupplyOrder).values(_values(sold, supply, now)).on_conflict_do_nothing(index_elements=["order_id"])
    if session().scalar(made.returning(SupplyOrder.id)) is None:
        return
    record_supply(supply=_supply(sold, supply, order), actor=actor, now=now)
    note(f"supply_order:{supply}", after={"order": order, "goods_fen": owed_fen(sold.lines)})


@operation("supply.refund")
def on_order_refunded(fact: OrderRefunded, *, actor: Actor, now: datetime) -> None:
    """Give the merchant back what she no longer owes; the same refund again changes nothing.

    An order that this refund cancelled is never received: its supply order is closed with it, as if it were.
    """
    found = supply_order_of(fact.order)
    if found is None:
        return
    supply, state = found
    refund_supply(supply=supply, refund=fact.refund, goods=Money(fact.supply_fen), actor=actor, now=now)
    follow = update(SupplyOrder).where(SupplyOrder.public_id == supply)
    session().execute(follow.values(refunded_fen=given_back(supply)))
    if state == "cancelled":
        record_receipt(order=supply, received_at=now, actor=actor, now=now)
    note(f"supply_order:{supply}", after={"refund": fact.refund, "refunded_fen": fact.supply_fen})


def _values(sold: Resold, supply: str, now: datetime) -> dict[str, object]:
    return {
        "public_id": supply,
        "order_id": sold.order_id,
        "organisation_id": sold.factory_id,
        "merchant_id": sold.merchant_id,
        "factory_name": sold.factory_name,
        "goods_fen": owed_fen(sold.lines),
        "refunded_fen": 0,
        "currency": sold.currency,
        "made_at": now,
    }


def _supply(sold: Resold, supply: str, order: str) -> Supply:
    return Supply(
        supply=supply,
        serves=order,
        number=sold.number,
        factory=sold.factory,
        factory_name=sold.factory_name,
        goods=Money(owed_fen(sold.lines), sold.currency),
        category=main_category(sold.lines),
        belt=sold.belt,
        paid_at=sold.paid_at,
    )
