"""How an application moves, which names a seller may carry, and what a factory may tell of itself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from kernel.clock import SHANGHAI
from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import clean, lazy
from kernel.workdays import working_day_from
from onboarding.belts.rules import PROVINCES
from onboarding.licences.credit_code import Fault, normalise, region
from onboarding.licences.credit_code import fault as code_fault
from onboarding.verification.text import has_contact, superlative_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

NAME_LENGTHS = range(2, 61)
REASON_LENGTHS = range(2, 501)

KINDS: Final = ("factory", "merchant")
TAKEN: Final = {"factory": "factory.code_taken", "merchant": "merchant.code_taken"}
"""The refusal of a credit code that is another's."""
NAMED: Final = {"factory": "field.factory_name.", "merchant": "field.shop_name."}
"""What the refusals of a name begin with."""
UNNAMED: Final = {"factory": lazy("新工厂"), "merchant": lazy("新店铺")}
"""What a seller is called until it says its name."""

FIRST_YEAR: Final = 1800
MOST_PEOPLE: Final = 1_000_000
CAPACITY_LENGTH: Final = 30
MAKES_LENGTH: Final = 120

PERSON_LENGTH: Final = 60
ADDRESS_LENGTH: Final = 200
SORT_LENGTH: Final = 60
SCOPE_LENGTH: Final = 1000
WAYS: Final = ("both", "direct", "supply")
FIELDS: Final = {
    "licence": lazy("营业执照照片"),
    "uscc": lazy("统一社会信用代码"),
    "name": lazy("名称"),
    "legal_representative": lazy("法定代表人或经营者"),
    "address": lazy("住所或经营场所"),
    "belt": lazy("所属产业带"),
}
"""What an operator may ask to have corrected, by the names of the form's fields."""

_DECIDE, _EDIT = Permission.OPS_CASES_DECIDE, Permission.SELLER_PAPERS_EDIT
_LEAVE = Step("closed", Permission.SYSTEM_WORK_RUN, "factory.closed")
JOINED: Final = ("approved", "suspended", "closed")
"""How far the application is of a seller that was let in once."""
APPLICATION = Lifecycle(
    name="factory",
    start="draft",
    steps={
        ("draft", "hand_in"): Step("submitted", _EDIT, "factory.applied"),
        ("submitted", "take"): Step("in_review", _DECIDE),
        ("submitted", "approve"): Step("approved", _DECIDE, "factory.approved"),
        ("submitted", "refuse"): Step("refused", _DECIDE, "factory.refused"),
        ("submitted", "ask"): Step("correction", _DECIDE, "factory.sent_back"),
        ("in_review", "approve"): Step("approved", _DECIDE, "factory.approved"),
        ("in_review", "refuse"): Step("refused", _DECIDE, "factory.refused"),
        ("in_review", "ask"): Step("correction", _DECIDE, "factory.sent_back"),
        ("correction", "hand_in"): Step("submitted", _EDIT, "factory.applied"),
        ("refused", "hand_in"): Step("submitted", _EDIT, "factory.applied"),
        ("approved", "suspend"): Step("suspended", _DECIDE, "factory.suspended"),
        ("suspended", "reinstate"): Step("approved", _DECIDE, "factory.approved"),
        ("suspended", "close"): Step("closed", _DECIDE, "factory.closed"),
        # Whoever announced that she leaves is closed by the clock, once nothing is open.
        ("approved", "leave"): _LEAVE,
        ("suspended", "leave"): _LEAVE,
        # An appeal that is granted takes the decision back.
        ("refused", "grant_appeal"): Step("approved", _DECIDE, "factory.approved"),
        ("suspended", "grant_appeal"): Step("approved", _DECIDE, "factory.approved"),
        # Whoever held a credit code that turns out to be another's gives it up.
        ("submitted", "give_up"): Step("refused", _DECIDE, "factory.refused"),
        ("in_review", "give_up"): Step("refused", _DECIDE, "factory.refused"),
        ("correction", "give_up"): Step("refused", _DECIDE, "factory.refused"),
        ("approved", "give_up"): Step("suspended", _DECIDE, "factory.suspended"),
        ("suspended", "give_up"): Step("suspended", _DECIDE, "factory.suspended"),
    },
    labels={
        "draft": "填写中",
        "submitted": "等待审核",
        "in_review": "审核中",
        "correction": "待补正",
        "approved": "已通过",
        "refused": "未通过",
        "suspended": "已暂停",
        "closed": "已关闭",
    },
    tones={
        "draft": "go",
        "submitted": "warn",
        "in_review": "warn",
        "correction": "bad",
        "approved": "good",
        "refused": "bad",
        "suspended": "bad",
    },
)
TAKEN_BACK: Final = lazy("经核对执照，您填写的统一社会信用代码属于另一家企业。如有异议，请登录后申诉。")
"""What the holder of a code that was another's is told; never who that is."""
MERCHANT_APPLICATION: Final = replace(
    APPLICATION,
    name="merchant",
    steps={
        edge: replace(step, fact=step.fact.replace("factory.", "merchant.")) for edge, step in APPLICATION.steps.items()
    }
    # A licence that was read without a doubt speaks for itself, unless an operator has looked at this shop before.
    | {("submitted", "open"): Step("approved", Permission.SYSTEM_WORK_RUN, "merchant.approved")},
)
LIFECYCLES: Final = {"factory": APPLICATION, "merchant": MERCHANT_APPLICATION}
"""By the kind of seller: a merchant goes the way of a factory, and may be let in at once."""

REASONED: Final = ("correction", "refused", "suspended", "closed")
"""States that somebody gave a reason for."""
HOLDING: Final = ("submitted", "in_review", "correction", "approved", "suspended")
"""States in which an application keeps its credit code from others."""
SANCTIONED: Final = ("refused", "suspended", "closed")
"""States after which whoever comes again is looked at by somebody, a shop that its owner closed herself included."""
WAITING: Final = ("submitted", "in_review")
"""States in which an operator is to decide."""

LEFT: Final = lazy("自己申请关店，公示期满，已全部办结")
"""Why a factory is closed that leaves."""

WITHOUT_CODE: Final = ("draft", "suspended", "closed")
"""States in which an application may have no credit code: not said yet, or given up to its rightful owner."""

_WORKING_DAY_ENDS: Final = time(18)

# Registered names are written in standard Chinese characters (企业名称登记管理规定); Latin letters, digits and a
# few signs occur in brands. Nothing else may come in, so no Greek or Cyrillic letter can pass for a Latin one.
_SIGN = re.compile(r"[A-Za-z0-9 ()（）·&.'\-]")
_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a factory tells of itself; nothing of it must be told. `capacity` is what it makes in a month, in words."""

    founded: int | None = None
    people: int | None = None
    capacity: str = ""
    makes: str = ""

    def cleaned(self) -> Told:
        """The same in one spelling."""
        return Told(**{**asdict(self), "capacity": clean(self.capacity), "makes": clean(self.makes)})

    def faults(self, *, year: int) -> dict[str, Fault]:
        """What is wrong with it in this year, by field, as `(code of refusal, params)`."""
        wrong: dict[str, Fault | None] = {
            "founded": _outside("field.founded", self.founded, FIRST_YEAR, year),
            "people": _outside("field.people", self.people, 1, MOST_PEOPLE),
            "capacity": words_fault(self.capacity, CAPACITY_LENGTH),
            "makes": words_fault(self.makes, MAKES_LENGTH),
        }
        return {field: fault for field, fault in wrong.items() if fault is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What a licence says besides the name and the code, as its owner confirmed it; none of it must be there."""

    legal_representative: str = ""
    address: str = ""
    sort: str = ""
    established_on: date | None = None
    expires_on: date | None = None
    scope: str = ""

    def cleaned(self) -> Papers:
        """The same in one spelling."""
        return replace(
            self,
            legal_representative=clean(self.legal_representative),
            address=organisation_name(self.address),
            sort=clean(self.sort),
            scope=clean(self.scope)[:SCOPE_LENGTH],
        )

    def faults(self) -> dict[str, Fault]:
        """What is wrong with it, by field, as `(code of refusal, params)`."""
        caps = {"legal_representative": PERSON_LENGTH, "address": ADDRESS_LENGTH, "sort": SORT_LENGTH}
        return {
            field: ("field.words_length", {"most": most})
            for field, most in caps.items()
            if len(getattr(self, field)) > most
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that a seller hands in: `belt` is a slug, `ways` one of `WAYS`, `agreement` the version it accepts.

    A merchant is of no belt, and nobody asks how she sells.
    """

    kind: str = "factory"
    name: str = ""
    uscc: str = ""
    belt: str = ""
    ways: str = ""
    agreement: str = ""
    papers: Papers = Papers()

    def cleaned(self) -> Said:
        """The same in one spelling; a way of selling that there is none of is none."""
        is_factory = self.kind == "factory"
        return replace(
            self,
            name=organisation_name(self.name),
            uscc=normalise(self.uscc),
            belt=self.belt if is_factory else "",
            ways=self.ways if is_factory and self.ways in WAYS else "",
            papers=self.papers.cleaned(),
        )

    def faults(self) -> dict[str, Fault]:
        """What is wrong with it or missing, by field; whether there is such a belt is for the caller to know."""
        wrong: dict[str, Fault | None] = {
            "name": name_fault(self.name, NAMED[self.kind]),
            "uscc": code_fault(self.uscc),
            "ways": ("field.ways", {}) if self.kind == "factory" and not self.ways else None,
            "agreement": None if self.agreement else ("field.agreement", {}),
        }
        return {field: fault for field, fault in wrong.items() if fault is not None} | self.papers.faults()

    def unmended(self, asked: Sequence[str], before: Mapping[str, object]) -> dict[str, Fault]:
        """Of the fields that were asked for those still as `before`; a photo that was asked for is always one."""
        told = {"name": self.name, "uscc": self.uscc, "belt": self.belt, **asdict(self.papers)}
        same = [field for field in asked if field == "licence" or told[field] == before[field]]
        return {field: ("field.photo_unmended" if field == "licence" else "field.unmended", {}) for field in same}


def promised_by(handed_in: datetime) -> datetime:
    """By when an application is looked at: the end of the next working day in Shanghai."""
    day = working_day_from(handed_in.astimezone(SHANGHAI).date() + timedelta(days=1))
    return datetime.combine(day, _WORKING_DAY_ENDS, SHANGHAI)


def organisation_name(text: str) -> str:
    """A name in its one spelling: NFC, no marks that cannot be seen, full-width letters and digits made half-width."""
    return clean("".join(_half_width(char) for char in text))


def name_fault(name: str, code: str = NAMED["factory"]) -> Fault | None:
    """What is wrong with a cleaned name, as `(code of refusal, params)`; `code` is what the refusals begin with."""
    if len(name) not in NAME_LENGTHS:
        return f"{code}length", {"least": NAME_LENGTHS.start, "most": NAME_LENGTHS.stop - 1}
    strange = next((char for char in name if not _SIGN.match(char) and not _HAN.match(char)), None)
    if strange is not None:
        return f"{code}sign", {"sign": strange}
    if not any(char.isalpha() for char in name):
        return f"{code}words", {}
    return None


def reason_fault(reason: str) -> Fault | None:
    """What is wrong with the reason of a refusal, as `(code of refusal, params)`."""
    if len(reason) in REASON_LENGTHS:
        return None
    return "field.reason", {"least": REASON_LENGTHS.start, "most": REASON_LENGTHS.stop - 1}


def words_fault(words: str, most: int) -> Fault | None:
    """What is wrong with a cleaned line that shoppers read, `most` characters at most."""
    if len(words) > most:
        return "field.words_length", {"most": most}
    if has_contact(words):
        return "field.words_contact", {}
    if said := superlative_in(words):
        return "field.words_superlative", {"word": said}
    return None


def province_of(uscc: str) -> str:
    """The province in which a code was given out; empty for codes of the state itself."""
    return PROVINCES.get(region(uscc)[:2], "")


def _outside(code: str, number: int | None, least: int, most: int) -> Fault | None:
    return None if number is None or least <= number <= most else (code, {"least": least, "most": most})


def _half_width(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if "\uff01" <= char <= "\uff5e" and folded.isalnum() else char
