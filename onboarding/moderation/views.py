"""Pages of operators: the queue, a case, the work behind the pages, what everybody did."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, request

from kernel import jobs
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import error_text
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.text import lazy
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.moderation import operations, queries
from onboarding.moderation.rules import CASE, SUBJECTS
from onboarding.moderation.schemas import AuditFilter, BulkForm, QueueFilter, RefusalForm

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("moderation", __name__, template_folder="templates")

_QUEUE = "/ops"
_LABELS = {"factory": lazy("工厂入驻"), "listing": lazy("商品上架")}


@blueprint.get("/ops")
@requires(Permission.OPS_CASES_VIEW)
def queue() -> Response:
    """The cases of this operator's desk, by type and state."""
    asked = form_data(QueueFilter(), request.args)
    cases = queries.queue(actor(), subject_type=asked["type"], state=asked["state"], after=asked["after"])
    more = cases[-1].id if len(cases) == queries.PAGE else None
    return page(
        "moderation/queue.html",
        cases=cases,
        asked=asked,
        counts=queries.open_counts(actor()),
        lifecycle=CASE,
        subjects=_LABELS,
        next_url=f"{_QUEUE}?{urlencode({**asked, 'after': more})}" if more else "",
    )


@blueprint.post("/ops/approvals")
@requires(Permission.OPS_CASES_DECIDE)
def approve_many() -> BaseResponse:
    """Approve the chosen cases and say which were skipped, and why."""
    form = form_data(BulkForm(), {"cases": request.form.getlist("case")})
    result = operations.approve_cases(actor=actor(), cases=form["cases"], now=now())
    if result.done:
        say(_("已通过 %(count)s 件。", count=result.done), "good")
    for case, refusal in result.skipped.items():
        say(_("%(case)s 没有处理：%(reason)s", case=case, reason=error_text(refusal)), "warn")
    return redirect(_back())


@blueprint.get("/ops/cases/<case>")
@requires(Permission.OPS_CASES_VIEW)
def case(case: str) -> Response:
    """The evidence of a case and its two buttons."""
    return _case_page(case)


@blueprint.post("/ops/cases/<case>/approval")
@requires(Permission.OPS_CASES_DECIDE)
def approve(case: str) -> BaseResponse:
    """Approve, and go on to the next one."""
    try:
        operations.approve_case(actor=actor(), case=case, now=now())
    except DomainError as error:
        return _case_page(case, error)
    say(_("已通过。"), "good")
    return redirect(_next(case))


@blueprint.post("/ops/cases/<case>/refusal")
@requires(Permission.OPS_CASES_DECIDE)
def refuse(case: str) -> BaseResponse:
    """Send back with a reason, and go on to the next one."""
    try:
        reason = form_data(RefusalForm())["reason"]
        operations.refuse_case(actor=actor(), case=case, reason=reason, now=now())
    except DomainError as error:
        return _case_page(case, error)
    say(_("已退回，原因已发给对方。"), "good")
    return redirect(_next(case))


@blueprint.get("/ops/work")
@requires(Permission.OPS_JOBS_VIEW)
def work() -> Response:
    """Schedules with their last runs, what failed, how much waits."""
    _require_whole_channel(Permission.OPS_JOBS_VIEW)
    return page(
        "moderation/work.html",
        schedules=current_app.extensions.get("schedules", ()),
        last_runs=jobs.last_runs(),
        failed=jobs.failed(),
        waiting=jobs.waiting(),
        lag=jobs.lag(now=now()),
    )


@blueprint.get("/ops/audit")
@requires(Permission.OPS_AUDIT_VIEW)
def audit() -> Response:
    """What everybody did, the newest first."""
    _require_whole_channel(Permission.OPS_AUDIT_VIEW)
    asked = form_data(AuditFilter(), request.args)
    rows = queries.audit(operation=asked["operation"], before=asked["before"])
    more = rows[-1].id if len(rows) == queries.AUDIT_PAGE else None
    next_url = f"/ops/audit?{urlencode({**asked, 'before': more})}" if more else ""
    return page("moderation/audit.html", rows=rows, asked=asked, next_url=next_url)


def _case_page(case: str, error: DomainError | None = None) -> Response:
    if isinstance(error, NotFoundError):
        raise error
    found = queries.evidence(actor(), case)
    return page(
        "moderation/case.html",
        error=error,
        found=found,
        actions=CASE.actions(found.case.state),
        lifecycle=CASE,
        subjects=_LABELS,
        reason=request.form.get("reason", ""),
    )


def _next(case: str) -> str:
    """The next open case: of the same type and younger, else the oldest of any, else the queue."""
    done = queries.evidence(actor(), case).case
    waiting = queries.queue(actor(), subject_type=done.subject_type, state=CASE.start, after=done.id)
    waiting = waiting or queries.queue(actor(), subject_type="", state=CASE.start, after=0)
    return f"/ops/cases/{waiting[0].public_id}" if waiting else _QUEUE


def _back() -> str:
    wanted = request.form.get("type", "")
    return f"{_QUEUE}?type={wanted}" if wanted in SUBJECTS else _QUEUE


def _require_whole_channel(permission: Permission) -> None:
    """What shows everybody's doings is no matter of one region or belt."""
    if not actor().may(permission):
        raise NotFoundError
