"""Pages of the helpers' desk; and of an owner, who helps her and how she ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, redirect, request, session

from kernel.errors import DomainError, NotFoundError
from kernel.i18n import gettext as _
from kernel.i18n import locale
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.web import HELPING_PAGE, actor, client_address, form_data, now, page, public, requires, say
from onboarding.accounts import grants
from onboarding.accounts.rules import read_recipient, seconds_to_wait, sign_in_limits
from onboarding.helping import queries
from onboarding.helping.operations import begin_help
from onboarding.helping.schemas import ConsentForm, OwnerForm
from onboarding.joining.queries import standing, steps_of
from onboarding.joining.rules import FOR_HELPERS, led_to
from onboarding.listings.queries import state_counts
from onboarding.verification.rules import APPLICATION

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("helping", __name__, template_folder="templates")

_EDIT = Permission.SELLER_ORGANISATION_EDIT
_PENDING = "help"  # where the code for an owner's consent went
_HELPERS = "/factory/helpers"
_STEPS = f"{HELPING_PAGE}/steps"


@blueprint.get("/assist")
@requires(Permission.ASSIST_OWNERS_HELP)
def desk() -> Response:
    """Whom she helps, and the one field with which she begins to help somebody."""
    return _desk_page()


@blueprint.post("/assist")
@requires(Permission.ASSIST_OWNERS_HELP)
def ask() -> BaseResponse:
    """Send the code to the owner, known or not, and go on to the page that asks for it."""
    try:
        to = read_recipient(form_data(OwnerForm())["recipient"])
        hit(grants.asking_limits(actor=actor(), to=to, address=client_address(), scale=_scale()), now=now())
        grants.ask_consent(actor=actor().herself(), recipient=to.address, now=now(), language=locale())
    except DomainError as error:
        return _desk_page(error)
    session[_PENDING] = {"recipient": to.address, "sent": int(now().timestamp())}
    return redirect("/assist/code", 303)


@blueprint.get("/assist/code")
@requires(Permission.ASSIST_OWNERS_HELP)
def enter_code() -> BaseResponse:
    """One field: the code that the owner reads out."""
    pending = session.get(_PENDING)
    return _code_page(pending) if pending else redirect(HELPING_PAGE)


@blueprint.post("/assist/code")
@requires(Permission.ASSIST_OWNERS_HELP)
def begin() -> BaseResponse:
    """Trade it for her consent, and take her matters in hand."""
    pending = session.get(_PENDING)
    if not pending:
        return redirect(HELPING_PAGE)
    herself = actor().herself()
    try:
        code = form_data(ConsentForm())["code"]
        hit(sign_in_limits(address=client_address(), scale=_scale()), now=now())
        site = current_app.config["PUBLIC_URL"]
        grant = begin_help(actor=herself, recipient=pending["recipient"], code=code, site=site, now=now())
    except DomainError as error:
        return _code_page(pending, error)
    session.pop(_PENDING)
    grants.turn_to(actor=herself, sid=session["sid"], grant=grant, now=now())
    return redirect(_STEPS, 303)


@blueprint.get("/assist/steps")
@requires(Permission.ASSIST_OWNERS_HELP)
def steps() -> BaseResponse:
    """What is left to do for the one she has in hand."""
    helping, found = actor().helping, standing(actor(), "factory")
    if helping is None or not helping.is_live or found is None:
        return redirect(HELPING_PAGE)
    left = led_to(FOR_HELPERS, steps_of(helping.organisation_id, state_counts(helping.organisation_id)))
    return page("helping/steps.html", helping=helping, found=found, steps=left, lifecycle=APPLICATION)


@blueprint.post("/assist/<grant>/turn")
@requires(Permission.ASSIST_OWNERS_HELP)
def turn(grant: str) -> BaseResponse:
    """Take somebody's matters in hand."""
    grants.turn_to(actor=actor().herself(), sid=session["sid"], grant=grant, now=now())
    return redirect(_STEPS, 303)


@blueprint.post("/assist/<grant>/end")
@requires(Permission.ASSIST_OWNERS_HELP)
def give_up(grant: str) -> BaseResponse:
    """Help somebody no longer."""
    grants.end(actor=actor().herself(), grant=grant, now=now())
    say(_("授权结束了，已告诉厂主。"), "good")
    return redirect(HELPING_PAGE, 303)


@blueprint.post("/assist/rest")
@public
def rest() -> BaseResponse:
    """Be herself again; also for whom nothing else is left, because the grant or her role is gone."""
    if actor().helping:
        grants.rest(actor=actor().herself(), sid=session["sid"], now=now())
    return redirect("/account" if actor().is_signed_in and not actor().staff else HELPING_PAGE, 303)


@blueprint.get("/factory/helpers")
@requires(_EDIT)
def helpers() -> Response:
    """Who may act for her, until when, and what was done."""
    if not any(one.kind == "factory" and _EDIT in one.permissions for one in actor().memberships):
        raise NotFoundError
    given = queries.grants_to(actor(), now=now())
    return page("helping/helpers.html", grants=given, done=queries.done_under(given))


@blueprint.post("/factory/helpers/<grant>/end")
@requires(_EDIT)
def end(grant: str) -> BaseResponse:
    """Let a helper do nothing more, from this moment on."""
    grants.end(actor=actor(), grant=grant, now=now())
    say(_("授权结束了，马上生效。"), "good")
    return redirect(_HELPERS, 303)


def _desk_page(error: DomainError | None = None) -> Response:
    return page(
        "helping/desk.html",
        error=error,
        helped=queries.helped_by(actor(), now=now()),
        recipient=request.form.get("recipient", ""),
        lifecycle=APPLICATION,
    )


def _code_page(pending: dict[str, Any], error: DomainError | None = None) -> Response:
    return page(
        "helping/code.html",
        error=error,
        recipient=pending["recipient"],
        masked=read_recipient(pending["recipient"]).masked,
        wait=seconds_to_wait(sent=pending["sent"], now=now()),
    )


def _scale() -> int:
    found: int = current_app.config.get("LIMITS_SCALE", 1)
    return found
