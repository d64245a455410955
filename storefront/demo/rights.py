"""A right holder who complains in the demo and thinks better of it, and a shopper whose report proves unfounded."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image
from sqlalchemy import select

from kernel.db import session
from kernel.files import Files
from onboarding.listings.models import Listing
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case, refuse_case
from onboarding.notices.operations import counter, send, withdraw
from onboarding.notices.queries import all_sent_by, goods_at
from onboarding.notices.rules import HANDED_WITH_NOTICE, Told
from onboarding.reports.operations import report
from onboarding.reports.queries import goods_named
from storefront.demo.days import Calendar, Event, Stage
from storefront.demo.people import HUA, LIN, WEI, acting

if TYPE_CHECKING:
    from datetime import datetime

_TOLD: Final = Told(
    "firm",
    "样云纺织有限公司",
    "0319-0000000",
    "trademark",
    "00000001",
    "吊牌上的图案和我们注册的商标很像，没有得到许可，见对比图。",
)
_COUNTER: Final = "吊牌图案是我厂 2015 年自己画的，有作品登记证书，比对方的商标早三年。"
_REPORT: Final = "照片上颜色偏红，收到的偏橙。"
_UNFOUNDED: Final = "对过图片和实物，是灯光的色差，没有发现问题。"


def rights(calendar: Calendar, stage: Stage) -> list[Event]:
    """A notice against goods of Wei that is withdrawn within the hour, and a report; done once."""
    return [Event(calendar.at(88, 15), partial(_complain, stage)), Event(calendar.at(89, 15), partial(_report, stage))]


def _complain(stage: Stage, *, now: datetime) -> None:
    lin, hua, wei = acting(LIN), acting(HUA), acting(WEI)
    if all_sent_by(lin):
        return
    paper = [("jpeg", _paper(stage))]
    named, _missing = goods_at([_goods()])
    files = dict.fromkeys(HANDED_WITH_NOTICE, paper)
    [made] = send(actor=lin, told=_TOLD, promised=True, goods=named, files=files, now=now)
    approve_case(actor=hua, case=_case(made.public_id), goods=[named[0].listing], now=now)
    counter(actor=wei, notice=made.public_id, words=_COUNTER, promised=True, files=paper, now=now)
    approve_case(actor=hua, case=_case(made.public_id), goods=[], now=now)
    withdraw(actor=lin, notice=made.public_id, now=now)


def _report(stage: Stage, *, now: datetime) -> None:
    goods = goods_named(_goods())
    if session().scalar(select(Case.id).where(Case.subject_type == "report")) is not None:
        return
    pictures = [_paper(stage)]
    made = report(actor=acting(LIN), goods=goods, reason="unlike", words=_REPORT, pictures=pictures, now=now)
    refuse_case(actor=acting(HUA), case=_case(goods.listing), reason=_UNFOUNDED, seen=made.public_id, now=now)


def _goods() -> str:
    """What Wei has listed last."""
    mine = Listing.organisation_id == acting(WEI).memberships[0].organisation_id
    newest = select(Listing.public_id).where(mine, Listing.state == "published").order_by(Listing.id.desc())
    return session().scalars(newest.limit(1)).one()


def _case(subject: str) -> str:
    """The open case of a notice, or of goods that were reported."""
    waits = (Case.subject == subject) & (Case.state == "open") & Case.subject_type.in_(("notice", "report"))
    return session().scalars(select(Case.public_id).where(waits)).one()


def _paper(stage: Stage) -> str:
    """An empty sheet, as a JPEG among the private files."""
    kept = BytesIO()
    Image.new("RGB", (900, 1200), "#fbfaf6").save(kept, "JPEG", quality=80)
    return stage.ports.get(Files).put(kept.getvalue())
