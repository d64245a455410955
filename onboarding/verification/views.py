"""Pages of joining: what it is, the form of a merchant; and what a factory tells of itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request

from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.i18n import gettext as _
from kernel.permissions import Permission, Role
from kernel.web import actor, form_data, now, page, public, requires, say
from onboarding.verification import operations
from onboarding.verification.queries import factory_of, owns_merchant, told_by
from onboarding.verification.schemas import MerchantForm, ProfileForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.verification.queries import Factory

blueprint = Blueprint("verification", __name__, template_folder="templates")

_MARKET = "/supply"
_PROFILE = "/factory/profile"


@blueprint.get("/join")
@public
def join() -> Response:
    """What joining is and costs, and the one field that begins it."""
    return page("verification/join.html")


@blueprint.get("/join/merchant")
@requires(Permission.ACCOUNT_SELF_USE)
def merchant_form() -> BaseResponse:
    """The two fields of a merchant; who has a shop goes to the market. An owner's factory lends its code."""
    if owns_merchant(actor()):
        return redirect(_MARKET)
    owns = any(one.kind == "factory" and one.role is Role.OWNER for one in actor().memberships)
    mine = factory_of(actor()) if owns else None
    return page("verification/merchant_form.html", values={"uscc": mine.uscc} if mine else {}, factory=mine)


@blueprint.post("/join/merchant")
@requires(Permission.ACCOUNT_SELF_USE)
def register() -> BaseResponse:
    """Open the shop, and go on to the market to find goods for it."""
    try:
        operations.register_merchant(actor=actor(), **form_data(MerchantForm()), now=now())
    except DomainError as error:
        return page("verification/merchant_form.html", error=error, values=request.form)
    say(_("店铺开好了。先挑货：向工厂申请铺货，工厂同意后就能看供货价、上架开卖。"), "good")
    return redirect(_MARKET)


@blueprint.get("/factory/profile")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def profile() -> Response:
    """What the factory tells shoppers of itself, to be written by its owner."""
    return _profile_page(asdict(told_by(_owned_factory().organisation_id)))


@blueprint.post("/factory/profile")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def describe() -> BaseResponse:
    """Write it anew."""
    try:
        operations.describe(actor=actor(), told=form_data(ProfileForm())["told"], now=now())
    except InvalidInputError as error:
        return _profile_page(request.form, error)
    say(_("工厂介绍已保存，买家现在就能看到。"), "good")
    return redirect(_PROFILE, 303)


def _owned_factory() -> Factory:
    mine = factory_of(actor())
    if mine is None or not actor().may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=mine.organisation_id):
        raise NotFoundError
    return mine


def _profile_page(values: Mapping[str, Any], error: DomainError | None = None) -> Response:
    return page("verification/profile.html", error=error, values=values, factory=_owned_factory())
