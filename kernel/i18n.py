"""Languages: Chinese is authored in place and is the message id, English comes from the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from flask import g, has_request_context, request, session

from kernel.clock import SHANGHAI
from kernel.wording import LOCALES, TAGS, catalogue, translated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from flask import Flask

    from kernel.errors import DomainError, Param

_BABEL = {"zh": "zh_Hans_CN", "en": "en_GB"}
_MOMENT = {"zh": "short", "en": "d MMM y, HH:mm"}


def init_i18n(app: Flask) -> None:
    """Teach templates `_`, `ngettext`, money, dates and the language of the page."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # Not "newstyle", which fills in every text and so stumbles over `0.5%`: ours fills in only when given params.
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(yuan=yuan, day=format_day, moment=format_moment, percent=percent, tag=TAGS.get)


def locale() -> str:
    """The language of this request: that of its address, else chosen, else asked for by the browser, else Chinese."""
    if not has_request_context():
        return "zh"
    if "locale" not in g:
        chosen = asked_locale() or session.get("locale")
        g.locale = chosen if chosen in LOCALES else request.accept_languages.best_match(LOCALES) or "zh"
    language: str = g.locale
    return language


def asked_locale() -> str:
    """The language an address asks for itself (`?lang=en`), as a search engine names the page; else empty."""
    asked = request.query_string.split(b"&")  # as bytes: an address need not be text
    return next((language for language in LOCALES if f"lang={language}".encode() in asked), "")


def gettext(message: str, **params: Param) -> str:
    """The message in the language of the page; templates give params by name, `%(name)s`."""
    text = catalogue(locale()).ugettext(message)
    return text % params if params else text


def ngettext(singular: str, plural: str, count: int, **params: Param) -> str:
    """The message for a count."""
    text = catalogue(locale()).ungettext(singular, plural, count)
    return text % {"num": count, **params}


def error_text(error: DomainError) -> str:
    """What a refusal says to a person: the text of `error.<code>` with its params."""
    return coded_text(error.code, error.params)


def coded_text(code: str, params: Mapping[str, Param], *, language: str = "") -> str:
    """The text of `error.<code>`, in the language of the page unless another is asked for."""
    spoken = language or locale()
    return catalogue(spoken).ugettext(f"error.{code}").format_map(translated(params, spoken))


def yuan(fen: int) -> str:
    """Fen as yuan with separators: 126800 → `1,268.00`; a minus is the true sign."""
    sign = "−" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def percent(basis_points: int) -> str:
    """Basis points as percent without needless zeros: 50 → `0.5%`."""
    whole, rest = divmod(basis_points, 100)
    digits = f"{rest:02d}".rstrip("0")
    return f"{whole}.{digits}%" if digits else f"{whole}%"


def format_day(day: date) -> str:
    """A business day as people of the page's language write it."""
    return babel_date(day, format="long" if locale() == "zh" else "medium", locale=_BABEL[locale()])


def format_moment(moment: datetime) -> str:
    """A moment in Shanghai time: `2026/3/10 15:04`, `10 Mar 2026, 15:04`."""
    local = moment.astimezone(SHANGHAI)
    return babel_datetime(local, format=_MOMENT[locale()], tzinfo=SHANGHAI, locale=_BABEL[locale()])
