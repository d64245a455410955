"""What may be promised, and what a belt usually does."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from onboarding.licences.credit_code import Fault

MOST_DAYS: Final = 60
RETURNS: Final = ("seven_days", "made_to_order")
_USUAL = Path(__file__).with_name("data") / "usual.toml"


@dataclass(frozen=True, slots=True)
class Terms:
    """Days until the parcel is with the carrier, and whether goods made to order can be sent back without a reason."""

    lead_days: int
    returns: str

    def faults(self) -> dict[str, Fault]:
        """What is wrong with it, by field, as `(code of refusal, params)`."""
        wrong: dict[str, Fault] = {}
        if not 1 <= self.lead_days <= MOST_DAYS:
            wrong["lead_days"] = "field.lead_days", {"most": MOST_DAYS}
        if self.returns not in RETURNS:
            wrong["returns"] = "field.invalid", {}
        return wrong


def usual(belt: str) -> Terms:
    """What factories of a belt (slug) usually promise."""
    kept = _kept()
    return Terms(**kept.get(belt, kept["usual"]))


@cache
def _kept() -> dict[str, Any]:
    return tomllib.loads(_USUAL.read_text(encoding="utf-8"))
