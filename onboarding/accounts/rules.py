"""Phones, codes and sessions: how a number is read, how long and how often something may be tried."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from kernel.errors import InvalidInputError
from kernel.text import clean

if TYPE_CHECKING:
    from datetime import datetime

CODE_LIFE = timedelta(minutes=10)  # ASVS 6.5.5
CODE_TRIES = 5
SESSION_LIFE = timedelta(days=30)
NAME_LENGTH = 60
WORKPLACES = {"factory": "/factory", "merchant": "/merchant"}

_HOME = "CN"
_CAN_READ_TEXTS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_HALF_MINUTE, _HOUR = timedelta(seconds=30), timedelta(hours=1)

Limit = tuple[str, int, timedelta]


def normalise_phone(text: str) -> str:
    """E.164 of a mobile number as people write it (mainland unless `+…`); InvalidInputError on `phone` otherwise."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", clean(text)), _HOME)
    except phonenumbers.NumberParseException:
        number = None
    if (
        number is None
        or number.extension
        or not phonenumbers.is_valid_number(number)
        or phonenumbers.number_type(number) not in _CAN_READ_TEXTS
    ):
        raise InvalidInputError({"phone": ("field.phone", {})})
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def normalise_code(text: str) -> str:
    """The digits of a code as typed: full-width digits and spaces are forgiven."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def person_name(text: str) -> str:
    """A person's name as shown to others; InvalidInputError on `name` when empty or too long."""
    name = clean(text)
    if not 1 <= len(name) <= NAME_LENGTH:
        raise InvalidInputError({"name": ("field.person_name", {"most": NAME_LENGTH})})
    return name


def code_limits(*, phone: str, address: str, scale: int) -> list[Limit]:
    """How often codes are sent: to a phone (given as its fingerprint), from an address, by the whole channel."""
    return [
        (f"code:again:{phone}", scale, _HALF_MINUTE),
        (f"code:phone:{phone}", 5 * scale, _HOUR),
        (f"code:address:{address}", 30 * scale, _HOUR),
        ("code:channel", 1000 * scale, timedelta(minutes=5)),
    ]


def seconds_to_wait(*, sent: int, now: datetime) -> int:
    """How many seconds after a code was sent (Unix time) the next may be asked for; 0 when it may."""
    return max(0, sent + int(_HALF_MINUTE.total_seconds()) - int(now.timestamp()))


def sign_in_limits(*, address: str, scale: int) -> list[Limit]:
    """How often an address may try a code; each code has its own limit of tries besides."""
    return [(f"sign-in:address:{address}", 60 * scale, _HOUR)]
