"""What a merchant takes along as a file: what her shoppers bought, her side of each order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables import Column, Filter, Table
from kernel.text import lazy
from storefront.merchants.rules import TABS
from storefront.orders.rules import ORDER

if TYPE_CHECKING:
    from storefront.merchants.queries import SoldOrder


def goods(sold: SoldOrder) -> str:
    """What was bought, piece by piece."""
    return "；".join(
        " ".join(filter(None, (line.title, " / ".join(line.options.values()), f"×{line.quantity}")))
        for line in sold.order.lines
    )


SOLD: Table[SoldOrder] = Table(
    name="orders",
    title=lazy("订单"),
    key=lambda sold: sold.order.public_id,
    columns=(
        Column("number", lazy("订单号"), lambda sold: sold.order.number),
        Column("state", lazy("状态"), lambda sold: lazy(ORDER.labels[sold.order.state])),
        Column("factory", lazy("工厂"), lambda sold: sold.factory or None),
        Column("goods", lazy("商品"), goods),
        Column("pieces", lazy("件数"), lambda sold: sum(line.quantity for line in sold.order.lines), "number"),
        Column("retail", lazy("零售款"), lambda sold: sold.order.total_fen, "money"),
        Column("supply", lazy("供货款"), lambda sold: sold.supply_fen, "money"),
        Column("paid", lazy("付款时间"), lambda sold: sold.order.paid_at, "moment"),
        Column("shipped", lazy("发货时间"), lambda sold: sold.order.shipped_at, "moment"),
        Column("received", lazy("收货时间"), lambda sold: sold.order.received_at, "moment"),
    ),
    filters=(
        Filter("state", lazy("状态"), options=tuple((tab, label) for tab, (label, _states) in TABS.items())),
        Filter("q", lazy("找订单"), "words"),
    ),
)
