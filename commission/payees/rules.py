"""What a payout account is, how its number is checked, when a change of it counts. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kernel.text import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.text import Message

COOLING_OFF: Final = timedelta(hours=72)
"""How long a change rests unless a second owner confirms it: whoever stole one owner's phone gets no money."""
STATES: Final = ("new", "active", "replaced", "withdrawn")
OTHER: Final = "other"
BANKS: Final[Mapping[str, Message]] = {
    "icbc": lazy("工商银行"),
    "abc": lazy("农业银行"),
    "boc": lazy("中国银行"),
    "ccb": lazy("建设银行"),
    "bocom": lazy("交通银行"),
    "psbc": lazy("邮储银行"),
    "cmb": lazy("招商银行"),
    "citic": lazy("中信银行"),
    "ceb": lazy("光大银行"),
    "hxb": lazy("华夏银行"),
    "cmbc": lazy("民生银行"),
    "cgb": lazy("广发银行"),
    "pab": lazy("平安银行"),
    "cib": lazy("兴业银行"),
    "spdb": lazy("浦发银行"),
    "czb": lazy("浙商银行"),
    "rcu": lazy("农村信用社、农商银行"),
    OTHER: lazy("其他银行"),
}
_CORPORATE: Final = range(12, 31)
_CARD: Final = range(16, 20)
_GAPS: Final = re.compile(r"[\s\-\u3000]+")
_FULL_WIDTH: Final = {ord("０") + digit: str(digit) for digit in range(10)}
_BRACKETS: Final = str.maketrans({"（": "(", "）": ")"})
_NINE: Final = 9


@dataclass(frozen=True, slots=True)
class Registered:
    """Whom an account may belong to: the registered name, its legal representative, whether one person runs it.

    Neither an individual business nor a firm is who has not said its credit code yet.
    """

    name: str
    representative: str = ""
    is_individual: bool = False
    is_firm: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """An account as its owner writes it down; `bank_name` only with the bank `other`."""

    personal: bool
    holder: str
    bank: str
    number: str
    bank_name: str = ""
    branch: str = ""

    @property
    def digits(self) -> str:
        """The number as it is kept."""
        return digits_of(self.number)


def digits_of(typed: str) -> str:
    """A number without the blanks and hyphens that people put between its digits."""
    return _GAPS.sub("", typed.translate(_FULL_WIDTH))


def number_fault(digits: str, *, personal: bool) -> str:
    """Why this cannot be an account number, as the code of a field error; empty when it can."""
    if not (digits.isascii() and digits.isdigit()):
        return "field.account_digits"
    if len(digits) not in (_CARD if personal else _CORPORATE):
        return "field.card_length" if personal else "field.account_length"
    if personal and not passes_luhn(digits):
        return "field.card_check"
    return ""


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of a card is right (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - _NINE if value > _NINE else value for value in doubled) % 10 == 0


def holder_fits(details: Details, known: Registered) -> bool:
    """Whether the holder is whom the licence names: a firm itself, or of an individual business its owner.

    No reason to refuse: banks write names their own way. It is for the finance desk to look at.
    """
    holder = _plain(details.holder)
    if details.personal:
        return known.is_individual and holder == _plain(known.representative) != ""
    return holder == _plain(known.name) != ""


def usable_from(*, is_first: bool, now: datetime) -> datetime:
    """From when money may go there."""
    return now if is_first else now + COOLING_OFF


def is_settled(since: datetime | None, *, now: datetime) -> bool:
    """Whether who owns a party since then may confirm a change of another: no thief's friend let in for it."""
    return since is not None and since <= now - COOLING_OFF


def was_of_late(until: datetime | None, *, asked: datetime) -> bool:
    """Whether who owned a party until then is told of a change asked for now, and may withdraw it while it waits.

    Else whoever gets rid of an honest owner gets rid of her cooling-off.
    """
    return until is not None and until > asked - COOLING_OFF


def masked(bank: str, bank_name: str, last_four: str) -> str:
    """An account as it is shown to anybody: `工商银行 **** 1234`."""
    return f"{bank_name or BANKS[bank]} **** {last_four}"


def shorthand(bank: str, bank_name: str, last_four: str) -> str:
    """What a payout remembers of its account: `icbc 1234`, or the name of the bank for `other`."""
    return f"{bank_name or bank} {last_four}"


def read_shorthand(sent_to: str) -> tuple[Message | str, str]:
    """The bank and the last four digits of a shorthand."""
    bank, _, last_four = sent_to.rpartition(" ")
    return BANKS.get(bank, bank), last_four


def _plain(name: str) -> str:
    return "".join(name.translate(_BRACKETS).split())
