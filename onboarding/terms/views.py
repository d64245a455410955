"""The page on which a factory says how it ships and takes back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request

from kernel.errors import InvalidInputError, NotFoundError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, safe_path, say
from onboarding.terms import operations
from onboarding.terms.queries import terms_of
from onboarding.terms.rules import usual
from onboarding.terms.schemas import TermsForm
from onboarding.verification.queries import factory_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.errors import DomainError
    from onboarding.verification.queries import Seller

blueprint = Blueprint("terms", __name__, template_folder="templates")

_PAGE = "/factory/terms"


@blueprint.get(_PAGE)
@requires(Permission.SELLER_ORGANISATION_EDIT)
def terms() -> Response:
    """What it promises now, or what its belt usually does."""
    mine = _owned()
    said = terms_of(mine.organisation_id)
    return _page(asdict(said or usual(mine.desk[1])))


@blueprint.post(_PAGE)
@requires(Permission.SELLER_ORGANISATION_EDIT)
def promise() -> BaseResponse:
    """Promise it."""
    try:
        operations.promise(actor=actor(), organisation=_owned().organisation, **form_data(TermsForm()), now=now())
    except InvalidInputError as error:
        return _page(request.form, error)
    say(_("发货和退货已保存，买家在商品页看得到。"), "good")
    return redirect(safe_path(request.args.get("next"), _PAGE), 303)


def _owned() -> Seller:
    mine = factory_of(actor())
    if mine is None or not actor().may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=mine.organisation_id):
        raise NotFoundError
    return mine


def _page(values: Mapping[str, Any], error: DomainError | None = None) -> Response:
    mine = _owned()
    said, of_belt = terms_of(mine.organisation_id), usual(mine.desk[1])
    return page("terms/terms.html", error=error, values=values, factory=mine, said=said, usual=of_belt)
