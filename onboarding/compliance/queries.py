"""What can be asked about agreements: their versions, the one in force, what an organisation accepted."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.compliance.models import AgreementAcceptance
from onboarding.compliance.rules import KINDS, LANGUAGES, Agreement, agreement, in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ScalarSelect

TEXTS = Path(__file__).parent / "data" / "agreements"


@cache
def versions(kind: str) -> Sequence[Agreement]:
    """Every version of a kind, oldest first, those to come included; NotFoundError."""
    if kind not in KINDS:
        raise NotFoundError
    names = sorted({path.name.partition(".")[0] for path in (TEXTS / kind).glob("*.txt")})
    return tuple(agreement(kind, name, {tongue: _source(kind, name, tongue) for tongue in LANGUAGES}) for name in names)


def current(kind: str, on: date) -> Agreement:
    """The version of a kind in force on a business day; NotFoundError."""
    return in_force(versions(kind), on)


def version_of(kind: str, version: str) -> Agreement:
    """One version, whether past, in force or to come; NotFoundError."""
    found = next((one for one in versions(kind) if one.version == version), None)
    if found is None:
        raise NotFoundError
    return found


def accepted(organisation_id: int, kind: str) -> str | None:
    """The newest version of a kind that an organisation accepted."""
    return session().scalar(select(newest_accepted(organisation_id, kind)))


def newest_accepted(organisation_id: int, kind: str) -> ScalarSelect[str | None]:
    """The same as a column of another statement."""
    return (
        select(func.max(AgreementAcceptance.version))
        .where(AgreementAcceptance.organisation_id == organisation_id, AgreementAcceptance.kind == kind)
        .scalar_subquery()
    )


def _source(kind: str, version: str, language: str) -> str:
    return (TEXTS / kind / f"{version}.{language}.txt").read_text(encoding="utf-8")
