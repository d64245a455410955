"""Pages of the owner's word: the agreement is sent to her, and a helper hands in with the code that she tells her."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import current_app, redirect, request, session

from kernel.clock import business_date
from kernel.errors import DomainError, NotFoundError, TooManyError
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.web import actor, client_address, form_data, now, page, requires
from onboarding.accounts.grants import asking_limits, owner_reached
from onboarding.accounts.rules import seconds_to_wait, sign_in_limits
from onboarding.compliance.queries import current
from onboarding.joining import operations, queries
from onboarding.joining.schemas import WordForm
from onboarding.joining.views.door import blueprint, done, form_page, scale
from onboarding.verification.operations import keep
from onboarding.verification.rules import APPLICATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.joining.queries import Standing
    from onboarding.verification.rules import Said

_HERE: Final = "/join/factory/word"
_ASKED: Final = "word"  # under which grant an owner was asked last, and when in Unix time


def ask_the_owner(found: Standing, said: Said) -> BaseResponse | None:
    """On to the page that waits for the owner's word, which is asked for now; nothing when she gave it before."""
    if not operations.lacks_word(actor=actor(), said=said, now=now()):
        return None
    to = owner_reached(actor(), now=now())
    try:
        hit(asking_limits(actor=actor(), to=to, address=client_address(), scale=scale()), now=now())
    except TooManyError as error:
        if not _asked_at():
            raise
        return _word_page(request.form, error)  # the code of before still counts
    keep(actor=actor(), said=said, now=now())  # it waits for the code on that page, or on any other
    operations.ask_word(actor=actor(), site=current_app.config["PUBLIC_URL"], now=now())
    session[_ASKED] = [_grant(), int(now().timestamp())]
    # What is corrected is not kept before it is handed in: it travels along with the code.
    return redirect(_HERE, 303) if found.application.state == APPLICATION.start else _word_page(request.form)


@blueprint.get("/join/factory/word")
@requires(Permission.JOINING_WAY_USE)
def word() -> BaseResponse:
    """Wait for the owner's word: what was filled in is kept, and coming back sends nothing."""
    found = queries.standing(actor(), "factory")
    if found is None or not actor().helping:
        raise NotFoundError
    if found.application.state != APPLICATION.start or not _asked_at():
        return redirect("/join/factory")
    return _word_page(queries.said_of(found, queries.belts_for(actor())))


@blueprint.post("/join/factory/word")
@requires(Permission.JOINING_WAY_USE)
def hand_in_with_word() -> BaseResponse:
    """Hand in by a helper's hand, with the code by which the owner accepts the agreement."""
    found = queries.standing(actor(), "factory")
    if found is None or not actor().helping:
        raise NotFoundError
    try:
        form = form_data(WordForm())
        hit(sign_in_limits(address=client_address(), scale=scale()), now=now())
        handed_in = operations.hand_in(actor=actor(), said=form["said"], code=form["code"], now=now())
    except DomainError as refusal:
        wrong_code = refusal.code in {"word.refused", "rate.limited"} or "code" in getattr(refusal, "fields", {})
        return _word_page(request.form, refusal) if wrong_code else form_page(found, request.form, refusal)
    return done(handed_in)


def _word_page(said: Mapping[str, Any], error: DomainError | None = None) -> Response:
    """What was filled in travels along with the code."""
    return page(
        "joining/word.html",
        error=error,
        said={name: said[name] or "" for name in said if name not in {"csrf_token", "code"}},
        masked=owner_reached(actor(), now=now()).masked,
        agreement=current("factory", business_date(now())),
        wait=seconds_to_wait(sent=_asked_at(), now=now()),
    )


def _asked_at() -> int:
    """When the owner in hand was asked in this browser; 0 when it was another, or nobody."""
    grant, asked_at = session.get(_ASKED, ("", 0))
    return int(asked_at) if grant == _grant() else 0


def _grant() -> str:
    helping = actor().helping
    return helping.grant if helping else ""
