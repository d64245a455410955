"""The tables of operators: the queue, the trail of operations, schedules, and jobs that failed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kernel.audit import AuditRow
from kernel.i18n import gettext, locale, ngettext
from kernel.tables import Column, Filter, Table
from kernel.text import lazy
from onboarding.moderation.chores import job_name
from onboarding.moderation.deeds import deed
from onboarding.moderation.desk import VISIT_SORTS
from onboarding.moderation.factories import FACTORY_SORTS
from onboarding.moderation.glances import gravity, price_range, said_of
from onboarding.moderation.models import Case
from onboarding.moderation.queries import FACTORY_NAME, TAKER
from onboarding.moderation.rules import CASE
from onboarding.moderation.things import AREAS, thing
from onboarding.verification.rules import APPLICATION

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from kernel.jobs import Job
    from onboarding.moderation.desk import VisitLine
    from onboarding.moderation.factories import FactoryLine
    from onboarding.moderation.queries import CaseLine
    from onboarding.moderation.trail import AuditLine

SUBJECTS = (
    ("factory", lazy("工厂入驻")),
    ("merchant", lazy("商家入驻")),
    ("listing", lazy("商品上架")),
    ("edit", lazy("商品改动")),
    ("appeal", lazy("申诉")),
    ("claim", lazy("代码认领")),
    ("recheck", lazy("执照复核")),
    ("certificate", lazy("商品证书")),
    ("takedown", lazy("下架申诉")),
    ("notice", lazy("知识产权通知")),
    ("report", lazy("举报")),
    ("pictures", lazy("商品新图")),
)
AGES = (
    ("hour", lazy("超过 1 小时")),
    ("hours", lazy("超过 4 小时")),
    ("day", lazy("超过 1 天")),
    ("days", lazy("超过 3 天")),
)
_STATES = tuple((state, lazy(label)) for state, label in CASE.labels.items())
_SUBJECTS = dict(SUBJECTS)
_FACTORY_STATES = tuple((state, lazy(label)) for state, label in APPLICATION.labels.items() if state != "draft")
_KINDS = {"factory": lazy("工厂"), "merchant": lazy("商家")}
_HOUR, _DAY = 60, 60 * 24


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """A task that runs by the clock, and when it last did."""

    name: str
    every: timedelta
    last: datetime | None


def waited(minutes: int) -> str:
    """How long something waits, in the largest unit that says enough."""
    if minutes < 1:
        return gettext("不到 1 分钟")
    if minutes < _HOUR:
        return ngettext("%(num)s 分钟", "%(num)s 分钟", minutes)
    if minutes < 2 * _DAY:
        return ngettext("%(num)s 小时", "%(num)s 小时", minutes // _HOUR)
    return ngettext("%(num)s 天", "%(num)s 天", minutes // _DAY)


def patience(line: CaseLine) -> str:
    """The colour of a wait: calm for a day, then not."""
    if line.state != CASE.start or line.minutes < _DAY:
        return ""
    return "warn" if line.minutes < 3 * _DAY else "bad"


def _about(line: AuditLine) -> str:
    """What an operation was about: each thing once."""
    things = dict.fromkeys(thing(change["subject"]) for change in line.changes)
    return gettext("、").join(" ".join(filter(None, (gettext(kind), which))) for kind, which in things)


def _who(line: AuditLine) -> str:
    if line.sent_by:
        told = {"sent_by": line.sent_by, "name": line.who, "owner": line.on_behalf_of or ""}
        return gettext("%(sent_by)s %(name)s（代%(owner)s办）", **told)
    nobody = {"system": gettext("系统"), "visitor": gettext("访客"), "unnamed": gettext("不署名")}
    return nobody.get(line.who, line.who)


def _changes(line: AuditLine) -> str:
    return json.dumps(line.changes, ensure_ascii=False) if line.changes else ""


CASES: Table[CaseLine] = Table(
    name="cases",
    title=lazy("审核单"),
    key=lambda line: line.public_id,
    columns=(
        Column(
            "title",
            lazy("名称"),
            lambda line: line.title,
            "authored",
            link=lambda line: f"/ops/cases/{line.public_id}",
            image=lambda line: line.glance.image if line.glance else "",
            note=price_range,
        ),
        Column("type", lazy("类型"), lambda line: _SUBJECTS[line.subject_type], "badge"),
        Column("findings", lazy("自动检查"), said_of, "badge", tone=gravity, only="page"),
        Column("factory", lazy("工厂"), lambda line: line.factory, "authored", sort=FACTORY_NAME),
        Column("region", lazy("省份"), lambda line: line.region, "authored", only="csv"),
        Column(
            "belt", lazy("所属产业带"), lambda line: line.belt if locale() == "zh" else line.belt_en, sort=Case.belt
        ),
        Column("opened", lazy("提交时间"), lambda line: line.opened_at, "moment", sort=Case.opened_at),
        Column("waited", lazy("等了"), lambda line: waited(line.minutes), "badge", tone=patience, only="page"),
        Column("minutes", lazy("等了（分钟）"), lambda line: line.minutes, "number", only="csv"),
        Column(
            "state",
            lazy("状态"),
            lambda line: lazy(CASE.labels[line.state]),
            "badge",
            tone=lambda line: CASE.tones[line.state],
            note=lambda line: line.reason,
        ),
        Column(
            "taken",
            lazy("谁在看"),
            lambda line: line.taken_by if line.state == CASE.start else None,
            "authored",
            sort=TAKER.name,
        ),
        Column("by", lazy("处理人"), lambda line: line.decided_by, "authored", only="csv"),
        Column("decided", lazy("处理时间"), lambda line: line.decided_at, "moment", only="csv"),
        Column("reason", lazy("退回原因"), lambda line: line.reason or None, "authored", only="csv"),
    ),
    filters=(
        Filter("type", lazy("类型"), options=SUBJECTS),
        Filter("state", lazy("状态"), options=_STATES, start=CASE.start),
        Filter("region", lazy("省份")),
        Filter("belt", lazy("所属产业带")),
        Filter("age", lazy("等了多久"), options=AGES),
        Filter("taken", lazy("谁在看"), options=(("me", lazy("我在看的")), ("nobody", lazy("没人在看的")))),
        Filter("q", lazy("名称、工厂或编号"), "words"),
    ),
)
FACTORIES: Table[FactoryLine] = Table(
    name="factories",
    title=lazy("工厂和商家"),
    key=lambda line: line.organisation,
    columns=(
        Column(
            "name",
            lazy("名称"),
            lambda line: line.name,
            "authored",
            sort=FACTORY_SORTS["name"],
            link=lambda line: f"/ops/factories/{line.organisation}",
        ),
        Column(
            "state",
            lazy("状态"),
            lambda line: lazy(APPLICATION.labels[line.state]),
            "badge",
            tone=lambda line: APPLICATION.tones.get(line.state, ""),
            note=lambda line: line.reason,
        ),
        Column("kind", lazy("类型"), lambda line: _KINDS[line.kind], "badge"),
        Column("code", lazy("统一社会信用代码"), lambda line: line.uscc or None, "codes"),
        Column("region", lazy("省份"), lambda line: line.region, "authored", only="csv"),
        Column(
            "belt",
            lazy("所属产业带"),
            lambda line: (line.belt if locale() == "zh" else line.belt_en) or None,
            sort=FACTORY_SORTS["belt"],
        ),
        Column("goods", lazy("在卖"), lambda line: line.goods, "number"),
        Column(
            "submitted", lazy("提交时间"), lambda line: line.submitted_at, "moment", sort=FACTORY_SORTS["submitted"]
        ),
        Column("checked", lazy("上次核验"), lambda line: line.checked_at, "moment", sort=FACTORY_SORTS["checked"]),
    ),
    filters=(
        Filter("kind", lazy("类型"), options=tuple(_KINDS.items())),
        Filter("state", lazy("状态"), options=_FACTORY_STATES),
        Filter("region", lazy("省份")),
        Filter("belt", lazy("所属产业带")),
        Filter("check", lazy("执照复核"), options=(("waits", lazy("等复核")), ("late", lazy("逾期没答复")))),
        Filter("q", lazy("名称、代码或编号"), "words"),
    ),
)
VISITS: Table[VisitLine] = Table(
    name="visits",
    title=lazy("上门名单"),
    key=lambda line: line.request,
    columns=(
        Column(
            "name",
            lazy("工厂"),
            lambda line: line.name,
            "authored",
            sort=VISIT_SORTS["name"],
            link=lambda line: f"/ops/factories/{line.organisation}",
        ),
        Column("region", lazy("省份"), lambda line: line.region, "authored"),
        Column(
            "belt",
            lazy("所属产业带"),
            lambda line: line.belt if locale() == "zh" else line.belt_en,
            sort=VISIT_SORTS["belt"],
        ),
        Column("address", lazy("住所"), lambda line: line.address or None, "prose"),
        Column("asked", lazy("提出时间"), lambda line: line.asked_at, "moment", sort=VISIT_SORTS["asked"]),
        Column("waited", lazy("等了"), lambda line: waited(line.minutes), "badge", only="page"),
        Column("minutes", lazy("等了（分钟）"), lambda line: line.minutes, "number", only="csv"),
    ),
    filters=(
        Filter("region", lazy("省份")),
        Filter("belt", lazy("所属产业带")),
        Filter("q", lazy("工厂名称"), "words"),
    ),
)
AUDIT: Table[AuditLine] = Table(
    name="audit",
    title=lazy("操作记录"),
    key=lambda line: str(line.id),
    columns=(
        Column("at", lazy("时间"), lambda line: line.at, "moment", sort=AuditRow.at),
        Column("who", lazy("谁"), _who, "authored"),
        Column("operation", lazy("做了什么"), lambda line: deed(line.operation)),
        Column("about", lazy("对象"), _about, "codes"),
        Column("reason", lazy("原因"), lambda line: line.reason or None, "prose"),
        Column("code", lazy("操作名"), lambda line: line.operation, only="csv"),
        Column("changes", lazy("改动"), _changes, only="csv"),
    ),
    filters=(
        Filter("by", lazy("谁做的"), options=(("people", lazy("人")), ("system", lazy("系统"))), start="people"),
        Filter("operation", lazy("哪一类"), options=AREAS),
        Filter("who", lazy("姓名"), "words"),
        Filter("subject", lazy("对象编号"), "words"),
        Filter("since", lazy("从哪天"), "day"),
        Filter("until", lazy("到哪天"), "day"),
    ),
)
SCHEDULES: Table[ScheduleLine] = Table(
    name="schedules",
    title=lazy("定时任务"),
    key=lambda line: line.name,
    columns=(
        Column("job", lazy("任务"), lambda line: job_name(line.name)),
        Column("every", lazy("多久一次"), lambda line: _every(line.every)),
        Column("last", lazy("上次完成"), lambda line: line.last, "moment"),
    ),
)
FAILED: Table[Job] = Table(
    name="failed",
    title=lazy("失败的任务"),
    key=lambda job: str(job.id),
    columns=(
        Column("job", lazy("任务"), lambda job: job_name(job.name)),
        Column("attempts", lazy("试了几次"), lambda job: job.attempts, "number"),
        Column("at", lazy("最近一次"), lambda job: job.run_at, "moment"),
        Column("error", lazy("原因"), lambda job: job.error, "codes"),
    ),
)


def _every(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds < _HOUR:
        return ngettext("每 %(num)s 秒", "每 %(num)s 秒", seconds)
    if seconds < _HOUR * _HOUR:
        return ngettext("每 %(num)s 分钟", "每 %(num)s 分钟", seconds // _HOUR)
    return ngettext("每 %(num)s 小时", "每 %(num)s 小时", seconds // _HOUR // _HOUR)
