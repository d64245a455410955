"""Notices in few words: sent, accepted, countered, forwarded."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from kernel.clock import business_date, start_of
from kernel.db import session
from kernel.notify import Message
from kernel.permissions import Actor, Role
from onboarding.listings.models import Listing
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case
from onboarding.notices.models import Notice
from onboarding.notices.operations import Files, counter, prove, send
from onboarding.notices.queries import goods_at, notice_named
from onboarding.notices.rules import HANDED_WITH_NOTICE, Told
from tests.cast import NOW

KEY = "0" * 64
FILES: Files = [("jpeg", KEY)]
ALL = dict.fromkeys(HANDED_WITH_NOTICE, FILES)
TOLD = Told(
    "firm",
    "云上纺织有限公司",
    "13900001111 暗巷 5 号",
    "trademark",
    "第 1234567 号",
    "这条围巾印了我们的注册商标，没有得到许可。",
)
WORDS = "图案是我厂 2015 年自己画的，有作品登记证书。"
SUED = "已向邢台市市场监督管理局投诉，受理号 2026-17。"


def at_home(owner: Actor) -> Actor:
    """An owner who buys like anybody."""
    return replace(owner, roles=frozenset({Role.SHOPPER}))


def sent(holder: Actor, *goods: Listing, told: Told = TOLD, now: datetime = NOW) -> list[Notice]:
    """The notices of a right holder against goods, one per seller."""
    named, missing = goods_at([f"https://y.example/goods/{one.public_id}-x" for one in goods])
    assert not missing
    return send(actor=holder, told=told, promised=True, goods=named, files=ALL, now=now)


def case_of(subject: str) -> str:
    """The open case of a notice, or of reported goods."""
    session().rollback()
    waits = (Case.subject == subject) & (Case.state == "open")
    return session().scalars(select(Case.public_id).where(waits)).one()


def in_force(holder: Actor, operator: Actor, *goods: Listing, now: datetime = NOW) -> str:
    """A notice that took these goods down (public id)."""
    [made] = sent(holder, *goods, now=now)
    named = [one.public_id for one in goods]
    approve_case(actor=operator, case=case_of(made.public_id), goods=named, now=now)
    return made.public_id


def forwarded(holder: Actor, operator: Actor, seller: Actor, *goods: Listing, now: datetime = NOW) -> str:
    """A notice whose counter-notice arrived now (public id)."""
    notice = in_force(holder, operator, *goods, now=now)
    counter(actor=seller, notice=notice, words=WORDS, promised=True, files=FILES, now=now)
    approve_case(actor=operator, case=case_of(notice), goods=[], now=now)
    return notice


def pursued(holder: Actor, operator: Actor, seller: Actor, *goods: Listing) -> str:
    """A notice whose right holder has sued (public id)."""
    notice = forwarded(holder, operator, seller, *goods)
    prove(actor=holder, notice=notice, words=SUED, files=FILES, now=NOW)
    approve_case(actor=operator, case=case_of(notice), goods=[], now=NOW)
    return notice


def day(after: int) -> datetime:
    """The first moment of the Shanghai day that is so many days after today."""
    return start_of(business_date(NOW) + timedelta(days=after))


def state(notice: str) -> str:
    """Where a notice stands."""
    session().rollback()
    return notice_named(notice).state


def on_sale(listing: Listing) -> bool:
    """Whether goods can be bought."""
    session().rollback()
    return session().get_one(Listing, listing.id, populate_existing=True).state == "published"


def texts() -> list[tuple[str, str]]:
    """All that was sent: the number it went to, and the text."""
    session().rollback()
    return [(one.recipient, one.text) for one in session().scalars(select(Message).order_by(Message.id))]
