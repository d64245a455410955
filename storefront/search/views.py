"""The factory goods page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, redirect, request

from kernel.clock import business_date
from kernel.i18n import locale, typed
from kernel.web import now, page, public, service
from onboarding.listings.categories import category_name, guess_category
from storefront.search.index import Index
from storefront.search.paging import added, seen_as
from storefront.search.panels import belt_name, chosen_chips, groups, sorts, ways_out
from storefront.search.queries import card_shown, cards, newest_of_makers, places, rising
from storefront.search.rules import Query
from storefront.search.schemas import PER_PAGE, Choice, chosen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from werkzeug.wrappers import Response as BaseResponse

    from storefront.search.queries import Place
    from storefront.search.rules import Card, Result

blueprint = Blueprint("search", __name__, template_folder="templates")

_MEANWHILE = 8
_ROW = 8
_TILES = 12


@blueprint.get("/工厂货")
@public
def factory_goods_in_chinese() -> BaseResponse:
    """The same page under its Chinese name."""
    return redirect(chosen(request.args.to_dict(flat=False)).url(), 301)


@blueprint.get("/factory-goods")
@public
def factory_goods() -> Response:
    """Goods found, with facets; a hit that is no longer sold is dropped as it is read from the database."""
    choice, today = chosen(request.args.to_dict(flat=False)), business_date(now())
    result = service(Index).search(choice.query(today))
    g.searched = choice, result  # for whoever keeps count of searches
    rows = _rows(today) if choice.is_front and result.total > PER_PAGE else {}
    found = cards([*result.hits, *(hit for hits in rows.values() for hit in hits)])
    belts = places()
    shown = [found[hit] for hit in result.hits if hit in found and _is_sought(found[hit], choice)]
    full = set(result.hits[: max(result.full - (choice.page - 1) * PER_PAGE, 0)])  # the others are only near
    meanwhile = not shown and not choice.is_narrowed
    return page(
        "search/factory_goods.html",
        choice=choice,
        result=result,
        cards=[card_shown(card) for card in shown if card.listing in full],
        near=[card_shown(card) for card in shown if card.listing not in full],
        newest=[card_shown(card) for card in newest_of_makers(limit=_MEANWHILE, within=guess_category(choice.q) or "")]
        if meanwhile
        else [],
        front=_front(result, belts, rows, found),
        facets=groups(choice, result.facets, belts),
        chosen_chips=chosen_chips(choice, belts),
        ways_out=[] if shown else ways_out(choice, result, belts),
        sorts=sorts(choice),
        typed=_typed(choice),
        previous_url=choice.url(page=choice.page - 1) if choice.page > 1 else "",
        next_url=_next(choice, result),
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


def _front(
    result: Result,
    belts: Mapping[str, Place],
    rows: Mapping[str, Iterable[str]],
    found: Mapping[str, Card],
) -> dict[str, Any]:
    """The channel itself, where nothing is asked for: belts, categories, and rows of goods."""
    if not rows:
        return {}
    facets = result.facets
    most = sorted(((count, slug) for slug, count in facets.belts.items() if slug in belts), reverse=True)[:_TILES]
    tops = sorted(((count, name) for name, count in facets.categories.items() if "/" not in name), reverse=True)
    return {
        "belts": [(belt_name(belts[slug]), Choice(belts=(slug,)).url(), count) for count, slug in most],
        "categories": [
            (category_name(name, locale()), Choice(categories=(name,)).url(), count) for count, name in tops[:_TILES]
        ],
        **{name: [card_shown(found[hit]) for hit in hits if hit in found] for name, hits in rows.items()},
    }


def _next(choice: Choice, result: Result) -> str:
    """The next page, told what was seen; the last one needs none."""
    if choice.page * PER_PAGE >= result.total or not result.hits:
        return ""
    address = choice.url(page=choice.page + 1)
    seen = seen_as(added(choice.seen, result.keys))
    return f"{address}&seen={seen}"


def _typed(choice: Choice) -> dict[str, str]:
    """The ends of a price that was typed, in yuan, as the fields hold them."""
    low, _dash, high = choice.price.partition("-")
    return {"low": _plain(low) if low != "0" else "", "high": _plain(high)}


def _plain(fen: str) -> str:
    return typed(int(fen)).removesuffix(".00") if fen else ""
