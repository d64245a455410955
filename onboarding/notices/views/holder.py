"""Pages of right holders, and what everybody may read: how it works, the form, one's notices, what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, redirect, request

from kernel.clock import business_date
from kernel.errors import DomainError, InvalidInputError
from kernel.files import Files
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.papers import PDF_CAP_BYTES, headers_of
from kernel.permissions import Permission
from kernel.photos import PHOTO_CAP_BYTES
from kernel.web import actor, form_data, now, page, public, requires, say, service
from onboarding.notices import operations
from onboarding.notices.queries import all_sent_by, evidence_for, file_of, goods_at, published, sent_by
from onboarding.notices.rules import (
    DEEDS,
    EVIDENCE,
    HANDED_WITH_NOTICE,
    HOLDERS,
    LINKS_CAP,
    NOTICE,
    RIGHTS,
    SENT,
    WORDS,
    Told,
    by_kind,
    faults,
    is_over,
)
from onboarding.notices.schemas import NothingForm, NoticeForm
from onboarding.notices.views.door import blueprint, handed, handed_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.errors import Param
    from onboarding.notices.models import Notice
    from onboarding.notices.operations import Files as Handed
    from onboarding.notices.queries import Named

_HERSELF = Permission.ACCOUNT_SELF_USE
_LAST_PAGE = 1_000


@blueprint.get("/rights")
@public
def rights() -> Response:
    """How goods are complained about, and what becomes of it."""
    return page("notices/rights.html")


@blueprint.get("/rights/published")
@public
def decided() -> Response:
    """What was decided, without a name (E-commerce Law, article 44)."""
    number = min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
    lines, more = published(number)
    return page(
        "notices/published.html",
        lines=lines,
        lifecycle=NOTICE,
        rights=RIGHTS,
        previous_url=f"/rights/published?page={number - 1}" if number > 1 else "",
        next_url=f"/rights/published?page={number + 1}" if more else "",
    )


@blueprint.get("/rights/new")
@requires(_HERSELF)
def form() -> Response:
    """The form of a notice."""
    return _form_page()


@blueprint.post("/rights/new")
@requires(_HERSELF)
def send() -> Response | BaseResponse:
    """Send a notice; one for each seller whose goods it names."""
    try:
        hit([(f"notices:{actor().user}", *SENT)], now=now())
        made = _sent(form_data(NoticeForm()))
    except DomainError as error:
        return _form_page(error)
    say(_("通知已收到。平台会尽快审查，结果发短信告诉您。"), "good")
    return redirect(f"/rights/notices/{made[0].public_id}" if len(made) == 1 else "/rights/notices", 303)


@blueprint.get("/rights/notices")
@requires(_HERSELF)
def mine() -> Response:
    """What one has sent."""
    return page("notices/mine.html", lines=all_sent_by(actor()), lifecycle=NOTICE, rights=RIGHTS)


@blueprint.get("/rights/notices/<notice>")
@requires(_HERSELF)
def one(notice: str) -> Response:
    """A notice of one's own: its number, where it stands, what can be done."""
    return _notice_page(notice)


@blueprint.post("/rights/notices/<notice>/completion")
@requires(_HERSELF)
def complete(notice: str) -> Response | BaseResponse:
    """Say what was missing."""

    def deed() -> None:
        words = handed_words()
        files = handed(HANDED_WITH_NOTICE)
        operations.complete(actor=actor(), notice=notice, statement=words, files=files, now=now())

    return _done(notice, deed, _("补正已收到，平台接着审查。"))


@blueprint.post("/rights/notices/<notice>/withdrawal")
@requires(_HERSELF)
def withdraw(notice: str) -> Response | BaseResponse:
    """Take it back."""

    def deed() -> None:
        form_data(NothingForm())
        operations.withdraw(actor=actor(), notice=notice, now=now())

    return _done(notice, deed, _("通知已撤回，因它停售的商品已恢复。"))


@blueprint.post("/rights/notices/<notice>/proof")
@requires(_HERSELF)
def prove(notice: str) -> Response | BaseResponse:
    """Hand in that one has complained or sued."""

    def deed() -> None:
        words = handed_words()
        files = handed(["proof"])["proof"]
        operations.prove(actor=actor(), notice=notice, words=words, files=files, now=now())

    return _done(notice, deed, _("证明已收到，平台核对后告诉您。"))


@blueprint.post("/rights/notices/<notice>/outcome")
@requires(_HERSELF)
def outcome(notice: str) -> Response | BaseResponse:
    """Hand in what an authority or a court has decided."""

    def deed() -> None:
        words = handed_words()
        files = handed(["outcome"])["outcome"]
        operations.hand_outcome(actor=actor(), notice=notice, side="holder", words=words, files=files, now=now())

    return _done(notice, deed, _("处理结果已收到，平台核对后告诉您。"))


@blueprint.get("/rights/evidence/<evidence>")
@requires(_HERSELF)
def evidence(evidence: str) -> Response:
    """A file of a notice, for the two sides of it: nobody on the way keeps it, and a PDF is never shown in a page."""
    found = evidence_for(actor(), evidence)
    return Response(service(Files).get(found.file_key), headers=headers_of(found.media, evidence))


@blueprint.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Files that were refused unread, by their length alone."""
    if request.path == "/rights/new" and actor().holds(_HERSELF):
        limit: dict[str, Param] = {"limit_mb": PHOTO_CAP_BYTES >> 20}
        shown = _form_page(InvalidInputError({"infringement": ("field.notice.weight", limit)}), values={})
        shown.status_code = 413
        return shown
    raise DomainError("request.too_large")


def _sent(form: dict[str, Any]) -> list[Notice]:
    """Send what a form says; all that is wrong with it is told at once, for its files have to be chosen again."""
    links, promised = form.pop("links"), bool(form.pop("promise"))
    told, wrong = Told(**form), faults(Told(**form), promised=promised)
    goods: list[Named] = []
    files: dict[str, Handed] = {}
    try:
        goods = _goods(links)
    except InvalidInputError as refusal:
        wrong |= refusal.fields
    try:
        files = handed(HANDED_WITH_NOTICE)
        wrong |= by_kind({kind: len(files[kind]) for kind in HANDED_WITH_NOTICE})
    except InvalidInputError as refusal:
        wrong |= refusal.fields
    if wrong:
        raise InvalidInputError(wrong)
    return operations.send(actor=actor(), told=told, promised=promised, goods=goods, files=files, now=now())


def _goods(links: str) -> list[Named]:
    """The goods at the pasted addresses, one a line; lines that lead to none are named."""
    lines = [line.strip() for line in links.splitlines() if line.strip()]
    if len(lines) > LINKS_CAP:
        raise InvalidInputError({"links": ("field.notice.links", {"most": LINKS_CAP})})
    goods, missing = goods_at(lines)
    if not lines:
        raise InvalidInputError({"links": ("field.required", {})})
    if missing:
        numbers = _("、").join(str(number) for number in missing)
        raise InvalidInputError({"links": ("field.notice.not_found", {"lines": numbers})})
    return goods


def _done(notice: str, deed: Callable[[], None], said: str) -> Response | BaseResponse:
    sent_by(actor(), notice)
    try:
        deed()
    except DomainError as error:
        return _notice_page(notice, error)
    say(said, "good")
    return redirect(f"/rights/notices/{notice}", 303)


def _form_page(error: DomainError | None = None, values: dict[str, Any] | None = None) -> Response:
    return page(
        "notices/new.html",
        error=error,
        values=request.form if values is None else values,
        holders=HOLDERS,
        rights=RIGHTS,
        most=WORDS.stop - 1,
        links_cap=LINKS_CAP,
        pdf_mb=PDF_CAP_BYTES >> 20,
        weight_mb=PHOTO_CAP_BYTES >> 20,
    )


def _notice_page(notice: str, error: DomainError | None = None) -> Response:
    found = sent_by(actor(), notice)
    return page(
        "notices/one.html",
        error=error,
        found=file_of(found, "holder"),
        lifecycle=NOTICE,
        actions=NOTICE.actions(found.state),
        in_time=found.until is not None and not is_over(found.until, business_date(now())),
        rights=RIGHTS,
        holders=HOLDERS,
        kinds=EVIDENCE,
        deeds=DEEDS,
        values=request.form,
    )
