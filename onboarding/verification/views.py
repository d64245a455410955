"""The page that says what joining is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from kernel.web import page, public

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("verification", __name__, template_folder="templates")


@blueprint.get("/join")
@public
def join() -> Response:
    """What joining is and costs, and the one field that begins it."""
    return page("verification/join.html")
