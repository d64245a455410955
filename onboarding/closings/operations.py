"""What can be done about days off: rest, and open before the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.audit import note, operation
from kernel.clock import business_date, start_of
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import clean
from onboarding.closings.facts import FactoryReopened, FactoryRests
from onboarding.closings.models import Closing
from onboarding.closings.rules import faults, rests_until
from onboarding.verification.queries import locked

if TYPE_CHECKING:
    from datetime import date, datetime

    from kernel.permissions import Actor


@operation("factory.rest")
def rest(*, actor: Actor, organisation: str, until: date | None, words: str = "", now: datetime) -> None:
    """Sell nothing from now until a day (Shanghai) within 60; said again, the new day counts.

    InvalidInputError on `until` and `words`; `closing.not_trading` while the factory may not trade at all.
    """
    home, found = _own(actor, organisation)
    words = clean(words)
    wrong = faults(until=until, words=words, now=now)
    if until is None or wrong:
        raise InvalidInputError(wrong)
    before = _told(found, now)
    if found is None:
        found = Closing(organisation_id=home)
        session().add(found)
    found.begun_at, found.reopens_at, found.reopened_at = now, start_of(until), None
    found.days, found.words = (until - business_date(now)).days, words
    note(f"factory:{organisation}", before=before, after={"rests_until": until.isoformat(), "words": words})
    publish(FactoryRests(organisation=organisation, until=until.isoformat()), actor=actor, now=now)


@operation("factory.reopen")
def reopen(*, actor: Actor, organisation: str, now: datetime) -> None:
    """Sell again before the day; a factory that does not rest stays as it is."""
    _home, found = _own(actor, organisation)
    before = _told(found, now)
    if found is None or not before:
        return
    found.reopened_at = now
    note(f"factory:{organisation}", before=before, after={"rests_until": None})
    publish(FactoryReopened(organisation=organisation), actor=actor, now=now)


def _own(actor: Actor, organisation: str) -> tuple[int, Closing | None]:
    """One's own factory, held until the transaction ends, and its newest closing; NotFoundError."""
    home = next((one for one in actor.memberships if one.organisation == organisation), None)
    if home is None or home.kind != "factory" or Permission.SELLER_ORGANISATION_EDIT not in home.permissions:
        raise NotFoundError
    application, _belt = locked(organisation)
    if application.state != "approved":
        raise DomainError("closing.not_trading")
    newest = select(Closing).where(Closing.organisation_id == home.organisation_id)
    return home.organisation_id, session().scalar(newest)


def _told(found: Closing | None, now: datetime) -> dict[str, str]:
    """What a closing that lasts now said; nothing of one that is over."""
    if found is None or found.reopened_at is not None:
        return {}
    until = rests_until(found.reopens_at, now)
    return {"rests_until": until.isoformat(), "words": found.words} if until else {}
