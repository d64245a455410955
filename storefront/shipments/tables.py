"""What a factory takes along as a file: the orders it ships, its side of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables import Column, Filter, Table
from kernel.text import lazy
from storefront.orders.rules import ORDER
from storefront.shipments.rules import TABS

if TYPE_CHECKING:
    from storefront.shipments.queries import ShipperOrder


def goods(order: ShipperOrder) -> str:
    """What was ordered, piece by piece."""
    return "；".join(
        " ".join(filter(None, (line.title, " / ".join(line.options.values()), f"×{line.bought}")))
        for line in order.lines
    )


SHIPPED: Table[ShipperOrder] = Table(
    name="orders",
    title=lazy("订单"),
    key=lambda order: order.order,
    columns=(
        Column("number", lazy("订单号"), lambda order: order.number),
        Column("state", lazy("状态"), lambda order: lazy(ORDER.labels[order.state])),
        Column("merchant", lazy("供货给"), lambda order: order.merchant or None),
        Column("goods", lazy("商品"), goods),
        Column("pieces", lazy("件数"), lambda order: sum(line.quantity for line in order.lines), "number"),
        Column("amount", lazy("金额"), lambda order: order.goods_fen, "money"),
        Column("refunded", lazy("退款"), lambda order: order.refunded_fen, "money"),
        Column("paid", lazy("付款时间"), lambda order: order.paid_at, "moment"),
        Column("shipped", lazy("发货时间"), lambda order: order.shipped_at, "moment"),
        Column("received", lazy("收货时间"), lambda order: order.received_at, "moment"),
    ),
    filters=(
        Filter("state", lazy("状态"), options=tuple((tab, label) for tab, (label, _states) in TABS.items())),
        Filter("q", lazy("找订单"), "words"),
    ),
)
