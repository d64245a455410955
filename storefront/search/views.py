"""The factory goods page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, redirect, request

from kernel.i18n import gettext as _
from kernel.i18n import locale, yuan
from kernel.web import page, public, service
from onboarding.belts.queries import all_belts
from onboarding.listings.categories import category_name
from storefront.search.index import Index
from storefront.search.queries import belt_label, card_shown, cards, newest_of_makers
from storefront.search.schemas import PER_PAGE, Choice, chosen

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.belts.models import Belt
    from storefront.search.rules import Card, Result

blueprint = Blueprint("search", __name__, template_folder="templates")

Link = dict[str, object]
_MEANWHILE = 8


@blueprint.get("/工厂货")
@public
def factory_goods_in_chinese() -> BaseResponse:
    """The same page under its Chinese name."""
    return redirect(chosen(request.args.to_dict(flat=False)).url(), 301)


@blueprint.get("/factory-goods")
@public
def factory_goods() -> Response:
    """Goods found, with facets; a hit that is no longer sold is dropped as it is read from the database."""
    choice = chosen(request.args.to_dict(flat=False))
    result = service(Index).search(choice.query())
    g.searched = choice, result  # for whoever keeps count of searches
    found = cards(result.hits)
    belts = {belt.slug: belt for belt in all_belts()}
    shown = [found[hit] for hit in result.hits if hit in found and _is_sought(found[hit], choice)]
    return page(
        "search/factory_goods.html",
        choice=choice,
        result=result,
        cards=[card_shown(card) for card in shown],
        newest=[] if shown or choice.is_narrowed else [card_shown(card) for card in newest_of_makers(limit=_MEANWHILE)],
        facets=_facets(choice, result, belts),
        chosen_chips=_chips(choice, belts),
        sorts=_sorts(choice),
        previous_url=choice.url(page=choice.page - 1) if choice.page > 1 else "",
        next_url=choice.url(page=choice.page + 1) if choice.page * PER_PAGE < result.total else "",
    )


def _is_sought(card: Card, choice: Choice) -> bool:
    """Whether a card may stand under the belts asked for: a merchant's would tell where its goods are made."""
    return not choice.belts or card.belt in choice.belts


def _name(belt: Belt) -> str:
    return belt_label(belt.province, belt.name_zh, belt.name_en)


def _facets(choice: Choice, result: Result, belts: dict[str, Belt]) -> list[tuple[str, list[Link]]]:
    counts = result.facets
    by_count = sorted(counts.belts.items(), key=lambda item: (-item[1], item[0]))
    places = [
        _link(_name(belts[slug]), choice.toggled("belts", slug), slug in choice.belts, count)
        for slug, count in by_count
        if slug in belts
    ]
    categories = [
        _link(category_name(name, locale()), choice.toggled("categories", name), name in choice.categories, count)
        for name, count in sorted(counts.categories.items(), key=lambda item: (-item[1], item[0]))
        if choice.opens(name)
    ]
    prices = []
    for band in counts.prices:
        value = f"{band.min_fen}-{band.max_fen if band.max_fen is not None else ''}"
        if band.count or value == choice.price:
            on = value == choice.price
            prices.append(_link(price_label(value), choice.url(price="" if on else value), on, band.count))
    return [(_("产业带"), places), (_("类目"), categories), (_("价格"), prices)]


def price_label(value: str) -> str:
    """A price band in words; `5000-9999` is 50–100 yuan to people."""
    low, _dash, high = value.partition("-")
    if not high:
        return _("%(low)s 元以上", low=yuan(int(low), short=True))
    if not int(low or 0):
        return _("%(high)s 元以下", high=yuan(int(high) + 1, short=True))
    return _("%(low)s–%(high)s 元", low=yuan(int(low), short=True), high=yuan(int(high) + 1, short=True))


def _chips(choice: Choice, belts: dict[str, Belt]) -> list[Link]:
    chips = [
        _link(_name(belts[slug]) if slug in belts else slug, choice.toggled("belts", slug), on=True)
        for slug in choice.belts
    ]
    chips += [
        _link(category_name(name, locale()), choice.toggled("categories", name), on=True) for name in choice.categories
    ]
    if choice.price:
        chips.append(_link(price_label(choice.price), choice.url(price=""), on=True))
    chips.append(_link(_("有现货"), choice.url(in_stock=not choice.in_stock), on=choice.in_stock))
    if sum(bool(chip["on"]) for chip in chips) > 1:
        chips.append(_link(_("去掉全部条件"), choice.bare()))
    return chips


def _sorts(choice: Choice) -> list[Link]:
    labels = {"relevance": _("综合"), "price": _("价格从低到高"), "-price": _("价格从高到低"), "newest": _("最新")}
    return [_link(label, choice.url(sort=sort), on=sort == choice.sort) for sort, label in labels.items()]


def _link(label: str, url: str, on: bool = False, count: int | None = None) -> Link:  # noqa: FBT001, FBT002
    return {"label": label, "url": url, "on": on, "count": count}
