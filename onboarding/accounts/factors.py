"""The second factor of a person as it is kept: does a code fit, and is it used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from kernel.crypto import cipher
from kernel.db import session
from onboarding.accounts.models import RecoveryCode, SecondFactor, SecondFactorStep, WebSession
from onboarding.accounts.people import insert_once
from onboarding.accounts.rules import normalise_code
from onboarding.accounts.second_factor import (
    RECOVERY_CODES,
    fitting_step,
    new_recovery_code,
    read_recovery_code,
)

if TYPE_CHECKING:
    from datetime import datetime


def factor_of(user_id: int | None) -> SecondFactor | None:
    """The authenticator of a person, confirmed or on the way."""
    return session().scalar(select(SecondFactor).where(SecondFactor.user_id == user_id))


def is_asked_of(user_id: int) -> bool:
    """Whether this person gives a second factor when she signs in."""
    factor = factor_of(user_id)
    return factor is not None and factor.confirmed_at is not None


def fits(factor: SecondFactor | None, code: str, *, now: datetime) -> bool:
    """Whether a code of the confirmed authenticator or a recovery code fits, which uses it up."""
    if factor is None or factor.confirmed_at is None:
        return False
    return shows(factor, code, now=now) or _recovers(factor.user_id, code, now)


def shows(factor: SecondFactor, code: str, *, now: datetime) -> bool:
    """Whether the authenticator shows this code now; a step counts once, and none before the last (RFC 6238 §5.2)."""
    step = fitting_step(factor.secret, normalise_code(code), now=now)
    used = select(func.max(SecondFactorStep.step)).where(SecondFactorStep.user_id == factor.user_id)
    if step is None or step <= (session().scalar(used) or 0):
        return False
    return insert_once(SecondFactorStep, {"user_id": factor.user_id, "step": step, "used_at": now})


def renew_recovery_codes(user_id: int) -> list[str]:
    """Ten new codes, to be shown once; the old ones are void."""
    session().execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    for code in codes:
        session().add(RecoveryCode(user_id=user_id, code_fingerprint=_fingerprint(code), used_at=None))
    return codes


def forget(user_id: int) -> bool:
    """Take a person's second factor away, and what was given by it; returns whether there was one."""
    gone = delete(SecondFactor).where(SecondFactor.user_id == user_id).returning(SecondFactor.id)
    had = session().scalar(gone) is not None
    session().execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session().execute(update(WebSession).where(WebSession.user_id == user_id).values(second_factor_at=None))
    return had


def _recovers(user_id: int, code: str, now: datetime) -> bool:
    mine = (RecoveryCode.user_id == user_id) & (RecoveryCode.code_fingerprint == _fingerprint(code))
    used = update(RecoveryCode).where(mine, RecoveryCode.used_at.is_(None)).values(used_at=now)
    return session().scalar(used.returning(RecoveryCode.id)) is not None


def _fingerprint(code: str) -> str:
    return cipher().fingerprint(f"recovery:{read_recovery_code(code)}")
