"""Pages of operators: the queue, the work behind the pages, what everybody did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, current_app, redirect, request

from kernel import jobs
from kernel.desk import Sheet, chips, download, keeps_filters, usual_place
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.i18n import error_text, locale, ngettext
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.tables import Listed, respelled
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.moderation import bulk, queries
from onboarding.moderation.glances import chosen_lines, glanced, gravity, price_range, said_of
from onboarding.moderation.rules import CASE
from onboarding.moderation.schemas import BulkForm, RetryForm
from onboarding.moderation.tables import AGES, AUDIT, CASES, FAILED, SCHEDULES, SUBJECTS, ScheduleLine
from onboarding.moderation.trail import failed_jobs, trail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.tables import Asked
    from onboarding.moderation.bulk import Decided
    from onboarding.moderation.queries import CaseLine

blueprint = Blueprint("moderation", __name__, template_folder="templates")

_QUEUE = "/ops"


@blueprint.get("/ops")
@requires(Permission.OPS_CASES_VIEW)
@keeps_filters
def queue() -> Response | BaseResponse:
    """The cases of this operator's desk, as she wants to work them off."""
    return usual_place(CASES) or _queue_page()


@blueprint.post("/ops/approvals")
@requires(Permission.OPS_CASES_DECIDE)
def approve_many() -> Response | BaseResponse:
    """Approve the chosen cases and say which were skipped, and why; of goods it is asked once more before."""
    form = _chosen()
    if not form["sure"]:
        lines = chosen_lines(actor(), form["case"], now=now())
        if any(line.glance for line in lines):
            return _asked_again(form, lines)
    result = bulk.approve_cases(actor=actor(), cases=form["case"], now=now())
    return _decided(result, form["queue"], lambda count: ngettext("已通过 %(num)s 件。", "已通过 %(num)s 件。", count))


@blueprint.post("/ops/refusals")
@requires(Permission.OPS_CASES_DECIDE)
def refuse_many() -> Response | BaseResponse:
    """Send the chosen cases back for one reason, and say which were skipped, and why."""
    form = _chosen()
    try:
        result = bulk.refuse_cases(actor=actor(), cases=form["case"], reason=form["reason"], now=now())
    except InvalidInputError as error:
        return _queue_page(form, error)
    return _decided(result, form["queue"], lambda count: ngettext("已退回 %(num)s 件。", "已退回 %(num)s 件。", count))


@blueprint.get("/ops/work")
@requires(Permission.OPS_JOBS_VIEW)
def work() -> Response:
    """Schedules with their last runs, what failed, how much waits."""
    _require_whole_channel(Permission.OPS_JOBS_VIEW)
    schedules = Sheet(SCHEDULES, lambda _asked: Listed(_schedules()), given={})
    failed = Sheet(FAILED, lambda _asked: failed_jobs())
    return download(schedules, failed) or page(
        "moderation/work.html",
        schedules=schedules,
        failed=failed,
        waiting=jobs.waiting(),
        lag=jobs.lag(now=now()),
        may_retry=actor().may(Permission.OPS_JOBS_RETRY),
    )


@blueprint.post("/ops/work/retries")
@requires(Permission.OPS_JOBS_RETRY)
def retry() -> BaseResponse:
    """Let the chosen jobs that failed run again."""
    _require_whole_channel(Permission.OPS_JOBS_RETRY)
    chosen = form_data(RetryForm(), {"job": request.form.getlist("job")})["job"]
    done = sum(_retried(job) for job in chosen)
    if done:
        say(ngettext("%(num)s 个任务马上重跑。", "%(num)s 个任务马上重跑。", done), "good")
    if done < len(chosen):
        say(_("有的任务已经不在失败之列，没有重跑。"), "warn")
    return redirect("/ops/work", 303)


@blueprint.get("/ops/audit")
@requires(Permission.OPS_AUDIT_VIEW)
@keeps_filters
def audit() -> Response | BaseResponse:
    """What everybody did, the newest first."""
    _require_whole_channel(Permission.OPS_AUDIT_VIEW)
    sheet = Sheet(AUDIT, lambda asked: trail(asked.values))
    return usual_place(AUDIT) or download(sheet) or page("moderation/audit.html", sheet=sheet, chips=chips(sheet))


def _queue_page(form: dict[str, Any] | None = None, error: DomainError | None = None) -> Response:
    """The list, or once more with what was chosen in it."""
    given = dict(parse_qsl(form["queue"], keep_blank_values=True)) if form else None
    sheet = Sheet(CASES, _rows, options=queries.places_on_desk(actor(), locale()), given=given, path=_QUEUE)
    return download(sheet) or page(
        "moderation/queue.html",
        error=error,
        sheet=sheet,
        chips=chips(sheet),
        waiting=_waiting(),
        is_open=sheet.asked.values["state"] == CASE.start and actor().holds(Permission.OPS_CASES_DECIDE),
        chosen=form["case"] if form else [],
        reason=form["reason"] if form else "",
    )


def _rows(asked: Asked) -> Any:  # noqa: ANN401  lines of cases
    return replace(queries.cases(actor(), asked.values, now=now()), dress=lambda lines: glanced(lines, now=now()))


def _asked_again(form: dict[str, Any], lines: list[CaseLine]) -> Response:
    """What is about to be approved, with how much was found of it; each can be left out."""
    goods = [line.glance for line in lines if line.glance]
    return page(
        "moderation/approve.html",
        lines=[(line, price_range(line), said_of(line), gravity(line)) for line in lines],
        unlisted=[case for case in form["case"] if case not in {line.public_id for line in lines}],
        queue=form["queue"],
        back=f"{_QUEUE}?{respelled(form['queue'])}" if form["queue"] else _QUEUE,
        many=len(lines),
        bad=sum(1 for one in goods if one.bad),
        warn=sum(1 for one in goods if one.warn and not one.bad),
    )


def _waiting() -> list[dict[str, Any]]:
    """How much waits, of what kind, and how much of it too long; each a way into the list."""
    ages, labels = queries.ages(actor(), now=now()), dict(AGES)
    kinds = queries.open_counts(actor())
    return [
        {"label": _("待处理"), "value": ages[""], "url": _list_url()},
        *({"label": label, "value": kinds[kind], "url": _list_url(type=kind)} for kind, label in SUBJECTS),
        *(
            {"label": labels[age], "value": ages[age], "url": _list_url(age=age), "hot": age != "hours" and ages[age]}
            for age in ("hours", "day", "days")
        ),
    ]


def _list_url(**asked: str) -> str:
    return f"{_QUEUE}?{urlencode({'state': CASE.start, **asked})}"


def _chosen() -> dict[str, Any]:
    """The chosen cases and the list they were chosen from; nothing chosen is told."""
    given = {name: request.form[name] for name in ("reason", "queue", "sure") if name in request.form}
    return form_data(BulkForm(), {"case": request.form.getlist("case"), **given})


def _decided(result: Decided, queue: str, said: Callable[[int], str]) -> Response | BaseResponse:
    """Back to the list when all went well, else what became of each."""
    back = f"{_QUEUE}?{respelled(queue)}" if queue else _QUEUE
    if not result.skipped:
        say(said(len(result.done)), "good")
        return redirect(back, 303)
    titles = queries.titles_of(actor(), [*result.done, *result.skipped])
    return page(
        "moderation/decided.html",
        back=back,
        said=said(len(result.done)) if result.done else "",
        skipped=[_told(case, titles, error_text(why)) for case, why in result.skipped.items()],
        done=[_told(case, titles, "") for case in result.done],
    )


def _told(case: str, titles: Mapping[str, str], why: str) -> tuple[str, str, str]:
    """One line of what became of many: what it is, why not, and the way to it."""
    return (titles[case], why, f"{_QUEUE}/cases/{case}") if case in titles else (case, why, "")


def _schedules() -> list[ScheduleLine]:
    last = jobs.last_runs()
    plans = current_app.extensions.get("schedules", ())
    return [
        ScheduleLine(plan.task.name, plan.every, last[plan.task.name].finished_at if plan.task.name in last else None)
        for plan in plans
    ]


def _retried(job: int) -> bool:
    """Whether a job was still there to be run again."""
    try:
        jobs.retry(actor=actor(), job=job, now=now())
    except DomainError:
        return False
    return True


def _require_whole_channel(permission: Permission) -> None:
    """What shows everybody's doings is no matter of one region or belt."""
    if not actor().may(permission):
        raise NotFoundError
