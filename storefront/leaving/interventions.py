"""Parts of a copy that are about what became of goods: take-downs, notices of rights, reports that were borne out.

Of these what her own pages tell her: never who reported, what operators wrote for each other, or how to reach a holder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.tables import Column, Listed, Selected, Table
from kernel.text import lazy
from onboarding.accounts.models import MembershipRow
from onboarding.listings.models import Listing, Takedown
from onboarding.listings.rules import TAKEDOWN_REASONS
from onboarding.notices.models import Notice
from onboarding.notices.queries import NoticeFile, file_of
from onboarding.notices.rules import DEEDS, NOTICE, RIGHTS
from onboarding.reports.models import Report
from onboarding.reports.rules import REASONS, REPORT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kernel.files import Files
    from kernel.text import Message
    from storefront.leaving.parcel import Parcel
    from storefront.leaving.queries import Subject

_ENDINGS: Final[dict[str, Message | None]] = {
    "": None,
    "restored": lazy("已恢复"),
    "granted": lazy("申诉成立，已恢复"),
    "submitted": lazy("改好又提交了"),
    "archived": lazy("工厂自己下架了"),
}
_TOLD: Final = ("upheld", "mended")
"""Reports that a seller hears of; what was unfounded she never reads."""
_TAKEDOWNS: Final[Table[Any]] = Table(
    name="take-downs",
    title=lazy("平台下架的经过"),
    key=lambda line: line.public_id,
    columns=(
        Column("code", lazy("货号"), lambda line: line.code),
        Column("title", lazy("品名"), lambda line: line.title),
        Column("why", lazy("原因"), lambda line: TAKEDOWN_REASONS[line.reason_code]),
        Column("told", lazy("平台说明"), lambda line: line.told),
        Column("taken", lazy("下架时间"), lambda line: line.taken_at, "moment"),
        Column("appeal", lazy("申诉"), lambda line: line.words),
        Column("appealed", lazy("申诉时间"), lambda line: line.appealed_at, "moment"),
        Column("answer", lazy("答复"), lambda line: line.answer),
        Column("answered", lazy("答复时间"), lambda line: line.answered_at, "moment"),
        Column("ending", lazy("结果"), lambda line: _ENDINGS[line.ending]),
        Column("ended", lazy("结束时间"), lambda line: line.ended_at, "moment"),
    ),
)
_REPORTS: Final[Table[Any]] = Table(
    name="reports",
    title=lazy("查实的举报"),
    key=lambda line: line.public_id,
    columns=(
        Column("code", lazy("货号"), lambda line: line.code),
        Column("title", lazy("品名"), lambda line: line.title),
        Column("why", lazy("原因"), lambda line: REASONS[line.reason]),
        Column("state", lazy("结果"), lambda line: lazy(REPORT.labels[line.state])),
        Column("answered", lazy("答复时间"), lambda line: line.answered_at, "moment"),
    ),
)
_NOTICES: Final[Table[NoticeFile]] = Table(
    name="notices",
    title=lazy("知识产权通知"),
    key=lambda line: line.notice.public_id,
    columns=(
        Column("number", lazy("通知"), lambda line: line.notice.number),
        Column("holder", lazy("权利人"), lambda line: line.notice.name),
        Column("right", lazy("权利"), lambda line: RIGHTS[line.notice.right_kind]),
        Column("registered", lazy("权利编号"), lambda line: line.notice.right_number),
        Column("statement", lazy("说明"), lambda line: line.notice.statement),
        Column("goods", lazy("商品"), lambda line: " / ".join(one.title for one in line.goods)),
        Column("state", lazy("状态"), lambda line: lazy(NOTICE.labels[line.notice.state])),
        Column("accepted", lazy("受理时间"), lambda line: line.notice.accepted_at, "moment"),
        Column("ended", lazy("结束时间"), lambda line: line.notice.ended_at, "moment"),
    ),
)
_STEPS: Final[Table[Any]] = Table(
    name="notice-steps",
    title=lazy("通知的经过"),
    key=lambda line: line[0].number,
    columns=(
        Column("deed", lazy("经过"), lambda line: DEEDS[line[1].action]),
        Column("words", lazy("说明"), lambda line: line[1].words),
        Column("at", lazy("时间"), lambda line: line[1].at, "moment"),
    ),
)


def write_takedowns(parcel: Parcel, subject: Subject) -> None:
    """Every take-down of her goods as its page tells it: why, her appeal, what came of it."""
    columns = (Takedown.public_id, Takedown.reason_code, Takedown.told, Takedown.taken_at, Takedown.words)
    ends = (Takedown.appealed_at, Takedown.answer, Takedown.answered_at, Takedown.ending, Takedown.ended_at)
    query = select(*columns, *ends, Listing.code, Listing.title).join(Listing, Listing.id == Takedown.listing_id)
    mine = query.where(Listing.organisation_id == subject.house.id)
    parcel.table("take-downs.csv", _TAKEDOWNS, Selected(mine, (Takedown.id,), list))


def write_reports(parcel: Parcel, subject: Subject) -> None:
    """Reports of her goods that were borne out: neither who spoke nor in what words, which might tell."""
    columns = (Report.public_id, Report.reason, Report.state, Report.answered_at)
    query = select(*columns, Listing.code, Listing.title).join(Listing, Listing.id == Report.listing_id)
    mine = query.where(Listing.organisation_id == subject.house.id, Report.state.in_(_TOLD))
    parcel.table("reports.csv", _REPORTS, Selected(mine, (Report.id,), list))


def write_notices(parcel: Parcel, subject: Subject, *, files: Files) -> None:
    """Notices that were forwarded to her, and the evidence that she herself handed in; a lost file is left out."""
    found = list(_notices(subject.house.id))
    parcel.table("notices.csv", _NOTICES, Listed(found))
    parcel.table("notice-steps.csv", _STEPS, Listed([(one.notice, step) for one in found for step in one.steps]))
    team = select(MembershipRow.user_id).where(MembershipRow.organisation_id == subject.house.id)
    hers = set(session().scalars(team))
    for held in (held for one in found for held in one.evidence if held.added_by in hers):
        try:
            parcel.picture(f"evidence/{held.public_id}.{_SUFFIX[held.media]}", files.get(held.file_key))
        except NotFoundError:
            continue


def _notices(organisation_id: int) -> Iterator[NoticeFile]:
    against = (Notice.organisation_id == organisation_id) & Notice.accepted_at.is_not(None)
    for one in session().scalars(select(Notice).where(against).order_by(Notice.id)):
        yield file_of(one, "seller")


_SUFFIX: Final = {"jpeg": "jpg", "pdf": "pdf"}
