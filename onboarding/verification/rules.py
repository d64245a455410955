"""How an application moves, which names a factory may carry, and what it may tell of itself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Final

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import clean
from onboarding.belts.rules import PROVINCES
from onboarding.licences.credit_code import Fault, region
from onboarding.verification.text import has_contact, superlative_in

NAME_LENGTHS = range(2, 61)
REASON_LENGTHS = range(2, 501)
FACTORY_NAME, SHOP_NAME = "field.factory_name.", "field.shop_name."

FIRST_YEAR: Final = 1800
MOST_PEOPLE: Final = 1_000_000
CAPACITY_LENGTH: Final = 30
MAKES_LENGTH: Final = 120

APPLICATION = Lifecycle(
    name="factory",
    start="submitted",
    steps={
        ("submitted", "approve"): Step("approved", Permission.OPS_CASES_DECIDE, "factory.approved"),
        ("submitted", "refuse"): Step("refused", Permission.OPS_CASES_DECIDE, "factory.refused"),
        ("refused", "correct"): Step("submitted", Permission.SELLER_ORGANISATION_EDIT, "factory.applied"),
    },
    labels={"submitted": "审核中", "approved": "已通过", "refused": "未通过"},
    tones={"submitted": "warn", "approved": "good", "refused": "bad"},
)

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
            "capacity": _words_fault(self.capacity, CAPACITY_LENGTH),
            "makes": _words_fault(self.makes, MAKES_LENGTH),
        }
        return {field: fault for field, fault in wrong.items() if fault is not None}


def organisation_name(text: str) -> str:
    """A name in its one spelling: NFC, no marks that cannot be seen, full-width letters and digits made half-width."""
    return clean("".join(_half_width(char) for char in text))


def name_fault(name: str, code: str = FACTORY_NAME) -> Fault | None:
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


def province_of(uscc: str) -> str:
    """The province in which a code was given out; empty for codes of the state itself."""
    return PROVINCES.get(region(uscc)[:2], "")


def _outside(code: str, number: int | None, least: int, most: int) -> Fault | None:
    return None if number is None or least <= number <= most else (code, {"least": least, "most": most})


def _words_fault(words: str, most: int) -> Fault | None:
    if len(words) > most:
        return "field.words_length", {"most": most}
    if has_contact(words):
        return "field.words_contact", {}
    if said := superlative_in(words):
        return "field.words_superlative", {"word": said}
    return None


def _half_width(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if "\uff01" <= char <= "\uff5e" and folded.isalnum() else char
