"""How an application moves, and which names a factory may carry."""

from __future__ import annotations

import re
import unicodedata

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import clean
from onboarding.belts.rules import PROVINCES
from onboarding.verification.credit_code import Fault, region

NAME_LENGTHS = range(2, 61)
REASON_LENGTHS = range(2, 501)
FACTORY_NAME, SHOP_NAME = "field.factory_name.", "field.shop_name."

APPLICATION = Lifecycle(
    name="factory",
    start="submitted",
    steps={
        ("submitted", "approve"): Step("approved", Permission.OPS_CASES_DECIDE, "factory.approved"),
        ("submitted", "refuse"): Step("refused", Permission.OPS_CASES_DECIDE, "factory.refused"),
        ("refused", "correct"): Step("submitted", Permission.SELLER_ORGANISATION_EDIT, "factory.applied"),
    },
    labels={"submitted": "审核中", "approved": "已通过", "refused": "未通过"},
)

# Registered names are written in standard Chinese characters (企业名称登记管理规定); Latin letters, digits and a
# few signs occur in brands. Nothing else may come in, so no Greek or Cyrillic letter can pass for a Latin one.
_SIGN = re.compile(r"[A-Za-z0-9 ()（）·&.'\-]")
_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")


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


def _half_width(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if "\uff01" <= char <= "\uff5e" and folded.isalnum() else char
