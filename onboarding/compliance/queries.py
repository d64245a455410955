"""What can be asked about agreements: their versions, the one in force, what an organisation accepted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.consents import sent_by_at
from onboarding.accounts.queries import people
from onboarding.compliance.models import AgreementAcceptance
from onboarding.compliance.rules import KINDS, LANGUAGES, Agreement, agreement, in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ScalarSelect

TEXTS = Path(__file__).parent / "data" / "agreements"


@dataclass(frozen=True, slots=True)
class Accepted:
    """That a version was accepted: by whom, and through which helper if she was not there herself, with her sender."""

    version: str
    at: datetime
    owner: str
    through: str | None
    sent_by: str | None


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


def acceptances_of(organisation_id: int) -> list[Accepted]:
    """Every version of an agreement that an organisation accepted, the newest first, and who took the owner's word."""
    owners, helpers, one = people("owners"), people("helpers"), AgreementAcceptance
    query = (
        select(one.version, one.accepted_at, owners.c.name, helpers.c.name)
        .add_columns(sent_by_at(one.through_id, one.organisation_id, one.accepted_at))
        .join(owners, owners.c.id == one.user_id)
        .outerjoin(helpers, helpers.c.id == one.through_id)
        .where(one.organisation_id == organisation_id)
        .order_by(one.id.desc())
    )
    return [Accepted(*row) for row in session().execute(query)]


def _source(kind: str, version: str, language: str) -> str:
    return (TEXTS / kind / f"{version}.{language}.txt").read_text(encoding="utf-8")
