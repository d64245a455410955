"""The switch between languages at the foot of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from flask import Blueprint, redirect, request, session

from kernel.web import actor, csrf, now, public, safe_path, service
from kernel.wording import LOCALES

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug.wrappers import Response

    from kernel.permissions import Actor

blueprint = Blueprint("language", __name__)


class KeepLanguage(Protocol):
    """Remembers the language of a person, so that texts sent to her are in it."""

    def __call__(self, *, actor: Actor, language: str, now: datetime) -> None:
        """Keep it."""


@blueprint.post("/language")
@public
def choose() -> Response:
    """Keep the chosen language and go back; it needs no token and sets no cookie before.

    Another site's form comes without the session cookie (`SameSite=Lax`), so it changes nobody's texts; and nothing is
    kept for it, for the cookie of the answer would take the place of the visitor's own and sign her out.
    """
    if request.form.get("lang") in LOCALES and _is_from_here():
        session["locale"] = request.form["lang"]
        if actor().is_signed_in:
            service(KeepLanguage)(actor=actor().herself(), language=request.form["lang"], now=now())
    back = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return redirect(safe_path(_unasked(back), "/"), 303)


def _is_from_here() -> bool:
    """Whether a page of ours sent the form, as far as the browser tells; a program that tells nothing may."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    return site == "same-origin" if site else origin in {None, request.host_url.rstrip("/")}


def _unasked(path: str) -> str:
    """An address without a language of its own, which would outweigh what was chosen."""
    place, _mark, query = path.partition("?")
    kept = "&".join(pair for pair in query.split("&") if pair and not pair.startswith("lang="))
    return f"{place}?{kept}" if kept else place


csrf.exempt(choose)
