"""Refunds over the pages: a buyer asks, a seller answers, who shipped says that the goods are back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request

from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say
from storefront.after_sales.operations import agree, ask_refund, confirm_return, refuse, withdraw
from storefront.after_sales.queries import (
    answered_by,
    asked_by,
    bought_refunds,
    factory_refunds,
    merchant_refunds,
    returned_to,
)
from storefront.after_sales.rules import UNSHIPPED, WHY, Part, amounts
from storefront.after_sales.schemas import PIECES, AnswerSchema, ask_form
from storefront.orders.queries import order_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from storefront.orders.models import Order

blueprint = Blueprint("after_sales", __name__, template_folder="templates")
_PIECES = re.compile(PIECES)


@blueprint.get("/orders/<order>/refund")
@requires(Permission.ORDER_OWN_BUY)
def refund_form(order: str) -> Response | BaseResponse:
    """Choose what should go back; at first all that is left."""
    found = order_of(actor(), order)
    if not bought_refunds(found, now=now()).may_ask:
        return redirect(f"/orders/{order}")
    return _form_page(found, {line.offer: str(line.quantity - line.refunded_quantity) for line in found.lines})


@blueprint.post("/orders/<order>/refund")
@requires(Permission.ORDER_OWN_BUY)
def ask(order: str) -> Response | BaseResponse:
    """Ask for it, or first see what it comes to."""
    found = order_of(actor(), order)
    try:
        form = form_data(ask_form(line.offer for line in found.lines))
        if form["step"] == "count":
            return _form_page(found, request.form)
        pieces = {line.id: int(form[line.offer]) for line in found.lines}
        ask_refund(actor=actor(), order=order, pieces=pieces, why=form["why"], words=form["words"], now=now())
    except DomainError as error:
        return _form_page(found, request.form, error)
    say(_("退款申请已交给卖家，有结果会发短信告诉您"))
    return redirect(f"/orders/{order}", 303)


@blueprint.post("/refunds/<refund>/withdrawal")
@requires(Permission.ORDER_OWN_BUY)
def take_back(refund: str) -> BaseResponse:
    """Think better of it."""
    claim = asked_by(actor(), refund)
    withdraw(actor=actor(), refund=refund, now=now())
    say(_("退款申请已撤回"))
    return redirect(f"/orders/{claim.order}", 303)


@blueprint.post("/refunds/<refund>/agreement")
@requires(Permission.SELLER_REFUNDS_DECIDE)
def say_yes(refund: str) -> BaseResponse:
    """Agree: refunded at once, or as soon as the goods are back."""
    claim = answered_by(actor(), refund)
    state = agree(actor=actor(), refund=refund, now=now())
    say(_("已退款，钱款原路退给买家") if state == "refunded" else _("已同意，等货退回后再退款"))
    return redirect(claim.seller_page, 303)


@blueprint.post("/refunds/<refund>/refusal")
@requires(Permission.SELLER_REFUNDS_DECIDE)
def say_no(refund: str) -> BaseResponse:
    """Refuse, and say why."""
    claim = answered_by(actor(), refund)
    refuse(actor=actor(), refund=refund, answer=form_data(AnswerSchema())["answer"], now=now())
    say(_("已回复买家"))
    return redirect(claim.seller_page, 303)


@blueprint.post("/refunds/<refund>/return")
@requires(Permission.FACTORY_ORDERS_SHIP)
def goods_are_back(refund: str) -> BaseResponse:
    """Say that what was sent back has arrived."""
    claim = returned_to(actor(), refund)
    confirm_return(actor=actor(), refund=refund, now=now())
    say(_("已确认收到退货，退款已发起"))
    return redirect(f"/factory/orders/{claim.order}", 303)


@blueprint.get("/factory/refunds")
@requires(Permission.FACTORY_ORDERS_VIEW)
def at_factory() -> Response:
    """What is open of the goods that the factory ships."""
    return page("after_sales/refunds.html", refunds=factory_refunds(actor()), desk="factory")


@blueprint.get("/merchant/refunds")
@requires(Permission.MERCHANT_ORDERS_VIEW)
def at_merchant() -> Response:
    """What is open of the goods that the shop sold."""
    return page("after_sales/refunds.html", refunds=merchant_refunds(actor()), desk="merchant")


def _form_page(order: Order, values: Mapping[str, str], error: DomainError | None = None) -> Response:
    return page(
        "after_sales/ask.html",
        order=order,
        lines=[line for line in order.lines if line.refunded_quantity < line.quantity],
        values=values,
        reasons=list(WHY.items()),
        total_fen=_total_fen(order, values),
        unshipped=order.state in UNSHIPPED,
        error=error,
    )


def _total_fen(order: Order, values: Mapping[str, str]) -> int:
    """What the chosen pieces come to; what is no number, or more than is left, counts as nothing."""
    left = {line.offer: line.quantity - line.refunded_quantity for line in order.lines}
    chosen = {offer: int(value) for offer, value in values.items() if offer in left and _PIECES.fullmatch(value)}
    parts = [
        Part(line.unit_price_fen, None, chosen[line.offer])
        for line in order.lines
        if 0 < chosen.get(line.offer, 0) <= left[line.offer]
    ]
    return amounts(parts)[0]
