"""Pages that sign one device in by another."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import quote

import segno
from flask import current_app, redirect, request, session
from markupsafe import Markup

from kernel.errors import DomainError, NotFoundError
from kernel.i18n import gettext as _
from kernel.i18n import locale
from kernel.permissions import Permission
from kernel.web import actor, client_address, form_data, now, page, public, requires, safe_path, say
from onboarding.accounts import handoffs
from onboarding.accounts.rules import approval_limits, device_words, handoff_limits
from onboarding.accounts.schemas import NumberForm
from onboarding.accounts.views.door import HOME, blueprint, come_in, hit, home, scale

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

_WAITS, _OFFERS = "handoff", "handoff_offer"  # what the browser that waits keeps, and the one that offers
_WAITING_PAGE, _PHONE_PAGE = "/handoff/waiting", "/handoff/phone"
_LOOK_AGAIN = "3"


@blueprint.post("/handoff")
@public
def ask_handoff() -> BaseResponse:
    """Ask to be signed in by a phone."""
    target = safe_path(request.args.get("next"), "")
    if actor().is_signed_in:
        return redirect(target or home(), 303)
    hit(handoff_limits(address=client_address(), scale=scale()))
    asked = handoffs.ask(device=device_words(request.user_agent.string), actor=actor(), now=now())
    return _wait(asked, target, scans=True)


def _wait(asked: handoffs.Asked, target: str, *, scans: bool) -> BaseResponse:
    """Keep in this browser what opens its session once somebody said yes; `scans` shows a picture to her."""
    session[_WAITS] = {**asdict(asked), "next": target, "scans": scans}
    return redirect(_WAITING_PAGE, 303)


@blueprint.get(_WAITING_PAGE)
@public
def await_handoff() -> BaseResponse:
    """The picture to scan and the number to type there; comes again by itself until somebody said yes."""
    kept = session.get(_WAITS)
    if kept is None:
        return redirect("/sign-in")
    name = handoffs.approved_by(kept["secret"], now=now())
    if name is None:
        return page("accounts/handoff_over.html", next=kept["next"], scans=kept["scans"])
    picture = _drawn(f"/handoff/{kept['token']}") if kept["scans"] else ""
    shown = page("accounts/handoff_waiting.html", name=name, number=kept["number"], picture=picture)
    if not name:
        shown.headers["Refresh"] = _LOOK_AGAIN
    return shown


@blueprint.post("/handoff/session")
@public
def use_handoff() -> BaseResponse:
    """Be signed in as whoever said yes, and go on."""
    kept = session.pop(_WAITS, None)
    if not kept:
        raise NotFoundError("handoff.gone")
    return come_in(handoffs.use(secret=kept["secret"], language=locale(), actor=actor(), now=now()), kept["next"])


@blueprint.post(_PHONE_PAGE)
@requires(Permission.ACCOUNT_SELF_USE)
def offer_handoff() -> BaseResponse:
    """Offer to sign a phone in, which goes on where this browser stands."""
    target = safe_path(request.args.get("next"), HOME)
    hit(handoff_limits(address=client_address(), scale=scale()))
    session[_OFFERS] = {"token": handoffs.offer(actor=actor(), now=now()), "next": target}
    return redirect(_PHONE_PAGE, 303)


@blueprint.get(_PHONE_PAGE)
@requires(Permission.ACCOUNT_SELF_USE)
def to_phone() -> BaseResponse:
    """The picture for the phone; comes again by itself until the phone asks, which is then approved here."""
    kept = session.get(_OFFERS) or {"token": "", "next": HOME}
    token, target = kept["token"], kept["next"]
    if not handoffs.is_offered(token, now=now()):
        found = handoffs.is_waiting(token, actor=actor(), now=now())
        return redirect(f"/handoff/{token}") if found else page("accounts/handoff_phone.html", next=target, picture="")
    picture = _drawn(f"{_PHONE_PAGE}/{token}?next={quote(target)}")
    shown = page("accounts/handoff_phone.html", next=target, picture=picture)
    shown.headers["Refresh"] = _LOOK_AGAIN
    return shown


@blueprint.get(f"{_PHONE_PAGE}/<link>")
@public
def offered_handoff(link: str) -> BaseResponse:
    """What the phone sees that scanned the picture; a look alone takes nothing up."""
    target = safe_path(request.args.get("next"), HOME)
    if actor().is_signed_in:
        return redirect(target)
    if not handoffs.is_offered(link, now=now()):
        raise NotFoundError("handoff.gone")
    return page("accounts/handoff_here.html", link=link, next=target)


@blueprint.post(f"{_PHONE_PAGE}/<link>")
@public
def take_handoff(link: str) -> BaseResponse:
    """Ask to be let in by whoever showed the picture."""
    hit(handoff_limits(address=client_address(), scale=scale()))
    device = device_words(request.user_agent.string)
    asked = handoffs.take(token=link, device=device, actor=actor(), now=now())
    return _wait(asked, safe_path(request.args.get("next"), HOME), scans=False)


@blueprint.get("/handoff/<link>")
@requires(Permission.ACCOUNT_SELF_USE)
def handoff(link: str) -> Response:
    """Which device asks, and the number that stands on its screen."""
    return page("accounts/handoff.html", waiting=_waiting(link), link=link)


@blueprint.post("/handoff/<link>")
@requires(Permission.ACCOUNT_SELF_USE)
def approve_handoff(link: str) -> BaseResponse:
    """Say yes."""
    try:
        number = form_data(NumberForm())["number"]
        hit(approval_limits(person=actor().user, scale=scale()))
        handoffs.approve(token=link, number=number, actor=actor(), now=now())
    except NotFoundError:
        raise
    except DomainError as error:
        return page("accounts/handoff.html", waiting=_waiting(link), link=link, error=error)
    say(_("已同意，那台设备上点“继续”就登录了。"), "good")
    offered = session.pop(_OFFERS, None)
    return redirect(offered["next"] if offered and offered["token"] == link else HOME, 303)


def _waiting(link: str) -> handoffs.Waiting:
    return handoffs.waiting(link, actor=actor(), now=now())


def _drawn(path: str) -> Markup:
    """An address of this site as a QR code: inline SVG."""
    address = f"{current_app.config['PUBLIC_URL']}{path}"
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704  drawn here, and the address is only in its dots
