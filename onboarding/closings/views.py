"""The page on which a factory says that it rests, and opens again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request

from kernel.clock import business_date
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.closings import operations
from onboarding.closings.queries import closing_of
from onboarding.closings.rules import MOST_DAYS
from onboarding.closings.schemas import ClosingForm
from onboarding.verification.queries import factory_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.verification.queries import Seller

blueprint = Blueprint("closings", __name__, template_folder="templates")

_PAGE = "/factory/closing"


@blueprint.get(_PAGE)
@requires(Permission.SELLER_ORGANISATION_EDIT)
def closing() -> Response:
    """Since when the factory rests, or from when it may."""
    return _page({})


@blueprint.post(_PAGE)
@requires(Permission.SELLER_ORGANISATION_EDIT)
def rest() -> BaseResponse:
    """Rest until a day."""
    try:
        form = form_data(ClosingForm())
        operations.rest(actor=actor(), organisation=_owned().organisation, **form, now=now())
    except InvalidInputError as error:
        return _page(request.form, error)
    say(_("已经休息，商品暂时不能下单；已付款的订单请照常发货。"), "good")
    return redirect(_PAGE, 303)


@blueprint.post("/factory/closing/end")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def reopen() -> BaseResponse:
    """Open before the day."""
    operations.reopen(actor=actor(), organisation=_owned().organisation, now=now())
    say(_("已经恢复营业，买家现在就能下单。"), "good")
    return redirect(_PAGE, 303)


def _owned() -> Seller:
    mine = factory_of(actor())
    if mine is None or not actor().may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=mine.organisation_id):
        raise NotFoundError
    return mine


def _page(values: Mapping[str, Any], error: DomainError | None = None) -> Response:
    mine, today = _owned(), business_date(now())
    lasts = closing_of(mine.organisation_id, now=now())
    if lasts and not values:
        values = {"until": business_date(lasts.reopens_at), "words": lasts.words}
    return page(
        "closings/closing.html",
        error=error,
        values=values,
        factory=mine,
        closing=lasts,
        first=today + timedelta(days=1),
        last=today + timedelta(days=MOST_DAYS),
    )
