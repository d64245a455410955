"""What a sale is to the books, when its money is released, how a payout lives. Pure; amounts are `Money`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kernel.clock import business_date
from kernel.money import Money
from kernel.permissions import Permission
from kernel.states import Lifecycle, Step

if TYPE_CHECKING:
    from datetime import datetime

# Signed + 7 days + 1: the shopper's seven days of return, and the day after.
RELEASE_AFTER = timedelta(days=8)

PAYOUT = Lifecycle(
    name="payout",
    start="begun",
    steps={
        ("begun", "ok"): Step("paid", Permission.SYSTEM_WORK_RUN),
        ("begun", "failed"): Step("failed", Permission.SYSTEM_WORK_RUN),
        ("begun", "unknown"): Step("unknown", Permission.SYSTEM_WORK_RUN),
        ("unknown", "ok"): Step("paid", Permission.SYSTEM_WORK_RUN),
        ("unknown", "failed"): Step("failed", Permission.SYSTEM_WORK_RUN),
    },
    labels={"begun": "打款中", "unknown": "结果待查", "paid": "已到账", "failed": "未成功"},
    tones={"begun": "go", "unknown": "warn", "paid": "good", "failed": "bad"},
)
OPEN = ("begun", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One paid order of one seller, as the books are told of it; `processing` is what the rail kept of its payment."""

    order: str
    seller: str
    way: str
    goods: Money
    freight: Money
    processing: Money
    category: str
    belt: str
    campaign: str
    paid_at: datetime
    number: str = ""
    seller_name: str = ""

    @property
    def gross(self) -> Money:
        """What the shopper paid this seller: goods and freight."""
        return self.goods + self.freight

    def __post_init__(self) -> None:
        if min(self.goods.amount, self.freight.amount, self.processing.amount) < 0 or self.gross < self.processing:
            raise ValueError("a sale has amounts from zero up, and its fee is within them")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What a factory is owed for a merchant's sale (`serves`, her order) at the frozen supply price of its goods."""

    supply: str
    serves: str
    number: str
    factory: str
    factory_name: str
    goods: Money
    category: str
    belt: str
    paid_at: datetime

    def as_sale(self) -> Sale:
        """The factory's leg as a sale of its own: no freight, no fee of the rail, no campaign."""
        nothing = Money(0, self.goods.currency)
        return Sale(
            order=self.supply,
            number=self.number,
            seller=self.factory,
            seller_name=self.factory_name,
            way="supply",
            goods=self.goods,
            freight=nothing,
            processing=nothing,
            category=self.category,
            belt=self.belt,
            campaign="",
            paid_at=self.paid_at,
        )


def release_day(received_at: datetime) -> date:
    """The first business day on which the money of a received order is settled."""
    return business_date(received_at) + RELEASE_AFTER


def month_span(month: str) -> tuple[date, date]:
    """The days `[since, until)` of a month such as `2026-03`. Raises ValueError for anything else.

    The last month of all, `9999-12`, is something else: the day after it cannot be named.
    """
    since = date.fromisoformat(f"{month}-01")
    if since >= date.max.replace(day=1):
        raise ValueError(month)
    return since, (since + timedelta(days=31)).replace(day=1)
