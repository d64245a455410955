"""Pieces of pages drawn once for the values they show: a card, a gallery, a table of facts.

Drawing one costs more than finding its values. A piece is kept under everything it depends on, the language and the day
included, so a price that changes is another piece; nothing personal, no token and no nonce may stand in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import current_app
from markupsafe import Markup

from kernel.clock import business_date
from kernel.finding import absolute
from kernel.i18n import locale
from kernel.web import now
from storefront.catalogue.linked import crumbs_node, goods_node, house_node, offers_node
from storefront.search.queries import card_shown

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from flask import Flask

    from storefront.search.rules import Card

_MOST: Final = 8_192
"""A few kilobytes each."""


def init_pieces(app: Flask) -> None:
    """Keep pieces with an application; templates get `piece(template, macro, …)`, `card_piece(card, …)`, data nodes."""
    app.extensions["pieces"] = {}
    nodes = {"goods_node": goods_node, "offers_node": offers_node, "crumbs_node": crumbs_node, "house_node": house_node}
    app.jinja_env.globals.update(nodes, piece=piece, card_piece=card_piece)
    app.jinja_env.filters["whole"] = absolute


def piece(template: str, macro: str, *values: Any) -> Markup:  # noqa: ANN401  a macro takes any value that hashes
    """A macro of a template, called without the page around it."""
    return _kept((template, macro, values), lambda: _drawn(template, macro, *values))


def card_piece(card: Card, *, named: bool = True, eager: bool = False, level: int = 3) -> Markup:
    """A card as `product_card` draws it."""
    return _kept(
        (card, named, eager, level),
        lambda: _drawn("components/card.html", "product_card", card_shown(card, named=named), eager, level),
    )


def _drawn(template: str, macro: str, *values: Any) -> Markup:  # noqa: ANN401
    module = current_app.jinja_env.get_template(template).module
    return Markup(getattr(module, macro)(*values))  # noqa: S704  a macro of ours escapes what it shows


def _kept(key: Hashable, draw: Callable[[], Markup]) -> Markup:
    kept: dict[Hashable, Markup] = current_app.extensions["pieces"]
    full = (locale(), business_date(now()), key)
    found = kept.get(full)
    if found is None:
        found = kept[full] = draw()
        if len(kept) > _MOST:  # the oldest goes; another thread may have taken it already
            kept.pop(next(iter(kept)), None)
    return found
