"""What can be asked of who leaves; `stays` is a part of every question whether something may be sold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from kernel.clock import business_date
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from onboarding.accounts.models import Organisation
from onboarding.departures.models import Departure
from onboarding.departures.rules import STANDING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, ScalarSelect, Select, SQLColumnExpression

    from kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class House:
    """An organisation whose owner speaks."""

    id: int
    organisation: str
    kind: str
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """A departure that stands, with whose it is."""

    house: House
    state: str
    announced_at: datetime
    closes_at: datetime
    ended_at: datetime | None

    @property
    def closes_on(self) -> date:
        """The day on which it is closed, unless something is still open."""
        return business_date(self.closes_at)


def stays(organisation_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """That an organisation (a column of its id) has not said that it leaves; to be joined to other conditions."""
    stands = select(Departure.id).where(Departure.organisation_id == organisation_id, Departure.state.in_(STANDING))
    return ~stands.exists()


def leaving_of(organisation_id: int) -> Leaving | None:
    """The departure of an organisation that stands."""
    return _first(_leaving().where(Organisation.id == organisation_id))


def closing_day(organisation_id: int) -> ScalarSelect[datetime]:
    """When the notice of an organisation that leaves is over, as a column of another statement; else null."""
    goes = (Departure.organisation_id == organisation_id) & (Departure.state == "announced")
    return select(Departure.closes_at).where(goes).scalar_subquery()


def leaving_at(slug: str, kind: str) -> Leaving | None:
    """The departure behind the address of a shop, whose page says so; NotFoundError once it is closed."""
    found = _first(_leaving().where(Organisation.slug == slug, Organisation.kind == kind))
    if found is not None and found.state == "closed":
        raise NotFoundError("shop.gone")
    return found


def due(now: datetime, *, limit: int) -> Sequence[Leaving]:
    """Whose notice is over, the longest first."""
    over = (Departure.state == "announced", Departure.closes_at <= now)
    query = _leaving().where(*over).order_by(Departure.closes_at, Departure.id).limit(limit)
    return [_read(row) for row in session().execute(query)]


def house_of(actor: Actor, organisation: str, *, lock: bool = False) -> House:
    """An organisation (public id) that the actor may change, held on request until the end; NotFoundError."""
    query = select(*_HOUSE).where(Organisation.public_id == organisation)
    row = session().execute(query.with_for_update() if lock else query).one_or_none()
    if row is None or not actor.may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=row[0]):
        raise NotFoundError
    return House(*row)


def held(organisation_id: int) -> Departure | None:
    """The departure of an organisation that stands, under lock."""
    mine = (Departure.organisation_id == organisation_id, Departure.state.in_(STANDING))
    query = select(Departure).where(*mine).with_for_update()
    return session().scalar(query, execution_options={"populate_existing": True})


_HOUSE: tuple[Any, ...] = (
    Organisation.id,
    Organisation.public_id,
    Organisation.kind,
    Organisation.name,
    Organisation.slug,
)


def _leaving() -> Select[Any]:
    moments = (Departure.state, Departure.announced_at, Departure.closes_at, Departure.ended_at)
    query = select(*_HOUSE, *moments).join(Organisation, Organisation.id == Departure.organisation_id)
    return query.where(Departure.state.in_(STANDING))


def _first(query: Select[Any]) -> Leaving | None:
    row = session().execute(query).one_or_none()
    return None if row is None else _read(row)


def _read(row: Any) -> Leaving:  # noqa: ANN401  a row of `_leaving`
    return Leaving(House(*row[:5]), *row[5:])
