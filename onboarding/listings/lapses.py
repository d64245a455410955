"""Goods whose certificate ran out come off sale within that, and come back within the confirmation of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError
from kernel.outbox import publish
from kernel.permissions import SYSTEM, Permission
from onboarding.certificates.queries import certificate_if
from onboarding.listings.certified import check_certified
from onboarding.listings.facts import ListingLapsed, ListingPublished
from onboarding.listings.models import Listing
from onboarding.listings.rules import LISTING
from onboarding.listings.sharing import begun_for_lapsed
from onboarding.listings.steps import is_measured

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.certificates.facts import CertificateConfirmed, CertificateExpired, CertificateRefused

_AT_ONCE = 200


def on_certificate_ended(
    fact: CertificateExpired | CertificateRefused,
    *,
    actor: Actor,  # noqa: ARG001  a handler
    now: datetime,
) -> None:
    """Within `certificate.expired` and `certificate.refused`: what no other one covers is on sale no more."""
    lapse(actor=SYSTEM, certificate=fact.certificate, now=now)


def on_certificate_confirmed(
    fact: CertificateConfirmed,
    *,
    actor: Actor,  # noqa: ARG001  a handler
    now: datetime,
) -> None:
    """Within `certificate.confirmed`: what lacks nothing any more is on sale again."""
    restore(actor=SYSTEM, certificate=fact.certificate, now=now)


@operation("listing.lapse")
def lapse(*, actor: Actor, certificate: str, now: datetime) -> None:
    """Take off sale what needs a certificate (public id) of this factory and kind and has none any more."""
    for listing in _needing(certificate, "published"):
        if not _is_certified(listing, now):
            _step(listing, "lapse", actor=actor)
            publish(ListingLapsed(listing.public_id), actor=actor, now=now)


@operation("listing.restore")
def restore(*, actor: Actor, certificate: str, now: datetime) -> None:
    """Put back on sale what lapsed for want of a certificate (public id) of this factory and kind, and has all now."""
    for listing in _needing(certificate, "lapsed"):
        if _is_certified(listing, now) and not is_measured(listing.id):
            _step(listing, "restore", actor=actor)
            publish(ListingPublished(listing.public_id), actor=actor, now=now)


@operation("listing.restore_begun", quiet=True)
def restore_begun(*, actor: Actor, now: datetime) -> int:
    """Put back on sale what lapsed and whose new certificate begins to be valid by today; how many it was tried for."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    found = begun_for_lapsed(today=business_date(now), limit=_AT_ONCE)
    for certificate in found:
        restore(actor=actor, certificate=certificate, now=now)
    return len(found)


def _needing(certificate: str, state: str) -> Sequence[Listing]:
    found = certificate_if(certificate, lambda _owner: True)
    mine = (Listing.organisation_id == found.organisation_id) & (Listing.state == state)
    query = select(Listing).where(mine, Listing.needs.contains(found.kind, autoescape=True)).order_by(Listing.id)
    return session().scalars(query.with_for_update()).all()


def _is_certified(listing: Listing, now: datetime) -> bool:
    try:
        check_certified(listing, today=business_date(now))
    except DomainError:
        return False
    return True


def _step(listing: Listing, action: str, *, actor: Actor) -> None:
    step = LISTING.step(listing.state, action)
    actor.require(step.permission)
    note(f"listing:{listing.public_id}", before={"state": listing.state}, after={"state": step.to})
    listing.state = step.to
    session().flush()
