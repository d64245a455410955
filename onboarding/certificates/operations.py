"""What can be done about certificates: hand one in, confirm or refuse it, warn before it runs out, let it run out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import clause, clean, lazy
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.certificates.facts import (
    CertificateConfirmed,
    CertificateExpired,
    CertificateHandedIn,
    CertificateRefused,
    CertificateWithdrawn,
)
from onboarding.certificates.models import Certificate, CertifiedGoods
from onboarding.certificates.queries import certificate_for, certificate_if, desk_of_organisation, factory_in_hand
from onboarding.certificates.rules import CERTIFICATE, WARNED, faults
from onboarding.verification.rules import reason_fault

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.certificates.rules import Told

_OVER = lazy("您的证书 %(number)s 已到期，要用它的商品已暂停销售。请登录后到“证书”交一张新的。")
_REVOKED = lazy("您的证书 %(number)s 不再有效：%(reason)s。要用它的商品已暂停销售，请登录后到“证书”改好再交。")
_SOON = lazy("您的证书 %(number)s 快到期了（%(until)s）。请登录后到“证书”交新的，免得商品停售。")
_AT_ONCE = 200
"""How many one run of the schedule warns of, or lets run out; the next run goes on."""


@operation("certificate.hand_in")
def hand_in(*, actor: Actor, told: Told, goods: Collection[int] | None, photo_key: str, now: datetime) -> Certificate:
    """Say that one's factory holds a certificate, for these listings (ids of its own), or for all that need its kind.

    What was refused, revoked or taken back may be handed in again; `certificate.known` for one that waits or holds.
    """
    factory = factory_in_hand(actor)
    if wrong := faults(told, today=business_date(now)):
        raise InvalidInputError(wrong)
    found = _refused_before(factory.organisation_id, told) or _begun(factory.organisation_id, now)
    before = {"state": found.state} if found.id else {}
    for name, value in asdict(told).items():
        setattr(found, name, value)
    found.covers_all, found.photo_key = goods is None, photo_key
    found.state = CERTIFICATE.step(found.state, "hand_in").to if before else CERTIFICATE.start
    found.reason, found.handed_in_at, found.decided_at, found.decided_by = "", now, None, None
    session().add(found)
    session().flush()
    session().execute(delete(CertifiedGoods).where(CertifiedGoods.certificate_id == found.id))
    session().add_all(CertifiedGoods(certificate_id=found.id, listing_id=one) for one in sorted(goods or ()))
    note(f"certificate:{found.public_id}", before=before, after={"kind": told.kind, "number": told.number})
    publish(CertificateHandedIn(found.public_id, factory.organisation), actor=actor, now=now)
    return found


@operation("certificate.withdraw")
def withdraw(*, actor: Actor, certificate: str, now: datetime) -> None:
    """Take back one's own (public id) that waits for an operator: nobody need look at it."""
    found = certificate_for(actor, certificate, lock=True)
    before, found.state = found.state, CERTIFICATE.step(found.state, "withdraw").to
    found.decided_at, found.decided_by = now, actor.user_id
    note(f"certificate:{certificate}", before={"state": before}, after={"state": found.state})
    publish(CertificateWithdrawn(certificate), actor=actor, now=now)


@operation("certificate.confirm")
def confirm(*, actor: Actor, certificate: str, now: datetime) -> Certificate:
    """Say that a certificate is as its photo shows it; who decides is a matter of its case. `certificate.over`."""
    found = _step(certificate, "confirm", actor=actor, now=now)
    if found.valid_until and found.valid_until < business_date(now):
        raise DomainError("certificate.over")
    publish(CertificateConfirmed(certificate), actor=actor, now=now)
    return found


@operation("certificate.refuse")
def refuse(*, actor: Actor, certificate: str, reason: str, now: datetime) -> Certificate:
    """Give a certificate back; its owner reads the reason."""
    found = _step(certificate, "refuse", actor=actor, now=now, reason=reason)
    publish(CertificateRefused(certificate), actor=actor, now=now)
    return found


@operation("certificate.revoke")
def revoke(*, actor: Actor, certificate: str, reason: str, now: datetime) -> Certificate:
    """Find that a confirmed one does not hold; its owner reads the reason, and may hand it in again."""
    told = clean(reason, keep_lines=True)
    if wrong := reason_fault(told):
        raise InvalidInputError({"reason": wrong})
    found = _step(certificate, "revoke", actor=actor, now=now, reason=told)
    publish(CertificateRefused(certificate), actor=actor, now=now)
    words = Words(_REVOKED, {"number": found.number, "reason": clause(told)})
    tell(owners_of(found.organisation_id), words, actor=actor, now=now)
    return found


@operation("certificate.run_out")
def run_out(*, actor: Actor, now: datetime) -> int:
    """Let run out what ended before today, and tell owners of what will within `WARNED`; how many of both."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    today, holds = business_date(now), Certificate.state == "confirmed"
    over = select(Certificate.public_id).where(holds, Certificate.valid_until < today).limit(_AT_ONCE)
    ended = session().scalars(over).all()
    for certificate in ended:
        found = _step(certificate, "expire", actor=actor, now=now)
        _tell(found, _OVER, actor=actor, now=now)
        publish(CertificateExpired(certificate), actor=actor, now=now)
    soon = select(Certificate).where(holds, Certificate.valid_until < today + WARNED, Certificate.warned_at.is_(None))
    warned = session().scalars(soon.limit(_AT_ONCE).with_for_update()).all()
    for found in warned:
        found.warned_at = now
        _tell(found, _SOON, actor=actor, now=now)
    return len(ended) + len(warned)


@operation("certificate.uncover")
def uncover(*, actor: Actor, organisation: str, goods: Collection[int], now: datetime) -> None:  # noqa: ARG001  audited
    """Let certificates forget goods (ids) of an organisation (public id) that are thrown away."""
    gone = delete(CertifiedGoods).where(CertifiedGoods.listing_id.in_(goods)).returning(CertifiedGoods.id)
    if count := len(session().scalars(gone).all()):
        note(f"organisation:{organisation}", after={"certified goods": f"{count} thrown away"})


def _refused_before(organisation_id: int, told: Told) -> Certificate | None:
    """The same certificate (the same number and end) if it was given back; `certificate.known` if it was not."""
    same = select(Certificate).where(
        Certificate.organisation_id == organisation_id,
        Certificate.kind == told.kind,
        Certificate.number == told.number,
        Certificate.valid_until.is_not_distinct_from(told.valid_until),
    )
    found: Certificate | None = session().scalar(same.with_for_update())
    if found is not None and "hand_in" not in CERTIFICATE.actions(found.state):
        raise DomainError("certificate.known")
    return found


def _begun(organisation_id: int, now: datetime) -> Certificate:
    return Certificate(public_id=public_id("crt"), organisation_id=organisation_id, handed_in_at=now)


def _step(certificate: str, action: str, *, actor: Actor, now: datetime, reason: str = "") -> Certificate:
    """Take one edge of the lifecycle, if it is there and its factory lies on this desk; else NotFoundError."""
    found = certificate_if(certificate, lambda _owner: True, lock=True)
    step, before = CERTIFICATE.step(found.state, action), found.state
    region, belt = desk_of_organisation(found.organisation_id)
    if not actor.may(step.permission, region=region, belt=belt):
        raise NotFoundError
    found.state = step.to
    found.reason, found.decided_at, found.decided_by = reason, now, actor.user_id
    note(f"certificate:{certificate}", before={"state": before}, after={"state": found.state}, reason=reason)
    session().flush()
    return found


def _tell(found: Certificate, message: str, *, actor: Actor, now: datetime) -> None:
    until = found.valid_until or date.max
    words = Words(message, {"number": found.number, "until": until.isoformat()})
    tell(owners_of(found.organisation_id), words, actor=actor, now=now)
