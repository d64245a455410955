"""The switch between languages at the foot of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request, session

from kernel.i18n import LOCALES
from kernel.web import csrf, public, safe_path

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("language", __name__)


@blueprint.post("/language")
@public
def choose() -> Response:
    """Keep the chosen language and go back; it harms nobody, so it needs no token and sets no cookie before."""
    if request.form.get("lang") in LOCALES:
        session["locale"] = request.form["lang"]
    back = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return redirect(safe_path(_unasked(back), "/"), 303)


def _unasked(path: str) -> str:
    """An address without a language of its own, which would outweigh what was chosen."""
    place, _mark, query = path.partition("?")
    kept = "&".join(pair for pair in query.split("&") if pair and not pair.startswith("lang="))
    return f"{place}?{kept}" if kept else place


csrf.exempt(choose)
