"""Who plays in the demo: somebody to sign in as for every role, and those who only buy and sell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from kernel.errors import NotFoundError
from kernel.permissions import SYSTEM, Actor, Role
from onboarding.accounts import operations as accounts
from onboarding.accounts.queries import actor_of, user_by_phone
from storefront.orders.rules import Address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as; `page` is where she starts."""

    name: str
    phone: str
    page: str = "/"
    what: str = ""


@dataclass(frozen=True)
class Shopper(Person):
    """Somebody who buys, and where her parcels go: province, city, county, line."""

    home: tuple[str, str, str, str] = ("", "", "", "")

    @property
    def address(self) -> Address:
        """The address she gives at checkout."""
        return Address(self.name, self.phone, *self.home)


LIN: Final = Shopper(
    "林晓",
    "13800138001",
    "/factory-goods",
    "顾客 shopper",
    ("浙江省", "杭州市", "西湖区", "文三路 1 号 2 幢 301 室"),
)
WEI: Final = Person("魏国强", "13800138002", "/factory", "清河样绒厂主 factory owner")
MEI: Final = Person("梅芳", "13800138003", "/factory/orders", "清河样绒店员 clerk")
TAN: Final = Person("谭敏", "13800138005", "/ops", "运营 operator")
HUA: Final = Person("华军", "13800138006", "/ops/visits", "运营，上门验厂 operator who visits")
FANG: Final = Person("方静", "13800138007", "/finance", "财务 finance")
MIN: Final = Person("王敏", "13800138031", "/assist", "丹阳眼镜协会服务专员 helper")
HAI: Final = Person("海建业", "13800138012", "/factory", "石狮海样厂主 factory owner")
DAN: Final = Person("单志明", "13800138013", "/factory", "丹阳样镜厂主 factory owner")

SHOPPERS: Final = (
    LIN,
    Shopper("周子涵", "13800138051", home=("上海市", "上海市", "徐汇区", "漕溪北路 18 号 1204 室")),
    Shopper("陈思远", "13800138052", home=("广东省", "深圳市", "南山区", "科技园南路 6 号 5 栋 802")),
    Shopper("何婉清", "13800138053", home=("四川省", "成都市", "武侯区", "人民南路四段 9 号 3 单元 1101")),
    Shopper("赵明轩", "13800138054", home=("北京市", "北京市", "朝阳区", "望京西路 50 号 7 号楼 1602")),
    Shopper("孙雨桐", "13800138055", home=("江苏省", "南京市", "鼓楼区", "中山北路 88 号 2 幢 504")),
    Shopper("吴佳怡", "13800138056", home=("湖北省", "武汉市", "洪山区", "珞喻路 152 号 6 栋 901")),
    Shopper("郑浩然", "13800138057", home=("陕西省", "西安市", "雁塔区", "科技路 33 号 1 单元 703")),
    Shopper("冯雪", "13800138058", home=("辽宁省", "大连市", "甘井子区", "华北路 21 号 402")),
    Shopper("许嘉言", "13800138059", home=("福建省", "厦门市", "思明区", "湖滨南路 77 号 12B")),
    Shopper("马晓东", "13800138060", home=("河南省", "郑州市", "金水区", "花园路 39 号 8 号楼 2 单元 601")),
    Shopper("罗依依", "13800138061", home=("湖南省", "长沙市", "岳麓区", "麓山南路 2 号 4 栋 305")),
)
"""Lin first: she buys more often than the others, so that her pages are full."""


_STAFF: Final[tuple[tuple[Person, Role, Literal["channel", "belt"], str, str], ...]] = (
    (TAN, Role.OPERATOR, "channel", "", ""),
    (HUA, Role.OPERATOR, "channel", "", ""),  # who lets a factory in does not visit it
    (FANG, Role.FINANCE, "channel", "", ""),
    (MIN, Role.HELPER, "belt", "danyang-glasses", "丹阳眼镜协会"),
)
"""Who works for the channel, as what, where, and by whom a helper is sent."""


def introduce(people: Iterable[Person], *, now: datetime) -> None:
    """Make those known who are not yet, and the staff staff."""
    for person in people:
        if not _is_known(person):
            accounts.ensure_user(phone=person.phone, name=person.name, actor=SYSTEM, now=now)
    for person, role, kind, place, sent_by in _STAFF:
        if not acting(person).staff:
            accounts.grant_staff_role(
                actor=SYSTEM,
                phone=person.phone,
                role=role,
                scope_kind=kind,
                scope_value=place,
                sent_by=sent_by,
                now=now,
            )


def _is_known(person: Person) -> bool:
    try:
        user_by_phone(person.phone)
    except NotFoundError:
        return False
    return True


def acting(person: Person) -> Actor:
    """The person as she is now, with the organisations she has joined since."""
    return of_phone(person.phone)


def of_phone(phone: str) -> Actor:
    """Whoever has this phone, as she is now."""
    return actor_of(user_by_phone(phone))


def logins(people: Sequence[Person], public_url: str) -> str:
    """Who can sign in, and where to look, as text for the terminal."""
    rows = [f"  {person.phone}  {person.name}  {person.what:<28} {public_url}{person.page}" for person in people]
    return "\n".join(
        [
            "",
            f"源头 Yuantou: {public_url}",
            "",
            "演示账号 demo logins（手机号 + 验证码 phone and one-time code）:",
            *rows,
            "",
            f"验证码在这里 codes arrive here: {public_url}/dev/messages",
            "",
        ],
    )
