"""How a page tells search engines what it is: its one address, its other language, what it shows as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, g
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from kernel.i18n import asked_locale

if TYPE_CHECKING:
    from flask import Flask


def init_finding(app: Flask) -> None:
    """Give templates `absolute(path)`, `found_at(path)` and `linked_data(values)`."""
    app.jinja_env.globals.update(absolute=absolute, found_at=found_at, linked_data=linked_data)


def absolute(path: str) -> str:
    """The address of a path for somebody elsewhere."""
    base: str = current_app.config["PUBLIC_URL"]
    return base.rstrip("/") + path


def found_at(path: str) -> Markup:
    """The links of a page's head that name its address, and where it stands in Chinese and in English.

    Without a wish a page is Chinese, so its bare address is that of the Chinese page; `?lang=en` is English for all.
    """
    chinese = absolute(path)
    english = f"{chinese}{'&' if '?' in path else '?'}lang=en"
    link = Markup('<link rel="{}" href="{}" />').format
    other = Markup('<link rel="alternate" hreflang="{}" href="{}" />').format
    return Markup("").join(
        [
            link("canonical", english if asked_locale() == "en" else chinese),
            other("zh-CN", chinese),
            other("en", english),
            other("x-default", chinese),
        ],
    )


def linked_data(values: dict[str, Any]) -> Markup:
    """JSON-LD (schema.org) for the head of a page; only what the page itself shows."""
    data = htmlsafe_json_dumps({"@context": "https://schema.org", **values}, ensure_ascii=False)
    return Markup('<script type="application/ld+json" nonce="{}">{}</script>').format(g.nonce, data)
