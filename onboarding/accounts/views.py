"""Pages of sign-in and account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, redirect, request, session

from kernel import limits
from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.i18n import locale
from kernel.permissions import Permission
from kernel.text import masked_phone
from kernel.web import actor, client_address, form_data, now, page, public, requires, safe_path, say, sign_in_session
from onboarding.accounts import operations, queries
from onboarding.accounts.models import phone_fingerprint
from onboarding.accounts.rules import WORKPLACES, code_limits, normalise_phone, seconds_to_wait, sign_in_limits
from onboarding.accounts.schemas import CodeForm, NameForm, PhoneForm

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("accounts", __name__, template_folder="templates")

_PENDING = "sign_in"  # the phone that waits for its code, and the page to go on to
_HOME = "/account"


@blueprint.get("/sign-in")
@public
def sign_in() -> BaseResponse:
    """One field: the phone."""
    target = safe_path(request.args.get("next"), "")
    return redirect(target or _home()) if actor().is_signed_in else page("accounts/sign_in.html", next=target)


@blueprint.post("/sign-in")
@public
def send_code() -> BaseResponse:
    """Send a code, to known and unknown numbers alike, and go on to the page that asks for it."""
    try:
        form = form_data(PhoneForm())
        phone = normalise_phone(form["phone"])
        _limit_codes(phone)
        operations.request_code(phone=phone, purpose="sign_in", language=locale(), actor=actor(), now=now())
    except DomainError as error:
        target = safe_path(request.form.get("next"), "")
        return page("accounts/sign_in.html", error=error, next=target, phone=request.form.get("phone", ""))
    session[_PENDING] = {"phone": phone, "next": safe_path(form["next"], ""), "sent": int(now().timestamp())}
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
        limits.hit(sign_in_limits(address=client_address(), scale=_scale()), now=now())
        sid = operations.sign_in(phone=pending["phone"], code=code, language=locale(), actor=actor(), now=now())
    except DomainError as error:
        return _code_page(pending, error)
    if before := session.get("sid"):
        operations.sign_out(sid=before, actor=actor(), now=now())
    sign_in_session(sid)
    session.permanent = True
    return redirect(safe_path(pending["next"], _home()))


@blueprint.post("/sign-out")
@requires(Permission.ACCOUNT_SELF_USE)
def sign_out() -> BaseResponse:
    """End this session, here and in the database."""
    operations.sign_out(sid=session["sid"], actor=actor(), now=now())
    session.clear()
    return redirect("/")


@blueprint.get("/account")
@requires(Permission.ACCOUNT_SELF_USE)
def account() -> Response:
    """Who one is here: name, phone, organisations, sessions."""
    return _account_page()


@blueprint.post("/account/name")
@requires(Permission.ACCOUNT_SELF_USE)
def rename() -> BaseResponse:
    """Change one's name."""
    try:
        operations.rename(actor=actor(), name=form_data(NameForm())["name"], now=now())
    except DomainError as error:
        return _account_page(error)
    say(_("名字改好了。"), "good")
    return redirect(_HOME)


@blueprint.post("/account/other-sessions")
@requires(Permission.ACCOUNT_SELF_USE)
def sign_out_elsewhere() -> BaseResponse:
    """End one's sessions on all other devices."""
    operations.sign_out_elsewhere(sid=session["sid"], actor=actor(), now=now())
    say(_("其他设备都已退出登录。"), "good")
    return redirect(_HOME)


def _home() -> str:
    """Where somebody goes who was on the way to nowhere: to her one workplace or desk, else to her account."""
    places = {WORKPLACES[membership.kind] for membership in actor().memberships}
    if actor().staff:
        places.add("/ops" if actor().holds(Permission.OPS_CASES_VIEW) else "/finance")
    return places.pop() if len(places) == 1 else _HOME


def _code_page(pending: dict[str, Any], error: DomainError | None = None) -> Response:
    return page(
        "accounts/code.html",
        error=error,
        phone=pending["phone"],
        masked=masked_phone(pending["phone"]),
        next=pending["next"],
        wait=seconds_to_wait(sent=pending.get("sent", 0), now=now()),
    )


def _account_page(error: DomainError | None = None) -> Response:
    return page(
        "accounts/account.html",
        error=error,
        phone=masked_phone(queries.phone_of(actor())),
        workplaces=WORKPLACES,
        browsers=queries.browsers_of(actor(), sid=session["sid"], now=now()),
    )


def _limit_codes(phone: str) -> None:
    by = code_limits(phone=phone_fingerprint(phone), address=client_address(), scale=_scale())
    limits.hit(by, now=now())


def _scale() -> int:
    scale: int = current_app.config.get("LIMITS_SCALE", 1)
    return scale
