"""What can be asked of the supply leg."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select, true

from commission.settlement.models import SaleRow
from kernel.db import session
from onboarding.accounts.models import Organisation
from storefront.orders.models import Order, OrderLine
from storefront.supply.models import SupplyOrder
from storefront.supply.rules import SuppliedLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Resold:
    """A paid order of a merchant, as its supply order is made of it."""

    lines: Sequence[SuppliedLine]
    order_id: int
    number: str
    merchant_id: int
    factory_id: int
    factory: str
    factory_name: str
    belt: str
    currency: str
    paid_at: datetime


def resold(order: str) -> Resold:
    """What a merchant sold and owes a factory for; two statements."""
    columns: tuple[Any, ...] = (
        Order.id,
        Order.number,
        Order.organisation_id,
        Order.shipper_id,
        Order.shipper,
        Organisation.name,
        Order.belt,
        Order.currency,
        Order.paid_at,
    )
    query = select(*columns).join(Organisation, Organisation.id == Order.shipper_id).where(Order.public_id == order)
    found = session().execute(query).one()
    parts: tuple[Any, ...] = (OrderLine.category, OrderLine.supply_price_fen, OrderLine.quantity)
    lines = session().execute(select(*parts).where(OrderLine.order_id == found.id).order_by(OrderLine.id))
    return Resold(tuple(SuppliedLine(*line) for line in lines), *found)


def supply_order_of(order: str) -> tuple[str, str] | None:
    """The supply order (public id) behind an order, and the order's state; None for what a factory sold itself."""
    query = select(SupplyOrder.public_id, Order.state).join(Order, Order.id == SupplyOrder.order_id)
    found = session().execute(query.where(Order.public_id == order)).one_or_none()
    return (found[0], found[1]) if found else None


def given_back(supply: str) -> int:
    """What a factory has given back so far of one supply order, as the books say."""
    return session().scalars(select(SaleRow.refunded_goods_fen).where(SaleRow.order_ref == supply)).one()


def wrong_supply_orders() -> list[str]:
    """Numbers of paid orders of merchants whose supply order is missing, or says other amounts than lines and books."""
    owed, back = (
        OrderLine.supply_price_fen * OrderLine.quantity,
        OrderLine.supply_price_fen * OrderLine.refunded_quantity,
    )
    lines = select(OrderLine.order_id, func.sum(owed).label("owed"), func.sum(back).label("back"))
    of_lines = lines.group_by(OrderLine.order_id).subquery()
    in_books = (SaleRow.order_ref == SupplyOrder.public_id) & (SaleRow.serves == Order.public_id)
    goods, given = (SupplyOrder.goods_fen, SaleRow.goods_fen), (SupplyOrder.refunded_fen, SaleRow.refunded_goods_fen)
    agree = and_(*(fen == of_lines.c.owed for fen in goods), *(fen == of_lines.c.back for fen in given))
    parties = (SupplyOrder.organisation_id == Order.shipper_id) & (SupplyOrder.merchant_id == Order.organisation_id)
    query = (
        select(Order.number)
        .join(of_lines, of_lines.c.order_id == Order.id)
        .outerjoin(SupplyOrder, SupplyOrder.order_id == Order.id)
        .outerjoin(SaleRow, in_books)
        .where(Order.way == "merchant", Order.paid_at.is_not(None), (agree & parties).is_not(true()))
    )
    return list(session().scalars(query.order_by(Order.id)))
