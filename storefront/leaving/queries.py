"""What can be asked about leaving: what is open, the copies of one's data, who is on the way out. Fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from kernel.clock import business_date
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Actor, Membership, Permission, Role
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.departures.models import Departure
from onboarding.departures.queries import House
from onboarding.offers.models import PickUp
from onboarding.verification.models import Application
from storefront.leaving.models import DataCopy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select

_CURRENCY = "CNY"
_FINAL = ("completed", "cancelled")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose copy is made, seen with the eyes of an owner of that organisation and of nothing else."""

    copy: str
    house: House
    eyes: Actor
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class GoingLine:
    """Somebody on the way out, as operators see her."""

    organisation: str
    kind: str
    name: str
    belt: str
    belt_en: str
    announced_at: datetime
    closes_at: datetime

    @property
    def closes_on(self) -> date:
        """The day on which it is closed, unless something is still open."""
        return business_date(self.closes_at)


def copies_of(organisation_id: int, *, limit: int = 5) -> Sequence[DataCopy]:
    """The newest copies of an organisation's data."""
    mine = select(DataCopy).where(DataCopy.organisation_id == organisation_id)
    return session().scalars(mine.order_by(DataCopy.id.desc()).limit(limit)).all()


def copy_for(actor: Actor, copy: str) -> DataCopy:
    """A copy (public id) of an organisation that the actor may change; NotFoundError for everybody else."""
    found = session().scalar(select(DataCopy).where(DataCopy.public_id == copy))
    may = Permission.SELLER_ORGANISATION_EDIT
    if found is None or not actor.may(may, organisation_id=found.organisation_id):
        raise NotFoundError
    return found


def locked_copy(copy: str) -> DataCopy:
    """A copy under lock, for the worker."""
    query = select(DataCopy).where(DataCopy.public_id == copy).with_for_update()
    return session().scalars(query, execution_options={"populate_existing": True}).one()


def asked_since(organisation_id: int, since: datetime) -> int:
    """How many copies an organisation asked for since a moment."""
    mine = (DataCopy.organisation_id == organisation_id, DataCopy.asked_at > since)
    return session().scalar(select(func.count(DataCopy.id)).where(*mine)) or 0


def waiting_copy(copy: str) -> Subject | None:
    """Whose copy is to be made, while it waits."""
    query = (
        select(DataCopy.public_id, DataCopy.asked_at, *_HOUSE)
        .join(Organisation, Organisation.id == DataCopy.organisation_id)
        .where(DataCopy.public_id == copy, DataCopy.state == "waiting")
    )
    row = session().execute(query).one_or_none()
    if row is None:
        return None
    house = House(*tuple[Any, ...](row)[2:])
    eyes = Membership(house.id, house.organisation, house.name, house.kind, Role.OWNER)
    return Subject(row[0], house, Actor(name="system", memberships=(eyes,)), row[1])


def expired_copies(now: datetime) -> list[tuple[str, str]]:
    """Copies (public ids) that have lain ready for long enough, with the keys of their files."""
    over = (DataCopy.state == "ready", DataCopy.expires_at <= now)
    rows = session().execute(select(DataCopy.public_id, DataCopy.file_key).where(*over).order_by(DataCopy.id))
    return [(row[0], row[1]) for row in rows]


def resellers(factory: str) -> list[tuple[int, str]]:
    """The merchants (ids) on whose shelf goods of a factory (public id) stand, each with the factory's name."""
    query = (
        select(PickUp.organisation_id, Organisation.name)
        .join(Organisation, Organisation.id == PickUp.factory_id)
        .where(Organisation.public_id == factory, PickUp.state == "on")
        .distinct()
        .order_by(PickUp.organisation_id)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def going(actor: Actor) -> list[GoingLine]:
    """Who is on the way out of an operator's desk, the next first; merchants are of the whole channel's."""
    query: Select[Any] = (
        select(Organisation.public_id, Organisation.kind, Organisation.name, Belt.name_zh, Belt.name_en)
        .add_columns(Departure.announced_at, Departure.closes_at, Belt.province, Belt.slug)
        .join(Departure, Departure.organisation_id == Organisation.id)
        .outerjoin(Application, Application.organisation_id == Organisation.id)
        .outerjoin(Belt, Belt.id == Application.belt_id)
        .where(Departure.state == "announced")
        .order_by(Departure.closes_at, Departure.id)
    )
    view = Permission.OPS_CASES_VIEW
    return [
        GoingLine(row[0], row[1], row[2], row[3] or "", row[4] or "", row[5], row[6])
        for row in session().execute(query)
        if actor.may(view, region=row[7] or "", belt=row[8] or "")
    ]


_HOUSE: tuple[Any, ...] = (
    Organisation.id,
    Organisation.public_id,
    Organisation.kind,
    Organisation.name,
    Organisation.slug,
)
