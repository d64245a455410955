"""Who plays in the demo: somebody to sign in as for every role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kernel.permissions import SYSTEM, Actor, Role
from onboarding.accounts import operations as accounts
from onboarding.accounts.queries import actor_of, user_by_phone

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as."""

    name: str
    phone: str
    page: str
    what: str


LIN = Person("林晓", "13800138001", "/factory-goods", "顾客 shopper")
WEI = Person("魏国强", "13800138002", "/factory", "清河样绒厂主 factory owner")
MEI = Person("梅芳", "13800138003", "/factory/orders", "清河样绒店员 clerk")
TAN = Person("谭敏", "13800138005", "/ops", "运营 operator")
FANG = Person("方静", "13800138007", "/finance", "财务 finance")
HAI = Person("海建业", "13800138012", "/factory", "石狮海样厂主 factory owner")
DAN = Person("单志明", "13800138013", "/factory", "丹阳样镜厂主 factory owner")
PEOPLE = (LIN, WEI, MEI, HAI, DAN, TAN, FANG)


def introduce(now: datetime) -> None:
    """Make everybody known, and the staff staff."""
    for person in PEOPLE:
        accounts.ensure_user(phone=person.phone, name=person.name, actor=SYSTEM, now=now)
    for person, role in ((TAN, Role.OPERATOR), (FANG, Role.FINANCE)):
        accounts.grant_staff_role(
            actor=SYSTEM, phone=person.phone, role=role, scope_kind="channel", scope_value="", now=now
        )


def acting(person: Person) -> Actor:
    """The person as she is now, with the organisations she has joined since."""
    return actor_of(user_by_phone(person.phone))


def logins(public_url: str) -> str:
    """Who can sign in, and where to look, as text for the terminal."""
    rows = [f"  {person.phone}  {person.name}  {person.what:<28} {public_url}{person.page}" for person in PEOPLE]
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
