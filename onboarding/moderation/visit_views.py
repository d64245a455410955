"""Pages of operators about visits to factories: who asks for one, telling of one, one on record and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, redirect, request

from kernel.clock import business_date
from kernel.desk import Sheet, chips, download, keeps_filters, usual_place
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.files import Files
from kernel.i18n import coded_text, locale
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.photos import PHOTO_CAP_BYTES, take_photo
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.moderation.desk import visits
from onboarding.moderation.factories import factory_file
from onboarding.moderation.queries import places_on_desk
from onboarding.moderation.tables import VISITS
from onboarding.tiers import operations
from onboarding.tiers.queries import inspection_for, inspection_named, open_request
from onboarding.tiers.rules import FINDINGS, KEY_LENGTH, PICTURES, TOLD_WITHIN, own_decision, own_part, profile_mark
from onboarding.tiers.schemas import InspectionForm, WithdrawalForm
from onboarding.verification.queries import told_by

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.moderation.factories import FactoryFile
    from onboarding.tiers.rules import Seen

blueprint = Blueprint("visits", __name__, template_folder="templates")

_FACTORIES: Final = "/ops/factories"
_TOLD: Final = (60, timedelta(hours=1))  # each takes six photographs to be unpacked


@blueprint.get("/ops/visits")
@requires(Permission.OPS_CASES_VIEW)
@keeps_filters
def listed() -> Response | BaseResponse:
    """Who waits for somebody to come."""
    options = places_on_desk(actor(), locale())
    sheet = Sheet(VISITS, lambda asked: visits(actor(), asked.values, now=now()), options=options)
    shown = download(sheet) or page("moderation/visits.html", sheet=sheet, chips=chips(sheet))
    return usual_place(VISITS) or shown


@blueprint.get("/ops/factories/<organisation>/inspection")
@requires(Permission.OPS_CASES_DECIDE)
def form(organisation: str) -> Response:
    """What to look at, to be filled in after a visit."""
    return _form_page(_inspected(organisation))


@blueprint.post("/ops/factories/<organisation>/inspection")
@requires(Permission.OPS_CASES_DECIDE)
def record(organisation: str) -> Response | BaseResponse:
    """Put a visit on record."""
    found = _inspected(organisation)  # nobody's photographs are unpacked who has no such factory
    try:
        hit([(f"inspections:{actor().user}", *_TOLD)], now=now())
        seen: Seen = form_data(InspectionForm())["seen"]
        _refuse_early(seen.cleaned().faults(_today(), found.seller.submitted_at))
        seen = replace(seen, pictures=_pictures())
        made = operations.record_inspection(actor=actor(), organisation=organisation, seen=seen, now=now())
    except NotFoundError:
        raise
    except DomainError as error:
        if error.code != "inspection.recorded":
            return _form_page(found, error)
        say(coded_text(error.code, dict(error.params)), "info")  # the same button twice
        return redirect(f"{_FACTORIES}/{organisation}", 303)
    said = _("已记下：通过，厂主会收到短信。") if made.outcome == "passed" else _("已记下：没有通过，厂主会收到短信。")
    say(said, "good")
    return redirect(f"{_FACTORIES}/{organisation}", 303)


@blueprint.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Photographs that were refused unread, by their length alone; who sent them was not asked yet."""
    refusal = InvalidInputError({"pictures": ("field.inspection_weight", {"limit_mb": PHOTO_CAP_BYTES >> 20})})
    try:
        found = _inspected(str((request.view_args or {}).get("organisation")))
    except NotFoundError:
        return page("errors/error.html", status=413, error_status=413, error_text=coded_text("request.too_large", {}))
    shown = _form_page(found, refusal, values={})
    shown.status_code = 413
    return shown


@blueprint.get("/ops/inspections/<inspection>")
@requires(Permission.OPS_CASES_VIEW)
def one(inspection: str) -> Response:
    """A visit on record with its pictures."""
    return _inspection_page(inspection)


@blueprint.get("/ops/inspections/<inspection>/pictures/<place>")
@requires(Permission.OPS_CASES_VIEW)
def picture(inspection: str, place: str) -> Response:
    """A picture of a visit, counted from 1."""
    keys = inspection_for(actor(), inspection, Permission.OPS_CASES_VIEW).keys
    key = {str(number): key for number, key in enumerate(keys, start=1)}.get(place)
    if key is None:
        raise NotFoundError
    return Response(service(Files).get(key), mimetype="image/jpeg")


@blueprint.post("/ops/inspections/<inspection>/withdrawal")
@requires(Permission.OPS_CASES_DECIDE)
def withdraw(inspection: str) -> Response | BaseResponse:
    """Say that it counts no longer, with a reason its owner reads."""
    try:
        reason = form_data(WithdrawalForm())["reason"]
        operations.withdraw_inspection(actor=actor(), inspection=inspection, reason=reason, now=now())
    except NotFoundError:
        raise
    except DomainError as error:
        return _inspection_page(inspection, error)
    say(_("已撤销，原因已发给厂主。"), "good")
    return redirect(f"/ops/inspections/{inspection}", 303)


def _inspected(organisation: str) -> FactoryFile:
    found = factory_file(actor(), organisation)
    region, belt = found.seller.desk
    if found.seller.kind != "factory" or not actor().may(Permission.OPS_CASES_DECIDE, region=region, belt=belt):
        raise NotFoundError
    return found


def _form_page(
    found: FactoryFile, error: DomainError | None = None, *, values: Mapping[str, str] | None = None
) -> Response:
    barred = found.barred or own_decision(found.application.approved_by, actor().user_id)
    told = told_by(found.seller.organisation_id)
    return page(
        "moderation/inspect.html",
        error=error,
        factory=found.seller,
        barred=coded_text(barred, {}) if barred else "",
        address=found.application.address,
        told=told,
        profile=profile_mark(told),
        findings=FINDINGS,
        wish=open_request(found.seller.organisation_id),
        values=request.form if values is None else values,
        first=max(_today() - TOLD_WITHIN, business_date(found.seller.submitted_at)),
        last=_today(),
        most=PICTURES.stop - 1,
    )


def _inspection_page(inspection: str, error: DomainError | None = None) -> Response:
    found = inspection_for(actor(), inspection, Permission.OPS_CASES_VIEW)
    row, organisation = inspection_named(inspection)
    file = factory_file(actor(), organisation)
    region, belt = file.seller.desk
    own = own_part(row.inspected_by, row.outcome, file.application.approved_by, actor().user_id)
    return page(
        "moderation/inspection.html",
        error=error,
        found=found,
        factory=file.seller,
        barred=coded_text(file.barred or own, {}) if file.barred or own else "",
        reason=request.form.get("reason", ""),
        decides=actor().may(Permission.OPS_CASES_DECIDE, region=region, belt=belt),
    )


def _refuse_early(wrong: dict[str, tuple[str, dict[str, str | int]]]) -> None:
    """What is wrong besides the pictures is told before these are unpacked."""
    if said := {name: fault for name, fault in wrong.items() if name != "pictures"}:
        raise InvalidInputError(said)


def _pictures() -> tuple[str, ...]:
    """The keys of the photographs, each bare of everything but what it shows; of too many none is unpacked."""
    given = [one for one in request.files.getlist("pictures") if one.filename]
    if len(given) not in PICTURES:
        return ("0" * KEY_LENGTH,) * min(len(given), PICTURES.stop)  # as many as she sent, for the rule to refuse
    try:
        photos = [take_photo(one.stream.read(PHOTO_CAP_BYTES + 1)).jpeg for one in given]
    except DomainError as refusal:
        raise InvalidInputError({"pictures": (refusal.code, dict(refusal.params))}) from refusal
    return tuple(service(Files).put(photo) for photo in photos)


def _today() -> date:
    return business_date(now())
