"""What can be done about agreements: accept one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Permission
from onboarding.compliance.models import AgreementAcceptance
from onboarding.compliance.queries import current

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor, Membership


@operation("agreement.accept")
def accept(*, actor: Actor, organisation: str, kind: str, version: str, now: datetime) -> None:
    """Agree to the version in force for an organisation of one's own, which is of this kind; twice is once.

    `agreement.outdated` when another version is in force: what was read is not what would be agreed to.
    """
    membership = _own(actor, organisation, kind)
    agreement = current(kind, business_date(now))
    if version != agreement.version:
        raise DomainError("agreement.outdated", version=agreement.version)
    row = {
        "organisation_id": membership.organisation_id,
        "kind": kind,
        "version": version,
        "digest": agreement.digest,
        "user_id": actor.user_id,
        "through_id": actor.helping.helper_id if actor.helping else None,
        "accepted_at": now,
    }
    dialect = sqlite if is_sqlite() else postgresql
    inserted = dialect.insert(AgreementAcceptance).values(**row).on_conflict_do_nothing()
    if session().scalar(inserted.returning(AgreementAcceptance.id)) is not None:
        note(f"{kind}:{organisation}", after={"agreement": version, "digest": agreement.digest})


def _own(actor: Actor, organisation: str, kind: str) -> Membership:
    """The organisation through the actor: who may change it may bind it; NotFoundError."""
    for membership in actor.memberships:
        if (membership.organisation, membership.kind) == (organisation, kind):
            if Permission.SELLER_ORGANISATION_EDIT in membership.permissions:
                return membership
            break
    raise NotFoundError
