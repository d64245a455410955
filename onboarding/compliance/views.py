"""Public pages of the agreements: the one in force, every other version, and what changed between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from kernel.clock import business_date
from kernel.i18n import locale
from kernel.web import now, page, public
from onboarding.compliance.queries import current, version_of, versions
from onboarding.compliance.rules import KINDS

if TYPE_CHECKING:
    from flask import Response

    from onboarding.compliance.rules import Agreement

blueprint = Blueprint("compliance", __name__, template_folder="templates")


@blueprint.get("/agreements/<kind>")
@public
def newest(kind: str) -> Response:
    """The version in force."""
    return _page(current(kind, business_date(now())), f"/agreements/{kind}")


@blueprint.get("/agreements/<kind>/<version>")
@public
def one_version(kind: str, version: str) -> Response:
    """Any version, past or to come."""
    return _page(version_of(kind, version), f"/agreements/{kind}/{version}")


def _page(agreement: Agreement, address: str) -> Response:
    kind = agreement.kind
    return page(
        "compliance/agreement.html",
        agreement=agreement,
        text=agreement.texts[locale()],
        holding=current(kind, business_date(now())),
        versions=[(one, one.texts[locale()]) for one in reversed(versions(kind))],
        others=[(f"/agreements/{other}", label) for other, label in KINDS.items() if other != kind],
        address=address,
    )
