"""Pages of a seller whose goods somebody complains about: the notices, one of them, her word against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request

from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.notices import operations
from onboarding.notices.queries import against, all_against, file_of
from onboarding.notices.rules import DEEDS, EVIDENCE, HANDED, HOLDERS, NOTICE, RIGHTS
from onboarding.notices.schemas import WordsForm
from onboarding.notices.views.door import blueprint, handed, handed_words

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

_OWNER = Permission.SELLER_ORGANISATION_EDIT


@blueprint.get("/factory/notices")
@requires(_OWNER)
def all_received() -> Response:
    """The notices against one's factory."""
    return page("notices/against.html", lines=all_against(actor()), lifecycle=NOTICE, rights=RIGHTS)


@blueprint.get("/factory/notices/<notice>")
@requires(_OWNER)
def received(notice: str) -> Response:
    """A notice with its evidence, and room for what one has to say."""
    return _notice_page(notice)


@blueprint.post("/factory/notices/<notice>/counter")
@requires(_OWNER)
def counter(notice: str) -> Response | BaseResponse:
    """Say that nothing is infringed."""
    against(actor(), notice)
    try:
        hit([(f"evidence:{actor().user}", *HANDED)], now=now())
        form = form_data(WordsForm())
        words, promised, files = form["words"], bool(form["promise"]), handed(["counter"])["counter"]
        operations.counter(actor=actor(), notice=notice, words=words, promised=promised, files=files, now=now())
    except DomainError as error:
        return _notice_page(notice, error)
    say(_("声明已收到，平台看过就转送权利人。"), "good")
    return redirect(f"/factory/notices/{notice}", 303)


@blueprint.post("/factory/notices/<notice>/outcome")
@requires(_OWNER)
def sellers_outcome(notice: str) -> Response | BaseResponse:
    """Hand in what an authority or a court has decided."""
    against(actor(), notice)
    try:
        words, files = handed_words(), handed(["outcome"])["outcome"]
        operations.hand_outcome(actor=actor(), notice=notice, side="seller", words=words, files=files, now=now())
    except DomainError as error:
        return _notice_page(notice, error)
    say(_("处理结果已收到，平台核对后告诉您。"), "good")
    return redirect(f"/factory/notices/{notice}", 303)


def _notice_page(notice: str, error: DomainError | None = None) -> Response:
    found = against(actor(), notice)
    return page(
        "notices/answer.html",
        error=error,
        found=file_of(found, "seller"),
        lifecycle=NOTICE,
        actions=NOTICE.actions(found.state),
        rights=RIGHTS,
        holders=HOLDERS,
        kinds=EVIDENCE,
        deeds=DEEDS,
        values=request.form,
    )
