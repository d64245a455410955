"""Pages of signing in and out: by a code, by a password, with a second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, request, session

from kernel.errors import DomainError
from kernel.i18n import locale
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, public, requires, safe_path
from onboarding.accounts import operations
from onboarding.accounts.rules import CODE_TRIES, read_recipient, seconds_to_wait
from onboarding.accounts.schemas import CodeForm, PasswordForm, RecipientForm
from onboarding.accounts.views.door import (
    asked_for_second,
    blueprint,
    come_in,
    complete,
    home,
    limit_codes,
    limit_passwords,
    limit_seconds,
    limit_tries,
)

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

_PENDING = "sign_in"  # where the code went, and the page to go on to


@blueprint.get("/sign-in")
@public
def sign_in() -> BaseResponse:
    """One field: the phone or the e-mail."""
    target = safe_path(request.args.get("next"), "")
    return redirect(target or home()) if actor().is_signed_in else page("accounts/sign_in.html", next=target)


@blueprint.post("/sign-in")
@public
def send_code() -> BaseResponse:
    """Send a code, to known and unknown recipients alike, and go on to the page that asks for it."""
    try:
        form = form_data(RecipientForm())
        to = read_recipient(form["recipient"])
        limit_codes(to)
        operations.request_code(recipient=to.address, purpose="sign_in", language=locale(), actor=actor(), now=now())
    except DomainError as error:
        return _asked_again("accounts/sign_in.html", error)
    session[_PENDING] = {
        "recipient": to.address,
        "next": safe_path(form["next"], ""),
        "sent": int(now().timestamp()),
    }
    return redirect("/sign-in/code")


@blueprint.get("/sign-in/code")
@public
def enter_code() -> BaseResponse:
    """One field: the code, and when the next may be asked for."""
    pending = session.get(_PENDING)
    return _code_page(pending) if pending else redirect("/sign-in")


@blueprint.post("/sign-in/code")
@public
def check_code() -> BaseResponse:
    """Trade the code for a new session and go on."""
    pending = session.get(_PENDING)
    if not pending:
        return redirect("/sign-in")
    try:
        code = form_data(CodeForm())["code"]
        limit_tries()
        entrance = operations.sign_in(
            recipient=pending["recipient"], code=code, language=locale(), actor=actor(), now=now()
        )
    except DomainError as error:
        return _code_page(pending, _counted(pending, error))
    return come_in(entrance, pending["next"])


@blueprint.get("/sign-in/password")
@public
def enter_password() -> BaseResponse:
    """Two fields, for whoever has set a password."""
    target = safe_path(request.args.get("next"), "")
    return redirect(target or home()) if actor().is_signed_in else page("accounts/by_password.html", next=target)


@blueprint.post("/sign-in/password")
@public
def check_password() -> BaseResponse:
    """Trade the password for a new session and go on."""
    try:
        form = form_data(PasswordForm())
        to = read_recipient(form["recipient"])
        limit_passwords(to)
        entrance = operations.sign_in_by_password(
            recipient=to.address,
            password=request.form["password"],  # as typed: spaces count
            language=locale(),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _asked_again("accounts/by_password.html", error)
    return come_in(entrance, safe_path(form["next"], ""))


@blueprint.get("/sign-in/second-factor")
@public
def enter_second_factor() -> BaseResponse:
    """One field: what the authenticator shows."""
    return page("accounts/second_step.html") if asked_for_second() else redirect("/sign-in")


@blueprint.post("/sign-in/second-factor")
@public
def check_second_factor() -> BaseResponse:
    """Trade the session that asks for one that counts."""
    person = asked_for_second()
    if not person:
        return redirect("/sign-in")
    try:
        code = form_data(CodeForm())["code"]
        limit_seconds(person)
        token = operations.give_second_factor(sid=session["sid"], code=code, actor=actor(), now=now())
    except DomainError as error:
        return page("accounts/second_step.html", error=error)
    return complete(token)


@blueprint.post("/sign-out")
@requires(Permission.ACCOUNT_SELF_USE)
def sign_out() -> BaseResponse:
    """End this session, here and in the database."""
    operations.sign_out(sid=session["sid"], actor=actor().herself(), now=now())
    session.clear()
    return redirect("/")


def _counted(pending: dict[str, Any], error: DomainError) -> DomainError:
    """The refusal of a code, or that it is spent: told by the tries of this browser, so alike of known and unknown."""
    if error.code != "code.refused":
        return error
    session[_PENDING] = {**pending, "tries": pending.get("tries", 0) + 1}
    return DomainError("code.spent") if session[_PENDING]["tries"] >= CODE_TRIES else error


def _asked_again(template: str, error: DomainError) -> Response:
    target = safe_path(request.form.get("next"), "")
    typed = request.form.get("recipient", "")
    return page(template, error=error, next=target, recipient=typed)


def _code_page(pending: dict[str, Any], error: DomainError | None = None) -> Response:
    return page(
        "accounts/code.html",
        error=error,
        recipient=pending["recipient"],
        masked=read_recipient(pending["recipient"]).masked,
        next=pending["next"],
        wait=seconds_to_wait(sent=pending.get("sent", 0), now=now()),
    )
