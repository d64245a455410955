"""Pages as data that search engines read (schema.org): goods with their offers, the way to them, a shop.

Only what the page itself shows. `absolute` turns a path into an address for somebody elsewhere; money is fen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kernel.finding import absolute
from kernel.i18n import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from storefront.catalogue.goods import Variant
    from storefront.catalogue.sendback import SendBack

Node = dict[str, Any]
_WORDS: Final = "https://schema.org/"
_RETURN_DAYS: Final = 7  # 消费者权益保护法, article 25


def init_linked(app: Flask) -> None:
    """Give templates the nodes, and the filter `whole` for addresses."""
    nodes = {"goods_node": goods_node, "offers_node": offers_node, "crumbs_node": crumbs_node, "house_node": house_node}
    app.jinja_env.globals.update(nodes)
    app.jinja_env.filters["whole"] = absolute


def goods_node(name: str, url: str, images: Sequence[str], offers: Node, *, says: str = "", category: str = "") -> Node:
    """Goods, with whoever sells them in the offers alone."""
    told = {"description": says, "category": category.replace("/", " > ")}
    whole = [image for image in images if "#" not in image]  # what is behind it is a part of a picture
    node = {"@type": "Product", "name": name, "image": whole, "url": url, "offers": offers}
    return node | {key: value for key, value in told.items() if value}


def offers_node(variants: Sequence[Variant], *, seller: Node, url: str, rests: bool, back: SendBack) -> Node:
    """One price as an Offer, several as an AggregateOffer with the lowest and the highest."""
    prices = sorted(variant.price_fen for variant in variants)
    node = {
        "@type": "Offer",
        "url": url,
        "priceCurrency": "CNY",
        "price": typed(prices[0]),
        "availability": _WORDS + _availability(variants, rests=rests),
        "itemCondition": f"{_WORDS}NewCondition",
        "seller": seller,
        "hasMerchantReturnPolicy": _returns(back),
    }
    if prices[0] == prices[-1]:
        return node
    del node["price"]
    ends = {"lowPrice": typed(prices[0]), "highPrice": typed(prices[-1]), "offerCount": len(prices)}
    return node | {"@type": "AggregateOffer"} | ends


def crumbs_node(crumbs: Sequence[tuple[str, str]], absolute: Callable[[str], str]) -> Node:
    """The way to a page, `(name, path)` from the top; the page itself comes last and needs no path."""
    steps: list[Node] = []
    for place, (name, path) in enumerate(crumbs, 1):
        step = {"@type": "ListItem", "position": place, "name": name}
        steps.append(step | {"item": absolute(path)} if path else step)
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def house_node(name: str, url: str) -> Node:
    """Whoever sells."""
    return {"@type": "Organization", "name": name, "url": url}


def _availability(variants: Sequence[Variant], *, rests: bool) -> str:
    there = [variant for variant in variants if variant.is_available]
    if rests or not there:
        return "OutOfStock"
    return "MadeToOrder" if all(variant.made_to_order for variant in there) else "InStock"


def _returns(back: SendBack) -> Node:
    policy = {"@type": "MerchantReturnPolicy", "applicableCountry": "CN"}
    if not back.is_free:
        return policy | {"returnPolicyCategory": f"{_WORDS}MerchantReturnNotPermitted"}
    return policy | {
        "returnPolicyCategory": f"{_WORDS}MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": _RETURN_DAYS,
        "returnMethod": f"{_WORDS}ReturnByMail",
        "returnFees": f"{_WORDS}ReturnFeesCustomerResponsibility",
    }
