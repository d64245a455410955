"""What is true of orders: their life, how long one may wait, their numbers, what an address holds."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from kernel.clock import start_of
from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import lazy, masked_phone

if TYPE_CHECKING:
    from storefront.cart.rules import Cart, Group, Line

_BUY, _SHIP, _SYSTEM = Permission.ORDER_OWN_BUY, Permission.FACTORY_ORDERS_SHIP, Permission.SYSTEM_WORK_RUN
_DECIDE = Permission.SELLER_REFUNDS_DECIDE

ORDER: Final = Lifecycle(
    name="order",
    start="placed",
    steps={
        ("placed", "pay"): Step("paid", _BUY, "order.paid"),
        ("placed", "cancel"): Step("cancelled", _BUY, "order.cancelled"),
        ("paid", "pack"): Step("packed", _SHIP),
        ("paid", "ship"): Step("shipped", _SHIP, "order.shipped"),
        ("packed", "ship"): Step("shipped", _SHIP, "order.shipped"),
        ("paid", "refund"): Step("cancelled", _DECIDE, "order.cancelled"),
        ("packed", "refund"): Step("cancelled", _DECIDE, "order.cancelled"),
        ("shipped", "receive"): Step("delivered", _BUY, "order.received"),
        ("delivered", "complete"): Step("completed", _SYSTEM, "order.completed"),
    },
    labels={
        "placed": "待付款",
        "paid": "待发货",
        "packed": "备货中",
        "shipped": "已发货",
        "delivered": "已收货",
        "completed": "已完成",
        "cancelled": "已取消",
    },
    tones={
        "placed": "go",
        "paid": "warn",
        "packed": "warn",
        "shipped": "go",
        "delivered": "good",
        "completed": "good",
    },
)
PAY_WITHIN: Final = timedelta(minutes=30)
HOLD_FOR: Final = timedelta(minutes=45)  # stock outlasts the time to pay, so that a late answer still finds it
RECEIVED_BY_ITSELF_AFTER: Final = timedelta(days=10)
COMPLETE_AFTER: Final = timedelta(days=8)  # the seven days of return and the day after, as money is released
CONSIGNEE_SHOWN: Final = frozenset({"paid", "packed"})
PROVINCES: Final = (  # noqa: SIM905  names to be read, not quotes
    "北京市 天津市 河北省 山西省 内蒙古自治区 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省 福建省 江西省 山东省 "
    "河南省 湖北省 湖南省 广东省 广西壮族自治区 海南省 重庆市 四川省 贵州省 云南省 西藏自治区 陕西省 甘肃省 青海省 "
    "宁夏回族自治区 新疆维吾尔自治区"
).split()
"""Where parcels go (GB/T 2260, mainland)."""

_FIRST_NUMBER = 1_000
_PHONE_TAIL = 4


TABS: Final = {
    "": (lazy("全部"), ()),
    "to-pay": (lazy("待付款"), ("placed",)),
    "to-ship": (lazy("待发货"), ("paid", "packed")),
    "on-the-way": (lazy("待收货"), ("shipped",)),
    "done": (lazy("已完成"), ("delivered", "completed")),
    "cancelled": (lazy("已取消"), ("cancelled",)),
}
"""How a buyer's list is cut: the address, its label, the states in it."""
CANCEL_REASONS: Final = {
    "buyer": lazy("您取消了订单"),
    "expired": lazy("超过 30 分钟没有付款，订单自动取消"),
    "late": lazy("付款到账时货已售完，款项已全额原路退回，很抱歉"),
    "taken_down": lazy("商品被平台下架或停售，订单已取消，没有扣款"),
    "returned": lazy("付款到账前商品被平台下架或停售，款项已全额原路退回，很抱歉"),
    "refunded": lazy("发货前已全部退款，钱款原路退回"),
}


def milestones(order: Moments) -> list[tuple[str, datetime | None, str]]:
    """The way of an order: `(message id, when, done | current | todo | stopped)`; later steps say what is awaited."""
    if order.cancelled_at is not None:
        paid = [(lazy("已付款"), order.paid_at, "done")] if order.paid_at else []
        return [(lazy("已下单"), order.placed_at, "done"), *paid, (lazy("已取消"), order.cancelled_at, "stopped")]
    way = [
        (lazy("已下单"), lazy("已下单"), order.placed_at),
        (lazy("已付款"), lazy("等待付款"), order.paid_at),
        (lazy("已发货"), lazy("等待发货"), order.shipped_at),
        (lazy("已收货"), lazy("等待收货"), order.received_at),
        (lazy("已完成"), lazy("退货期过后完成"), order.completed_at),
    ]
    reached = sum(at is not None for _done, _awaited, at in way)
    states = ["done"] * reached + ["current"] + ["todo"] * len(way)
    return [(done if at else awaited, at, state) for (done, awaited, at), state in zip(way, states, strict=False)]


def group_number(group_id: int) -> str:
    """The number people say on the phone, `Y1001`; it opens nothing. The database's own gap-tolerant sequence."""
    return f"Y{_FIRST_NUMBER + group_id}"


def order_number(group_id: int, part: int) -> str:
    """One seller's part, `Y1001-1`."""
    return f"{group_number(group_id)}-{part}"


def shipped_before(day: date) -> datetime:
    """Orders shipped before this moment count as received on `day`."""
    return start_of(day - RECEIVED_BY_ITSELF_AFTER)


def received_before(day: date) -> datetime:
    """Orders received before this moment are complete on `day`, the day on which their money is released."""
    return start_of(day - COMPLETE_AFTER + timedelta(days=1))


def pieces_by_sku(cart: Cart) -> dict[int, int]:
    """What a cart takes of each SKU: lines of the same SKU are summed before the check."""
    pieces = Counter[int]()
    for line in cart.lines:
        if line.offer is not None:
            pieces[line.offer.sku_id] += line.quantity
    return dict(pieces)


def order_values(group: Group, *, number: str, now: datetime) -> dict[str, Any]:
    """One seller's part from one factory as it is placed; the factory pays the freight, so it is nothing."""
    first = next(line.offer for line in group.lines if line.offer is not None)
    return {
        "number": number,
        "organisation_id": first.seller_id,
        "seller": group.seller,
        "seller_name": group.seller_name,
        "shipper_id": first.maker_id,
        "shipper": first.maker,
        "belt": first.belt,
        "way": "direct" if first.maker_id == first.seller_id else "merchant",
        "state": ORDER.start,
        "goods_fen": group.goods_fen,
        "freight_fen": 0,
        "total_fen": group.goods_fen,
        "processing_fen": 0,
        "currency": first.currency,
        "placed_at": now,
        "cancel_reason": "",
    }


def line_values(line: Line) -> dict[str, Any]:
    """What is remembered of a line: the goods as they were shown, at the price of this moment."""
    offer = line.offer
    if offer is None:
        raise ValueError("a line that cannot be bought makes no order")
    return {
        "offer": offer.offer,
        "sku_id": offer.sku_id,
        "sku": offer.sku,
        "listing": offer.listing,
        "title": offer.title,
        "options": dict(offer.options),
        "image": offer.image,
        "category": offer.category,
        "page": offer.page,
        "unit_price_fen": offer.price_fen,
        "supply_price_fen": offer.supply_price_fen,
        "quantity": line.quantity,
        "pack_size": offer.pack_size,
        "amount_fen": line.amount_fen,
        "currency": offer.currency,
        "made_to_order": offer.sold_to_order,
    }


class Moments(Protocol):
    """When an order reached what."""

    @property
    def placed_at(self) -> datetime:
        """Placed."""

    @property
    def paid_at(self) -> datetime | None:
        """Paid."""

    @property
    def shipped_at(self) -> datetime | None:
        """Handed to a carrier."""

    @property
    def received_at(self) -> datetime | None:
        """With the buyer."""

    @property
    def completed_at(self) -> datetime | None:
        """Past its days of return."""

    @property
    def cancelled_at(self) -> datetime | None:
        """Given up."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a parcel goes, as it was said at checkout; personal data, encrypted at rest."""

    name: str
    phone: str
    province: str
    city: str
    county: str
    line: str
    note: str = ""

    @property
    def call(self) -> str:
        """The phone as one dials it here."""
        return self.phone.removeprefix("+86")

    @property
    def place(self) -> str:
        """The place in one line, from large to small; a municipality is province and city at once and said once."""
        city = "" if self.city == self.province else self.city
        return f"{self.province}{city}{self.county}{self.line}"

    @property
    def region(self) -> str:
        """The province and the city, which say how far a parcel goes and not to whom."""
        return self.province if self.city == self.province else f"{self.province}{self.city}"

    def answers_to(self, words: str) -> bool:
        """Whether somebody at a desk means this consignee: a part of the name, or the end of the phone's number."""
        tail = "".join(words.split())
        by_phone = tail.isdigit() and len(tail) >= _PHONE_TAIL and self.phone.endswith(tail)
        return by_phone or words in self.name

    def to_json(self) -> str:
        """As it is kept, encrypted, with the order group."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, kept: str) -> Address:
        """As it was kept."""
        return cls(**json.loads(kept))

    def masked(self) -> Address:
        """Enough to recognise one's own, too little to visit or call."""
        hidden = self.name[:1] + "*" * (len(self.name) - 1)
        return Address(hidden, masked_phone(self.phone), self.province, self.city, self.county, "****", "")
