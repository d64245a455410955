"""Checkout, paying, and a buyer's list of orders. One order's own page is with its parcels, in `shipments`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request, session

from commission.payments.operations import perform, record_outcome
from commission.payments.rail import Rail
from commission.payments.rules import OPEN
from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.i18n import locale
from kernel.money import Money
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.belts.rules import TILES
from storefront.cart.queries import cart_of
from storefront.orders.operations import begin_payment, cancel, place, receive
from storefront.orders.queries import (
    PAGE,
    checkout_of,
    due_payments,
    is_stopped,
    last_address,
    orders_of,
    taken_down,
)
from storefront.orders.rules import ORDER, PROVINCES, TABS
from storefront.orders.schemas import CheckoutSchema, PaySchema
from storefront.orders.text import split_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from storefront.cart.rules import Cart

blueprint = Blueprint("orders", __name__, template_folder="templates")
_LOOK_AGAIN = "3"
_PASTED = 300


@blueprint.get("/checkout")
@requires(Permission.ORDER_OWN_BUY)
def checkout() -> Response | BaseResponse:
    """Where it goes and what it costs, on one page; the total shown is what is charged."""
    cart = cart_of(_cart_token())
    if not cart.can_be_ordered(now()):
        return redirect("/cart")
    last = last_address(actor())
    known = {**asdict(last), "phone": last.call, "note": ""} if last else {}
    return _checkout_page(cart, known, known=bool(known))


@blueprint.post("/checkout")
@requires(Permission.ORDER_OWN_BUY)
def place_order() -> Response | BaseResponse:
    """Place it, then go and pay; sent twice it is the same order and the same page. Or tell a pasted address apart."""
    if request.form.get("step") == "split":
        parts = split_address(request.form.get("pasted", "")[:_PASTED], PROVINCES)
        return _checkout_page(cart_of(_cart_token()), {**request.form, **parts}, pasted=bool(parts))
    try:
        form = form_data(CheckoutSchema())
        payment = place(
            actor=actor(),
            cart=_cart_token(),
            address=form["address"],
            form_token=form["form_token"],
            total=Money(form["total_fen"]),
            to_order=form["to_order"],
            now=now(),
        )
    except DomainError as error:
        return _checkout_page(cart_of(_cart_token()), request.form, error)
    return redirect(f"/pay/{payment}", 303)


@blueprint.get("/pay/<payment>")
@requires(Permission.ORDER_OWN_BUY)
def pay(payment: str) -> Response | BaseResponse:
    """Pay, wait for the answer, or go on to what was paid."""
    found = checkout_of(actor(), payment)
    if found.payment.state in {"paid", "refunded"}:
        one = found.orders[0].public_id if len(found.orders) == 1 else ""
        return redirect(f"/orders/{one}".rstrip("/"))
    if found.payment.state == "pending" and found.payment.attempt in OPEN:
        waiting = page("orders/confirming.html", checkout=found)
        waiting.headers["Refresh"] = _LOOK_AGAIN
        return waiting
    gone = taken_down(found.orders, now=now()) if found.payment.state == "pending" else ()
    return page("orders/pay.html", checkout=found, gone=gone)


@blueprint.post("/pay/<payment>")
@requires(Permission.ORDER_OWN_BUY)
def charge(payment: str) -> BaseResponse:
    """Begin (committed), call the rail outside any transaction, record; the pay page says what came of it."""
    found = checkout_of(actor(), payment)
    if found.payment.state == "pending" and is_stopped(found.orders):
        say(_("发货的工厂已暂停营业，这一单不能付款了，没有扣款。您可以取消它，换一家买。"), "bad")
    elif found.payment.state == "pending":
        method = form_data(PaySchema())["method"]
        if intent := begin_payment(payment=payment, method=method, actor=actor(), now=now()):
            outcome = perform(intent, rail=service(Rail))
            record_outcome(intent=intent, outcome=outcome, actor=actor(), now=now())
        else:
            say(_("这一单里有商品刚被平台下架或停售，不能付款，订单已取消，没有扣款。其余的商品可以重新下单。"), "bad")
        after = checkout_of(actor(), payment)
        if after.payment.state == "paid" and after.orders[0].state != "cancelled":
            say(_("付款成功，卖家会尽快发货。"), "good")
    return redirect(f"/pay/{payment}", 303)


@blueprint.post("/pay/<payment>/cancellation")
@requires(Permission.ORDER_OWN_BUY)
def cancel_checkout(payment: str) -> BaseResponse:
    """Give the unpaid checkout up."""
    cancel(actor=actor(), group=checkout_of(actor(), payment).group.public_id, now=now())
    say(_("订单已取消，没有扣款"))
    return redirect("/orders", 303)


@blueprint.get("/orders")
@requires(Permission.ORDER_OWN_BUY)
def orders() -> Response:
    """The buyer's orders, newest first."""
    tab = request.args.get("state", "")
    tab = tab if tab in TABS else ""
    found = orders_of(actor(), states=TABS[tab][1], after=request.args.get("after", ""))
    return page(
        "orders/orders.html",
        orders=found[:PAGE],
        payments=due_payments(actor(), found[:PAGE]),
        next_after=found[PAGE - 1].public_id if len(found) > PAGE else "",
        tab=tab,
        tabs=TABS,
        lifecycle=ORDER,
    )


@blueprint.post("/orders/<order>/receipt")
@requires(Permission.ORDER_OWN_BUY)
def confirm_receipt(order: str) -> BaseResponse:
    """Say that it arrived."""
    receive(actor=actor(), order=order, now=now())
    say(_("已确认收货，谢谢您"))
    return redirect(f"/orders/{order}", 303)


def _checkout_page(
    cart: Cart,
    values: Mapping[str, str],
    error: DomainError | None = None,
    *,
    known: bool = False,
    pasted: bool | None = None,
) -> Response:
    provinces = [(name, name if locale() == "zh" else TILES[name].english) for name in PROVINCES]
    return page(
        "orders/checkout.html",
        cart=cart,
        ready=cart.can_be_ordered(now()),
        values=values,
        provinces=provinces,
        error=error,
        known=known,
        pasted=pasted,
    )


def _cart_token() -> str:
    return str(session.get("cart", ""))
