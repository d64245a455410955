"""Pages of operators about sellers: the list of their desk, one with its history, and the deeds that stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from kernel.desk import Sheet, chips, download, keeps_filters, usual_place
from kernel.errors import DomainError, NotFoundError
from kernel.files import Files
from kernel.i18n import coded_text, locale
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.licences.queries import photo_of
from onboarding.moderation import operations, queries
from onboarding.moderation.deeds import deed
from onboarding.moderation.factories import factories, factory_file, factory_licence
from onboarding.moderation.rules import CASE
from onboarding.moderation.schemas import QueueForm, ReasonForm
from onboarding.moderation.tables import FACTORIES, SUBJECTS
from onboarding.tiers.queries import inspections_of, known_of, open_request
from onboarding.tiers.rules import NAMES, own_decision, tier_of
from onboarding.verification.rules import LIFECYCLES

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("factories", __name__, template_folder="templates")

_HERE = "/ops/factories"


@blueprint.get("/ops/factories")
@requires(Permission.OPS_CASES_VIEW)
@keeps_filters
def listed() -> Response | BaseResponse:
    """The factories and merchants of this operator's desk."""
    options = queries.places_on_desk(actor(), locale())
    sheet = Sheet(FACTORIES, lambda asked: factories(actor(), asked.values, now=now()), options=options)
    shown = download(sheet) or page("moderation/factories.html", sheet=sheet, chips=chips(sheet))
    return usual_place(FACTORIES) or shown


@blueprint.get("/ops/factories/<organisation>")
@requires(Permission.OPS_CASES_VIEW)
def one(organisation: str) -> Response:
    """A factory or merchant with everything that was ever decided about it."""
    return _factory_page(organisation)


@blueprint.get("/ops/factories/<organisation>/licence")
@requires(Permission.OPS_CASES_VIEW)
def licence(organisation: str) -> Response:
    """The photo of its licence."""
    jpeg = photo_of(factory_licence(actor(), organisation), files=service(Files))
    return Response(jpeg, mimetype="image/jpeg", headers={"Cache-Control": "private"})


@blueprint.post("/ops/factories/<organisation>/suspension")
@requires(Permission.OPS_CASES_DECIDE)
def suspend(organisation: str) -> Response | BaseResponse:
    """Stop its sales, with a reason its owner reads."""
    try:
        reason = form_data(ReasonForm())["reason"]
        operations.suspend_factory(actor=actor(), organisation=organisation, reason=reason, now=now())
    except DomainError as error:
        return _factory_page(organisation, error, asking="suspension")
    say(_("已暂停，商品马上买不到了。原因已发给老板。"), "good")
    return redirect(f"{_HERE}/{organisation}", 303)


@blueprint.post("/ops/factories/<organisation>/reinstatement")
@requires(Permission.OPS_CASES_DECIDE)
def reinstate(organisation: str) -> Response | BaseResponse:
    """Let it sell again."""
    try:
        form_data(QueueForm())
        operations.reinstate_factory(actor=actor(), organisation=organisation, now=now())
    except DomainError as error:
        return _factory_page(organisation, error)
    say(_("已恢复营业，已通知老板。"), "good")
    return redirect(f"{_HERE}/{organisation}", 303)


@blueprint.post("/ops/factories/<organisation>/closing")
@requires(Permission.OPS_CASES_DECIDE)
def close(organisation: str) -> Response | BaseResponse:
    """Close it for good, with a reason its owner reads."""
    try:
        reason = form_data(ReasonForm())["reason"]
        operations.close_factory(actor=actor(), organisation=organisation, reason=reason, now=now())
    except DomainError as error:
        return _factory_page(organisation, error, asking="closing")
    say(_("已关闭，信用代码可以重新入驻。已通知老板。"), "good")
    return redirect(f"{_HERE}/{organisation}", 303)


def _factory_page(organisation: str, error: DomainError | None = None, *, asking: str = "") -> Response:
    if isinstance(error, NotFoundError):
        raise error
    found = factory_file(actor(), organisation)
    region, belt = found.seller.desk
    decides = actor().may(Permission.OPS_CASES_DECIDE, region=region, belt=belt) and not found.barred
    home = found.seller.organisation_id
    tier = tier_of(known_of(home, now=now()), now()) if found.seller.kind == "factory" else None
    let_in = own_decision(found.application.approved_by, actor().user_id)
    return page(
        "moderation/factory.html",
        tier=NAMES[tier] if tier else "",
        inspections=inspections_of(home),
        wish=open_request(home),
        may_inspect=decides and found.seller.kind == "factory" and found.seller.state == "approved" and not let_in,
        let_in=coded_text(let_in, {}) if let_in else "",
        error=error,
        asking=asking,
        reason=request.form.get("reason", ""),
        found=found,
        barred=coded_text(found.barred, {}) if found.barred else "",
        actions=LIFECYCLES[found.seller.kind].actions(found.seller.state) if decides else (),
        lifecycle=LIFECYCLES[found.seller.kind],
        case_lifecycle=CASE,
        subjects=dict(SUBJECTS),
        deed=deed,
    )
