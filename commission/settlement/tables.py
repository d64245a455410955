"""The tables of the finance desk."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from commission.payees.rules import read_shorthand
from commission.settlement.finance import PARTY
from commission.settlement.models import Payout
from commission.settlement.rules import PAYOUT
from kernel.i18n import format_day, gettext, said
from kernel.tables import Column, Filter, Table
from kernel.text import lazy

if TYPE_CHECKING:
    from commission.ledger.queries import Balance
    from commission.settlement.finance import PartyLeg, PartyPayout, PartyView, RefusedLine
    from commission.settlement.queries import Line
    from kernel.text import Message

WAYS = {"direct": lazy("直销"), "supply": lazy("供货"), "merchant": lazy("商家零售")}
KINDS = {
    "clearing": lazy("支付通道资金"),
    "processing_cost": lazy("支付通道费（待收回）"),
    "receivable": lazy("应收卖家"),
    "held": lazy("待结算货款"),
    "payable": lazy("应付卖家"),
    "payout_in_transit": lazy("打款在途"),
    "refunds_due": lazy("应退消费者"),
    "commission": lazy("佣金收入"),
}
TEMPLATES = {
    "sale_paid": lazy("订单付款"),
    "supply_ordered": lazy("供货下单"),
    "sale_settled": lazy("订单结算"),
    "sale_refunded": lazy("订单退款"),
    "supply_refunded": lazy("供货退款"),
    "refund_paid": lazy("退款到账"),
    "payment_unallocated": lazy("迟到付款"),
    "payout_begun": lazy("发起打款"),
    "payout_paid": lazy("打款到账"),
    "payout_failed": lazy("打款退回"),
}
REASONS = {
    "balance_too_low": lazy("支付通道里的余额不够"),
    "declined": lazy("对方银行拒绝"),
    "refund_exceeds_charge": lazy("超过了买家付的钱"),
}
_STATES = tuple((state, lazy(label)) for state, label in PAYOUT.labels.items())
_SPAN = (Filter("since", lazy("从哪天"), "day"), Filter("until", lazy("到哪天"), "day"))
_HOUSES = {"platform": lazy("平台"), "rail:sandbox": lazy("支付通道")}


def why(reason: str) -> Message | str | None:
    """What a rail gave as its reason, in words where we know them."""
    return REASONS.get(reason, reason) or None


def whose(leg: PartyLeg) -> Message | str:
    """Whose account a leg stands on."""
    return leg.name or _HOUSES.get(leg.leg.party, leg.leg.party)


def account_of(sent_to: str) -> str | None:
    """The account that a payout went to, masked; nothing for payouts from before accounts were kept."""
    bank, last_four = read_shorthand(sent_to)
    return f"{said(bank)} **** {last_four}" if last_four else None


def out(fen: int) -> int:
    """An amount that leaves, with its sign."""
    return -fen


def settling(line: Line) -> Message | str:
    """When a sale was settled, or will be."""
    if line.settled_on:
        return gettext("已结算，%(day)s", day=format_day(line.settled_on))
    return gettext("预计 %(day)s 结算", day=format_day(line.release_on)) if line.release_on else lazy("等买家签收")


BALANCES: Table[Balance] = Table(
    name="balances",
    title=lazy("试算平衡"),
    key=lambda line: f"{line.kind}.{line.currency}",
    columns=(
        Column("kind", lazy("科目"), lambda line: KINDS[line.kind]),
        Column("debit", lazy("借方发生"), lambda line: line.debit, "money"),
        Column("credit", lazy("贷方发生"), lambda line: line.credit, "money"),
        Column("left", lazy("借方余额"), lambda line: line.total if line.total > 0 else None, "money"),
        Column("right", lazy("贷方余额"), lambda line: -line.total if line.total < 0 else None, "money"),
    ),
)
PARTIES: Table[PartyView] = Table(
    name="parties",
    title=lazy("卖家余额"),
    key=lambda line: line.party,
    columns=(
        Column(
            "name",
            lazy("卖家"),
            lambda line: line.name,
            "authored",
            sort=PARTY.name,
            link=lambda line: f"/finance/entries?{urlencode({'q': line.name})}",
        ),
        Column("payable", lazy("应付货款"), lambda line: line.payable, "money", sort=PARTY.payable),
        Column("held", lazy("待结算货款"), lambda line: line.held, "money", sort=PARTY.held),
        Column("receivable", lazy("欠平台"), lambda line: line.receivable, "money", sort=PARTY.receivable),
        Column("in_transit", lazy("打款在途"), lambda line: line.in_transit, "money", sort=PARTY.in_transit),
    ),
    filters=(
        Filter("q", lazy("卖家名称"), "words"),
        Filter(
            "with",
            lazy("有什么"),
            options=(
                ("payable", lazy("有应付货款")),
                ("held", lazy("有待结算货款")),
                ("receivable", lazy("欠平台的")),
                ("in_transit", lazy("打款在途的")),
            ),
        ),
    ),
)
PAYOUTS: Table[PartyPayout] = Table(
    name="payouts",
    title=lazy("打款记录"),
    key=lambda line: line.payout.payout,
    columns=(
        Column("party", lazy("卖家"), lambda line: line.name, "authored", note=lambda line: line.payout.payout),
        Column("amount", lazy("金额"), lambda line: line.payout.amount, "money", sort=Payout.amount_fen),
        Column("kept", lazy("扣回欠款"), lambda line: line.payout.kept, "money"),
        Column("sent_to", lazy("收款账户"), lambda line: account_of(line.payout.sent_to)),
        Column("begun", lazy("发起时间"), lambda line: line.payout.begun_at, "moment", sort=Payout.begun_at),
        Column("finished", lazy("有结果的时间"), lambda line: line.payout.finished_at, "moment"),
        Column(
            "state",
            lazy("状态"),
            lambda line: lazy(PAYOUT.labels[line.payout.state]),
            "badge",
            tone=lambda line: PAYOUT.tones[line.payout.state],
        ),
        Column("reason", lazy("原因"), lambda line: why(line.payout.reason), "prose"),
        Column("payout", lazy("打款单"), lambda line: line.payout.payout, "codes", only="csv"),
    ),
    filters=(
        Filter("state", lazy("状态"), options=(("attention", lazy("要处理的")), *_STATES)),
        Filter("q", lazy("卖家或打款单"), "words"),
        *_SPAN,
    ),
)
REFUSED: Table[RefusedLine] = Table(
    name="refused",
    title=lazy("没退成的款"),
    key=lambda line: line.refund.matter,
    columns=(
        Column(
            "order",
            lazy("订单"),
            lambda line: line.number or line.refund.payment,
            link=lambda line: f"/finance?order={line.number}" if line.number else "",
        ),
        Column("amount", lazy("金额"), lambda line: line.refund.amount.amount, "money"),
        Column("reason", lazy("原因"), lambda line: why(line.refund.reason), "prose"),
        Column("refused", lazy("时间"), lambda line: line.refund.refused_at, "moment"),
        Column("attempts", lazy("已试次数"), lambda line: line.refund.attempts, "number"),
    ),
)
ENTRIES: Table[PartyLeg] = Table(
    name="entries",
    title=lazy("记账"),
    key=lambda line: f"{line.leg.entry}.{line.leg.kind}.{line.leg.party}",
    size=100,
    columns=(
        Column("entry", lazy("记账号"), lambda line: line.leg.entry, "number"),
        Column("at", lazy("时间"), lambda line: line.leg.at, "moment"),
        Column("what", lazy("事由"), lambda line: TEMPLATES.get(line.leg.template, line.leg.template)),
        Column(
            "voucher",
            lazy("凭据"),
            lambda line: line.leg.voucher,
            link=lambda line: f"/finance?order={line.leg.voucher}" if line.leg.voucher.startswith("Y") else "",
        ),
        Column("account", lazy("科目"), lambda line: KINDS[line.leg.kind]),
        Column("party", lazy("谁的"), whose, "authored"),
        Column("debit", lazy("借"), lambda line: line.leg.debit, "money"),
        Column("credit", lazy("贷"), lambda line: line.leg.credit, "money"),
    ),
    filters=(
        Filter("template", lazy("事由"), options=tuple(TEMPLATES.items())),
        Filter("kind", lazy("科目"), options=tuple(KINDS.items())),
        Filter("q", lazy("卖家名称"), "words"),
        Filter("voucher", lazy("订单号或凭据"), "words"),
        *_SPAN,
    ),
)
ORDER_SALES: Table[Line] = Table(
    name="sales",
    title=lazy("这张订单的账"),
    key=lambda line: line.order,
    columns=(
        Column("seller", lazy("卖家"), lambda line: line.seller_name or line.seller, "authored"),
        Column("way", lazy("卖法"), lambda line: WAYS[line.way]),
        Column("gross", lazy("金额"), lambda line: line.gross, "money"),
        Column("refunded", lazy("退款"), lambda line: out(line.refunded), "money"),
        Column("supplied", lazy("供货款"), lambda line: out(line.supplied), "money"),
        Column("commission", lazy("佣金"), lambda line: out(line.commission), "money", only="csv"),
        Column("formula", lazy("佣金算式"), lambda line: line.formula, only="page"),
        Column("processing", lazy("支付通道费"), lambda line: out(line.processing), "money"),
        Column("net", lazy("到手"), lambda line: line.net, "money"),
        Column("when", lazy("结算日"), settling),
    ),
)
