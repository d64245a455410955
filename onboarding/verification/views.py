"""Pages of sellers: what joining is, and what a factory tells of itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request

from kernel.errors import InvalidInputError, NotFoundError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, public, requires, say
from onboarding.verification import operations
from onboarding.verification.queries import factory_of, told_by
from onboarding.verification.schemas import ProfileForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.errors import DomainError
    from onboarding.verification.queries import Seller

blueprint = Blueprint("verification", __name__, template_folder="templates")

_PROFILE = "/factory/profile"


@blueprint.get("/join")
@public
def join() -> Response:
    """What joining is and costs, and the one field that begins it."""
    return page("verification/join.html")


@blueprint.get("/factory/profile")
@requires(Permission.SELLER_PAPERS_EDIT)
def profile() -> Response:
    """What the factory tells shoppers of itself, to be written by its owner."""
    return _profile_page(asdict(told_by(_owned_factory().organisation_id)))


@blueprint.post("/factory/profile")
@requires(Permission.SELLER_PAPERS_EDIT)
def describe() -> BaseResponse:
    """Write it anew."""
    try:
        operations.describe(actor=actor(), told=form_data(ProfileForm())["told"], now=now())
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
    return page("verification/profile.html", error=error, values=values, factory=_owned_factory())
