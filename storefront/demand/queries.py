"""What can be asked about what is sought. Texts of few are for operators; shoppers see what several sought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.compliance.lint import lint
from onboarding.listings.models import Listing
from onboarding.offers.models import PickUp
from onboarding.verification.models import Application
from onboarding.verification.queries import may_trade
from storefront.demand.models import SearchClick, SearchKey, SearchNote, SearchSum
from storefront.demand.rules import CORRECTED, FEWEST, POPULAR_DAYS, RELAXED, UNMET, Sought, Wish, is_fit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Subquery

_SPARE = 5  # so many times as many are looked at as are shown, for the law keeps some back
_MOST_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Totals:
    """All searches of some days together; `people` are visitors with a text, of whom `clicked` opened something."""

    searches: int
    people: int
    missed: int
    relaxed: int
    corrected: int
    clicked: int


def totals(first: date, last: date) -> Totals:
    """One statement over both days and what lies between."""
    by_text = _by_text(first, last)
    summed = [func.coalesce(func.sum(by_text.c[name]), 0) for name in Totals.__dataclass_fields__]
    return Totals(*(int(value) for value in session().execute(select(*summed)).one()))


def sought(first: date, last: date, *, by: str = "searches", limit: int | None = _MOST_LINES) -> list[Sought]:
    """The texts of these days with any `by` (searches, missed, relaxed, corrected), those with the most first."""
    found = _by_text(first, last)
    names = [name for name in Sought.__dataclass_fields__ if name != "place"]
    query = select(*(found.c[name] for name in names)).where(found.c[by] > 0)
    query = query.order_by(found.c[by].desc(), found.c.people.desc(), found.c.text).limit(limit)
    return [
        Sought(place, text, *(int(figure) for figure in figures))
        for place, (text, *figures) in enumerate(session().execute(query), 1)
    ]


def positions(first: date, last: date) -> dict[int, int]:
    """How often goods of each position were opened."""
    within = SearchClick.day.between(first, last) & SearchClick.position.is_not(None)
    query = select(SearchClick.position, func.count()).where(within).group_by(SearchClick.position)
    return {place: times for place, times in session().execute(query) if place is not None}


def unmet_wishes(first: date, last: date, *, fewest: int = 1, limit: int = _MOST_LINES) -> list[Wish]:
    """What was sought in vain or found only in part by at least `fewest` visitors a day, the most wanted first.

    A wish is counted by visitors, not by searches: who asks ten times wants one thing. Filters are left aside; what is
    there but not under them is no wish. For what others may read, ask for `FEWEST` or more.
    """
    by_day = (
        select(SearchNote.text, SearchNote.day, func.count(SearchNote.visitor.distinct()).label("people"))
        .where(SearchNote.day.between(first, last), SearchNote.how.in_(UNMET))
        .group_by(SearchNote.text, SearchNote.day)
        .subquery()
    )
    people = func.sum(by_day.c.people)
    query = (
        select(by_day.c.text, people, func.count(), func.max(by_day.c.day))
        .group_by(by_day.c.text)
        .having(func.max(by_day.c.people) >= fewest)
        .order_by(people.desc(), by_day.c.text)
        .limit(limit)
    )
    return [Wish(text, int(wanted), days, day) for text, wanted, days, day in session().execute(query)]


def popular(today: date, *, limit: int) -> tuple[str, ...]:
    """What most visitors of the last days sought and found, the most sought first.

    A text is shown only if `FEWEST` visitors sought it on one day: codes change with the day, so one visitor of three
    days would else pass for three. What the advertising law finds fault with is never shown, nor is what offends.
    """
    since = today - timedelta(days=POPULAR_DAYS - 1)
    by_day = (
        select(SearchNote.text, func.count(SearchNote.visitor.distinct()).label("people"))
        .where(SearchNote.day.between(since, today), SearchNote.hits > 0, SearchNote.how.not_in((*UNMET, CORRECTED)))
        .group_by(SearchNote.text, SearchNote.day)
        .subquery()
    )
    query = (
        select(by_day.c.text)
        .group_by(by_day.c.text)
        .having(func.max(by_day.c.people) >= FEWEST)
        .order_by(func.sum(by_day.c.people).desc(), by_day.c.text)
        .limit(limit * _SPARE)
    )
    return tuple([text for text in session().scalars(query) if _may_be_shown(text)][:limit])


def day_sums() -> list[SearchSum]:
    """All searches by day, the newest first."""
    return list(session().scalars(select(SearchSum).where(SearchSum.text == "").order_by(SearchSum.day.desc())))


def key_of(day: date) -> str | None:
    """What codes of a day are made with, while it lasts."""
    return session().scalar(select(SearchKey.key).where(SearchKey.day == day))


def listings_of(pick_ups: Iterable[str]) -> dict[str, str]:
    """The listing of each pick-up (public ids)."""
    query = select(PickUp.public_id, Listing.public_id).join(Listing, Listing.id == PickUp.listing_id)
    return {row[0]: row[1] for row in session().execute(query.where(PickUp.public_id.in_(list(pick_ups))))}


def trading_factories() -> list[tuple[str, str]]:
    """Slug and name of every verified factory that has something to show."""
    shown = select(Listing.id).where(Listing.organisation_id == Organisation.id, Listing.state == "published").exists()
    return [(slug, name) for slug, name in session().execute(_factories().where(shown).order_by(Organisation.id))]


def still_trading(slugs: Iterable[str]) -> set[str]:
    """Those of the factories that trade at this moment."""
    return {row[0] for row in session().execute(_factories().where(Organisation.slug.in_(list(slugs))))}


def _factories() -> Any:  # noqa: ANN401  a statement of slugs and names
    query = select(Organisation.slug, Organisation.name).where(Organisation.kind == "factory")
    return query.join(Application, Application.organisation_id == Organisation.id).where(may_trade())


def _may_be_shown(text: str) -> bool:
    return is_fit(text) and lint(text).verdict == "pass"


def _by_text(first: date, last: date) -> Subquery:
    """Searches (turning a page is none) and clicks of each text. Codes differ by day, so do visitors."""
    note, click = SearchNote, SearchClick
    searches = (
        select(
            note.text,
            func.sum(note.times).label("searches"),
            func.count(note.visitor.distinct()).label("people"),
            func.max(note.hits).label("hits"),
            func.sum(case((note.hits == 0, note.times), else_=0)).label("missed"),
            func.sum(case((note.how.in_(RELAXED) & (note.hits > 0), note.times), else_=0)).label("relaxed"),
            func.sum(case((note.how == CORRECTED, note.times), else_=0)).label("corrected"),
        )
        .where(note.day.between(first, last))
        .group_by(note.text)
        .subquery()
    )
    searched = select(note.visitor).where(note.visitor == click.visitor, note.text == click.text)
    clicks = (
        select(
            click.text,
            func.count(click.visitor.distinct()).label("clicked"),
            func.count().label("clicks"),
            func.coalesce(func.sum(click.position), 0).label("positions"),
            func.count(click.position).label("placed"),
        )
        .where(click.day.between(first, last), searched.where(note.day == click.day).exists())
        .group_by(click.text)
        .subquery()
    )
    opened = [func.coalesce(clicks.c[name], 0).label(name) for name in ("clicked", "clicks", "positions", "placed")]
    return select(searches, *opened).outerjoin(clicks, clicks.c.text == searches.c.text).subquery()
