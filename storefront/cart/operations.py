"""What can be done with a cart: put in, change, take out, empty. It reserves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from onboarding.offers.queries import sellable
from storefront.cart.models import CartLineRow, CartRow
from storefront.cart.queries import cart_of
from storefront.cart.rules import MOST_LINES, check_open, check_quantity

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from kernel.permissions import Actor
    from onboarding.offers.queries import SellableOffer

_PLAIN = {"synchronize_session": False}  # nothing of a cart is kept in the session


@operation("cart.add")
def add_line(*, cart: str, offer: str, quantity: int, actor: Actor, now: datetime) -> str:  # noqa: ARG001  audited
    """Put pieces of an offer in, on top of those there; returns the cart's token, a new one for an unknown cart."""
    found = _sellable(offer, now)
    cart_id, token = _open(cart, now)
    lines = _quantities(cart_id)
    if offer not in lines and len(lines) >= MOST_LINES:
        raise DomainError("cart.full", limit=MOST_LINES)
    pieces = lines.get(offer, 0) + quantity
    check_quantity(found, pieces, held=pieces - quantity)
    if offer in lines:
        _change(cart_id, offer, pieces, found.price_fen)
    else:
        line = {"cart_id": cart_id, "offer": offer, "title": found.title, "quantity": pieces}
        session().execute(insert(CartLineRow).values(**line, seen_price_fen=found.price_fen, added_at=now))
    _touch(CartRow.id == cart_id, now)
    note(f"offer:{offer}", after={"quantity": pieces})
    return token


@operation("cart.change")
def change_line(*, cart: str, offer: str, quantity: int, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Set how many pieces of an offer; the price seen is today's from now on."""
    cart_id = _known(cart)
    found = _sellable(offer, now)
    if offer not in _quantities(cart_id):
        raise NotFoundError
    check_quantity(found, quantity)
    _change(cart_id, offer, quantity, found.price_fen)
    _touch(CartRow.id == cart_id, now)
    note(f"offer:{offer}", after={"quantity": quantity})


@operation("cart.remove")
def remove_line(*, cart: str, offer: str, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Take an offer out; taking it out twice is once."""
    cart_id = _known(cart)
    session().execute(delete(CartLineRow).where(CartLineRow.cart_id == cart_id, CartLineRow.offer == offer))
    _touch(CartRow.id == cart_id, now)
    note(f"offer:{offer}", after={"quantity": 0})


@operation("cart.clear")
def remove_dead(*, cart: str, offers: Collection[str], actor: Actor, now: datetime) -> int:  # noqa: ARG001  audited
    """Take out those of the offers that nobody can buy; how many lines. What can be bought again by now stays."""
    cart_id = _known(cart)
    dead = {line.offer_id for line in cart_of(cart).dead} & {*offers}
    session().execute(delete(CartLineRow).where(CartLineRow.cart_id == cart_id, CartLineRow.offer.in_(dead)))
    _touch(CartRow.id == cart_id, now)
    for offer in sorted(dead):
        note(f"offer:{offer}", after={"quantity": 0})
    return len(dead)


@operation("cart.empty")
def empty_cart(*, cart: str, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Take everything out: it became an order."""
    mine = select(CartRow.id).where(CartRow.public_id == cart).scalar_subquery()
    session().execute(delete(CartLineRow).where(CartLineRow.cart_id == mine), execution_options=_PLAIN)
    _touch(CartRow.public_id == cart, now)


def lock_cart(cart: str) -> None:
    """Hold a cart against changes until the caller's transaction ends; an unknown cart holds nothing."""
    session().scalar(_locked(cart))


def _sellable(offer: str, now: datetime) -> SellableOffer:
    found = sellable([offer])
    if not found:
        raise DomainError("cart.gone")
    check_open(found[0], now)
    return found[0]


def _open(token: str, now: datetime) -> tuple[int, str]:
    """The cart of a token under its lock, or a new one."""
    found = session().scalar(_locked(token))
    if found is not None:
        return found, token
    values = {"public_id": public_id("crt"), "form_token": public_id("frm"), "created_at": now, "updated_at": now}
    made = session().scalars(insert(CartRow).values(values).returning(CartRow.id)).one()
    return made, str(values["public_id"])


def _known(token: str) -> int:
    found = session().scalar(_locked(token))
    if found is None:
        raise NotFoundError
    return found


def _locked(token: str) -> Select[int]:
    return select(CartRow.id).where(CartRow.public_id == token).with_for_update()


def _quantities(cart_id: int) -> dict[str, int]:
    query = select(CartLineRow.offer, CartLineRow.quantity).where(CartLineRow.cart_id == cart_id)
    return dict(session().execute(query).all())


def _change(cart_id: int, offer: str, quantity: int, seen_price_fen: int) -> None:
    line = (CartLineRow.cart_id == cart_id) & (CartLineRow.offer == offer)
    session().execute(update(CartLineRow).where(line).values(quantity=quantity, seen_price_fen=seen_price_fen))


def _touch(mine: ColumnElement[bool], now: datetime) -> None:
    """A new form token: a checkout page opened before this change orders nothing by mistake."""
    changed = {"form_token": public_id("frm"), "updated_at": now}
    session().execute(update(CartRow).where(mine).values(**changed), execution_options=_PLAIN)
