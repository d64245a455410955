"""The cart's page and what its buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request, session

from kernel.errors import DomainError, InvalidInputError
from kernel.i18n import gettext as _
from kernel.i18n import ngettext
from kernel.text import clean
from kernel.web import actor, form_data, now, page, public, say
from onboarding.offers.queries import sellable
from storefront.cart.operations import add_line, change_line, remove_dead, remove_line
from storefront.cart.queries import cart_of, pieces_in
from storefront.cart.schemas import DeadSchema, LineSchema, QuantitySchema

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

_TYPED = 12  # signs kept of what was typed: the cookie has little room
blueprint = Blueprint("cart", __name__, template_folder="templates")


@blueprint.app_context_processor
def count_pieces() -> dict[str, int]:
    """The figure beside the cart on every page of somebody who has one."""
    return {"cart_count": pieces_in(_token())}


@blueprint.get("/cart")
@public
def cart() -> Response:
    """What lies in it, by seller, with what changed since."""
    return _cart_page()


@blueprint.post("/cart/lines")
@public
def add() -> Response | BaseResponse:
    """Put an offer in, then show the cart or go on to checkout; a refused number goes back to its goods."""
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
        return _back_to_goods(error) or _cart_page(error)
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
        return _cart_page(error)
    return redirect("/cart", 303)


@blueprint.post("/cart/lines/<offer>/removal")
@public
def remove(offer: str) -> BaseResponse:
    """Take it out."""
    remove_line(cart=_token(), offer=offer, actor=actor(), now=now())
    return redirect("/cart", 303)


@blueprint.post("/cart/lines/removals")
@public
def remove_gone() -> BaseResponse:
    """Take out what she was told cannot be bought, and go on to checkout with the rest where that can be ordered."""
    offers = form_data(DeadSchema())["offers"].split()
    count = remove_dead(cart=_token(), offers=offers, actor=actor(), now=now())
    if count:
        say(ngettext("买不到的 %(num)s 款移除了。", "买不到的 %(num)s 款移除了。", count))
    return redirect("/checkout" if cart_of(_token()).can_be_ordered(now()) else "/cart", 303)


def _back_to_goods(error: DomainError) -> BaseResponse | None:
    """Where a number was refused: the page of its goods, which shows what was typed and why; else nothing."""
    wrong = error.fields.get("quantity") if isinstance(error, InvalidInputError) else None
    offer = next(iter(sellable([clean(request.form.get("offer", ""))])), None) if wrong else None
    if offer is None or wrong is None:
        return None
    code, told = wrong
    session["refused"] = [offer.offer, request.form.get("quantity", "")[:_TYPED], code, dict(told)]
    return redirect(offer.page, 303)


def _cart_page(error: DomainError | None = None) -> Response:
    """The cart; where something of it is dead, with what is left to order without that."""
    found = cart_of(_token())
    ready, rest = (one.can_be_ordered(now()) for one in (found, found.living))
    return page("cart/cart.html", cart=found, living=found.living, ready=ready, rest_ready=rest, error=error)


def _token() -> str:
    return str(session.get("cart", ""))
