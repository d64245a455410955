"""What can be asked of notices: by whoever sent one, by the seller it is against, by operators, by everybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from onboarding.accounts.models import MembershipRow, Organisation, User
from onboarding.accounts.queries import contact_of
from onboarding.listings.models import Listing, Measure
from onboarding.notices.models import Notice, NoticeEvidence, NoticeGoods, NoticeStep
from onboarding.notices.rules import WRONGFUL, is_over, reads, sees
from onboarding.offers.models import PickUp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from sqlalchemy import Select

    from kernel.permissions import Actor
    from onboarding.accounts.queries import Contact

PER_PAGE: Final = 50
_GOODS: Final = re.compile(r"(?:lst|pck)_[2-9a-z]{16}")


@dataclass(frozen=True, slots=True)
class Named:
    """Goods on sale that a line of somebody's links leads to."""

    listing_id: int
    listing: str
    title: str
    organisation_id: int
    link: str


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """Goods that a notice names, and whether it keeps them off sale."""

    listing: str
    title: str
    link: str
    state: str
    is_down: bool


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """A notice as one side reads it; `seller` is empty until a counter-notice has arrived."""

    notice: Notice
    goods: list[GoodsLine]
    evidence: list[NoticeEvidence]
    steps: list[NoticeStep]
    seller: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in a list, with the titles of its goods."""

    notice: Notice
    titles: list[str]


def goods_at(links: Iterable[str]) -> tuple[list[Named], list[int]]:
    """The goods on sale at these addresses, each once, and the numbers of the lines (from 1) that lead to none.

    Who makes what a merchant sells is not told: her address names the same goods.
    """
    found: dict[int, Named] = {}
    missing = []
    for number, link in enumerate(links, 1):
        named = _GOODS.findall(link)
        one = _on_sale(named[-1], link) if named else None
        if one is None:
            missing.append(number)
        else:
            found.setdefault(one.listing_id, one)
    return list(found.values()), missing


def _on_sale(public_id: str, link: str) -> Named | None:
    columns = (Listing.id, Listing.public_id, Listing.title, Listing.organisation_id)
    query = select(*columns).where(Listing.state == "published")
    if public_id.startswith("pck_"):
        query = query.join(PickUp, PickUp.listing_id == Listing.id)
        query = query.where(PickUp.public_id == public_id, PickUp.state == "on")
    else:
        query = query.where(Listing.public_id == public_id)
    row = session().execute(query).one_or_none()
    return Named(*row, link[:300]) if row else None


def sent_by(actor: Actor, notice: str, *, lock: bool = False) -> Notice:
    """A notice of this very person; NotFoundError."""
    return _one(select(Notice).where(Notice.public_id == notice, Notice.notifier_id == actor.user_id), lock=lock)


def against(actor: Actor, notice: str, *, lock: bool = False) -> Notice:
    """A notice against a factory of this owner, once it was forwarded to her; NotFoundError."""
    return _one(_against(actor).where(Notice.public_id == notice), lock=lock)


def notice_named(notice: str, *, lock: bool = False) -> Notice:
    """A notice by public id; who may see it is for the caller to say. NotFoundError."""
    return _one(select(Notice).where(Notice.public_id == notice), lock=lock)


def _one(query: Select[Notice], *, lock: bool) -> Notice:
    found = session().scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    if found is None:
        raise NotFoundError
    return found


def _against(actor: Actor) -> Select[Notice]:
    owns = (one for one in actor.memberships if Permission.SELLER_ORGANISATION_EDIT in one.permissions)
    owned = [one.organisation_id for one in owns if one.kind == "factory"]
    if not owned:
        raise NotFoundError
    return select(Notice).where(Notice.organisation_id.in_(owned), Notice.accepted_at.is_not(None))


def all_sent_by(actor: Actor) -> list[NoticeLine]:
    """The notices of this very person, the newest first."""
    return _lines(select(Notice).where(Notice.notifier_id == actor.user_id).limit(PER_PAGE))


def all_against(actor: Actor) -> list[NoticeLine]:
    """The notices against the factory of this owner, the newest first; NotFoundError for who owns none."""
    return _lines(_against(actor).limit(PER_PAGE))


def published(page: int) -> tuple[list[NoticeLine], bool]:
    """What everybody may read of notices that were decided on, a page of them, and whether there are more."""
    decided = or_(Notice.accepted_at.is_not(None), Notice.state == "refused")
    found = _lines(select(Notice).where(decided).offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1))
    return found[:PER_PAGE], len(found) > PER_PAGE


def _lines(query: Select[Notice]) -> list[NoticeLine]:
    notices = session().scalars(query.order_by(Notice.id.desc())).all()
    named: dict[int, list[str]] = {one.id: [] for one in notices}
    goods = select(NoticeGoods).where(NoticeGoods.notice_id.in_(named)).order_by(NoticeGoods.id)
    for one in session().scalars(goods):
        named[one.notice_id].append(one.title)
    return [NoticeLine(one, named[one.id]) for one in notices]


def file_of(notice: Notice, side: str = "") -> NoticeFile:
    """All that a side (`holder` or `seller`, else an operator) may read of a notice."""
    arrived = notice.arrived_on is not None
    mine = select(NoticeEvidence).where(NoticeEvidence.notice_id == notice.id).order_by(NoticeEvidence.id)
    done = select(NoticeStep).where(NoticeStep.notice_id == notice.id).order_by(NoticeStep.id)
    evidence, steps = session().scalars(mine).all(), session().scalars(done).all()
    shown = [one for one in evidence if not side or reads(side, one.kind, arrived=arrived)]
    told = [one for one in steps if not side or sees(side, one.action, arrived=arrived)]
    seller = session().scalars(select(Organisation.name).where(Organisation.id == notice.organisation_id)).one()
    return NoticeFile(notice, goods_of(notice), shown, told, seller if arrived or side != "holder" else "")


def goods_of(notice: Notice) -> list[GoodsLine]:
    """The goods that a notice names."""
    down = (Measure.listing_id == NoticeGoods.listing_id) & (Measure.cause == notice.public_id)
    query = (
        select(Listing.public_id, NoticeGoods.title, NoticeGoods.link, Listing.state, Measure.id.is_not(None))
        .join(Listing, Listing.id == NoticeGoods.listing_id)
        .outerjoin(Measure, down & Measure.ended_at.is_(None))
        .where(NoticeGoods.notice_id == notice.id)
        .order_by(NoticeGoods.id)
    )
    return [GoodsLine(*row) for row in session().execute(query)]


def evidence_for(actor: Actor, evidence: str) -> NoticeEvidence:
    """A file of a notice that one of the two sides may open; NotFoundError."""
    found, notice = _evidence(NoticeEvidence.public_id == evidence)
    arrived = notice.arrived_on is not None
    is_holder = actor.user_id is not None and notice.notifier_id == actor.user_id
    if is_holder and (found.added_by == actor.user_id or reads("holder", found.kind, arrived=arrived)):
        return found
    is_seller = actor.may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=notice.organisation_id)
    if is_seller and notice.accepted_at is not None and reads("seller", found.kind, arrived=arrived):
        return found
    raise NotFoundError


def evidence_in(notice: str, evidence: str) -> NoticeEvidence:
    """A file of this notice (public ids), whoever asks; NotFoundError."""
    found, _notice = _evidence((NoticeEvidence.public_id == evidence) & (Notice.public_id == notice))
    return found


def _evidence(where: object) -> tuple[NoticeEvidence, Notice]:
    query = select(NoticeEvidence, Notice).join(Notice, Notice.id == NoticeEvidence.notice_id).where(where)  # type: ignore[arg-type]
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def holder_of(notice: Notice) -> Contact:
    """How its right holder is reached."""
    return contact_of(session().scalars(select(User.public_id).where(User.id == notice.notifier_id)).one())


def seller_name(notice: Notice) -> tuple[str, str]:
    """Public id and name of the seller that a notice is against."""
    query = select(Organisation.public_id, Organisation.name).where(Organisation.id == notice.organisation_id)
    public_id, name = session().execute(query).one()
    return public_id, name


def parties(notice: str) -> tuple[int, list[int]]:
    """Who (user id) sent a notice, and the organisations of both sides."""
    found = notice_named(notice)
    hers = select(MembershipRow.organisation_id).where(MembershipRow.user_id == found.notifier_id)
    return found.notifier_id, [found.organisation_id, *session().scalars(hers)]


def sellers_of_copies(listings: Collection[int]) -> list[tuple[int, str]]:
    """Which merchants (organisation ids) sell copies of goods (ids), with the titles of these."""
    query = select(PickUp.organisation_id, Listing.title).join(Listing, Listing.id == PickUp.listing_id)
    query = query.where(PickUp.listing_id.in_(listings), PickUp.state == "on").order_by(PickUp.id)
    return [(merchant, title) for merchant, title in session().execute(query)]


def wrongful_before(notice: Notice) -> Sequence[Notice]:
    """Earlier notices of the same person that were refused, lapsed or found to be wrong, the newest first."""
    hers = (Notice.notifier_id == notice.notifier_id) & (Notice.id != notice.id) & Notice.state.in_(WRONGFUL)
    return session().scalars(select(Notice).where(hers).order_by(Notice.id.desc()).limit(PER_PAGE)).all()


def due(today: date, *, limit: int) -> Sequence[Notice]:
    """The notices whose days are over without word, locked."""
    query = select(Notice).where(Notice.state == "waiting", Notice.until < today).order_by(Notice.id).limit(limit)
    return [one for one in session().scalars(query.with_for_update()) if one.until and is_over(one.until, today)]
