"""One-time codes: made for a recipient and a purpose, used up by the try that fits."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import case, select, update

from kernel.crypto import cipher
from kernel.db import session
from onboarding.accounts.models import OneTimeCode, recipient_fingerprint
from onboarding.accounts.rules import CODE_LIFE, CODE_TRIES, normalise_code

if TYPE_CHECKING:
    from datetime import datetime

    from onboarding.accounts.rules import Purpose, Recipient

_NOTHING = "0" * 64


def issue(recipient: Recipient, purpose: Purpose, *, now: datetime, matter: str = "") -> str:
    """A six-digit code; it alone counts for this recipient and purpose from now on, and for this matter only."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    session().add(
        OneTimeCode(
            recipient_fingerprint=recipient_fingerprint(recipient),
            purpose=purpose,
            code_fingerprint=_fingerprint(recipient, purpose, matter, code),
            tries=0,
            created_at=now,
            expires_at=now + CODE_LIFE,
            used_at=None,
        ),
    )
    return code


def redeem(recipient: Recipient, purpose: Purpose, code: str, *, now: datetime, matter: str = "") -> bool:
    """Count a try on the newest code, and use it up when it fits; the UPDATE serialises rival tries.

    One statement, whether there is a code, whether it fits, is spent, was for another matter, or never was.
    """
    tried = _fingerprint(recipient, purpose, matter, normalise_code(code))
    issued = OneTimeCode.recipient_fingerprint == recipient_fingerprint(recipient)
    newest = (
        select(OneTimeCode.id)
        .where(issued, OneTimeCode.purpose == purpose)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    is_open = (OneTimeCode.tries < CODE_TRIES) & OneTimeCode.used_at.is_(None) & (OneTimeCode.expires_at > now)
    used = case((OneTimeCode.code_fingerprint == tried, now), else_=OneTimeCode.used_at)
    counted = (
        update(OneTimeCode)
        .where(OneTimeCode.id == newest, is_open)
        .values(tries=OneTimeCode.tries + 1, used_at=used)
        .returning(OneTimeCode.code_fingerprint)
    )
    kept = session().scalar(counted, execution_options={"synchronize_session": False})
    return hmac.compare_digest(kept or _NOTHING, tried)


def _fingerprint(recipient: Recipient, purpose: Purpose, matter: str, code: str) -> str:
    """Keyed, so that what it is compared with tells nothing about a code by the time that takes."""
    about = f"{purpose}:{matter}" if matter else purpose
    return cipher().fingerprint(f"code:{about}:{recipient.address}:{code}")
