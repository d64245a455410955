"""The page on which operators see how long they take, beside what is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from kernel.charts import bars_of
from kernel.i18n import gettext as _
from kernel.i18n import percent
from kernel.permissions import Permission
from kernel.web import actor, now, page, requires
from onboarding.moderation.tables import SUBJECTS, waited
from onboarding.moderation.timing import times

if TYPE_CHECKING:
    from flask import Response

    from onboarding.moderation.timing import Kind, Taken

blueprint = Blueprint("timing", __name__, template_folder="templates")

_ONE = 100  # a chart lays out hundredths: one case is a hundred of them


@blueprint.get("/ops/times")
@requires(Permission.OPS_CASES_VIEW)
def shown() -> Response:
    """What waits and how long, what was promised and kept; who decided how much is for whoever may see the trail."""
    found, labels = times(actor(), now=now()), dict(SUBJECTS)
    drawn = bars_of([count * _ONE for _day, count in found.days])
    return page(
        "moderation/times.html",
        figures=_figures(found.week, found.month, sum(kind.late for kind in found.kinds)),
        kinds=[_row(kind, labels[kind.subject_type]) for kind in found.kinds],
        days=found.days,
        drawn=drawn,
        scale=[(y, amount // _ONE) for y, amount in drawn.scale],
        people=[{"who": name, **_told(taken)} for name, taken in found.people] if _may_see_people() else [],
    )


def _may_see_people() -> bool:
    return actor().may(Permission.OPS_AUDIT_VIEW)


def _figures(week: Taken, month: Taken, late: int) -> list[dict[str, Any]]:
    return [
        {"label": _("超过承诺时间的"), "value": late, "hot": late},
        {"label": _("近 7 天按时"), "value": _share(week)},
        {"label": _("近 30 天按时"), "value": _share(month)},
        {"label": _("近 30 天一半在这么久内"), "value": waited(month.middle) if month.count else "—"},
        {"label": _("近 30 天九成在这么久内"), "value": waited(month.slow) if month.count else "—"},
    ]


def _row(kind: Kind, label: str) -> dict[str, Any]:
    return {
        "kind": _(label),
        "hours": kind.hours,
        "waiting": kind.waiting,
        "late": kind.late,
        "oldest": waited(kind.oldest) if kind.waiting else "—",
        "week": _share(kind.week),
        **_told(kind.month),
    }


def _told(taken: Taken) -> dict[str, Any]:
    counted = taken.count > 0
    return {
        "done": taken.count,
        "share": _share(taken),
        "middle": waited(taken.middle) if counted else "—",
        "slow": waited(taken.slow) if counted else "—",
    }


def _share(taken: Taken) -> str:
    return "—" if taken.in_time_bp is None else percent(taken.in_time_bp)
