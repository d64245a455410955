"""Giving money back: the seller to the shopper, the factory to the merchant. Entered by `operations`.

The two refunds of a resold order are called in one transaction, in either order. Each takes the locks of both legs,
the merchant's first, so that they wait for each other and for the settlement of either leg, never in a circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select

from commission.ledger import rules as books
from commission.ledger.operations import post
from commission.rates.rules import FrozenRate
from commission.settlement.models import RefundRow, SaleRow
from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import yuan
from kernel.money import Money

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor


@operation("settlement.refund_sale")
def refund_sale(*, order: str, refund: str, goods: Money, freight: Money, actor: Actor, now: datetime) -> Money:  # noqa: ARG001
    """Owe the shopper part of a sale; what it gives back of the commission. `refund` is the caller's id: once each.

    Raises NotFoundError, or DomainError `refund.too_much` with what is left in yuan.
    """
    sale = _lock_legs(order).get(order)
    if sale is None or sale.way == "supply":
        raise NotFoundError
    if (given := _given_back(sale, refund)) is not None:
        return given
    back = _give_back(sale, refund, goods=goods, freight=freight, now=now)
    legs = books.sale_refunded(
        seller=sale.seller, amount=goods + freight, commission_back=back, settled=sale.state == "settled"
    )
    post(fact_kind="sale.refunded", fact_id=refund, legs=legs, at=now, currency=sale.currency, memo=sale.number)
    note(f"sale:{order}", after={"refunded_fen": (goods + freight).amount, "refund": refund})
    return back


@operation("settlement.refund_supply")
def refund_supply(*, supply: str, refund: str, goods: Money, actor: Actor, now: datetime) -> Money:  # noqa: ARG001
    """Give the merchant back part of what she owed the factory; the commission the factory gets back.

    `refund` is the same id as on the merchant's own leg; once each. Raises NotFoundError, or DomainError
    `refund.too_much` with what is left in yuan.
    """
    by_order = _lock_legs(supply)
    leg = by_order.get(supply)
    if leg is None or leg.serves is None:
        raise NotFoundError
    if (given := _given_back(leg, refund)) is not None:
        return given
    merchant = by_order[leg.serves]
    back = _give_back(leg, refund, goods=goods, freight=Money(0, goods.currency), now=now)
    merchant.refunded_supply_fen += goods.amount
    legs = books.supply_refunded(
        factory=leg.seller,
        merchant=merchant.seller,
        amount=goods,
        commission_back=back,
        settled=leg.state == "settled",
        merchant_settled=merchant.state == "settled",
    )
    post(fact_kind="supply.refunded", fact_id=refund, legs=legs, at=now, currency=leg.currency, memo=leg.number)
    note(f"sale:{supply}", after={"refunded_fen": goods.amount, "refund": refund})
    return back


def _lock_legs(order: str) -> dict[str, SaleRow]:
    """Both legs of the order of a sale, or its only one, by `order_ref`; locked until the transaction ends."""
    rows = session().scalars(_LOCK_LEGS, {"order": order}, execution_options={"populate_existing": True})
    return {row.order_ref: row for row in rows}


def _given_back(sale: SaleRow, refund: str) -> Money | None:
    """The commission that this refund gave back, if it was made before."""
    made = (RefundRow.ref == refund, RefundRow.sale_id == sale.id)
    fen = session().scalar(select(RefundRow.commission_back_fen).where(*made))
    return None if fen is None else Money(fen, sale.currency)


def _give_back(sale: SaleRow, refund: str, *, goods: Money, freight: Money, now: datetime) -> Money:
    """Keep the refund on its row and on the sale's; the change of the cumulative commission."""
    _refuse_too_much(sale, goods, freight)
    net = Money(sale.goods_fen - sale.refunded_goods_fen, sale.currency)
    back = FrozenRate(sale.card_version, sale.basis_points).change(net, net - goods)
    sale.refunded_goods_fen += goods.amount
    sale.refunded_freight_fen += freight.amount
    sale.commission_fen -= back.amount
    row = RefundRow(
        ref=refund,
        sale_id=sale.id,
        goods_fen=goods.amount,
        freight_fen=freight.amount,
        commission_back_fen=back.amount,
        after_settlement=sale.state == "settled",
        refunded_on=business_date(now),
        at=now,
    )
    session().add(row)
    return back


def _refuse_too_much(sale: SaleRow, goods: Money, freight: Money) -> None:
    left, left_freight = sale.goods_fen - sale.refunded_goods_fen, sale.freight_fen - sale.refunded_freight_fen
    within = 0 <= goods.amount <= left and 0 <= freight.amount <= left_freight
    if not within or not (goods + freight).amount:
        raise DomainError("refund.too_much", goods=yuan(left), freight=yuan(left_freight))


_MERCHANT = select(SaleRow.serves).where(SaleRow.order_ref == bindparam("order")).scalar_subquery()
_LOCK_LEGS = (
    select(SaleRow)
    .where(or_(SaleRow.order_ref.in_((bindparam("order"), _MERCHANT)), SaleRow.serves == bindparam("order")))
    .order_by(SaleRow.id)  # a factory's leg is younger than the one it serves
    .with_for_update()
)
