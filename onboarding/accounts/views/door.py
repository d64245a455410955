"""What the pages of this context share: the blueprint, where people go on to, how often they may try."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, current_app, redirect
from flask import session as cookie

from kernel import limits
from kernel.web import HELPING_PAGE, SECOND_FACTOR_PAGE, actor, client_address, now, safe_path, sign_in_session
from onboarding.accounts import operations, queries
from onboarding.accounts.models import recipient_fingerprint
from onboarding.accounts.rules import (
    DESKS,
    WORKPLACES,
    code_limits,
    password_limits,
    second_factor_limits,
    sign_in_limits,
)

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.accounts.operations import Entrance
    from onboarding.accounts.rules import Limit, Recipient

blueprint = Blueprint("accounts", __name__, template_folder="../templates")

HOME = "/account"
PROOF = "/account/proof"
_SECOND = "second_factor"  # the page to go on to after it


def home() -> str:
    """Where somebody goes who was on the way to nowhere: to her one workplace or desk, else to her account."""
    if actor().helping:
        return HELPING_PAGE
    places = {WORKPLACES[membership.kind] for membership in actor().memberships}
    places.update(DESKS[grant.role] for grant in actor().staff)
    if actor().held_back:
        places.add(SECOND_FACTOR_PAGE)
    return places.pop() if len(places) == 1 else HOME


def come_in(entrance: Entrance, target: str) -> BaseResponse:
    """Take the new session for the old one, and go on: to the second factor first, where it is asked."""
    if before := cookie.get("sid"):
        operations.sign_out(sid=before, actor=actor().herself(), now=now())
    sign_in_session(entrance.token)
    if entrance.asks:
        cookie[_SECOND] = {"next": target}
        return redirect("/sign-in/second-factor")
    cookie.permanent = True
    return redirect(safe_path(target, home()))


def asked_for_second() -> str:
    """The person (public id) whose first factor was right in this browser, and whose second is due; else empty."""
    return queries.half_way(cookie["sid"], now=now()) if _SECOND in cookie and "sid" in cookie else ""


def complete(token: str) -> BaseResponse:
    """Go on with a session that has its second factor."""
    target = cookie[_SECOND]["next"]
    sign_in_session(token)
    cookie.permanent = True
    return redirect(safe_path(target, home()))


def proof_first(here: str) -> BaseResponse | None:
    """To the page that asks for a proof of oneself and leads back here, unless there is a fresh one."""
    if queries.is_proved(cookie["sid"], now=now()):
        return None
    return redirect(f"{PROOF}?next={quote(here)}")


def limit_codes(to: Recipient) -> None:
    """Count a code that is asked for."""
    hit(code_limits(recipient=recipient_fingerprint(to), address=client_address(), scale=scale()))


def limit_passwords(to: Recipient) -> None:
    """Count a try at a password."""
    hit(password_limits(recipient=recipient_fingerprint(to), address=client_address(), scale=scale()))


def limit_tries() -> None:
    """Count a try at a code."""
    hit(sign_in_limits(address=client_address(), scale=scale()))


def limit_seconds(person: str) -> None:
    """Count a try at a second factor."""
    hit(second_factor_limits(person=person, address=client_address(), scale=scale()))


def hit(by: list[Limit]) -> None:
    """Count against limits; TooManyError over one of them."""
    limits.hit(by, now=now())


def scale() -> int:
    """How many times wider the limits are, for tests that press hard."""
    found: int = current_app.config.get("LIMITS_SCALE", 1)
    return found
