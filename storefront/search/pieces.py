"""Parts of pages that are drawn once for what they say: cards of goods wherever they stand, and all that was found.

What was found is drawn again with the next commit of the index, and as soon as the database says anything else of a
card that it shows.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import current_app

from kernel.i18n import locale, typed
from kernel.pieces import drawn, keeper, kept
from onboarding.listings.categories import category_name
from storefront.search.known import Belts
from storefront.search.paging import added, seen_as
from storefront.search.panels import belt_name, chosen_chips, groups, said_in_words, sorts, ways_out
from storefront.search.queries import card_shown
from storefront.search.schemas import PER_PAGE, Choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask
    from markupsafe import Markup

    from storefront.search.queries import Place
    from storefront.search.rules import Card, Facets, Result

_TILES = 12


class Shown(NamedTuple):
    """The cards on a page of results: those that match, those near, and what stands in for none of them.

    On the channel's own page also what sells better than before and what is new.
    """

    cards: tuple[Card, ...]
    near: tuple[Card, ...] = ()
    newest: tuple[Card, ...] = ()
    rising: tuple[Card, ...] = ()
    new: tuple[Card, ...] = ()
    is_front: bool = False


def init_pieces(app: Flask) -> None:
    """Give templates `card_pieces(cards, …)`, and remember the belts."""
    app.jinja_env.globals["card_pieces"] = card_pieces
    app.extensions["belts"] = Belts()


def card_pieces(cards: Iterable[Card], *, named: bool = True, eager: int = 0, level: int = 3) -> list[Markup]:
    """Cards as `product_card` draws them; so many of them `eager`."""
    kept = keeper()
    return [
        kept((card, named, place < eager, level), partial(_card, card, named=named, eager=place < eager, level=level))
        for place, card in enumerate(cards)
    ]


def found_piece(choice: Choice, result: Result, shown: Shown) -> Markup:
    """All that was found: the groups of choices beside it, how it was understood, its cards, the way on."""
    belts: Belts = current_app.extensions["belts"]
    belts.refresh(result.facets.belts.keys())

    def draw() -> Markup:
        beside = _beside(choice, result, shown, belts.by_slug)
        return drawn("search/_found.html", "found", choice, result, shown, beside)

    if not shown.cards and not shown.near:
        return draw()  # where else to look is of this moment
    return kept((choice, result, shown, belts.edition), draw)


def _card(card: Card, *, named: bool, eager: bool, level: int) -> Markup:
    return drawn("components/card.html", "product_card", card_shown(card, named=named), eager, level)


def _beside(choice: Choice, result: Result, shown: Shown, belts: Mapping[str, Place]) -> dict[str, Any]:
    return {
        "facets": groups(choice, result.facets, belts),
        "chosen_chips": chosen_chips(choice, result.limits, belts),
        "said": said_in_words(choice, result.limits),
        "ways_out": [] if shown.cards or shown.near else ways_out(choice, result, belts),
        "bare": replace(choice, q=result.limits.words).bare(),
        "sorts": sorts(choice),
        "typed": _typed(choice.price or result.limits.price),
        "previous_url": choice.url(page=choice.page - 1) if choice.page > 1 else "",
        "next_url": _next(choice, result),
        **(_tiles(result.facets, belts) if shown.is_front else {}),
    }


def _typed(price: str) -> dict[str, str]:
    """The ends of a price that was typed, in yuan, as the fields hold them."""
    low, _dash, high = price.partition("-")
    return {"low": _plain(low) if low != "0" else "", "high": _plain(high)}


def _plain(fen: str) -> str:
    return typed(int(fen)).removesuffix(".00") if fen else ""


def _next(choice: Choice, result: Result) -> str:
    """The next page, told what was seen; the last one needs none."""
    if not result.goes_on(choice.page, PER_PAGE):
        return ""
    return f"{choice.url(page=choice.page + 1)}&seen={seen_as(added(choice.seen, result.keys))}"


def _tiles(facets: Facets, belts: Mapping[str, Place]) -> dict[str, Any]:
    """The fullest belts and categories, where nothing is asked for."""
    most = sorted(((count, slug) for slug, count in facets.belts.items() if slug in belts), reverse=True)[:_TILES]
    tops = sorted(((count, name) for name, count in facets.categories.items() if "/" not in name), reverse=True)
    return {
        "belts": [(belt_name(belts[slug]), Choice(belts=(slug,)).url(), count) for count, slug in most],
        "categories": [
            (category_name(name, locale()), Choice(categories=(name,)).url(), count) for count, name in tops[:_TILES]
        ],
    }
