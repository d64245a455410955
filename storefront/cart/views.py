"""The cart's page and what its buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, session

from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.web import actor, form_data, now, page, public, say
from storefront.cart.operations import add_line, change_line, remove_line
from storefront.cart.queries import cart_of, pieces_in
from storefront.cart.schemas import LineSchema, QuantitySchema

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("cart", __name__, template_folder="templates")


@blueprint.app_context_processor
def count_pieces() -> dict[str, int]:
    """The figure beside the cart on every page of somebody who has one."""
    return {"cart_count": pieces_in(_token())}


@blueprint.get("/cart")
@public
def cart() -> Response:
    """What lies in it, by seller, with what changed since."""
    found = cart_of(_token())
    return page("cart/cart.html", cart=found, ready=found.can_be_ordered(now()))


@blueprint.post("/cart/lines")
@public
def add() -> Response | BaseResponse:
    """Put an offer in, then show the cart or go on to checkout."""
    try:
        line = form_data(LineSchema())
        session["cart"] = add_line(
            cart=_token(),
            offer=line["offer"],
            quantity=int(line["quantity"]),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _refused(error)
    if line["next"]:
        return redirect("/checkout", 303)
    say(_("已放进购物车"))
    return redirect("/cart", 303)


@blueprint.post("/cart/lines/<offer>")
@public
def change(offer: str) -> Response | BaseResponse:
    """Set how many."""
    try:
        pieces = int(form_data(QuantitySchema())["quantity"])
        change_line(cart=_token(), offer=offer, quantity=pieces, actor=actor(), now=now())
    except DomainError as error:
        return _refused(error)
    return redirect("/cart", 303)


@blueprint.post("/cart/lines/<offer>/removal")
@public
def remove(offer: str) -> BaseResponse:
    """Take it out."""
    remove_line(cart=_token(), offer=offer, actor=actor(), now=now())
    return redirect("/cart", 303)


def _refused(error: DomainError) -> Response:
    found = cart_of(_token())
    return page("cart/cart.html", cart=found, ready=found.can_be_ordered(now()), error=error)


def _token() -> str:
    return str(session.get("cart", ""))
