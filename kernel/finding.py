"""How a page tells others what it is: its one address, its other language, how it looks when shared, its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, g
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from kernel.i18n import asked_locale, locale, typed
from kernel.pictures import look

if TYPE_CHECKING:
    from flask import Flask

_SHARED = "img/share.png"
_SHARED_SIDES = (1200, 630)
_LOCALES = {"zh": "zh_CN", "en": "en_GB"}


def init_finding(app: Flask) -> None:
    """Give templates `absolute(path)`, `found_at(path)` and `linked_data(values)`."""
    app.jinja_env.globals.update(absolute=absolute, found_at=found_at, linked_data=linked_data)


def absolute(path: str) -> str:
    """The address of a path for somebody elsewhere."""
    base: str = current_app.config["PUBLIC_URL"]
    return base.rstrip("/") + path


def found_at(path: str, title: str = "", says: str = "", picture: str = "", *, price_fen: int = 0) -> Markup:
    """What a page's head says of its address, of where it stands in Chinese and in English, and of how it is shared.

    Without a wish a page is Chinese, so its bare address is that of the Chinese page; `?lang=en` is English for all.
    With a price it is a page of goods.
    """
    chinese = absolute(path)
    english = f"{chinese}{'&' if '?' in path else '?'}lang=en"
    here = english if asked_locale() == "en" else chinese
    others = {"zh-CN": chinese, "en": english, "x-default": chinese}
    alternate = [f'<link rel="alternate" hreflang="{name}" href="{escape(url)}" />' for name, url in others.items()]
    shared = _shared(here, title, says, picture, price_fen)
    return Markup("".join([f'<link rel="canonical" href="{escape(here)}" />', *alternate, *shared]))  # noqa: S704


def linked_data(values: dict[str, Any]) -> Markup:
    """JSON-LD (schema.org) for the head of a page; only what the page itself shows."""
    data = htmlsafe_json_dumps({"@context": "https://schema.org", **values}, ensure_ascii=False)
    return Markup(f'<script type="application/ld+json" nonce="{escape(g.nonce)}">{data}</script>')  # noqa: S704


def _shared(address: str, title: str, says: str, picture: str, price_fen: int) -> list[str]:
    """Open Graph (ogp.me): what chats show of a link. They take no drawn picture: the channel's stands for it."""
    drawn = not picture or picture.endswith(".svg")
    width, height = _sides(picture)
    told = {
        "og:type": "product" if price_fen else "website",
        "og:site_name": current_app.config["CHANNEL_NAME"],
        "og:locale": _LOCALES[locale()],
        "og:url": address,
        "og:title": _plain(title),
        "og:description": _plain(says),
        "og:image": absolute(current_app.jinja_env.filters["picture"](_SHARED if drawn else picture)),
        "og:image:width": str(width or ""),
        "og:image:height": str(height or ""),
        "product:price:amount": typed(price_fen) if price_fen else "",
        "product:price:currency": "CNY" if price_fen else "",
    }
    return [f'<meta property="{name}" content="{escape(value)}" />' for name, value in told.items() if value]


def _sides(picture: str) -> tuple[int, int]:
    """How large the picture is that `_shared` names, in px; (0, 0) where its address does not tell."""
    if not picture or picture.endswith(".svg"):
        return _SHARED_SIDES
    told = look(picture)
    if told is None:
        return 0, 0
    shown = int(told.address.rpartition("/")[2].partition(".")[0])
    return shown, round(told.height * shown / told.width)


def _plain(text: str) -> str:
    """One line of what a block of a template gave, which is markup."""
    return " ".join((text.unescape() if isinstance(text, Markup) else text).split())
