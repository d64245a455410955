"""What is true of certificates: their kinds, the forms of their numbers, what has to be said, how one moves.

The kinds are those of `data/certificates.toml`; a number is compared in the form that `normalise` gives it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import lazy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kernel.text import Message

NUMBER_CAP: Final = 60
NAME_CAP: Final = 120
SCOPE_CAP: Final = 300
WARNED: Final = timedelta(days=30)
"""So long before a certificate runs out its owner is told."""
PHOTOS: Final = (30, timedelta(hours=1))

CERTIFICATE: Final = Lifecycle(
    name="certificate",
    start="waiting",
    steps={
        ("waiting", "confirm"): Step("confirmed", Permission.OPS_CASES_DECIDE, "certificate.confirmed"),
        ("waiting", "refuse"): Step("refused", Permission.OPS_CASES_DECIDE, "certificate.refused"),
        ("refused", "hand_in"): Step("waiting", Permission.SELLER_ORGANISATION_EDIT, "certificate.handed_in"),
        ("waiting", "withdraw"): Step("withdrawn", Permission.SELLER_PAPERS_EDIT, "certificate.withdrawn"),
        ("withdrawn", "hand_in"): Step("waiting", Permission.SELLER_ORGANISATION_EDIT, "certificate.handed_in"),
        ("confirmed", "revoke"): Step("revoked", Permission.OPS_CASES_DECIDE, "certificate.refused"),
        ("revoked", "hand_in"): Step("waiting", Permission.SELLER_ORGANISATION_EDIT, "certificate.handed_in"),
        ("confirmed", "expire"): Step("expired", Permission.OPS_CASES_DECIDE, "certificate.expired"),
    },
    labels={
        "waiting": "审核中",
        "confirmed": "已核对",
        "refused": "被退回",
        "expired": "已过期",
        "revoked": "已被撤销",
        "withdrawn": "已撤回",
    },
    tones={"waiting": "warn", "confirmed": "good", "refused": "bad", "expired": "bad", "revoked": "bad"},
)
VOID: Final = ("refused", "revoked", "withdrawn")
"""States in which a certificate says nothing of goods."""
NAMES: Final = {
    "ccc": lazy("3C 认证证书"),
    "sc": lazy("食品生产许可证"),
    "food_trade": lazy("食品经营许可或备案"),
    "cosmetics": lazy("化妆品备案或注册"),
    "device": lazy("医疗器械备案或注册"),
    "disinfection": lazy("消毒产品卫生许可证"),
    "brand": lazy("商标注册证或授权书"),
}
_FILE: Final = Path(__file__).parent / "data" / "certificates.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of certificate: its law by language, the forms of its number, what has to be said besides.

    `look_up` is where the state shows whose number it is; empty where there is no one register.
    """

    key: str
    name: Message
    law: Mapping[str, str]
    numbers: Sequence[re.Pattern[str]]
    strict: bool
    checked: bool
    example: str
    needs: frozenset[str]
    look_up: str = ""

    def knows(self, number: str) -> bool:
        """Whether a normalised number is of one of its forms."""
        return any(form.fullmatch(number) for form in self.numbers)


@dataclass(frozen=True, slots=True)
class Told:
    """What an owner says of a certificate; `scope` are the models, or the goods, it covers."""

    kind: str
    number: str
    holder: str
    factory: str
    scope: str
    valid_from: date | None
    valid_until: date | None


def _kinds() -> dict[str, Kind]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        key: Kind(
            key=key,
            name=NAMES[key],
            law=row["law"],
            numbers=[re.compile(form) for form in row["numbers"]],
            strict=row.get("strict", False),
            checked=row.get("checked", False),
            example=row["example"],
            needs=frozenset(row["needs"]),
            look_up=row.get("look_up", ""),
        )
        for key, row in table.items()
    }


KINDS: Final[Mapping[str, Kind]] = _kinds()

Fault = tuple[str, dict[str, str | int]]


def normalise(number: str) -> str:
    """A number as typed or pasted, in the form it is compared in: half-width capitals without spaces and hyphens."""
    return "".join(char for char in unicodedata.normalize("NFKC", number).upper() if char not in " -\u3000\t")


def number_fault(kind: str, number: str) -> Fault | None:
    """Why a normalised number is refused, as `(code, params)`; an unknown form of a kind whose forms vary is not."""
    known = KINDS[kind]
    if not number or len(number) > NUMBER_CAP:
        return "field.certificate.number", {"example": known.example}
    if known.strict and not known.knows(number):
        return "field.certificate.form", {"example": known.example}
    if known.checked and not holds_check(number):
        return "field.certificate.check", {}
    return None


def holds_check(number: str) -> bool:
    """Whether the last digit is that of GB/T 17710 MOD 11,10 over the digits before it, letters left out.

    What has no two digits proves nothing, and does not hold.
    """
    digits = [int(char) for char in number if char.isdecimal() and char.isascii()]
    if len(digits) < 2:  # noqa: PLR2004  a digit and its check
        return False
    product = 10
    for digit in digits[:-1]:
        total = (product + digit) % 10 or 10
        product = total * 2 % 11
    return (product + digits[-1]) % 10 == 1


def faults(told: Told, *, today: date) -> dict[str, Fault]:
    """What is wrong with what an owner says, by field: a number that cannot be, what is missing, what is over."""
    found: dict[str, Fault] = {}
    if wrong := number_fault(told.kind, told.number):
        found["number"] = wrong
    for name in sorted(KINDS[told.kind].needs):
        if not getattr(told, name):
            found[name] = ("field.required", {})
    if told.valid_until and told.valid_until < today:
        found["valid_until"] = ("field.certificate.over", {})
    elif told.valid_until and told.valid_from and told.valid_until < told.valid_from:
        found["valid_until"] = ("field.certificate.period", {})
    return found


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an operator should look at: `code`, how grave (`bad warn info`), and what it is about."""

    code: str
    severity: str
    about: Mapping[str, str]


FINDINGS: Final = {
    "number.form": lazy("编号不是常见的写法，请对照照片。"),
    "holder.differs": lazy("持证人和工厂的核实名称不一样：%(holder)s"),
    "factory.differs": lazy("证书上的生产企业和工厂的核实名称不一样：%(factory)s"),
    "number.elsewhere": lazy("同一个编号也由别家交过：%(others)s"),
    "number.again": lazy("这家工厂还交过同一个编号：%(others)s"),
    "valid.later": lazy("有效期从 %(since)s 才开始，核对通过后也要到那天才能卖要用它的商品"),
    "valid.soon": lazy("30 天内到期：%(until)s"),
    "valid.over": lazy("已经过期：%(until)s"),
}


def findings(
    told: Told, *, factory: str, others: Collection[str], again: Collection[Told] = (), today: date
) -> list[Finding]:
    """What speaks against a certificate of a factory of this verified name; `others` handed in the same number.

    `again` are those of that number that the factory itself handed in besides: a renewal has another end alone.
    """
    found = []
    if not KINDS[told.kind].knows(told.number):
        found.append(Finding("number.form", "warn", {"number": told.number}))
    if _bare(told.holder) != _bare(factory):
        found.append(Finding("holder.differs", "warn", {"holder": told.holder}))
    if told.factory and _bare(told.factory) != _bare(factory):
        found.append(Finding("factory.differs", "bad", {"factory": told.factory}))
    if others:
        found.append(Finding("number.elsewhere", "bad", {"others": "、".join(sorted(others))}))
    if again:
        said = "、".join(f"{one.holder} {one.valid_until.isoformat() if one.valid_until else '-'}" for one in again)
        differs = any(_bare(one.holder) != _bare(told.holder) for one in again)
        found.append(Finding("number.again", "bad" if differs else "warn", {"others": said}))
    return [*found, *_of_days(told, today)]


def _of_days(told: Told, today: date) -> list[Finding]:
    found = []
    if told.valid_from and told.valid_from > today:
        found.append(Finding("valid.later", "bad", {"since": told.valid_from.isoformat()}))
    if told.valid_until and told.valid_until < today:
        found.append(Finding("valid.over", "bad", {"until": told.valid_until.isoformat()}))
    elif told.valid_until and told.valid_until <= today + WARNED:
        found.append(Finding("valid.soon", "info", {"until": told.valid_until.isoformat()}))
    return found


def _bare(name: str) -> str:
    """What counts of a name when two writings of it are compared."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).upper() if char.isalnum())
