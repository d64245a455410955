"""Languages: Chinese is authored in place and is the message id, English comes from the catalogue."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.dates import format_interval, format_skeleton, format_timedelta
from babel.numbers import format_compact_decimal, parse_pattern
from flask import g, has_request_context, request, session

from kernel.clock import SHANGHAI
from kernel.proofreading import mark_chinese
from kernel.text import Message
from kernel.wording import BABEL, LOCALES, TAGS, catalogue, translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask

    from kernel.errors import DomainError, Param

_MOMENT = {"zh": "short", "en": "d MMM y, HH:mm"}
_SHORT_DAY = {"zh": "M/d", "en": "d MMM"}
_MYRIAD = 10_000  # where Chinese counts on in 万


def init_i18n(app: Flask) -> None:
    """Teach templates `_`, `ngettext`, money, dates and the language of the page."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # Not "newstyle", which fills in every text and so stumbles over `0.5%`: ours fills in only when given params.
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(
        yuan=yuan,
        amount=amount,
        typed=typed,
        percent=percent,
        number=number,
        tally=tally,
        day=format_day,
        short_day=format_short_day,
        month=format_month,
        days=format_days,
        near=format_near_day,
        moment=format_moment,
        clock=format_clock,
        instant=datetime.isoformat,
        tag=TAGS.get,
    )


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


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is rendered meanwhile is in this language, whatever the page's: for what somebody else will read."""
    before, g.locale = locale(), language
    try:
        yield
    finally:
        g.locale = before


def gettext(message: str, **params: Param) -> str:
    """The message in the language of the page; templates give params by name, `%(name)s`."""
    text = catalogue(locale()).ugettext(message) if message else ""  # the entry of nothing is the catalogue's head
    return text % params if params else text


def ngettext(singular: str, plural: str, count: int, **params: Param) -> str:
    """The message for a count."""
    text = catalogue(locale()).ungettext(singular, plural, count)
    return text % {"num": number(count), **params}


def said(text: str) -> str:
    """A text of a table in the language of the page; what people wrote themselves as it is."""
    return catalogue(locale()).ugettext(text) if isinstance(text, Message) else text


def proofread(page: str) -> str:
    """A finished page; on one in another language what is Chinese says so."""
    return page if locale() == "zh" else mark_chinese(page)


def error_text(error: DomainError) -> str:
    """What a refusal says to a person: the text of `error.<code>` with its params."""
    return coded_text(error.code, error.params)


def coded_text(code: str, params: Mapping[str, Param], *, language: str = "") -> str:
    """The text of `error.<code>`, in the language of the page unless another is asked for."""
    spoken = language or locale()
    return catalogue(spoken).ugettext(f"error.{code}").format_map(translated(params, spoken))


def yuan(fen: int, *, short: bool = False, sign: str = "") -> str:
    """Fen as yuan with separators: 126800 → `1,268.00`, `short` → `1,268`; a minus is the true one, before any sign."""
    pattern = sign + ("#,##0" if short and not fen % 100 else "#,##0.00")
    return ("−" if fen < 0 else "") + _figure(abs(fen), -2, pattern, locale())


def amount(fen: int, *, short: bool = False) -> str:
    """Fen as money: 126800 → `¥1,268.00`, -1 → `−¥0.01`."""
    return yuan(fen, short=short, sign="¥")


def typed(fen: int) -> str:
    """Fen as they are typed into a field and read by machines, in any language: `1268.00`."""
    return str(Decimal(fen).scaleb(-2))


def percent(basis_points: int) -> str:
    """Basis points as percent without needless zeros: 50 → `0.5%`."""
    return _figure(basis_points, -4, "#,##0.##%", locale())


def number(count: int) -> str:
    """A whole number with separators: 12345 → `12,345`."""
    return _figure(count, 0, "#,##0", locale())


def tally(count: int) -> str:
    """A large number in short, for where a glance will do: 12345 → `1.2 万`, `12.3K`; below ten thousand all of it."""
    if abs(count) < _MYRIAD:
        return number(count)
    return _spaced(format_compact_decimal(count, fraction_digits=1, locale=BABEL[locale()]))


def format_day(day: date) -> str:
    """A business day as people of the page's language write it: `2026年3月10日`, `10 Mar 2026`."""
    return babel_date(day, format="long" if locale() == "zh" else "medium", locale=BABEL[locale()])


def format_short_day(day: date) -> str:
    """A day of these weeks, where there is little room: `3/10`, `10 Mar`."""
    return babel_date(day, format=_SHORT_DAY[locale()], locale=BABEL[locale()])


def format_month(month: str) -> str:
    """A month as addresses name it, `2026-03`, for people: `2026年3月`, `Mar 2026`."""
    return format_skeleton("yMMM", date.fromisoformat(f"{month}-01"), locale=BABEL[locale()])


def format_days(first: date, last: date) -> str:
    """From a day to a day, both within: `2026年3月4日至8日`, `4–8 Mar 2026`."""
    return format_interval(first, last, "yMMMd", locale=BABEL[locale()])


def format_near_day(day: date) -> str:
    """A day not far from today, which needs no year: `12月3日`, `3 Dec`."""
    return format_skeleton("MMMd", day, locale=BABEL[locale()])


def format_moment(moment: datetime) -> str:
    """A moment in Shanghai time: `2026/3/10 15:04`, `10 Mar 2026, 15:04`."""
    local = moment.astimezone(SHANGHAI)
    return babel_datetime(local, format=_MOMENT[locale()], tzinfo=SHANGHAI, locale=BABEL[locale()])


def format_clock(moment: datetime) -> str:
    """The time of a moment that is near, in Shanghai: `02:17`."""
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


def format_since(moment: datetime, now: datetime) -> str:
    """How long ago, or how soon: `刚刚`, `3 天前`, `3 days ago`, `in 2 hours`; the largest unit that is reached."""
    apart = moment - now
    if abs(apart) < timedelta(minutes=1):
        return gettext("刚刚")
    said = format_timedelta(apart, threshold=1, add_direction=True, locale=BABEL[locale()])
    return _spaced(said)


def _spaced(text: str) -> str:
    """A space between figures and Chinese, as in all texts of the house."""
    return re.sub(r"(?<=\d)(?=[\u4e00-\u9fff])", " ", text)


@lru_cache(maxsize=4_096)
def _figure(value: int, shift: int, pattern: str, language: str) -> str:
    """A whole number, moved by so many decimal places, in the way of a language; prices repeat, so they are kept."""
    said: str = parse_pattern(pattern).apply(Decimal(value).scaleb(shift), Locale.parse(BABEL[language]))
    return said
