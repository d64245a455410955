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
STATES: Final = ("new", "active", "replaced", "withdrawn", "ended")
"""An account is `ended` with the party that it is of: a draft that was thrown away before any money came."""
COUNTED: Final = ("active", "replaced", "ended")
"""States of an account that money went to, or could have."""
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
ALIKE: Final = (("（", "("), ("）", ")"), (" ", ""))
"""What makes one spelling of a name, as banks write names their own way."""
_NINE: Final = 9


@dataclass(frozen=True, slots=True)
class Registered:
    """Whom a party's account may belong to: its registered name, its legal representative, whether one person runs it.

    Neither an individual business nor a firm is who has not said its credit code yet, or gave it up.
    """

    name: str
    representative: str = ""
    is_individual: bool = False
    is_firm: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Until when somebody owned a party, who parted with her then (public id; nothing when nobody knows).

    `asker_since` and `parter_since` are since when whoever asks for a change, and who parted with her, own the party,
    if they do. Who left by herself was parted with by an owner of long standing.
    """

    until: datetime
    parted_by: str
    asker_since: datetime | None
    parter_since: datetime | None = None


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


def usable_from(*, is_first: bool, now: datetime) -> datetime:
    """From when money may go there."""
    return now if is_first else now + COOLING_OFF


def is_settled(since: datetime | None, *, now: datetime) -> bool:
    """Whether who owns a party since then may confirm a change of another: no thief's friend let in for it."""
    return since is not None and since <= now - COOLING_OFF


def may_object(left: Left | None, *, asked_by: str, asked: datetime) -> bool:
    """Whether who left is told of a change, and may withdraw it while it waits: else a thief gets rid of her first.

    She may when it was asked for before she left or within 72 hours after it, so that she stops nobody for ever. She
    may not when whoever asks owned the party with her for 72 hours and more, and so did who parted with her, who is
    another: two such owners put a change into force at once anyway, so no thief gains by it, and those who stay work on
    in peace. A friend whom a thief let in to part with her is none.
    """
    if left is None or left.until <= asked - COOLING_OFF:
        return False
    if asked_by == left.parted_by or not left.parted_by:
        return True
    return not all(is_settled(since, now=left.until) for since in (left.asker_since, left.parter_since))


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
