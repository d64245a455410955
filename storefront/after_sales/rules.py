"""What is true of refunds: their life, the reasons, when one may ask, what pieces come to; and when all is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kernel.clock import business_date
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from kernel.text import Message

_BUY, _SHIP = Permission.ORDER_OWN_BUY, Permission.FACTORY_ORDERS_SHIP
_DECIDE = Permission.SELLER_REFUNDS_DECIDE

REFUND: Final = Lifecycle(
    name="refund",
    start="asked",
    steps={
        ("asked", "agree"): Step("agreed", _DECIDE, "refund.agreed"),
        ("asked", "refund"): Step("refunded", _DECIDE, "order.refunded"),  # agreed before the goods left
        ("asked", "refuse"): Step("refused", _DECIDE, "refund.refused"),
        ("asked", "withdraw"): Step("withdrawn", _BUY, "refund.withdrawn"),
        ("agreed", "confirm"): Step("refunded", _SHIP, "order.refunded"),
        ("agreed", "refuse"): Step("refused", _DECIDE, "refund.refused"),  # the goods never came, or came broken
        ("agreed", "withdraw"): Step("withdrawn", _BUY, "refund.withdrawn"),
    },
    labels={
        "asked": "等卖家处理",
        "agreed": "等退货",
        "refunded": "已退款",
        "refused": "卖家没有同意",
        "withdrawn": "已撤回",
    },
    tones={"asked": "warn", "agreed": "go", "refunded": "good", "refused": "bad"},
)
OPEN: Final = ("asked", "agreed")
IN_VAIN: Final = ("refused", "withdrawn")
WHY: Final = {
    "unwanted": lazy("不想要了"),
    "mistake": lazy("拍错了"),
    "late": lazy("迟迟没发货"),
    "quality": lazy("质量问题"),
    "not_as_shown": lazy("和描述不符"),
    "missing": lazy("少件或错发"),
    "other": lazy("其他"),
}
"""Why a shopper wants her money back."""
WITHOUT_REASON: Final = frozenset({"unwanted", "mistake"})
"""Those of them that ask nothing of the goods."""
WORDS_LENGTH: Final = 300
UNSHIPPED: Final = frozenset({"paid", "packed"})
ASK_WITHIN: Final = timedelta(days=90)  # after receipt; the law's seven days are the seller's to know
TRIES: Final = 5  # requests of one order that came to nothing; each of them texts a person
_SEVEN_DAYS: Final = timedelta(days=7)
_AFTER_PAYMENT = frozenset({"shipped", "delivered", "completed"}) | UNSHIPPED

MATTERS: Final = {
    "orders": lazy("还没有完成的订单"),
    "refunds": lazy("还没有办完的退款"),
    "window": lazy("买家还可以申请售后"),
    "held": lazy("还没有结算的货款"),
    "payable": lazy("还没有打给您的货款"),
    "owed": lazy("您还欠平台的款"),
    "travelling": lazy("正在打款"),
}
"""All that may be open between a seller and others; a shop is closed when nothing of it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """So many pieces of one line at its frozen prices (fen); the supply price is None where no merchant stands between.

    >>> amounts([Part(12_800, 9_000, 2)])
    (25600, 18000)
    """

    unit_price_fen: int
    supply_price_fen: int | None
    quantity: int


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that is open: how many there are, how much money it is about (fen), until which day it lasts."""

    key: str
    count: int = 0
    fen: int | None = None
    until: date | None = None

    @property
    def label(self) -> Message:
        """What it is called."""
        return MATTERS[self.key]


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is known of the end of a shop: what is open now, and the earliest day of its closing."""

    matters: tuple[Matter, ...]
    closes_on: date

    @property
    def is_open(self) -> bool:
        """Whether anything keeps it from being closed."""
        return bool(self.matters)


def amounts(parts: Iterable[Part]) -> tuple[int, int]:
    """`(what the shopper gets back, what the factory gives the merchant for it)`, fen: pieces at their own prices."""
    listed = list(parts)
    goods = sum(part.unit_price_fen * part.quantity for part in listed)
    return goods, sum((part.supply_price_fen or 0) * part.quantity for part in listed)


def may_ask(state: str, *, received_at: datetime | None, now: datetime) -> bool:
    """Whether an order is one to ask for: paid, not cancelled, and not longer than ninety days with its buyer."""
    return state in _AFTER_PAYMENT and (received_at is None or now < received_at + ASK_WITHIN)


def check_pieces(left: Mapping[int, int], wanted: Mapping[int, int]) -> dict[int, int]:
    """The pieces really wanted, of what is left of each line: `{line: pieces}`, zeros dropped.

    Raises NotFoundError for a line of another order, `refund.nothing`, or `refund.more_than_left` with what is left.
    """
    for line, pieces in wanted.items():
        if line not in left:
            raise NotFoundError
        if not 0 <= pieces <= left[line]:
            raise DomainError("refund.more_than_left", left=left[line])
    asked = {line: pieces for line, pieces in sorted(wanted.items()) if pieces}
    if not asked:
        raise DomainError("refund.nothing")
    return asked


def check_reason(why: str, *, shipped: bool, made_to_order: bool) -> None:
    """Refuse with `refund.made_to_order` what was sold as made to order and comes back for nothing that is wrong.

    消费者权益保护法, article 25 (1). Before it is sent the seller may still agree, for it may not have been begun.
    """
    if shipped and made_to_order and why in WITHOUT_REASON:
        raise DomainError("refund.made_to_order")


def may_return_freely(received_at: datetime | None, asked_at: datetime, *, made_to_order: bool) -> bool:
    """Whether the law gives the goods back without a reason: in time, and not sold as made to order."""
    return not made_to_order and is_within_seven_days(received_at, asked_at)


def is_within_seven_days(received_at: datetime | None, asked_at: datetime) -> bool:
    """Whether the shopper asked within the days of return without a reason, which run from the day after receipt.

    《网络购买商品七日无理由退货暂行办法》; goods that were not received yet are within them.
    """
    return received_at is None or business_date(asked_at) <= business_date(received_at) + _SEVEN_DAYS


def prospect(matters: tuple[Matter, ...], closes_at: datetime) -> Prospect:
    """The earliest end: the notice over, and the last of what has a day of its own."""
    days = [business_date(closes_at), *(one.until for one in matters if one.until)]
    return Prospect(matters, max(days))
