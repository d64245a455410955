"""Pages about tiers: what they mean, for everybody; where a factory stands, for those who work there.

What a factory tells of itself is written here, as a visit holds it against that.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, redirect, request

from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, public, requires, say
from onboarding.standing.schemas import NothingForm
from onboarding.tiers import operations
from onboarding.tiers.queries import inspections_of, known_of, open_request
from onboarding.tiers.rules import FINDINGS, NAMES, ladder, last_day, may_ask, tier_of
from onboarding.verification.operations import describe
from onboarding.verification.queries import factory_of, told_by
from onboarding.verification.schemas import ProfileForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.verification.queries import Seller

blueprint = Blueprint("tiers", __name__, template_folder="templates")

_PAGE: Final = "/factory/tier"
_PROFILE: Final = "/factory/profile"


@blueprint.get("/tiers")
@public
def explained() -> Response:
    """What the channel has checked of a factory on each tier, how often, and what it does not promise."""
    return page("tiers/tiers.html", findings=FINDINGS)


@blueprint.get("/factory/tier")
@requires(Permission.FACTORY_ORDERS_VIEW)
def tier() -> Response:
    """Where the factory stands, what each next tier needs, who was there."""
    return _tier_page()


@blueprint.post("/factory/tier/visit")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def ask_visit() -> Response | BaseResponse:
    """Ask for somebody to come and look."""
    try:
        form_data(NothingForm())
        operations.ask_visit(actor=actor(), now=now())
    except NotFoundError:
        raise
    except DomainError as error:
        return _tier_page(error)
    say(_("已列进平台的上门名单。"), "good")
    return redirect(_PAGE, 303)


@blueprint.post("/factory/tier/visit/withdrawal")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def take_back() -> Response | BaseResponse:
    """Ask no longer."""
    try:
        form_data(NothingForm())
        operations.take_back(actor=actor(), now=now())
    except NotFoundError:
        raise
    except DomainError as error:
        return _tier_page(error)
    say(_("已撤回，想请的时候可以再请。"), "good")
    return redirect(_PAGE, 303)


@blueprint.get("/factory/profile")
@requires(Permission.SELLER_PAPERS_EDIT)
def profile() -> Response:
    """What the factory tells shoppers of itself, to be written by its owner."""
    return _profile_page(asdict(told_by(_owned_factory().organisation_id)))


@blueprint.post("/factory/profile")
@requires(Permission.SELLER_PAPERS_EDIT)
def tell() -> BaseResponse:
    """Write it anew."""
    try:
        describe(actor=actor(), told=form_data(ProfileForm())["told"], now=now())
    except InvalidInputError as error:
        return _profile_page(request.form, error)
    say(_("工厂介绍已保存，买家现在就能看到。"), "good")
    return redirect(_PROFILE, 303)


def _owned_factory() -> Seller:
    mine = factory_of(actor())
    if mine is None or not actor().may(Permission.SELLER_PAPERS_EDIT, organisation_id=mine.organisation_id):
        raise NotFoundError
    return mine


def _profile_page(values: Mapping[str, Any], error: DomainError | None = None) -> Response:
    mine = _owned_factory()
    known = known_of(mine.organisation_id, now=now())
    return page("tiers/profile.html", error=error, values=values, factory=mine, tier=tier_of(known, now()))


def _tier_page(error: DomainError | None = None) -> Response:
    home = actor().membership(Permission.FACTORY_ORDERS_VIEW)
    known = known_of(home.organisation_id, now=now())
    return page(
        "tiers/tier.html",
        error=error,
        name=home.name,
        known=known,
        standing=tier_of(known, now()),
        rungs=ladder(known, now()),
        names=NAMES,
        last_day=last_day,
        asked=open_request(home.organisation_id),
        may_ask=may_ask(known, now()),
        owns=actor().may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=home.organisation_id),
        inspections=inspections_of(home.organisation_id),
    )
