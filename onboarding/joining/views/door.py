"""What the pages of the way in share: the blueprint, the form, where people go on to, how often they may try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, current_app, redirect

from kernel.clock import business_date
from kernel.errors import InvalidInputError
from kernel.i18n import gettext as _
from kernel.web import actor, now, page, say
from onboarding.compliance.queries import accepted, current
from onboarding.joining import queries
from onboarding.licences.queries import newest_licence
from onboarding.licences.rules import WAITING
from onboarding.standing.queries import claim_of
from onboarding.verification.rules import TAKEN, promised_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.errors import DomainError
    from onboarding.joining.queries import Standing
    from onboarding.verification.models import Application

blueprint = Blueprint("joining", __name__, template_folder="../templates")

GOODS: Final = {"factory": "/factory/sheets", "merchant": "/supply"}


def form_page(
    found: Standing,
    values: Mapping[str, Any] | None = None,
    error: DomainError | None = None,
    *,
    claiming: bool = False,
) -> Response:
    """What the licence says, to be put right; a code that is another's is pointed out where it was typed."""
    application = found.application
    kind, is_taken = application.kind, error is not None and error.code == TAKEN[application.kind]
    belts = queries.belts_for(actor()) if kind == "factory" else ()
    agreement = current(kind, business_date(now()))
    shown = values or queries.values_of(found, belts)
    proposed = queries.proposals(shown, belts) if belts else []
    return page(
        "joining/form.html",
        error=InvalidInputError({"uscc": (error.code, dict(error.params))}) if error and is_taken else error,
        found=found,
        kind=kind,
        values={"belt": proposed[0].belt.slug if proposed else "", **{key: shown[key] for key in shown if shown[key]}},
        proposed=proposed,
        belts=belts,
        asked=application.asked.split(),
        agreement=agreement,
        agreed=accepted(application.organisation_id, kind) == agreement.version,
        claim=claim_of(application.organisation_id),
        is_taken=is_taken or claiming,
    )


def done(handed_in: Application) -> BaseResponse:
    """Go on to where what was handed in is waited for, and say until when."""
    if handed_in.state == "approved":
        say(_("店铺开好了。先挑货：向工厂申请铺货，工厂同意后就能看供货价、上架开卖。"), "good")
        return redirect(GOODS[handed_in.kind], 303)
    by, photo = f"{promised_by(now()):%m-%d %H:%M}", newest_licence(handed_in.organisation_id)
    if handed_in.kind == "merchant" and photo and photo.state == WAITING:
        say(_("资料已提交，照片还在识别：和填的一致就自动开店，会发短信；要人工看的，%(by)s 前审完。", by=by))
    else:
        say(_("资料已提交，%(by)s 前审完，结果会发短信给您。", by=by))
    return redirect(workplace(handed_in.kind), 303)


def workplace(kind: str) -> str:
    """Where she goes on: an owner to her workplace, a helper to the list of what is left for the one she helps."""
    return "/assist/steps" if actor().helping else f"/{kind}"


def scale() -> int:
    """How many times wider the limits are, for tests that press hard."""
    found: int = current_app.config.get("LIMITS_SCALE", 1)
    return found
