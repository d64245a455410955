"""Pages of the agreements: the one in force, which owners accept, every other version, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect

from kernel.clock import business_date
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.i18n import gettext as _
from kernel.i18n import locale
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, public, requires, say
from onboarding.compliance.operations import accept
from onboarding.compliance.queries import accepted, current, version_of, versions
from onboarding.compliance.rules import KINDS
from onboarding.compliance.schemas import AcceptanceForm

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.permissions import Membership
    from onboarding.compliance.rules import Agreement

blueprint = Blueprint("compliance", __name__, template_folder="templates")


@blueprint.get("/agreements/<kind>")
@public
def newest(kind: str) -> Response:
    """The version in force; an owner who has not accepted it may."""
    return _newest_page(kind)


@blueprint.post("/agreements/<kind>")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def agree(kind: str) -> Response | BaseResponse:
    """Agree to the version in force for one's factory or shop."""
    owned = _owned(kind)
    if owned is None:
        raise NotFoundError
    try:
        version = form_data(AcceptanceForm())["agreement"]
        if not version:
            raise InvalidInputError({"agreement": ("field.agreement", {})})
        accept(actor=actor(), organisation=owned.organisation, kind=kind, version=version, now=now())
    except DomainError as refusal:
        return _newest_page(kind, refusal)
    say(_("记下了：您同意了这一版协议。"), "good")
    return redirect(f"/{kind}", 303)


@blueprint.get("/agreements/<kind>/<version>")
@public
def one_version(kind: str, version: str) -> Response:
    """Any version, past or to come."""
    return _page(version_of(kind, version), f"/agreements/{kind}/{version}")


def _newest_page(kind: str, error: DomainError | None = None) -> Response:
    newest, owned = current(kind, business_date(now())), _owned(kind)
    before = accepted(owned.organisation_id, kind) if owned else None
    asked = owned if before != newest.version else None
    return _page(newest, f"/agreements/{kind}", asked, error, is_first=before is None)


def _owned(kind: str) -> Membership | None:
    """The actor's own organisation of this kind, if she may bind it."""
    for membership in actor().memberships:
        if membership.kind == kind and Permission.SELLER_ORGANISATION_EDIT in membership.permissions:
            return membership
    return None


def _page(
    agreement: Agreement,
    address: str,
    asked: Membership | None = None,
    error: DomainError | None = None,
    *,
    is_first: bool = False,
) -> Response:
    kind = agreement.kind
    return page(
        "compliance/agreement.html",
        error=error,
        agreement=agreement,
        text=agreement.texts[locale()],
        holding=current(kind, business_date(now())),
        versions=[(one, one.texts[locale()]) for one in reversed(versions(kind))],
        others=[(f"/agreements/{other}", label) for other, label in KINDS.items() if other != kind],
        address=address,
        asked=asked,
        is_first=is_first,
    )
