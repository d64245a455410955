"""What can be asked of certificates: a factory's own, which of them hold, what speaks against one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission, Role
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.certificates.models import Certificate, CertifiedGoods
from onboarding.certificates.rules import VOID, Told, findings
from onboarding.verification.models import Application
from onboarding.verification.queries import desk_region

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from sqlalchemy import ColumnElement, SQLColumnExpression

    from kernel.files import Files
    from kernel.permissions import Actor, Membership
    from onboarding.certificates.rules import Finding

_EDIT = Permission.SELLER_PAPERS_EDIT
_HANDED_IN = ("waiting", "confirmed")


@dataclass(frozen=True, slots=True)
class Examined:
    """A certificate beside its factory's verified name, and what speaks against it."""

    certificate: Certificate
    factory: str
    findings: list[Finding]


def factory_in_hand(actor: Actor) -> Membership:
    """The factory whose papers the actor may edit, her own before another's; NotFoundError for who has none."""
    papers = [one for one in actor.memberships if one.kind == "factory" and _EDIT in one.permissions]
    if not papers:
        raise NotFoundError
    return min(papers, key=lambda one: (one.is_left, one.role is not Role.OWNER))


def certificates_of(organisation_id: int) -> list[Certificate]:
    """Everything that a factory handed in, the newest first."""
    mine = select(Certificate).where(Certificate.organisation_id == organisation_id)
    return list(session().scalars(mine.order_by(Certificate.id.desc())))


def certificate_for(actor: Actor, certificate: str, *, lock: bool = False) -> Certificate:
    """One (public id) of an organisation whose papers the actor may edit; NotFoundError for everybody else."""
    return certificate_if(certificate, lambda owner: actor.may(_EDIT, organisation_id=owner), lock=lock)


def certificate_if(certificate: str, allowed: Callable[[int], bool], *, lock: bool = False) -> Certificate:
    """One whose organisation (id) passes a check of the caller; NotFoundError."""
    query = select(Certificate).where(Certificate.public_id == certificate)
    query = query.with_for_update().execution_options(populate_existing=True) if lock else query
    found: Certificate | None = session().scalar(query)
    if found is None or not allowed(found.organisation_id):
        raise NotFoundError
    return found


def photo_of(found: Certificate, *, files: Files) -> bytes:
    """Its photo, as JPEG."""
    return files.get(found.photo_key)


def examined(certificate: str, *, today: date) -> Examined:
    """One (public id) as an operator looks at it."""
    found = session().scalars(select(Certificate).where(Certificate.public_id == certificate)).one()
    name = session().scalars(select(Organisation.name).where(Organisation.id == found.organisation_id)).one()
    others = (
        select(Organisation.name)
        .join(Certificate, Certificate.organisation_id == Organisation.id)
        .where(Certificate.kind == found.kind, Certificate.number == found.number)
        .where(Organisation.id != found.organisation_id, Certificate.state.not_in(VOID))
    )
    told, again = told_of(found), [told_of(one) for one in same_number(found)]
    seen = findings(told, factory=name, others=set(session().scalars(others)), again=again, today=today)
    return Examined(found, name, seen)


def same_number(found: Certificate) -> list[Certificate]:
    """The others of the same kind and number that its factory handed in and that still count."""
    mine = (Certificate.organisation_id == found.organisation_id) & (Certificate.kind == found.kind)
    query = select(Certificate).where(mine, Certificate.number == found.number, Certificate.id != found.id)
    return list(session().scalars(query.where(Certificate.state.not_in(VOID)).order_by(Certificate.id)))


def told_of(found: Certificate) -> Told:
    """What its owner says of it."""
    return Told(
        kind=found.kind,
        number=found.number,
        holder=found.holder,
        factory=found.factory,
        scope=found.scope,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
    )


def desk_of_organisation(organisation_id: int) -> tuple[str, str]:
    """The region and the belt by which operators' desks are cut."""
    query = select(func.coalesce(desk_region(), ""), func.coalesce(Belt.slug, "")).select_from(Application)
    query = query.outerjoin(Belt, Belt.id == Application.belt_id)
    found = session().execute(query.where(Application.organisation_id == organisation_id)).one_or_none()
    return (found[0], found[1]) if found else ("", "")


def kinds_held(
    organisation_id: int,
    listing_id: int,
    states: Collection[str],
    *,
    today: date,
    later: bool = False,
    lock: bool = False,
) -> set[str]:
    """The kinds of which a factory has a certificate in one of these states for a listing (id), valid today.

    With `later` one that begins to be valid on a day to come counts, too. With `lock` none of them runs out before the
    transaction ends: who lets it run out then sees what was done with it.
    """
    query = select(Certificate.kind).where(
        Certificate.organisation_id == organisation_id,
        Certificate.state.in_(states),
        _not_over(today) if later else _valid_on(today),
        covers(listing_id),
    )
    return set(session().scalars(query.with_for_update(read=True) if lock else query))


def first_days(organisation_id: int, listing_id: int, *, today: date) -> dict[str, date]:
    """From which day on a confirmed certificate of a kind is valid for a listing (id), of those that are not yet."""
    query = select(Certificate.kind, func.min(Certificate.valid_from)).where(
        Certificate.organisation_id == organisation_id,
        Certificate.state == "confirmed",
        Certificate.valid_from > today,
        covers(listing_id),
    )
    return {kind: day for kind, day in session().execute(query.group_by(Certificate.kind)) if day}


def held_for(organisation_id: int, listing_id: int, kinds: Collection[str], *, today: date) -> list[Certificate]:
    """The confirmed certificates of these kinds that a factory has for a listing (id), as shoppers may see them."""
    query = select(Certificate).where(
        Certificate.organisation_id == organisation_id,
        Certificate.kind.in_(kinds),
        holds(today),
        covers(listing_id),
    )
    return list(session().scalars(query.order_by(Certificate.id)))


def last_end(organisation_id: int, listing_id: int, kinds: Collection[str]) -> str:
    """What ended the certificate of these kinds that ended last for a listing (id): `expired` or `revoked`."""
    mine = (Certificate.organisation_id == organisation_id) & Certificate.kind.in_(kinds) & covers(listing_id)
    ended = select(Certificate.state).where(mine, Certificate.state.in_(("expired", "revoked")))
    return session().scalar(ended.order_by(Certificate.decided_at.desc()).limit(1)) or ""


def holds(today: date) -> ColumnElement[bool]:
    """Whether a certificate was confirmed, and is valid on a day."""
    return (Certificate.state == "confirmed") & _valid_on(today)


def _valid_on(today: date) -> ColumnElement[bool]:
    begun = or_(Certificate.valid_from.is_(None), Certificate.valid_from <= today)
    return begun & _not_over(today)


def _not_over(today: date) -> ColumnElement[bool]:
    return or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today)


def covers(listing_id: SQLColumnExpression[int] | int) -> ColumnElement[bool]:
    """Whether a certificate is for a listing (id, or a column) of its factory that needs its kind."""
    single = select(CertifiedGoods.id).where(
        CertifiedGoods.certificate_id == Certificate.id, CertifiedGoods.listing_id == listing_id
    )
    return or_(Certificate.covers_all, single.exists())


def goods_of(certificate_id: int) -> set[int]:
    """The listings (ids) that a certificate (id) names."""
    query = select(CertifiedGoods.listing_id).where(CertifiedGoods.certificate_id == certificate_id)
    return set(session().scalars(query))


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate that is handed in or confirmed, and for which goods (ids) of its factory it is."""

    organisation_id: int
    kind: str
    state: str
    scope: str
    covers_all: bool
    goods: frozenset[int]

    def covers(self, organisation_id: int, listing_id: int) -> bool:
        """Whether it is for a listing of a factory."""
        return self.organisation_id == organisation_id and (self.covers_all or listing_id in self.goods)


def papers_of(organisations: Collection[int], *, today: date) -> list[Paper]:
    """What these factories (ids) handed in and nobody refused, not run out today; one statement for all of them."""
    columns = (Certificate.organisation_id, Certificate.kind, Certificate.state, Certificate.scope)
    holds = or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today)
    query = select(Certificate.id, *columns, Certificate.covers_all, CertifiedGoods.listing_id)
    query = query.outerjoin(CertifiedGoods, CertifiedGoods.certificate_id == Certificate.id)
    query = query.where(Certificate.organisation_id.in_(organisations), Certificate.state.in_(_HANDED_IN), holds)
    told, goods = dict[int, tuple[Any, ...]](), dict[int, set[int]]()
    for row in session().execute(query):
        told[row[0]] = tuple(row)[1:-1]
        goods.setdefault(row[0], set()).add(row[-1])
    return [Paper(*tuple[Any, ...]((*said, frozenset(goods[found])))) for found, said in told.items()]
