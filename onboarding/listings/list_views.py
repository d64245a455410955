"""The list of a factory's goods, in which stock is counted anew."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, safe_path, say
from onboarding.listings import operations, queries
from onboarding.listings.desk import countable
from onboarding.listings.rules import LISTING, TABS
from onboarding.listings.schemas import counted_anew, stock_form, typed_again

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("goods_list", __name__)

PAGE_SIZE = 20
_DEEPEST_PAGE = 10_000
_EDIT = Permission.LISTING_GOODS_EDIT
_LIST = "/factory/listings"


@blueprint.get("/factory/listings")
@requires(_EDIT)
def listings() -> Response:
    """A factory's goods, by state."""
    return _list_page(request.args)


@blueprint.post("/factory/listings/<listing>/stock")
@requires(_EDIT)
def count_again(listing: str) -> BaseResponse:
    """Say how many pieces lie there, from the list of goods."""
    found = queries.own_listing(actor(), listing)
    back = safe_path(request.form.get("back"), _LIST)
    back = back if urlsplit(back).path == _LIST else _LIST
    try:
        form = form_data(stock_form(sku.public_id for sku in found.skus if sku.for_sale))
        operations.edit_listing(actor=actor(), listing=listing, words={}, prices={}, **counted_anew(form), now=now())
    except DomainError as refusal:
        return _list_page(MultiDict(parse_qsl(urlsplit(back).query)), refusal, about=found.id)
    say(_("库存改好了，马上生效。"))
    return redirect(f"{back}#{listing}", 303)


def _list_page(asked: MultiDict[str, str], error: DomainError | None = None, *, about: int = 0) -> Response:
    """A page of the list; after a refusal with what was typed about one listing (id)."""
    factory = actor().membership(_EDIT)
    state = asked.get("state", "")
    state = state if state in TABS else ""
    number = min(max(1, asked.get("page", 1, type=int)), _DEEPEST_PAGE)
    counts = queries.state_counts(factory.organisation_id)
    skipped = (number - 1) * PAGE_SIZE
    rows = queries.listing_rows(factory.organisation_id, state=state, before=skipped, limit=PAGE_SIZE)
    counts[""] = sum(counts.get(key, 0) for key in LISTING.states)
    return page(
        "listings/listings.html",
        rows=rows,
        stock=countable(rows),
        state=state,
        tabs=[(key, name, counts.get(key, 0)) for key, name in TABS.items() if key in {"", state} or counts.get(key)],
        drafts=counts.get("draft", 0),
        here=_list_url(state, number),
        previous_url=_list_url(state, number - 1) if number > 1 else "",
        next_url=_list_url(state, number + 1) if skipped + len(rows) < counts.get(state, 0) else "",
        lifecycle=LISTING,
        may_hand_in=_may(Permission.SELLER_PAPERS_EDIT, factory.organisation_id),
        may_answer=_may(Permission.SELLER_ORGANISATION_EDIT, factory.organisation_id),
        error=error,
        about=about,
        form=typed_again(request.form, error),
    )


def _may(permission: Permission, organisation_id: int) -> bool:
    return actor().may(permission, organisation_id=organisation_id)


def _list_url(state: str, number: int) -> str:
    asked = [f"state={state}"] if state else []
    asked += [f"page={number}"] if number > 1 else []
    return _LIST + ("?" + "&".join(asked) if asked else "")
