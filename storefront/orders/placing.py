"""How a cart becomes orders: what is refused of it, under which locks it is read, the rows it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from commission.payments.queries import payment_of
from commission.payments.rules import PROCESSING_BP
from commission.rates.queries import rate_for
from kernel.db import session
from kernel.errors import DomainError
from kernel.ids import public_id
from kernel.money import Money
from onboarding.offers.operations import lock_offers
from onboarding.offers.pricing import earns
from onboarding.offers.queries import sellable
from storefront.cart.rules import check_open
from storefront.orders.models import Order, OrderGroup, OrderLine
from storefront.orders.rules import PAY_WITHIN, line_values, order_number, order_values

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.offers.queries import SellableOffer
    from storefront.cart.rules import Cart, Line
    from storefront.orders.rules import Address


def payment_of_form(form_token: str, *, buyer: Actor) -> str | None:
    """The payment (public id) of the order that this buyer made of this form before, if she did."""
    mine = (OrderGroup.form_token == form_token) & (OrderGroup.buyer_id == buyer.user_id)
    group = session().scalar(select(OrderGroup.public_id).where(mine))
    found = payment_of(payer=buyer.user, reference=group) if group else None
    return found.public_id if found else None


def checked(cart: Cart, *, form_token: str, total: Money, buyer: Actor, now: datetime) -> Cart:
    """The cart, if it is what the buyer saw and may buy.

    Raises `order.cart_changed`, `cart.rests`, `cart.pack`, `cart.lot_short`, `order.not_for_sale`,
    `order.total_changed`, and `order.own_goods` for who works for a seller or for the factory behind it: sales to
    oneself would make rank and reviews of nothing.
    """
    if not cart.lines or cart.form_token != form_token:
        raise DomainError("order.cart_changed")
    for line in cart.lines:
        if line.offer is not None:
            check_open(line.offer, now)
    cart.check_lots()
    if not cart.can_be_ordered(now):
        raise DomainError("order.not_for_sale")
    if Money(cart.total_fen, cart.currency) != total:
        raise DomainError("order.total_changed")
    own = {membership.organisation for membership in buyer.memberships}
    for line in cart.lines:
        if line.offer is not None and own & {line.offer.seller, line.offer.maker}:
            raise DomainError("order.own_goods", title=line.title)
    return cart


def with_held_prices(cart: Cart, *, now: datetime) -> Cart:
    """The cart with its resale offers as they stand under a lock that keeps both their prices until the commit.

    Raises `order.not_for_sale`, `order.total_changed`, and `order.below_cost` where a piece would earn its merchant
    nothing. Before the stock: whoever changes a price holds the goods and their offers before any SKU.
    """
    resold = {line.offer_id: line.offer.offer_id for line in cart.lines if line.offer and line.offer.pick_up}
    if not resold:
        return cart
    lock_offers(resold.values())
    held = {offer.offer: offer for offer in sellable(resold)}
    fees_bp = rate_for("merchant", now).basis_points + PROCESSING_BP
    lines = (
        _held(line, held.get(line.offer_id), fees_bp, now) if line.offer_id in resold else line for line in cart.lines
    )
    return replace(cart, lines=tuple(lines))


def insert_group(address: Address, *, form_token: str, total: Money, buyer: Actor, now: datetime) -> tuple[int, str]:
    """Write the group: its id and its public id."""
    values = {
        "public_id": public_id("grp"),
        "buyer_id": buyer.user_id,
        "buyer": buyer.user,
        "form_token": form_token,
        "address": address.to_json(),
        "total_fen": total.amount,
        "currency": total.currency,
        "placed_at": now,
        "expires_at": now + PAY_WITHIN,
    }
    made = session().scalars(insert(OrderGroup).values(values).returning(OrderGroup.id)).one()
    return made, str(values["public_id"])


def insert_orders(cart: Cart, *, group_id: int, now: datetime) -> None:
    """Write an order for each seller and factory, with its lines."""
    orders = [
        {
            **order_values(group, number=order_number(group_id, part), now=now),
            "public_id": public_id("ord"),
            "group_id": group_id,
        }
        for part, group in enumerate(cart.groups, start=1)
    ]
    try:
        made = dict(session().execute(insert(Order).values(orders).returning(Order.number, Order.id)).all())
    except IntegrityError as error:  # a seller said meanwhile that she leaves
        raise DomainError("order.not_for_sale") from error
    lines = [
        {**line_values(line), "order_id": made[order["number"]]}
        for order, group in zip(orders, cart.groups, strict=True)
        for line in group.lines
    ]
    session().execute(insert(OrderLine), lines)


def _held(line: Line, offer: SellableOffer | None, fees_bp: int, now: datetime) -> Line:
    if offer is None or offer.supply_price_fen is None:
        raise DomainError("order.not_for_sale")
    check_open(offer, now)
    if line.offer is None or offer.price_fen != line.offer.price_fen:
        raise DomainError("order.total_changed")
    if not earns(offer.price_fen, offer.supply_price_fen, fees_bp):
        raise DomainError("order.below_cost", title=line.title)
    return replace(line, offer=offer)
