"""The page of one case: its evidence, the deeds that decide it, the licence's photo beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, redirect, request

from kernel.clock import business_date
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.files import Files
from kernel.i18n import coded_text, locale
from kernel.i18n import gettext as _
from kernel.papers import headers_of
from kernel.permissions import Permission
from kernel.tables import ask, respelled
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.belts.rules import province_in
from onboarding.certificates import operations as certificates
from onboarding.certificates.queries import photo_of as certificate_photo
from onboarding.licences.queries import crop_of, photo_of
from onboarding.listings.asked import GOODS_FIELDS
from onboarding.moderation import operations, queries
from onboarding.moderation.evidence import dossier, licence_on_desk
from onboarding.moderation.matters import (
    certificate_on_desk,
    evidence_on_desk,
    held_licence,
    matter,
    picture_on_desk,
)
from onboarding.moderation.rules import CASE, HOLD, REASONS, SAID, SELLERS, VERDICTS, is_held
from onboarding.moderation.schemas import ApprovalForm, AskForm, QueueForm, RefusalForm
from onboarding.moderation.tables import CASES, SUBJECTS, waited
from onboarding.notices.queries import notice_named
from onboarding.verification.rules import APPLICATION, FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as BaseResponse

    from kernel.text import Message
    from onboarding.moderation.queries import CaseLine, Evidence

blueprint = Blueprint("cases", __name__, template_folder="templates")

_QUEUE: Final = "/ops"


@blueprint.get("/ops/cases/<case>")
@requires(Permission.OPS_CASES_VIEW)
def case(case: str) -> Response:
    """The evidence of a case and what can be done about it."""
    return _case_page(case)


@blueprint.get("/ops/cases/<case>/licence")
@requires(Permission.OPS_CASES_VIEW)
def licence(case: str) -> Response:
    """The photo of the licence that a case is about; `of=holder` is that of who has the code that is claimed."""
    found = held_licence if request.args.get("of") == "holder" else licence_on_desk
    return _picture(photo_of(found(actor(), case), files=service(Files)))


@blueprint.get("/ops/cases/<case>/licence/crops/<field>")
@requires(Permission.OPS_CASES_VIEW)
def crop(case: str, field: str) -> Response:
    """The piece of that photo in which a field was read."""
    return _picture(crop_of(licence_on_desk(actor(), case), field, files=service(Files)))


@blueprint.get("/ops/cases/<case>/certificate")
@requires(Permission.OPS_CASES_VIEW)
def certificate(case: str) -> Response:
    """The photo of the certificate that a case is about."""
    return _picture(certificate_photo(certificate_on_desk(actor(), case), files=service(Files)))


@blueprint.post("/ops/cases/<case>/certificate-revocation")
@requires(Permission.OPS_CASES_DECIDE)
def revoke_certificate(case: str) -> Response | BaseResponse:
    """Find that a confirmed certificate does not hold; goods that need it come off sale."""
    found = certificate_on_desk(actor(), case)
    if barred := queries.evidence(actor(), case).barred:
        return _case_page(case, DomainError(barred))
    try:
        reason = form_data(RefusalForm())["reason"]
        certificates.revoke(actor=actor(), certificate=found.public_id, reason=reason, now=now())
    except DomainError as error:
        return _case_page(case, error)
    say(_("证书已撤销，要用它的商品停售了，原因已发给对方。"), "good")
    return redirect(f"/ops/cases/{case}", 303)


@blueprint.get("/ops/cases/<case>/evidence/<evidence>")
@requires(Permission.OPS_CASES_VIEW)
def evidence(case: str, evidence: str) -> Response:
    """A file of the notice that a case is about."""
    found = evidence_on_desk(actor(), case, evidence)
    return Response(service(Files).get(found.file_key), headers=headers_of(found.media, evidence))


@blueprint.get("/ops/cases/<case>/reports/<report>/pictures/<place>")
@requires(Permission.OPS_CASES_VIEW)
def reported(case: str, report: str, place: str) -> Response:
    """A picture of a report, counted from 1."""
    return _picture(service(Files).get(picture_on_desk(actor(), case, report, place)))


@blueprint.post("/ops/cases/<case>/taking")
@requires(Permission.OPS_CASES_DECIDE)
def take(case: str) -> Response | BaseResponse:
    """Say that one looks at it."""
    try:
        queue = form_data(QueueForm())["queue"]
        operations.take_case(actor=actor(), case=case, now=now())
    except DomainError as error:
        return _case_page(case, error)
    return redirect(_case_url(case, queue), 303)


@blueprint.post("/ops/cases/<case>/release")
@requires(Permission.OPS_CASES_DECIDE)
def release(case: str) -> Response | BaseResponse:
    """Give it back to the desk."""
    try:
        queue = form_data(QueueForm())["queue"]
        operations.release_case(actor=actor(), case=case, now=now())
    except DomainError as error:
        return _case_page(case, error)
    return redirect(_case_url(case, queue), 303)


@blueprint.post("/ops/cases/<case>/approval")
@requires(Permission.OPS_CASES_DECIDE)
def approve(case: str) -> Response | BaseResponse:
    """Approve, and go on to the next one."""

    def deed() -> None:
        given = {name: request.form[name] for name in request.form if name != "goods"}
        form = form_data(ApprovalForm(), given | {"goods": request.form.getlist("goods")})
        told = {name: form[name] for name in ("basis", "seen", "goods", "internal")}
        operations.approve_case(actor=actor(), case=case, **told, now=now())

    return _decided(case, _said(case, "approve", _("已通过。")), deed)


@blueprint.post("/ops/cases/<case>/refusal")
@requires(Permission.OPS_CASES_DECIDE)
def refuse(case: str) -> Response | BaseResponse:
    """Send back with a reason, and go on to the next one."""

    def deed() -> None:
        form = form_data(RefusalForm())
        told = {"reason": form["reason"] or form["usual"], "seen": form["seen"], "internal": form["internal"]}
        operations.refuse_case(actor=actor(), case=case, **told, now=now())

    return _decided(case, _said(case, "refuse", _("已退回，原因已发给对方。")), deed)


@blueprint.post("/ops/cases/<case>/correction")
@requires(Permission.OPS_CASES_DECIDE)
def correct(case: str) -> Response | BaseResponse:
    """Have the owner correct the ticked fields, and go on to the next one."""

    def deed() -> None:
        fields = {"fields": request.form.getlist("fields")}
        form = form_data(AskForm(), {name: request.form[name] for name in request.form if name != "fields"} | fields)
        told = {name: form[name] for name in ("fields", "seen", "internal")} | {"reason": form["words"]}
        try:
            operations.ask_case(actor=actor(), case=case, **told, now=now())
        except InvalidInputError as wrong:
            raise InvalidInputError(
                {_AT_ASKING.get(name, name): said for name, said in wrong.fields.items()}
            ) from wrong

    return _decided(case, _said(case, "ask", _("已请对方补正，只用改勾选的几处。")), deed)


def _said(case: str, action: str, usual: str) -> str:
    told = SAID.get((queries.kind_of(case), action))
    return _(told) if told else usual


_AT_ASKING: Final = {"reason": "words"}


def _picture(jpeg: bytes) -> Response:
    """For this operator's eyes: nothing on the way keeps it."""
    return Response(jpeg, mimetype="image/jpeg", headers={"Cache-Control": "private"})


def _decided(case: str, said: str, deed: Callable[[], None]) -> Response | BaseResponse:
    try:
        deed()
    except DomainError as error:
        return _case_page(case, error)
    say(said, "good")
    return redirect(_next(case))


def _case_page(case: str, error: DomainError | None = None) -> Response:
    if isinstance(error, NotFoundError):
        raise error
    found = queries.evidence(actor(), case)
    queue = request.values.get("queue", "")
    before, following = _neighbours(found.case, queue)
    return page(
        "moderation/case.html",
        error=error,
        found=found,
        actions=CASE.actions(found.case.state),
        may_decide=actor().holds(Permission.OPS_CASES_DECIDE) and not found.barred,
        barred=coded_text(found.barred, {}) if found.barred else "",
        lifecycle=CASE,
        hold=HOLD,
        is_held=is_held(found.case.taken_at, now()),
        is_hers=found.case.holder == actor().user_id,
        states=APPLICATION,
        subjects=dict(SUBJECTS),
        reasons=REASONS.get(_stands(found.case) or found.case.subject_type, ()),
        sellers=SELLERS,
        asked=_askable(found),
        verdict=_verdict(found.case),
        values=request.form,
        chosen=request.form.getlist("fields"),
        chosen_goods=request.form.getlist("goods") if request.method == "POST" else None,
        registered_in=province_in(locale(), found.registered_in),
        queue=queue,
        back=_back(queue),
        before=_case_url(before, queue) if before else "",
        following=_case_url(following, queue) if following else "",
        waits=_waits(found.case),
        **_seen(found),
    )


def _askable(found: Evidence) -> dict[str, Message]:
    """The fields that can be sent back to be corrected."""
    if found.case.subject_type == "listing":
        return GOODS_FIELDS
    if found.case.subject_type not in SELLERS:
        return {}
    return {name: label for name, label in FIELDS.items() if found.seller and (found.seller.belt or name != "belt")}


def _seen(found: Evidence) -> dict[str, Any]:
    """What else the page of this kind of case shows."""
    if found.case.subject_type not in SELLERS or found.seller is None:
        return matter(found.case, now=now())
    return {"dossier": dossier(actor(), found.seller, today=business_date(now()))}


def _verdict(line: CaseLine) -> tuple[str, str, str]:
    """What deciding this case is called, by where its notice stands."""
    return VERDICTS.get(_stands(line) or line.subject_type, ("", "", ""))


def _stands(line: CaseLine) -> str:
    """Where the notice of a case stands, as its own deeds and reasons are kept."""
    return f"notice.{notice_named(line.subject).state}" if line.subject_type == "notice" else ""


def _waits(line: CaseLine) -> str:
    """How long an open case waits, in words."""
    minutes = int((now() - line.opened_at).total_seconds()) // 60
    return _("等了 %(long)s", long=waited(minutes)) if line.state == CASE.start else ""


def _next(case: str) -> str:
    """The next open case of the list that she works off, else that list, in which nothing is left."""
    queue = request.form.get("queue", "")
    _before, following = _neighbours(queries.evidence(actor(), case).case, queue, back=False)
    return _case_url(following, queue) if following else _back(queue)


def _back(queue: str) -> str:
    return f"{_QUEUE}?{respelled(queue)}" if queue else _QUEUE


def _neighbours(line: CaseLine, queue: str, *, back: bool = True) -> tuple[str | None, str | None]:
    """The open cases before and after this one in the list that she works off; without a list, any after this kind."""
    given = dict(parse_qsl(queue, keep_blank_values=True)) or {"type": line.subject_type}
    try:
        asked = ask(CASES, given)
    except InvalidInputError:  # a list of before, or a strange address: any will do
        asked = ask(CASES, {})
    before = queries.preceding(actor(), asked.values, before=line, now=now()) if back else None
    after = queries.following(actor(), asked.values, after=line, now=now(), anywhere=not queue)
    return before, after


def _case_url(case: str, queue: str) -> str:
    return f"{_QUEUE}/cases/{case}" + (f"?{urlencode({'queue': queue})}" if queue else "")
