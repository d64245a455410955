"""A notice and a report with evidence that is there to be opened."""

from flask import Flask
from sqlalchemy import select

from kernel.db import session
from kernel.files import Files
from kernel.permissions import Actor
from onboarding.listings.models import Listing
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case
from onboarding.notices.models import NoticeEvidence
from onboarding.notices.operations import send
from onboarding.notices.queries import goods_at
from onboarding.notices.rules import HANDED_WITH_NOTICE, Told
from onboarding.reports.operations import report
from onboarding.reports.queries import goods_named
from tests.cast import NOW
from tests.support.goods import blank_photo

CONTACT, STATEMENT, REPORTED = (
    "暗号联系癸 0319-7700123",
    "暗号通知子：这副手套印了我们的注册商标。",
    "暗号举报丑，线头很多",
)


def complained(app: Flask, holder: Actor, operator: Actor | None, listing: Listing) -> dict[str, str]:
    """A notice against goods, accepted where there is an operator: its id, and that of the proof of its right."""
    key = app.extensions["ports"].get(Files).put(blank_photo())
    told = Told("firm", "云上商标有限公司", CONTACT, "trademark", "1234567", STATEMENT)
    named, _missing = goods_at([listing.public_id])
    files = {kind: [("jpeg", key)] for kind in HANDED_WITH_NOTICE}
    [made] = send(actor=holder, told=told, promised=True, goods=named, files=files, now=NOW)
    if operator:
        case = session().scalars(select(Case.public_id).where(Case.subject == made.public_id)).one()
        approve_case(actor=operator, case=case, goods=[listing.public_id], now=NOW)
    shown = (NoticeEvidence.notice_id == made.id) & (NoticeEvidence.kind == "right")
    evidence = session().scalars(select(NoticeEvidence.public_id).where(shown)).one()
    return {"notice": made.public_id, "evidence": evidence}


def reported(app: Flask, shopper: Actor, listing: Listing) -> str:
    """A report with a picture."""
    key = app.extensions["ports"].get(Files).put(blank_photo())
    goods = goods_named(listing.public_id)
    return report(actor=shopper, goods=goods, reason="unlike", words=REPORTED, pictures=[key], now=NOW).public_id
