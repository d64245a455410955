"""What is true of orders: their life, how long one may wait, their numbers, what an address holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from kernel.clock import start_of
from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import masked_phone

_BUY, _SHIP, _SYSTEM = Permission.ORDER_OWN_BUY, Permission.FACTORY_ORDERS_SHIP, Permission.SYSTEM_WORK_RUN

ORDER: Final = Lifecycle(
    name="order",
    start="placed",
    steps={
        ("placed", "pay"): Step("paid", _BUY, "order.paid"),
        ("placed", "cancel"): Step("cancelled", _BUY, "order.cancelled"),
        ("paid", "pack"): Step("packed", _SHIP),
        ("paid", "ship"): Step("shipped", _SHIP, "order.shipped"),
        ("packed", "ship"): Step("shipped", _SHIP, "order.shipped"),
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
)
PAY_WITHIN: Final = timedelta(minutes=30)
HOLD_FOR: Final = timedelta(minutes=45)  # stock outlasts the time to pay, so that a late answer still finds it
RECEIVED_BY_ITSELF_AFTER: Final = timedelta(days=10)
COMPLETE_AFTER: Final = timedelta(days=8)  # the seven days of return and the day after, as money is released
CONSIGNEE_SHOWN: Final = frozenset({"paid", "packed"})
PROVINCES: Final = (
    "北京市 天津市 河北省 山西省 内蒙古自治区 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省 福建省 江西省 山东省 "
    "河南省 湖北省 湖南省 广东省 广西壮族自治区 海南省 重庆市 四川省 贵州省 云南省 西藏自治区 陕西省 甘肃省 青海省 "
    "宁夏回族自治区 新疆维吾尔自治区"
).split()
"""Where parcels go (GB/T 2260, mainland)."""

_FIRST_NUMBER = 1_000


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
    def place(self) -> str:
        """The place in one line, from large to small."""
        return f"{self.province}{self.city}{self.county}{self.line}"

    def masked(self) -> Address:
        """Enough to recognise one's own, too little to visit or call."""
        hidden = self.name[:1] + "*" * (len(self.name) - 1)
        return Address(hidden, masked_phone(self.phone), self.province, self.city, self.county, "****", "")
