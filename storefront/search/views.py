"""The factory goods page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, g, redirect, request

from kernel.clock import business_date
from kernel.web import now, page, public, service
from onboarding.listings.categories import guess_category
from storefront.search.index import Index
from storefront.search.pieces import Shown, found_piece, init_pieces
from storefront.search.queries import cards, newest_of_makers, rising
from storefront.search.rules import Query
from storefront.search.schemas import PER_PAGE, chosen

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask
    from werkzeug.wrappers import Response as BaseResponse

    from storefront.search.rules import Card, Result
    from storefront.search.schemas import Choice

blueprint = Blueprint("search", __name__, template_folder="templates")
blueprint.record_once(lambda state: init_pieces(cast("Flask", state.app)))

_MEANWHILE = 8
_ROW = 8


@blueprint.get("/工厂货")
@public
def factory_goods_in_chinese() -> BaseResponse:
    """The same page under its Chinese name."""
    return redirect(chosen(request.args.to_dict(flat=False)).url(), 301)


@blueprint.get("/factory-goods")
@public
def factory_goods() -> Response:
    """Goods found, with facets; a hit that is no longer sold is dropped as it is read from the database."""
    asked, today = chosen(request.args.to_dict(flat=False)), business_date(now())
    choice = asked.within_channel()
    result = service(Index).search(choice.query(today))
    g.searched = asked, result  # for whoever keeps count of searches
    return page(
        "search/factory_goods.html",
        choice=choice,
        result=result,
        goes_on=result.goes_on(choice.page, PER_PAGE),
        found=found_piece(choice, result, _shown(choice, result, today)),
    )


def _shown(choice: Choice, result: Result, today: date) -> Shown:
    """What the database has to show of the hits now, and of the channel's own rows."""
    rows = _rows(today) if choice.is_front and result.total > PER_PAGE else {}
    read = cards([*result.hits, *(hit for hits in rows.values() for hit in hits)])
    found = {hit: card.at(now()) for hit, card in read.items()}
    sought = [found[hit] for hit in result.hits if hit in found and _is_sought(found[hit], choice)]
    full = set(result.hits[: max(result.full - (choice.page - 1) * PER_PAGE, 0)])  # the others are only near
    beside = guess_category(result.limits.words or choice.q) or ""
    meanwhile = (
        [] if sought or choice.is_narrowed or result.limits else newest_of_makers(limit=_MEANWHILE, within=beside)
    )
    return Shown(
        cards=tuple(card for card in sought if card.listing in full),
        near=tuple(card for card in sought if card.listing not in full),
        newest=tuple(card.at(now()) for card in meanwhile),
        is_front=bool(rows),
        **{name: tuple(found[hit] for hit in hits if hit in found) for name, hits in rows.items()},
    )


def _is_sought(card: Card, choice: Choice) -> bool:
    """Whether a card may stand under the filters asked for: a merchant's would tell where its goods are made."""
    if choice.names_the_maker and card.pick_up:
        return False
    return not choice.belts or card.belt in choice.belts or card.province in choice.provinces


def _rows(today: date) -> dict[str, list[str]]:
    """What the channel shows above the plain list (public ids): what sells better than before, and what is new."""
    better = rising(today, limit=_ROW)
    new = service(Index).search(Query(new=True, today=today, in_stock=True, per_page=2 * _ROW)).hits
    return {"rising": better, "new": [hit for hit in new if hit not in better][:_ROW]}
