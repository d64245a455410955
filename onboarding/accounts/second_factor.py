"""The second factor as a rule: time-based codes (RFC 6238), their secret as a picture, recovery codes."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import segno

if TYPE_CHECKING:
    from datetime import datetime

RECOVERY_CODES = 10
STEPS_KEPT = timedelta(minutes=10)  # no code is looked at longer

_STEP = 30  # seconds
_DRIFT = 1  # steps that a phone's clock may be early or late
_DIGITS = 6
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
_RECOVERY_LENGTH = 10  # 49 bits (ASVS 6.5.4 asks for 20)


def new_secret() -> str:
    """160 bits in base 32, as an authenticator takes them."""
    return pyotp.random_base32()


def fitting_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The step of time that a code belongs to, the newest first; None when it fits none that counts now."""
    this, found = int(now.timestamp()) // _STEP, None
    totp = pyotp.TOTP(secret, digits=_DIGITS, interval=_STEP)
    for step in range(this - _DRIFT, this + _DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def code_at(secret: str, *, now: datetime) -> str:
    """What an authenticator shows at a moment; for demos and tests."""
    return pyotp.TOTP(secret, digits=_DIGITS, interval=_STEP).generate_otp(int(now.timestamp()) // _STEP)


def picture(secret: str, *, account: str, issuer: str) -> str:
    """The secret as a QR code that an authenticator reads: inline SVG in the colours of the page."""
    address = pyotp.TOTP(secret, digits=_DIGITS, interval=_STEP).provisioning_uri(name=account, issuer_name=issuer)
    return segno.make(address, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True)


def in_fours(secret: str) -> str:
    """The secret to type: groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def new_recovery_code() -> str:
    """A code for whoever lost her phone: `k7m2p-9qx4z`."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LENGTH))
    return f"{drawn[:5]}-{drawn[5:]}"


def read_recovery_code(text: str) -> str:
    """A recovery code as it is kept: without the dash and spaces, in lower case."""
    return "".join(sign for sign in text.lower() if sign.isalnum())
