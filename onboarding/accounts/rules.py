"""Who is reached where, codes and sessions: how an address is read, how long and how often something may be tried."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from kernel.errors import InvalidInputError
from kernel.permissions import Role
from kernel.text import clean, masked_recipient

if TYPE_CHECKING:
    from datetime import datetime

Purpose = Literal["sign_in", "bind", "confirm", "consent", "agree"]
"""What a code is good for: coming in, a further address of one's own, proving again who one is; and told to a helper,
letting her help or agreeing to what she hands in."""

CODE_LIFE = timedelta(minutes=10)  # ASVS 6.5.5
CODE_TRIES = 5
SESSION_LIFE = timedelta(days=30)
HALF_WAY = timedelta(minutes=10)  # between the first factor and the second
PROOF_LIFE = timedelta(minutes=15)  # how long a proof of oneself is fresh (ASVS 7.5.1)
INVITATION_LIFE = timedelta(days=7)
HANDOFF_LIFE = timedelta(minutes=2)
HANDOFF_TRIES = 3  # at the number on the other screen
GRANT_LIFE = timedelta(days=30)  # how long a helper helps before she is asked for anew
NAME_LENGTH = 60
RECIPIENT_LENGTH = 254  # RFC 5321, the longest address that mail can travel to
WORKPLACES = {"factory": "/factory", "merchant": "/merchant"}
DESKS = {Role.OPERATOR: "/ops", Role.FINANCE: "/finance", Role.HELPER: "/assist"}
"""Where people of an organisation work, by its kind, and those of the staff, by their role."""

_HOME = "CN"
_CAN_READ_TEXTS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_HALF_MINUTE, _MINUTES, _HOUR, _DAY = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(1))
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LOCAL_LENGTH = 64
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")

Limit = tuple[str, int, timedelta]

_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a text reaches a person: a phone in E.164 by `sms`, an e-mail by `mail`."""

    channel: Literal["sms", "mail"]
    address: str

    @property
    def masked(self) -> str:
        """Enough to recognise one's own, too little to use it."""
        return masked_recipient(self.address)


def read_recipient(text: str) -> Recipient:
    """A phone or an e-mail as people write it; InvalidInputError on `recipient` when it is neither."""
    try:
        if "@" in unicodedata.normalize("NFKC", text):
            return Recipient("mail", normalise_email(text))
        return Recipient("sms", normalise_phone(text))
    except InvalidInputError as error:
        code = "field.email" if "email" in error.fields else "field.recipient"
        raise InvalidInputError({"recipient": (code, {})}) from error


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


def normalise_email(text: str) -> str:
    """An e-mail in lower case with an ASCII domain (IDNA); InvalidInputError on `email` for all but a bare address.

    Providers that tell `Wei@` from `wei@` are gone; two accounts for the two spellings would be a trap.
    """
    local, _at, domain = unicodedata.normalize("NFKC", clean(text)).lower().rpartition("@")
    try:
        labels = domain.encode("idna").decode("ascii").lower().split(".")
    except UnicodeError:
        labels = []
    address = f"{local}@{'.'.join(labels)}"
    if (
        len(labels) < 2  # noqa: PLR2004  a name and a country or the like
        or labels[-1].isdigit()
        or not all(_LABEL.fullmatch(label) for label in labels)
        or not _LOCAL.fullmatch(local)
        or len(local) > _LOCAL_LENGTH
        or len(address) > RECIPIENT_LENGTH
    ):
        raise InvalidInputError({"email": ("field.email", {})})
    return address


def normalise_code(text: str) -> str:
    """The digits of a code as typed: full-width digits and spaces are forgiven."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def person_name(text: str) -> str:
    """A person's name as shown to others; InvalidInputError on `name` when empty or too long."""
    name = clean(text)
    if not 1 <= len(name) <= NAME_LENGTH:
        raise InvalidInputError({"name": ("field.person_name", {"most": NAME_LENGTH})})
    return name


def code_limits(*, recipient: str, address: str, scale: int) -> list[Limit]:
    """How often codes are sent: to a recipient (given as its fingerprint), from an address, by the whole channel.

    A code dies after five tries, so twenty codes are a hundred guesses a day at a recipient, from however many
    addresses they come.
    """
    return [
        (f"code:again:{recipient}", scale, _HALF_MINUTE),
        (f"code:recipient:{recipient}", 5 * scale, _HOUR),
        (f"code:day:{recipient}", 20 * scale, _DAY),
        (f"code:address:{address}", 30 * scale, _HOUR),
        ("code:channel", 1000 * scale, _MINUTES),
    ]


def seconds_to_wait(*, sent: int, now: datetime) -> int:
    """How many seconds after a code was sent (Unix time) the next may be asked for; 0 when it may."""
    return max(0, sent + int(_HALF_MINUTE.total_seconds()) - int(now.timestamp()))


def sign_in_limits(*, address: str, scale: int) -> list[Limit]:
    """How often codes are tried: from an address, by all; each code has its own limit of tries besides."""
    return [(f"sign-in:address:{address}", 60 * scale, _HOUR), ("sign-in:channel", 1000 * scale, _MINUTES)]


def password_limits(*, recipient: str, address: str, scale: int) -> list[Limit]:
    """How often passwords are tried: at a recipient (its fingerprint), from an address, by all; a code still works."""
    return [
        (f"password:recipient:{recipient}", 10 * scale, _MINUTES),
        (f"password:day:{recipient}", 50 * scale, _DAY),
        (f"password:address:{address}", 30 * scale, _HOUR),
        ("password:channel", 1000 * scale, _MINUTES),
    ]


def second_factor_limits(*, person: str, address: str, scale: int) -> list[Limit]:
    """How often second factors are tried: by a person (public id) and from an address; the numbers are PyPI's."""
    return [
        (f"second:again:{person}", 5 * scale, _MINUTES),
        (f"second:person:{person}", 20 * scale, _HOUR),
        (f"second:day:{person}", 50 * scale, _DAY),
        (f"second:address:{address}", 50 * scale, _HOUR),
    ]


def handoff_limits(*, address: str, scale: int) -> list[Limit]:
    """How often an address asks to be signed in by a phone, and all do."""
    return [(f"handoff:address:{address}", 30 * scale, _HOUR), ("handoff:channel", 1000 * scale, _MINUTES)]


def approval_limits(*, person: str, scale: int) -> list[Limit]:
    """How often a person (public id) tries to approve another device."""
    return [(f"handoff:person:{person}", 20 * scale, _HOUR)]


def device_words(agent: str) -> str:
    """What a browser calls itself, in two names: `Windows · Edge`; an unknown one is empty. It decides nothing."""
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    return " · ".join(word for word in (system, browser) if word)


def help_limits(*, helper: str, scale: int) -> list[Limit]:
    """How many owners a helper (public id) asks for their consent."""
    return [(f"help:hour:{helper}", 20 * scale, _HOUR), (f"help:day:{helper}", 100 * scale, _DAY)]


def invitation_limits(*, organisation: str, scale: int) -> list[Limit]:
    """How many people an organisation (public id) invites."""
    return [
        (f"invitation:hour:{organisation}", 20 * scale, _HOUR),
        (f"invitation:day:{organisation}", 50 * scale, _DAY),
    ]
