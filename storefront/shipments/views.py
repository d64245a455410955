"""One order's page for its buyer, and the factory's desk: today, orders, shipping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, redirect, render_template, request
from markupsafe import Markup

from kernel.clock import business_date
from kernel.desk import Sheet, offers_files
from kernel.errors import DomainError, InvalidInputError
from kernel.i18n import format_moment, proofread, speaking
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.text import clean
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.compliance.queries import versions
from onboarding.compliance.rules import to_read
from onboarding.helping.queries import grants_to
from onboarding.joining.queries import steps_of
from onboarding.joining.rules import FOR_CLERKS, led_to
from onboarding.standing.queries import check_of, recourse_against
from onboarding.verification.queries import factory_of
from storefront.after_sales.queries import bought_refunds, factory_refunds
from storefront.orders.operations import pack
from storefront.orders.queries import due_payment, order_of
from storefront.orders.rules import CANCEL_REASONS, ORDER, Address, milestones
from storefront.shipments.desk import today_of
from storefront.shipments.operations import ship
from storefront.shipments.queries import (
    AT_ONCE,
    PAGE,
    TO_SHIP,
    counts_of,
    last_carrier,
    packing_lists,
    parcels_of,
    shipped_by,
    shipper_order,
    shipper_orders,
)
from storefront.shipments.rules import CARRIERS, TABS, is_late
from storefront.shipments.schemas import ShipSchema
from storefront.shipments.tables import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from storefront.orders.rules import Moments
    from storefront.shipments.queries import PackingList, ShipperOrder

blueprint = Blueprint("shipments", __name__, template_folder="templates")
_LONGEST_SEARCH = 40


@blueprint.get("/orders/<order>")
@requires(Permission.ORDER_OWN_BUY)
def bought(order: str) -> Response:
    """The buyer's own order: how far it is, its parcels, what it cost."""
    found = order_of(actor(), order)
    return page(
        "shipments/bought.html",
        order=found,
        address=Address.from_json(found.group.address),
        parcels=parcels_of(found.id),
        journey=_journey(found),
        lifecycle=ORDER,
        cancel_reason=CANCEL_REASONS.get(found.cancel_reason, ""),
        payment=due_payment(actor(), found),
        refunds=bought_refunds(found, now=now()),
    )


@blueprint.get("/factory")
@requires(Permission.FACTORY_ORDERS_VIEW)
def today() -> Response:
    """What waits today, or how far the application is."""
    factory, home = factory_of(actor()), actor().membership(Permission.FACTORY_ORDERS_VIEW)
    found = today_of(actor(), now=now())
    is_owner = actor().may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=home.organisation_id)
    steps, owns = [] if found.has_sold else steps_of(home.organisation_id, found.listings), factory and is_owner
    check = check_of(factory.organisation_id) if factory and owns and factory.state == "approved" else None
    return page(
        "shipments/today.html",
        factory=factory,
        recourse=recourse_against(factory),
        name=home.name,
        today=found,
        steps=steps if is_owner else led_to(FOR_CLERKS, steps),
        may_describe=owns,
        unread=to_read(versions("factory"), found.waiting.accepted, business_date(now())) if owns else None,
        helped=[one for one in grants_to(actor(), now=now()) if one.is_live] if is_owner else [],
        check=check if check and check.state == "open" else None,
        shop_url=f"{current_app.config['PUBLIC_URL']}/f/{factory.slug}" if factory else "",
        may_see_money=actor().may(Permission.FACTORY_STATEMENT_VIEW),
    )


def _orders_file() -> Sheet[ShipperOrder]:
    """The orders of the tab that is open, or those looked for."""
    words, tab = _looked_for()
    given = {"state": tab, "q": words}
    return Sheet(SHIPPED, lambda _asked: shipped_by(actor(), states=TABS[tab][1], words=words), given=given)


def _looked_for() -> tuple[str, str]:
    """The words that a list is asked for, and its tab; whoever looks for words looks everywhere."""
    words = clean(request.args.get("q", ""))[:_LONGEST_SEARCH]
    tab = request.args.get("state", "all" if words else "to-ship")
    return words, tab if tab in TABS else "to-ship"


@blueprint.get("/factory/orders")
@requires(Permission.FACTORY_ORDERS_VIEW)
@offers_files(_orders_file)
def sold() -> Response:
    """The orders a factory ships, its own and those of merchants, what is to be shipped first."""
    words, tab = _looked_for()
    found = shipper_orders(actor(), states=TABS[tab][1], words=words, after=request.args.get("after", ""))
    counts = counts_of(actor())
    return page(
        "shipments/sold.html",
        orders=found[:PAGE],
        next_after=found[PAGE - 1].order if len(found) > PAGE else "",
        tab=tab,
        words=words,
        tabs=[(key, label, _sum(counts, states)) for key, (label, states) in TABS.items()],
        to_ship=_sum(counts, TO_SHIP),
        is_late=lambda order: is_late(order.paid_at, now()),
        lifecycle=ORDER,
    )


def _sum(counts: Mapping[str, int], states: Sequence[str]) -> int:
    return sum(count for state, count in counts.items() if state in states or not states)


@blueprint.get("/factory/orders/<order>")
@requires(Permission.FACTORY_ORDERS_VIEW)
def sold_order(order: str) -> Response:
    """One order as who ships it works on it."""
    return _sold_page(order, {})


@blueprint.get("/factory/orders/<order>/packing-list")
@requires(Permission.FACTORY_ORDERS_VIEW)
def packing_list(order: str) -> Response:
    """What goes into the parcel, on paper."""
    return _paper(packing_lists(actor(), orders=[order]), back=f"/factory/orders/{order}")


@blueprint.get("/factory/packing-lists")
@requires(Permission.FACTORY_ORDERS_VIEW)
def all_packing_lists() -> Response:
    """The same for the orders that were ticked, or for all to be shipped, each on a sheet of its own."""
    ticked = request.args.getlist("order")[:AT_ONCE]
    return _paper(packing_lists(actor(), orders=ticked), back="/factory/orders")


@blueprint.post("/factory/orders/<order>/packing")
@requires(Permission.FACTORY_ORDERS_SHIP)
def pack_order(order: str) -> BaseResponse:
    """Say that it is being packed."""
    pack(actor=actor(), order=order, now=now())
    return redirect(f"/factory/orders/{order}", 303)


@blueprint.post("/factory/orders/<order>/shipment")
@requires(Permission.FACTORY_ORDERS_SHIP)
def ship_order(order: str) -> Response | BaseResponse:
    """Write the parcel's number; the buyer is told."""
    try:
        form = form_data(ShipSchema())
        ship(actor=actor(), order=order, carrier=form["carrier"], tracking=form["tracking"], now=now())
    except InvalidInputError as error:
        return _sold_page(order, request.form, error)
    say(_("已发货，买家会收到短信"))
    return redirect("/factory/orders", 303)


def _paper(lists: Sequence[PackingList], *, back: str) -> Response:
    slips = [_slip(one) for one in lists]
    return page(
        "shipments/packing_lists.html", slips=slips, number=lists[0].number if len(lists) == 1 else "", back=back
    )


def _slip(one: PackingList) -> Markup:
    """A sheet in the language of whoever unpacks the parcel, not of whoever packs it."""
    with speaking(one.language):
        return Markup(proofread(render_template("shipments/_slip.html", list=one)))  # noqa: S704  our own template


def _sold_page(order: str, values: Mapping[str, str], error: DomainError | None = None) -> Response:
    found = shipper_order(actor(), order)
    actions = ORDER.actions(found.order.state)
    return page(
        "shipments/sold_order.html",
        sold=found,
        late="ship" in actions and is_late(found.order.paid_at, now()),
        values=values or ({"carrier": last_carrier(actor())} if "ship" in actions else {}),
        carriers=list(CARRIERS.items()),
        journey=_journey(found.order),
        lifecycle=ORDER,
        actions=actions,
        refunds=factory_refunds(actor(), order),
        error=error,
    )


def _journey(order: Moments) -> list[dict[str, Any]]:
    """The timeline as the macro takes it."""
    return [
        {"title": _(title), "time": format_moment(at) if at else "", "state": state}
        for title, at, state in milestones(order)
    ]
