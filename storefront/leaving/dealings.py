"""Parts of a copy that are about trade: orders, supply orders, refunds, and the books, which must agree with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, case, cast, func, or_, select

from commission.ledger import rules as books
from commission.ledger.queries import balances
from commission.settlement.models import Payout
from commission.settlement.queries import held_lines, lines_of, payouts_of, statement
from commission.settlement.statements import HELD, OWN_PAYOUTS, SETTLED
from kernel.db import session
from kernel.errors import DomainError
from kernel.tables import Column, Listed, Selected, Table
from kernel.text import Message, lazy
from storefront.after_sales.models import Refund
from storefront.after_sales.rules import REFUND, WHY
from storefront.merchants.queries import sold_by
from storefront.merchants.tables import SOLD
from storefront.orders.models import Order
from storefront.shipments.queries import shipped_by
from storefront.shipments.tables import SHIPPED
from storefront.supply.models import SupplyOrder

if TYPE_CHECKING:
    from storefront.leaving.parcel import Parcel
    from storefront.leaving.queries import Subject

_CURRENCY: Final = "CNY"
_SUPPLIED: Final[Table[Any]] = Table(
    name="supply-orders",
    title=lazy("供货单"),
    key=lambda line: line.public_id,
    columns=(
        Column("number", lazy("订单号"), lambda line: line.number),
        Column("other", lazy("合作方"), lambda line: line.other),
        Column("goods", lazy("供货款"), lambda line: line.goods_fen, "money"),
        Column("refunded", lazy("退款"), lambda line: line.refunded_fen, "money"),
        Column("made", lazy("下单时间"), lambda line: line.made_at, "moment"),
    ),
)
_REFUNDS: Final[Table[Any]] = Table(
    name="refunds",
    title=lazy("退款"),
    key=lambda line: line.public_id,
    columns=(
        Column("number", lazy("订单号"), lambda line: line.number),
        Column("state", lazy("状态"), lambda line: lazy(REFUND.labels[line.state])),
        Column("amount", lazy("金额"), lambda line: line.fen, "money"),
        Column("why", lazy("原因"), lambda line: WHY.get(line.why, line.why)),
        Column("words", lazy("买家说"), lambda line: line.words),
        Column("answer", lazy("答复"), lambda line: line.answer),
        Column("asked", lazy("申请时间"), lambda line: line.asked_at, "moment"),
        Column("answered", lazy("答复时间"), lambda line: line.answered_at, "moment"),
        Column("refunded", lazy("退款时间"), lambda line: line.refunded_at, "moment"),
    ),
)
_BALANCE: Final[Table[tuple[str, Message, int]]] = Table(
    name="balance",
    title=lazy("余额"),
    key=lambda line: line[0],
    columns=(
        Column("item", lazy("项目"), lambda line: line[1]),
        Column("amount", lazy("金额"), lambda line: line[2], "money"),
    ),
)


def write_orders(parcel: Parcel, subject: Subject) -> None:
    """The orders as her own list has them: of shoppers no more than that, of a resold order her side alone."""
    if subject.house.kind == "factory":
        parcel.table("orders.csv", SHIPPED, shipped_by(subject.eyes))
    else:
        parcel.table("orders.csv", SOLD, sold_by(subject.house.id))


def write_supply_orders(parcel: Parcel, subject: Subject) -> None:
    """What merchants owed her for their orders, or what she owed factories for hers."""
    home = subject.house.id
    is_factory = subject.house.kind == "factory"
    other = (Order.seller_name if is_factory else SupplyOrder.factory_name).label("other")
    amounts = (SupplyOrder.goods_fen, SupplyOrder.refunded_fen, SupplyOrder.made_at)
    query = select(SupplyOrder.public_id, Order.number, other, *amounts).join(Order, Order.id == SupplyOrder.order_id)
    mine = SupplyOrder.organisation_id if is_factory else SupplyOrder.merchant_id
    parcel.table("supply-orders.csv", _SUPPLIED, Selected(query.where(mine == home), (SupplyOrder.id,), list))


def write_refunds(parcel: Parcel, subject: Subject) -> None:
    """Refunds at her own prices: of what a merchant sold, a factory sees what it supplied it for."""
    home = subject.house.id
    its_own = case((Refund.organisation_id == home, Refund.goods_fen), else_=Refund.supply_fen).label("fen")
    said = (Refund.state, its_own, Refund.why, Refund.words, Refund.answer)
    moments = (Refund.asked_at, Refund.answered_at, Refund.refunded_at)
    query = select(Refund.public_id, Order.number, *said, *moments).join(Order, Order.id == Refund.order_id)
    mine = or_(Refund.organisation_id == home, Refund.shipper_id == home)
    parcel.table("refunds.csv", _REFUNDS, Selected(query.where(mine), (Refund.id,), list))


def write_books(parcel: Parcel, subject: Subject) -> None:
    """Her statement and payouts, and the balance that they come to, which must be that of the ledger.

    `copy.untied` when they do not agree: money moved while they were read, and another try reads it anew.
    """
    party, side = subject.house.organisation, subject.house.kind
    parcel.table("statement-settled.csv", SETTLED[side], lines_of(party, state="settled"))
    parcel.table("statement-held.csv", HELD[side], lines_of(party, state="held"))
    parcel.table("payouts.csv", OWN_PAYOUTS, payouts_of(party))
    settled = statement(party).totals.net
    _held, held = held_lines(party)
    paid = session().scalar(
        select(cast(func.coalesce(func.sum(Payout.amount_fen), 0), BigInteger)).where(
            Payout.party == party, Payout.state == "paid"
        )
    )
    paid = int(paid or 0)
    book = balances(party, currency=_CURRENCY)
    due = -sum(book.get(kind, 0) for kind in (books.PAYABLE, books.RECEIVABLE, books.PAYOUT_IN_TRANSIT))
    kept = held.gross - held.refunded - held.supplied
    if settled - paid != due or kept != -book.get(books.HELD, 0):
        raise DomainError("copy.untied")
    lines = [
        ("settled", lazy("已结算的到手金额"), settled),
        ("paid", lazy("已打款"), -paid),
        ("due", lazy("账簿上还没打的余额"), due),
        ("held", lazy("平台代管、还没结算的货款"), kept),
    ]
    parcel.table("balance.csv", _BALANCE, Listed(lines))
