"""Pages of what proves a person: once more, a further phone or e-mail, a password, a second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import current_app, redirect, request, session
from markupsafe import Markup

from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.i18n import locale, said
from kernel.permissions import Permission
from kernel.web import SECOND_FACTOR_PAGE, actor, form_data, now, page, requires, safe_path, say
from onboarding.accounts import queries, security
from onboarding.accounts.rules import read_recipient, seconds_to_wait
from onboarding.accounts.schemas import CodeForm, NewPasswordForm, ProofForm, RecipientForm
from onboarding.accounts.views.door import (
    HOME,
    PROOF,
    blueprint,
    limit_codes,
    limit_passwords,
    limit_seconds,
    limit_tries,
    proof_first,
)

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

_CONTACT, _PASSWORD = "/account/contact", "/account/password"
_BINDING = "bind"  # where the code for a further address went


@blueprint.get("/account/proof")
@requires(Permission.ACCOUNT_SELF_USE)
def prove() -> Response:
    """Ask who one is, before anything that proves a person is changed."""
    return _proof_page()


@blueprint.post("/account/proof/code")
@requires(Permission.ACCOUNT_SELF_USE)
def send_proof() -> BaseResponse:
    """Send the code for it."""
    try:
        limit_codes(queries.safety_of(actor()).contact.recipient)
        security.request_proof(actor=actor(), now=now(), language=locale())
    except DomainError as error:
        return _proof_page(error)
    session["proof"] = int(now().timestamp())
    return redirect(f"{PROOF}?next={quote(safe_path(request.form.get('next'), HOME))}")


@blueprint.post("/account/proof")
@requires(Permission.ACCOUNT_SELF_USE)
def check_proof() -> BaseResponse:
    """Take the code or the password, and go on."""
    try:
        form, password = form_data(ProofForm()), request.form.get("password", "")
        if password:
            limit_passwords(queries.safety_of(actor()).contact.recipient)
        else:
            limit_tries()
        security.prove(actor=actor(), sid=session["sid"], code=form["code"], password=password, now=now())
    except DomainError as error:
        return _proof_page(error)
    session.pop("proof", None)
    return redirect(safe_path(form["next"], HOME))


@blueprint.get("/account/contact")
@requires(Permission.ACCOUNT_SELF_USE)
def contact() -> BaseResponse:
    """One field: a further phone or e-mail."""
    return proof_first(_CONTACT) or page("accounts/contact.html", safety=queries.safety_of(actor()))


@blueprint.post("/account/contact")
@requires(Permission.ACCOUNT_SELF_USE)
def send_binding() -> BaseResponse:
    """Send a code there, whoever has it, and go on to the page that asks for it."""
    if stale := proof_first(_CONTACT):
        return stale
    typed = request.form.get("recipient", "")
    try:
        to = read_recipient(form_data(RecipientForm())["recipient"])
        limit_codes(to)
        security.request_binding(actor=actor(), sid=session["sid"], recipient=to.address, now=now(), language=locale())
    except DomainError as error:
        return page("accounts/contact.html", error=error, recipient=typed, safety=queries.safety_of(actor()))
    session[_BINDING] = {"recipient": to.address, "sent": int(now().timestamp())}
    return redirect("/account/contact/code")


@blueprint.get("/account/contact/code")
@requires(Permission.ACCOUNT_SELF_USE)
def enter_binding() -> BaseResponse:
    """One field: the code that came there."""
    return _binding_page() if _BINDING in session else redirect("/account/contact")


@blueprint.post("/account/contact/code")
@requires(Permission.ACCOUNT_SELF_USE)
def check_binding() -> BaseResponse:
    """Be reached there from now on."""
    if _BINDING not in session:
        return redirect("/account/contact")
    if stale := proof_first(_CONTACT):
        return stale
    try:
        code = form_data(CodeForm())["code"]
        limit_tries()
        to = session[_BINDING]["recipient"]
        security.bind(actor=actor(), sid=session["sid"], recipient=to, code=code, now=now())
    except DomainError as error:
        return _binding_page(error)
    session.pop(_BINDING)
    say(_("绑定好了，以后也能用它登录。"), "good")
    return redirect(HOME)


@blueprint.get("/account/password")
@requires(Permission.ACCOUNT_SELF_USE)
def password() -> BaseResponse:
    """One field: the new password."""
    return proof_first(_PASSWORD) or page("accounts/password.html", safety=queries.safety_of(actor()))


@blueprint.post("/account/password")
@requires(Permission.ACCOUNT_SELF_USE)
def set_password() -> BaseResponse:
    """Set it; other browsers are signed out."""
    if stale := proof_first(_PASSWORD):
        return stale
    try:
        form_data(NewPasswordForm())
        typed = request.form["password"]  # spaces count
        security.set_password(actor=actor(), sid=session["sid"], password=typed, now=now())
    except DomainError as error:
        return page("accounts/password.html", error=error, safety=queries.safety_of(actor()))
    say(_("密码设好了，其他设备已退出登录。"), "good")
    return redirect(HOME)


@blueprint.get(SECOND_FACTOR_PAGE)
@requires(Permission.ACCOUNT_SELF_USE)
def second_factor() -> Response:
    """What it is and whether it is on; on the way there, the secret for the authenticator."""
    return _second_factor_page()


@blueprint.post(SECOND_FACTOR_PAGE)
@requires(Permission.ACCOUNT_SELF_USE)
def begin_second_factor() -> BaseResponse:
    """Make the secret."""
    target = safe_path(request.form.get("next"), "")
    here = f"{SECOND_FACTOR_PAGE}?next={quote(target)}" if target else SECOND_FACTOR_PAGE
    if stale := proof_first(here):
        return stale
    security.begin_second_factor(actor=actor(), sid=session["sid"], now=now())
    return redirect(here)


@blueprint.post(f"{SECOND_FACTOR_PAGE}/confirmation")
@requires(Permission.ACCOUNT_SELF_USE)
def confirm_second_factor() -> BaseResponse:
    """Take the first code, and show the recovery codes this once."""
    if stale := proof_first(SECOND_FACTOR_PAGE):
        return stale
    try:
        code = form_data(ProofForm())["code"]
        limit_seconds(actor().user)
        codes = security.confirm_second_factor(actor=actor(), sid=session["sid"], code=code, now=now())
    except DomainError as error:
        return _second_factor_page(error)
    target = safe_path(request.form.get("next"), HOME)
    return page("accounts/recovery_codes.html", codes=codes, next=target)


@blueprint.post(f"{SECOND_FACTOR_PAGE}/removal")
@requires(Permission.ACCOUNT_SELF_USE)
def remove_second_factor() -> BaseResponse:
    """Do without it."""
    try:
        code = form_data(CodeForm())["code"]
        limit_seconds(actor().user)
        security.remove_second_factor(actor=actor(), code=code, now=now())
    except DomainError as error:
        return _second_factor_page(error)
    say(_("动态验证码关掉了。"), "good")
    return redirect(HOME)


def _proof_page(error: DomainError | None = None) -> Response:
    sent = session.get("proof", 0)
    return page(
        "accounts/proof.html",
        error=error,
        safety=queries.safety_of(actor()),
        next=safe_path(request.values.get("next"), HOME),
        sent=bool(sent),
        wait=seconds_to_wait(sent=sent, now=now()),
    )


def _binding_page(error: DomainError | None = None) -> Response:
    waiting = session[_BINDING]
    masked = read_recipient(waiting["recipient"]).masked
    wait = seconds_to_wait(sent=waiting["sent"], now=now())
    return page("accounts/contact_code.html", error=error, recipient=waiting["recipient"], masked=masked, wait=wait)


def _second_factor_page(error: DomainError | None = None) -> Response:
    safety = queries.safety_of(actor())
    found = queries.enrolment(safety, issuer=said(current_app.config["CHANNEL_NAME"]))
    return page(
        "accounts/second_factor.html",
        error=error,
        safety=safety,
        picture=Markup(found.picture) if found else "",  # noqa: S704  drawn here, of a secret made here
        typed=found.typed if found else "",
        next=safe_path(request.values.get("next"), ""),
    )
