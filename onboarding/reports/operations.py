"""What can be done about reports: send one; answer all that are open of goods together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.text import clause, clean, lazy
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.certificates.queries import desk_of_organisation
from onboarding.listings import mendings
from onboarding.listings.rules import LISTING
from onboarding.listings.takedowns import keep_down, take_down
from onboarding.reports.facts import GoodsReported
from onboarding.reports.models import Report
from onboarding.reports.queries import contacts, count_open, listing_named, place_of
from onboarding.reports.rules import REPORT, faults

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.models import Listing
    from onboarding.reports.queries import Goods

_OUTCOMES = {
    "uphold": lazy("您举报的商品“%(title)s”查实有问题，已经下架。谢谢您。"),
    "ask": lazy("您举报的商品“%(title)s”已核实，平台要求卖家改正。谢谢您。"),
    "dismiss": lazy("您举报的商品“%(title)s”已核实，没有发现问题。如果有新的情况，可以再举报。"),
}


@operation("report.send")
def report(*, actor: Actor, goods: Goods, reason: str, words: str, pictures: Sequence[str], now: datetime) -> Report:
    """Say that something is wrong with goods; `report.known` while an earlier word of hers waits."""
    words = clean(words, keep_lines=True)
    if wrong := faults(reason=reason, words=words, pictures=len(pictures)):
        raise InvalidInputError(wrong)
    if actor.user_id is None:
        raise NotFoundError
    made = Report(
        public_id=public_id("rep"),
        listing_id=goods.listing_id,
        organisation_id=goods.shop_id,
        reporter_id=actor.user_id,
        reason=reason,
        words=words,
        picture_keys=[*pictures],
        state=REPORT.start,
        made_at=now,
    )
    session().add(made)
    try:
        session().flush()
    except IntegrityError as taken:
        raise DomainError("report.known") from taken
    note(f"report:{made.public_id}", after={"reason": reason})
    publish(GoodsReported(goods.listing, count_open(goods.listing_id)), actor=actor, now=now)
    return made


@operation("report.answer")
def answer(*, actor: Actor, listing: str, seen: str, action: str, reason: str, now: datetime) -> int:
    """Answer the open reports of goods (public id) alike: `uphold` takes these down; how many. NotFoundError.

    Those that came after the newest one `seen` (public id) wait on. Who reported is told what came of it; the seller is
    told the reason alone, and has some days to mend them where that is what is asked. Mended goods are answered again.
    """
    found = listing_named(listing)
    step = REPORT.step(REPORT.start, action)
    region, belt = desk_of_organisation(found.organisation_id)
    if not actor.may(step.permission, region=region, belt=belt):
        raise NotFoundError
    waiting = (Report.listing_id == found.id) & (Report.state == REPORT.start) & (Report.id <= place_of(found, seen))
    done = update(Report).where(waiting).values(state=step.to, answered_at=now)
    told = session().scalars(done.returning(Report.reporter_id)).all()
    note(f"listing:{listing}", after={"reports": step.to, "count": len(told)}, reason=reason)
    if action == "ask":
        mendings.ask_to_mend(actor=actor, listing=listing, told=reason, now=now)
    else:
        mendings.settle(actor=actor, listing=listing, thank=action == "dismiss", now=now)
    if action == "uphold":
        _take_down(found, reason, actor=actor, now=now)
    tell(contacts(told), Words(_OUTCOMES[action], {"title": clause(found.title)}), actor=actor, now=now)
    if later := count_open(found.id):
        publish(GoodsReported(listing, later), actor=actor, now=now)
    return len(told)


def _take_down(found: Listing, reason: str, *, actor: Actor, now: datetime) -> None:
    """As any goods that an operator takes off sale: their factory is told there; what is off sale already stays so."""
    if found.state in LISTING.sources("take_down"):
        told = {"reason_code": "complaint", "told": reason, "internal": ""}
        take_down(actor=actor, listing=found.public_id, **told, now=now)
    elif found.state == "archived":
        keep_down(actor=actor, listing=found.public_id, told=reason, now=now)
