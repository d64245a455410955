"""A merchant's desk: today, her goods and prices, her orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Blueprint, current_app, redirect, request

from commission.rates.queries import rate_for
from kernel.clock import business_date
from kernel.desk import Sheet, offers_files
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import format_moment
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.text import clean
from kernel.web import actor, form_data, now, page, requires, safe_path, say
from onboarding.compliance.queries import versions
from onboarding.compliance.rules import to_read
from onboarding.joining.queries import shop_steps
from onboarding.joining.rules import FOR_CLERKS, led_to
from onboarding.moderation.desk import looked_at
from onboarding.offers.operations import follow_markup, let_go, set_price
from onboarding.standing.queries import check_of, recourse_against
from onboarding.verification.queries import seller_of
from onboarding.verification.rules import WAITING
from storefront.after_sales.queries import merchant_refunds
from storefront.merchants import queries
from storefront.merchants.desk import day_of
from storefront.merchants.rules import HELD_REASONS, STATES, TABS
from storefront.merchants.schemas import GOODS, LetGoForm, MarkupForm, PriceForm
from storefront.merchants.tables import SOLD
from storefront.orders.rules import ORDER, milestones

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from marshmallow import Schema
    from werkzeug.wrappers import Response as BaseResponse

    from storefront.orders.models import Order

blueprint = Blueprint("merchants", __name__, template_folder="templates")
_EDIT = Permission.MERCHANT_GOODS_EDIT
_DEEPEST_PAGE = 10_000
_LONGEST_SEARCH = 40


@blueprint.get("/merchant")
@requires(Permission.MERCHANT_ORDERS_VIEW)
def today() -> Response:
    """What waits today, or how far the shop is."""
    home, found = actor().membership(Permission.MERCHANT_ORDERS_VIEW), day_of(actor(), now=now())
    mine = seller_of(actor(), "merchant")
    owns = actor().may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=home.organisation_id)
    check = check_of(home.organisation_id) if mine and owns and mine.state == "approved" else None
    why = looked_at(mine, today=business_date(now())) if mine and mine.state in WAITING and not found.has_sold else ""
    steps = [] if found.has_sold else shop_steps(home.organisation_id, picked=found.picked, looked_at=why)
    return page(
        "merchants/today.html",
        merchant=mine,
        recourse=recourse_against(mine),
        owns=owns,
        day=found,
        steps=steps if owns else led_to(FOR_CLERKS, steps),
        unread=to_read(versions("merchant"), found.waits.accepted, business_date(now())) if mine and owns else None,
        check=check if check and check.state == "open" else None,
        shop_url=f"{current_app.config['PUBLIC_URL']}/m/{found.slug}",
    )


@blueprint.get("/merchant/goods")
@requires(Permission.MERCHANT_GOODS_VIEW)
def goods() -> Response:
    """What she picked up, with prices, costs and what a piece earns."""
    return _goods_page(request.args.get("state", ""), request.args.get("page", "1"))


@blueprint.post("/merchant/goods/<pick_up>/markup")
@requires(_EDIT)
def change_markup(pick_up: str) -> Response | BaseResponse:
    """Let all prices of a pick-up follow another markup."""
    return _done(
        MarkupForm(),
        lambda form: follow_markup(actor=actor(), pick_up=pick_up, markup_bp=form["markup"], now=now()),
        _("所有规格都按新的加价改好了，自己定过的价也一起改了。"),
        pick_up,
    )


@blueprint.post("/merchant/offers/<offer>/price")
@requires(_EDIT)
def change_price(offer: str) -> Response | BaseResponse:
    """Set one price by hand."""
    return _done(
        PriceForm(),
        lambda form: set_price(actor=actor(), offer=offer, price_fen=form["price"], now=now()),
        _("价格改好了。以后工厂调价，这个价不会跟着变。"),
        offer,
    )


@blueprint.post("/merchant/goods/<pick_up>/removal")
@requires(_EDIT)
def stop_selling(pick_up: str) -> Response | BaseResponse:
    """Take a listing out of her shop."""
    return _done(
        LetGoForm(),
        lambda _form: let_go(actor=actor(), pick_up=pick_up, now=now()),
        _("已从您的店里撤下。之前的订单照常发货、结算。"),
        pick_up,
    )


def _orders_file() -> Sheet[queries.SoldOrder]:
    """The orders of the tab that is open, or those looked for."""
    mine = actor().membership(Permission.MERCHANT_ORDERS_VIEW).organisation_id
    words, tab = _looked_for()
    given = {"state": tab, "q": words}
    return Sheet(SOLD, lambda _asked: queries.sold_by(mine, states=TABS[tab][1], words=words), given=given)


def _looked_for() -> tuple[str, str]:
    """The words that her list is asked for, and its tab."""
    tab = request.args.get("state", "")
    return clean(request.args.get("q", ""))[:_LONGEST_SEARCH], tab if tab in TABS else ""


@blueprint.get("/merchant/orders")
@requires(Permission.MERCHANT_ORDERS_VIEW)
@offers_files(_orders_file)
def orders() -> Response:
    """What her shoppers bought, newest first."""
    mine = actor().membership(Permission.MERCHANT_ORDERS_VIEW).organisation_id
    words, tab = _looked_for()
    found = queries.merchant_orders(mine, states=TABS[tab][1], words=words, after=request.args.get("after", ""))
    shown, counts = found[: queries.PAGE], queries.counts_of(mine)
    return page(
        "merchants/orders.html",
        orders=shown,
        factories=queries.factories_of(shown),
        next_after=shown[-1].public_id if len(found) > queries.PAGE else "",
        tab=tab,
        words=words,
        tabs=[
            (key, label, sum(number for state, number in counts.items() if state in states or not states))
            for key, (label, states) in TABS.items()
        ],
        lifecycle=ORDER,
    )


@blueprint.get("/merchant/orders/<order>")
@requires(Permission.MERCHANT_ORDERS_VIEW)
def order_page(order: str) -> Response:
    """One order: how far it is, what she sold it for, what it costs her."""
    found = queries.merchant_order(actor(), order)
    return page(
        "merchants/order.html",
        found=found,
        order=found.order,
        refunds=merchant_refunds(actor(), order),
        journey=_journey(found.order),
        lifecycle=ORDER,
    )


def _done(schema: Schema, act: Callable[[dict[str, Any]], object], said: str, about: str) -> Response | BaseResponse:
    """Do what a form of the goods page asks for, and show that page again: as it was, or with what is wrong."""
    try:
        form = form_data(schema)
        act(form)
    except NotFoundError:
        raise
    except DomainError as refusal:
        back = parse_qs(urlsplit(_back(request.form.get("back", GOODS))).query)
        return _goods_page(back.get("state", [""])[0], back.get("page", ["1"])[0], refusal, about)
    say(said)
    return redirect(_back(form["back"]), 303)


def _back(given: str) -> str:
    """The page of her goods that a form stood on, and no other."""
    path = safe_path(given, GOODS)
    return path if urlsplit(path).path == GOODS else GOODS


def _goods_page(state: str, number: str, error: DomainError | None = None, about: str = "") -> Response:
    mine = actor().membership(Permission.MERCHANT_GOODS_VIEW).organisation_id
    held = state == "held"
    at = min(max(int(number), 1), _DEEPEST_PAGE) if number.isascii() and number.isdigit() and len(number) < 9 else 1  # noqa: PLR2004
    counts = queries.goods_counts(mine)
    rate_bp = rate_for("merchant", now()).basis_points
    total = counts[held]
    return page(
        "merchants/goods.html",
        goods=queries.picked_goods(mine, held=held, page=at, rate_bp=rate_bp),
        slug=queries.shop_slug(mine),
        tabs=_tabs(held, counts),
        back=_url(held, at),
        previous_url=_url(held, at - 1) if at > 1 else "",
        next_url=_url(held, at + 1) if at * queries.PAGE < total else "",
        held=held,
        reasons=HELD_REASONS,
        states=STATES,
        rate_bp=rate_bp,
        error=error,
        about=about,
        form=request.form,
    )


def _tabs(held: bool, counts: tuple[int, int]) -> list[dict[str, Any]]:  # noqa: FBT001  the tab that is on
    return [
        {"label": _("全部"), "url": _url(held=False, number=1), "on": not held, "count": 0},
        {"label": _("要处理"), "url": _url(held=True, number=1), "on": held, "count": counts[1]},
    ]


def _url(held: bool, number: int) -> str:  # noqa: FBT001  the tab that is on
    asked = ({"state": "held"} if held else {}) | ({"page": str(number)} if number > 1 else {})
    return f"{GOODS}?{urlencode(asked)}" if asked else GOODS


def _journey(order: Order) -> list[dict[str, Any]]:
    """The timeline as the macro takes it."""
    return [
        {"title": _(title), "time": format_moment(at) if at else "", "state": state}
        for title, at, state in milestones(order)
    ]
