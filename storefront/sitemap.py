"""What robots and home screens ask for: where they may go, what there is, and what the channel is called."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, render_template

from kernel.finding import absolute
from kernel.web import public
from storefront.catalogue.queries import public_addresses

blueprint = Blueprint("sitemap", __name__, template_folder="templates")
_CLOSED: Final = ("account", "cart", "checkout", "dev", "finance", "ops", "orders", "pay", "sign-in", "supply")
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
    """Belts, factories, shops and the goods of factories; a merchant's goods are found through her shop alone."""
    places = [(path, None) for path in _OPEN]
    shown = [*places, *public_addresses(limit=_MOST - len(places))]
    return _kept(render_template("sitemap.xml", addresses=shown), "application/xml")


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


def _kept(body: str, kind: str) -> Response:
    response = Response(body, mimetype=kind)
    response.cache_control.public = True
    response.cache_control.max_age = _HOUR
    response.add_etag()
    return response
