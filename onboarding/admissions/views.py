"""Pages of a factory about the merchants that sell its goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request

from kernel.errors import DomainError, NotFoundError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.admissions import operations
from onboarding.admissions.desk import group_of, groups_of
from onboarding.admissions.queries import PAGE, counts_of, merchant_line, merchants_of
from onboarding.admissions.rules import ADMISSION, TABS
from onboarding.admissions.schemas import MerchantsFilter, ReasonForm

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("admissions", __name__, template_folder="templates")

_LIST = "/factory/merchants"


@blueprint.get("/factory/merchants")
@requires(Permission.FACTORY_MERCHANTS_VIEW)
def merchants() -> Response:
    """Who asks to sell the factory's goods, who does, who did."""
    factory = actor().membership(Permission.FACTORY_MERCHANTS_VIEW)
    asked = form_data(MerchantsFilter(), request.args)
    counts = counts_of(factory.organisation_id)
    tab = asked["state"] or ("asked" if counts.get("asked") else "admitted")
    found = merchants_of(factory.organisation_id, states=TABS[tab][1], after=asked["after"])
    return page(
        "admissions/merchants.html",
        merchants=found[:PAGE],
        tab=tab,
        tabs=[(key, label, sum(counts.get(state, 0) for state in states)) for key, (label, states) in TABS.items()],
        lifecycle=ADMISSION,
        may_decide=actor().may(Permission.FACTORY_MERCHANTS_ADMIT, organisation_id=factory.organisation_id),
        next_url=f"{_LIST}?state={tab}&after={found[PAGE - 1].public_id}" if len(found) > PAGE else "",
    )


@blueprint.get("/factory/merchants/<admission>")
@requires(Permission.FACTORY_MERCHANTS_VIEW)
def merchant(admission: str) -> Response:
    """One merchant: who she is, what she asks, and the answer."""
    return _merchant_page(admission)


@blueprint.post("/factory/merchants/<admission>/admission")
@requires(Permission.FACTORY_MERCHANTS_ADMIT)
def admit(admission: str) -> BaseResponse:
    """Supply her from now on."""
    try:
        operations.admit(actor=actor(), admission=admission, now=now())
    except DomainError as error:
        return _merchant_page(admission, error)
    say(_("已同意供货，对方会收到短信，现在能看到供货价、能铺货了。"), "good")
    return redirect(_LIST, 303)


@blueprint.post("/factory/merchants/<admission>/refusal")
@requires(Permission.FACTORY_MERCHANTS_ADMIT)
def refuse(admission: str) -> BaseResponse:
    """Turn her down with a reason."""
    try:
        operations.refuse(actor=actor(), admission=admission, reason=form_data(ReasonForm())["reason"], now=now())
    except DomainError as error:
        return _merchant_page(admission, error)
    say(_("已答复，原因会发短信告诉对方。"), "good")
    return redirect(_LIST, 303)


@blueprint.post("/factory/merchants/<admission>/ending")
@requires(Permission.FACTORY_MERCHANTS_ADMIT)
def end(admission: str) -> BaseResponse:
    """Supply her no longer, with a reason."""
    try:
        operations.end(actor=actor(), admission=admission, reason=form_data(ReasonForm())["reason"], now=now())
    except DomainError as error:
        return _merchant_page(admission, error)
    say(_("已终止合作，对方店里您的商品已停止销售，已付款的订单请照常发货。"), "good")
    return redirect(_LIST, 303)


def _merchant_page(admission: str, error: DomainError | None = None) -> Response:
    if isinstance(error, NotFoundError):
        raise error
    found = merchant_line(actor(), admission)
    may_decide = actor().may(Permission.FACTORY_MERCHANTS_ADMIT, organisation_id=found.factory_id)
    groups = groups_of(found.factory_id) if may_decide else []
    return page(
        "admissions/merchant.html",
        error=error,
        merchant=found,
        lifecycle=ADMISSION,
        actions=ADMISSION.actions(found.state) if may_decide else (),
        reason=request.form.get("reason", ""),
        group_choices=[(one.public_id, f"{one.name} {one.share}%") for one in groups],
        groups=groups,
        group=group_of(admission),
    )
