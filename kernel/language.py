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
    return redirect(safe_path(back, "/"), 303)


csrf.exempt(choose)
