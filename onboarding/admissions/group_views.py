"""Pages of a factory's price groups: those there are, who is in one, what it owes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request
from marshmallow import Schema, fields

from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.admissions.desk import goods_without, group_for, groups_of, members_of, prices_of
from onboarding.admissions.groups import change_group, make_group, put_in_group, set_group_price
from onboarding.admissions.queries import merchant_line
from onboarding.admissions.rules import GROUP_NAME_MOST
from onboarding.listings.schemas import OptionalPrice, Pieces

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("price_groups", __name__)

_ADMIT = Permission.FACTORY_MERCHANTS_ADMIT
_LIST = "/factory/price-groups"


class GroupForm(Schema):
    """A group: its name, and what it owes of the supply price in whole per cent."""

    name = fields.String(required=True)
    share = Pieces(cap=100, required=True)


class GroupPriceForm(Schema):
    """What a group owes for a piece of one listing; empty takes it back."""

    listing = fields.String(required=True)
    price = OptionalPrice(load_default=None)


class MemberForm(Schema):
    """The group that a merchant is put into; empty takes her out."""

    group = fields.String(load_default="")


@blueprint.get("/factory/price-groups")
@requires(_ADMIT)
def price_groups() -> Response:
    """The groups of a factory."""
    return _list_page()


@blueprint.post("/factory/price-groups")
@requires(_ADMIT)
def make() -> BaseResponse:
    """Make another one."""
    try:
        form = form_data(GroupForm())
        group = make_group(actor=actor(), name=form["name"], share_bp=form["share"] * 100, now=now())
    except DomainError as refusal:
        return _list_page(refusal)
    say(_("分组建好了。到商家页面把商家放进来。"))
    return redirect(f"{_LIST}/{group.public_id}", 303)


@blueprint.get("/factory/price-groups/<group>")
@requires(_ADMIT)
def price_group(group: str) -> Response:
    """One group: its share, its merchants, its own prices."""
    return _group_page(group)


@blueprint.post("/factory/price-groups/<group>")
@requires(_ADMIT)
def change(group: str) -> BaseResponse:
    """Give it another name or share."""
    try:
        form = form_data(GroupForm())
        change_group(actor=actor(), group=group, name=form["name"], share_bp=form["share"] * 100, now=now())
    except DomainError as refusal:
        return _group_page(group, refusal)
    say(_("已保存，组里商家的供货价马上跟着变；之前的订单不变。"))
    return redirect(f"{_LIST}/{group}", 303)


@blueprint.post("/factory/price-groups/<group>/prices")
@requires(_ADMIT)
def set_price(group: str) -> BaseResponse:
    """Give it a price of its own for one listing, or take that back."""
    try:
        form = form_data(GroupPriceForm())
        set_group_price(actor=actor(), group=group, listing=form["listing"], price_fen=form["price"], now=now())
    except DomainError as refusal:
        return _group_page(group, refusal)
    say(_("已保存，组里商家的供货价马上跟着变；之前的订单不变。"))
    return redirect(f"{_LIST}/{group}", 303)


@blueprint.post("/factory/merchants/<admission>/group")
@requires(_ADMIT)
def put_in(admission: str) -> BaseResponse:
    """Put a merchant into a group, or out of it."""
    merchant_line(actor(), admission)  # a stranger learns nothing of her, whatever the form holds
    put_in_group(actor=actor(), admission=admission, group=form_data(MemberForm())["group"], now=now())
    say(_("已保存，对方的供货价马上跟着变；之前的订单不变。"))
    return redirect(f"/factory/merchants/{admission}", 303)


def _list_page(error: DomainError | None = None) -> Response:
    factory = actor().membership(_ADMIT)
    return page(
        "admissions/groups.html",
        groups=groups_of(factory.organisation_id),
        error=error,
        form=request.form,
        most=GROUP_NAME_MOST,
    )


def _group_page(group: str, error: DomainError | None = None) -> Response:
    found = group_for(actor(), group)
    return page(
        "admissions/group.html",
        group=found,
        members=members_of(found.group_id),
        prices=prices_of(found.group_id),
        goods=goods_without(found),
        error=error,
        form=request.form,
        most=GROUP_NAME_MOST,
    )
