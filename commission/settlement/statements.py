"""The tables of a statement: what a seller sold on her side of the trade, and what was paid out to her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commission.settlement.models import SaleRow
from commission.settlement.rules import PAYOUT
from commission.settlement.tables import WAYS, out, why
from kernel.i18n import format_day, gettext, yuan
from kernel.tables import Column, Table
from kernel.text import lazy

if TYPE_CHECKING:
    from commission.settlement.queries import Line, PayoutView
    from kernel.text import Message


def formula(line: Line) -> str:
    """How the commission of a line came about."""
    return gettext("供货价合计 %(formula)s", formula=line.formula) if line.way == "supply" else line.formula


def freight(line: Line) -> str:
    """What of a line is freight, if any of it is."""
    return gettext("含运费 ¥%(freight)s", freight=yuan(line.freight)) if line.freight else ""


def release(line: Line) -> Message | str:
    """When a line is settled, as far as anybody knows."""
    return format_day(line.release_on) if line.release_on else lazy("等买家签收")


OWN_PAYOUTS: Table[PayoutView] = Table(
    name="payouts",
    title=lazy("打款记录"),
    key=lambda line: line.payout,
    columns=(
        Column("payout", lazy("打款单"), lambda line: line.payout, "codes"),
        Column("amount", lazy("金额"), lambda line: line.amount, "money"),
        Column("kept", lazy("扣回欠款"), lambda line: line.kept, "money"),
        Column("begun", lazy("发起时间"), lambda line: line.begun_at, "moment"),
        Column(
            "state",
            lazy("状态"),
            lambda line: lazy(PAYOUT.labels[line.state]),
            "badge",
            tone=lambda line: PAYOUT.tones[line.state],
        ),
        Column("reason", lazy("原因"), lambda line: why(line.reason), "prose"),
    ),
)


def _number(side: str) -> Column[Line]:
    """Where a line leads: a factory's to the order it serves."""
    return Column("number", lazy("订单号"), lambda line: line.number, link=lambda line: f"/{side}/orders/{line.bought}")


_GROSS: dict[str, tuple[Column[Line], ...]] = {
    "factory": (
        Column("way", lazy("卖法"), lambda line: WAYS[line.way]),
        Column("gross", lazy("订单金额"), lambda line: line.gross, "money", note=freight, sort=SaleRow.goods_fen),
        Column("freight", lazy("其中运费"), lambda line: line.freight, "money", only="csv"),
        Column("refunded", lazy("退款"), lambda line: out(line.refunded), "money"),
    ),
    "merchant": (
        Column("gross", lazy("零售款"), lambda line: line.gross, "money", sort=SaleRow.goods_fen),
        Column("refunded", lazy("退款"), lambda line: out(line.refunded), "money"),
        Column("supplied", lazy("供货款"), lambda line: out(line.supplied), "money"),
    ),
}
_TAKEN: tuple[Column[Line], ...] = (
    Column("paid", lazy("付款时间"), lambda line: line.paid_at, "moment", only="csv"),
    Column("commission", lazy("佣金"), lambda line: out(line.commission), "money", only="csv"),
    Column("formula", lazy("佣金算式"), formula, only="page"),
    Column("processing", lazy("支付通道费"), lambda line: out(line.processing), "money"),
)
SETTLED: dict[str, Table[Line]] = {
    side: Table(
        name="settled",
        title=lazy("已结算订单"),
        key=lambda line: line.bought,
        size=100,
        columns=(
            _number(side),
            *gross,
            *_TAKEN,
            Column("net", lazy("到手"), lambda line: line.net, "money"),
            Column("settled", lazy("结算日"), lambda line: line.settled_on, "day", sort=SaleRow.settled_on),
        ),
    )
    for side, gross in _GROSS.items()
}
HELD: dict[str, Table[Line]] = {
    side: Table(
        name="held",
        title=lazy("待结算订单"),
        key=lambda line: line.bought,
        size=100,
        columns=(
            _number(side),
            *gross,
            *_TAKEN,
            Column("net", lazy("预计到手"), lambda line: line.net, "money"),
            Column("release", lazy("预计结算日"), release, only="page"),
            Column("release_on", lazy("预计结算日"), lambda line: line.release_on, "day", only="csv"),
        ),
    )
    for side, gross in _GROSS.items()
}
