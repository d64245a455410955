"""A cart as it stands now: two statements, whatever it holds."""

from __future__ import annotations

from sqlalchemy import func, select

from kernel.db import session
from onboarding.offers.queries import sellable
from storefront.cart.models import CartLineRow, CartRow
from storefront.cart.rules import Cart, Line

EMPTY = Cart("", "", ())


def cart_of(token: str) -> Cart:
    """The cart of a cookie's token, each line with today's offer; an unknown token is an empty cart."""
    if not token:
        return EMPTY
    query = (
        select(
            CartRow.form_token,
            CartLineRow.offer,
            CartLineRow.title,
            CartLineRow.quantity,
            CartLineRow.seen_price_fen,
        )
        .outerjoin(CartLineRow, CartLineRow.cart_id == CartRow.id)
        .where(CartRow.public_id == token)
        .order_by(CartLineRow.id)
    )
    rows = session().execute(query).all()
    if not rows:
        return EMPTY
    lines = [row for row in rows if row.offer is not None]
    offers = {offer.offer: offer for offer in sellable([row.offer for row in lines])} if lines else {}
    return Cart(
        token,
        rows[0].form_token,
        tuple(Line(row.offer, row.title, row.quantity, row.seen_price_fen, offers.get(row.offer)) for row in lines),
    )


def pieces_in(token: str) -> int:
    """How many pieces lie in a cart, for the head of every page."""
    if not token:
        return 0
    query = select(func.coalesce(func.sum(CartLineRow.quantity), 0)).join(CartRow, CartRow.id == CartLineRow.cart_id)
    return int(session().scalars(query.where(CartRow.public_id == token)).one())
