"""Pages of a factory's stock: how a listing's came about and why, what is nearly gone, what has lain too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request
from marshmallow import fields

from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.listings import queries
from onboarding.listings.ageing import STEPS, TONES, shelf_of
from onboarding.listings.desk import moved, scarce
from onboarding.listings.matrix_forms import WhyForm
from onboarding.listings.rules import LISTING, MOVED_BY, REASONS
from onboarding.listings.schemas import Pieces
from onboarding.listings.stocktaking import adjust

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("stock", __name__)

PAGE_SIZE = 50
_DEEPEST_PAGE = 10_000
_OLD_PAGE_SIZE = 20
_EDIT = Permission.LISTING_GOODS_EDIT


class AdjustForm(WhyForm):
    """One variant counted anew."""

    sku = fields.String(required=True)
    pieces = Pieces(required=True)
    shown = Pieces(required=True)


@blueprint.get("/factory/stock")
@requires(_EDIT)
def shelf() -> Response:
    """All stock by age, what is nearly gone, what has lain for a month or more and what to do about it."""
    factory = actor().membership(_EDIT)
    found = shelf_of(factory.organisation_id, now=now())
    number = _page_number()
    skipped = (number - 1) * _OLD_PAGE_SIZE
    return page(
        "listings/shelf.html",
        shelf=found,
        ages=_bars(found.ages),
        old=found.old[skipped : skipped + _OLD_PAGE_SIZE],
        tones=TONES,
        scarce=scarce(factory.organisation_id),
        previous_url=f"/factory/stock?page={number - 1}" if number > 1 else "",
        next_url=f"/factory/stock?page={number + 1}" if skipped + _OLD_PAGE_SIZE < len(found.old) else "",
    )


@blueprint.get("/factory/listings/<listing>/movements")
@requires(_EDIT)
def movements(listing: str) -> Response:
    """How the stock of one listing came about, newest first; `sku` narrows it to one variant."""
    return _movements_page(listing)


@blueprint.post("/factory/listings/<listing>/movements")
@requires(_EDIT)
def change(listing: str) -> BaseResponse:
    """Count one variant anew, with a reason."""
    try:
        form = form_data(AdjustForm())
        adjust(actor=actor(), listing=listing, now=now(), **form)
    except DomainError as refusal:
        return _movements_page(listing, refusal)
    say(_("库存改好了，马上生效。"))
    return redirect(f"/factory/listings/{listing}/movements?sku={form['sku']}", 303)


def _movements_page(listing: str, error: DomainError | None = None) -> Response:
    found = queries.own_listing(actor(), listing)
    asked = request.form.get("sku") or request.args.get("sku", "")
    chosen = next((sku for sku in found.skus if sku.public_id == asked), None)
    chosen = found.skus[0] if chosen is None and len(found.skus) == 1 else chosen
    number = _page_number()
    sku = chosen.public_id if chosen else ""
    here = f"/factory/listings/{listing}/movements"
    rows = moved(found.id, sku=sku, skipped=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1)
    return page(
        "listings/movements.html",
        listing=found,
        lifecycle=LISTING,
        error=error,
        chosen=chosen,
        form=request.form,
        rows=rows[:PAGE_SIZE],
        reasons=[(key, _(label)) for key, label in REASONS.items()],
        words=MOVED_BY,
        previous_url=f"{here}?sku={sku}&page={number - 1}" if number > 1 else "",
        next_url=f"{here}?sku={sku}&page={number + 1}" if len(rows) > PAGE_SIZE else "",
    )


def _page_number() -> int:
    return min(max(1, request.args.get("page", 1, type=int)), _DEEPEST_PAGE)


def _bars(ages: list[tuple[int, int]]) -> list[dict[str, int]]:
    """`(pieces, fen)` by age as bars: from and to which day, and how wide of a hundred."""
    most = max(fen for _pieces, fen in ages) or 1
    bounds = [*zip([0, *STEPS], [*STEPS, 0], strict=True)]
    return [
        {"low": low, "high": high, "pieces": pieces, "fen": fen, "width": max(fen * 100 // most, 1 if fen else 0)}
        for (low, high), (pieces, fen) in zip(bounds, ages, strict=True)
    ]
