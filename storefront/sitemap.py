"""What robots and home screens ask for: where they may go, what there is, and what the channel is called."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, render_template

from kernel.errors import NotFoundError
from kernel.finding import absolute
from kernel.web import public
from storefront.catalogue.queries import last_goods, public_goods, public_places

blueprint = Blueprint("sitemap", __name__, template_folder="templates")
_CLOSED: Final = (
    "account",
    "cart",
    "checkout",
    "delivery-province",
    "dev",
    "finance",
    "ops",
    "orders",
    "pay",
    "sign-in",
    "supply",
)
_OPEN: Final = (
    "/",
    "/factory-goods",
    "/belts",
    "/rates",
    "/agreements/factory",
    "/agreements/merchant",
    "/tiers",
    "/join",
)
_CONSOLES: Final = ("factory", "merchant")  # `/factory-goods` is open, so the bare word must not be a beginning
_HOUR: Final = 3600
_MOST: Final = 50_000  # addresses in one file (sitemaps.org)
_SLICE: Final = 1_000  # of goods: every address is spelled in pinyin, and nobody's request may cost seconds


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Shops are for everybody, desks for nobody."""
    closed = [f"/{place}" for place in _CLOSED]
    closed += [f"/{console}{end}" for console in _CONSOLES for end in ("/", "$")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return _kept("\n".join(lines), "text/plain")


@blueprint.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """Where the maps are: one of the places, and as many of goods as it takes."""
    maps = ["/sitemap-places.xml", *(f"/sitemap-goods-{part}.xml" for part in _parts())]
    return _kept(render_template("sitemap-index.xml", maps=maps), "application/xml")


@blueprint.get("/sitemap-places.xml")
@public
def places() -> Response:
    """Pages of the channel, belts, factories, merchants' shops."""
    known = [(path, None) for path in _OPEN]
    return _kept(render_template("sitemap.xml", addresses=[*known, *public_places()][:_MOST]), "application/xml")


@blueprint.get("/sitemap-goods-<part>.xml")
@public
def goods(part: str) -> Response:
    """The goods of factories, by their ids: what is in a map stays there. A merchant's are found through her shop."""
    parts = {str(number): number for number in _parts()}
    if part not in parts:
        raise NotFoundError
    last = parts[part] * _SLICE
    found = public_goods(first=last - _SLICE + 1, last=last)
    return _kept(render_template("sitemap.xml", addresses=found), "application/xml")


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """The channel on a home screen."""
    icons = current_app.jinja_env.globals["asset"]
    assert callable(icons)  # noqa: S101  it is a function of `kernel.assets`
    sizes = [(f"img/icon-{side}.png", f"{side}x{side}", "image/png") for side in (192, 512)]
    sizes.append(("img/favicon.svg", "any", "image/svg+xml"))
    told = {
        "name": current_app.config["CHANNEL_NAME"],
        "short_name": current_app.config["CHANNEL_NAME"],
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#fbfaf7",
        "theme_color": "#fbfaf7",
        "icons": [{"src": icons(name), "sizes": size, "type": kind} for name, size, kind in sizes],
    }
    return _kept(current_app.json.dumps(told), "application/manifest+json")


def _parts() -> range:
    return range(1, min(-(-last_goods() // _SLICE), _MOST) + 1)


def _kept(body: str, kind: str) -> Response:
    response = Response(body, mimetype=kind)
    response.cache_control.public = True
    response.cache_control.max_age = _HOUR
    response.add_etag()
    return response
