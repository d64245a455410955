"""What can be asked of reports: which goods one is about, the open ones of a listing, who sent them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation, User
from onboarding.accounts.queries import contact_of
from onboarding.listings.models import Listing
from onboarding.offers.models import PickUp
from onboarding.reports.models import Report
from onboarding.reports.rules import REPORT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select, SQLColumnExpression

    from kernel.permissions import Actor
    from onboarding.accounts.queries import Contact

MOST: Final = 200
_GOODS: Final = re.compile(r"(?:lst|pck)_[2-9a-z]{16}")


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods on sale as a shopper sees them: at their maker, or at a merchant."""

    listing_id: int
    listing: str
    title: str
    shop_id: int
    address: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as an operator reads it: without a name."""

    report: str
    reason: str
    words: str
    pictures: int
    shop: str
    state: str
    made_at: datetime


def goods_named(goods: str) -> Goods:
    """Goods on sale by the public id of a listing, or of what a merchant sells; NotFoundError."""
    if not _GOODS.fullmatch(goods):
        raise NotFoundError
    query = select(Listing.id, Listing.public_id, Listing.title).where(Listing.state == "published")
    if goods.startswith("pck_"):
        query = query.add_columns(PickUp.organisation_id, Organisation.slug)
        query = query.join(PickUp, PickUp.listing_id == Listing.id)
        query = query.join(Organisation, Organisation.id == PickUp.organisation_id)
        query = query.where(PickUp.public_id == goods, PickUp.state == "on")
    else:
        query = query.add_columns(Listing.organisation_id, Organisation.slug)
        query = query.join(Organisation, Organisation.id == Listing.organisation_id).where(Listing.public_id == goods)
    row: Any = session().execute(query).one_or_none()
    if row is None:
        raise NotFoundError
    address = f"/m/{row.slug}/{goods}" if goods.startswith("pck_") else f"/goods/{goods}"
    return Goods(row.id, row.public_id, row.title, row.organisation_id, address)


def has_reported(actor: Actor, listing_id: int) -> bool:
    """Whether this person has an open report of goods."""
    hers = (Report.reporter_id == actor.user_id) & (Report.listing_id == listing_id) & (Report.state == REPORT.start)
    return session().scalar(select(Report.id).where(hers)) is not None


def count_open(listing_id: int) -> int:
    """How many reports of goods wait."""
    waiting = (Report.listing_id == listing_id) & (Report.state == REPORT.start)
    return session().scalar(select(func.count(Report.id)).where(waiting)) or 0


def reports_of(listing: str) -> list[ReportLine]:
    """The reports of goods (public id), the open and the newest first."""
    columns = (Report.public_id, Report.reason, Report.words, Report.picture_keys, Organisation.name)
    query = (
        select(*columns, Report.state, Report.made_at)
        .join(Listing, Listing.id == Report.listing_id)
        .join(Organisation, Organisation.id == Report.organisation_id)
        .where(Listing.public_id == listing)
        .order_by(Report.state != REPORT.start, Report.id.desc())
        .limit(MOST)
    )
    rows: Any = session().execute(query)
    return [
        ReportLine(row.public_id, row.reason, row.words, len(row.picture_keys), row.name, row.state, row.made_at)
        for row in rows
    ]


def place_of(listing: Listing, report: str) -> int:
    """The id of a report (public id) of goods: what came later has a higher one. NotFoundError."""
    mine = (Report.public_id == report) & (Report.listing_id == listing.id)
    found = session().scalar(select(Report.id).where(mine))
    if found is None:
        raise NotFoundError
    return found


def picture_key(listing: str, report: str, place: str) -> str:
    """The key of a picture of a report of these goods (public ids), counted from 1; NotFoundError."""
    query = select(Report.picture_keys).join(Listing, Listing.id == Report.listing_id)
    keys = session().scalar(query.where(Report.public_id == report, Listing.public_id == listing)) or []
    key = {str(number): key for number, key in enumerate(keys, start=1)}.get(place)
    if key is None:
        raise NotFoundError
    return str(key)


def reporters(listing: str) -> tuple[set[int], set[int]]:
    """Who (user ids) has reported goods (public id) and waits, and at whose shops (organisation ids) they saw them."""
    query = select(Report.reporter_id, Report.organisation_id).join(Listing, Listing.id == Report.listing_id)
    rows = session().execute(query.where(Listing.public_id == listing, Report.state == REPORT.start)).all()
    return {row[0] for row in rows}, {row[1] for row in rows}


def seen_at(listing: SQLColumnExpression[str]) -> Select[int]:
    """The shops (`organisation_id`) at which goods (public id) were ever reported, as a statement within another."""
    of_goods = select(Report.organisation_id).join(Listing, Listing.id == Report.listing_id)
    return of_goods.where(Listing.public_id == listing)


def contacts(users: Sequence[int]) -> list[Contact]:
    """How people (ids) are reached."""
    found = session().scalars(select(User.public_id).where(User.id.in_(users)).order_by(User.id))
    return [contact_of(one) for one in found]


def listing_named(listing: str) -> Listing:
    """Goods by public id, under lock: one decision at a time. NotFoundError."""
    found = session().scalar(select(Listing).where(Listing.public_id == listing).with_for_update())
    if found is None:
        raise NotFoundError
    return found
