"""What goods share with others: a certificate, their factory, a picture; and the take-downs of goods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation, User
from onboarding.certificates.models import Certificate
from onboarding.certificates.queries import covers, holds
from onboarding.certificates.rules import KINDS, VOID
from onboarding.listings.models import Listing, Measure, Sku, Takedown
from onboarding.listings.rules import LISTING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select

    from kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """A take-down as an operator reads it: with the names of those who took it and ended it."""

    takedown: Takedown
    taken_by: str | None
    ended_by: str | None


def sharing(listing: Listing, *, by: str, alike: Collection[str] = ()) -> Sequence[Listing]:
    """The other goods on sale, of whatever factory, that share this with a listing, in the order they were made.

    Which listings (public ids) show a picture like one of its own is `alike`: who looks at pictures knows it.
    """
    wanted = _SHARED[by](listing) if by in _SHARED else None
    if by == "picture" and alike:
        wanted = Listing.public_id.in_(alike)
    if wanted is None:
        return []
    on_sale = Listing.state.in_(LISTING.sources("take_down"))
    query = select(Listing).where(wanted, on_sale, Listing.id != listing.id)
    return session().scalars(query.order_by(Listing.id)).all()


def certificates_used(listing: Listing) -> Sequence[Certificate]:
    """The certificates by which a listing is on sale: of the kinds that it needs, and for it."""
    kinds = listing.needs.split()
    if not kinds:
        return []
    mine = (Certificate.organisation_id == listing.organisation_id) & Certificate.kind.in_(kinds)
    used = select(Certificate).where(mine, Certificate.state.not_in(VOID), covers(listing.id))
    return session().scalars(used.order_by(Certificate.id)).all()


def cause_of(listing: Listing, by: str) -> str:
    """What is shared, as a take-down keeps it: `certificate:cer_…` or `factory:fac_…`."""
    if by == "certificate":
        return next((f"certificate:{one.public_id}" for one in certificates_used(listing)), "")
    home = select(Organisation.public_id).where(Organisation.id == listing.organisation_id)
    return f"{by}:{session().scalars(home).one() if by == 'factory' else listing.public_id}"


def standing_takedown(listing_id: int, *, lock: bool = False) -> Takedown | None:
    """The take-down under which a listing (id) is off sale now."""
    query = select(Takedown).where(Takedown.listing_id == listing_id, Takedown.ended_at.is_(None))
    return session().scalar(query.with_for_update() if lock else query)


def takedown_named(takedown: str, *, lock: bool = False) -> Takedown:
    """One by public id; who may see it is for the caller to say. NotFoundError."""
    query = select(Takedown).where(Takedown.public_id == takedown)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFoundError
    return found


def taken_down_by(actor: Actor, takedown: str) -> bool:
    """Whether it was this very operator who took the goods down: another one judges the appeal."""
    return actor.user_id is not None and takedown_named(takedown).taken_by == actor.user_id


def takedowns_of(listing_id: int) -> list[Told]:
    """Every take-down of a listing (id), the newest first, with what colleagues alone read."""
    taker, ender = User.__table__.alias("taker"), User.__table__.alias("ender")
    query = (
        select(Takedown, taker.c.name, ender.c.name)
        .outerjoin(taker, taker.c.id == Takedown.taken_by)
        .outerjoin(ender, ender.c.id == Takedown.ended_by)
        .where(Takedown.listing_id == listing_id)
        .order_by(Takedown.id.desc())
    )
    return [Told(*row) for row in session().execute(query)]


def withdrawn(skus: Select[int], *, since: datetime, today: date) -> Sequence[str]:
    """The titles of goods (a query for ids of variants) that may not be sold any more to who ordered them at a moment.

    They were taken down since, are off sale for want of a certificate, or lack one today; rewritten or given up by now
    they are all the same. What its factory alone gave up is sold to who ordered it before.
    """
    lately = or_(
        *(
            select(one.id).where(one.listing_id == Listing.id, one.taken_at >= since).exists()
            for one in (Takedown, Measure)
        )
    )
    given_up = and_(Listing.state == "archived", ~lately)
    gone = or_(and_(Listing.state != "published", ~given_up), _lacks(today))
    theirs = Listing.id.in_(select(Sku.listing_id).where(Sku.id.in_(skus)))
    return session().scalars(select(Listing.title).where(theirs, gone).order_by(Listing.id)).all()


def begun_for_lapsed(*, today: date, limit: int) -> Sequence[str]:
    """The certificates (public ids) whose first day has come, for goods that are off sale for want of one."""
    theirs = (Listing.organisation_id == Certificate.organisation_id) & (Listing.state == "lapsed")
    waits = theirs & Listing.needs.contains(Certificate.kind) & covers(Listing.id)
    query = select(Certificate.public_id).where(holds(today), Certificate.valid_from.is_not(None))
    query = query.where(select(Listing.id).where(waits).exists())
    return session().scalars(query.order_by(Certificate.id).limit(limit)).all()


def _lacks(today: date) -> ColumnElement[bool]:
    """Whether a listing lacks a certificate of a kind that it needs; most goods need none, and are asked no further."""
    needs = " " + Listing.needs + " "
    mine = (Certificate.organisation_id == Listing.organisation_id) & covers(Listing.id) & holds(today)
    lacking = (
        and_(needs.contains(f" {kind} "), ~select(Certificate.id).where(mine, Certificate.kind == kind).exists())
        for kind in KINDS
    )
    return and_(Listing.needs != "", or_(*lacking))


def is_out_of_sight(listing_id: int) -> bool:
    """Whether goods (id) are taken down, or were and have not been on sale again since: nobody else sees them."""
    stands = or_(Takedown.ended_at.is_(None), Takedown.ending == Listing.state)
    mended = and_(Takedown.ending == "submitted", Listing.state == "refused")
    taken = select(Takedown.id).where(Takedown.listing_id == Listing.id, or_(stands, mended)).exists()
    held = select(Measure.id).where(Measure.listing_id == Listing.id, Measure.ended_at.is_(None)).exists()
    hidden = select(Listing.id).where(Listing.id == listing_id, Listing.state != "published", or_(taken, held))
    return session().scalar(hidden) is not None


def _by_certificate(listing: Listing) -> ColumnElement[bool] | None:
    """Goods that need a kind of which they have a certificate of the same number, whoever handed it in."""
    used = certificates_used(listing)
    if not used:
        return None
    same = or_(*(and_(Certificate.kind == one.kind, Certificate.number == one.number) for one in used))
    theirs = (Certificate.organisation_id == Listing.organisation_id) & covers(Listing.id)
    needed = (" " + Listing.needs + " ").contains(" " + Certificate.kind + " ")
    return select(Certificate.id).where(same, theirs, needed, Certificate.state.not_in(VOID)).exists()


def _by_factory(listing: Listing) -> ColumnElement[bool]:
    return Listing.organisation_id == listing.organisation_id


_SHARED: dict[str, Callable[[Listing], ColumnElement[bool] | None]] = {
    "certificate": _by_certificate,
    "factory": _by_factory,
}
