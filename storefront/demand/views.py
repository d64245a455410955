"""Suggestions while typing, the page of operators about searches, and where searches and clicks are noted.

A search is noted as its page goes out, a click as the product page goes out that a page of results led to. The browser
itself says so: under our policy (`same-origin`) `Referer` is the whole address of the results, so addresses of goods
stay canonical, no redirect stands between, and it needs no script. Where the goods stood is looked up in the list
again, behind the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint, Response, current_app, g, request

from kernel.charts import bars_of
from kernel.clock import business_date
from kernel.desk import Sheet, download
from kernel.errors import NotFoundError
from kernel.i18n import gettext as _
from kernel.i18n import locale, ngettext, number, percent
from kernel.permissions import Permission
from kernel.tables import Listed
from kernel.text import lazy
from kernel.web import actor, client_address, form_data, now, page, public, requires, service
from storefront.demand import queries
from storefront.demand.journal import Journal
from storefront.demand.rules import (
    PERIODS,
    Click,
    Search,
    first_day,
    how_found,
    is_person,
    middle,
    network,
    share_bp,
    stretches,
)
from storefront.demand.schemas import SearchesAsked, typed
from storefront.demand.suggestions import KINDS, Directory, Leads, Words
from storefront.demand.tables import CORRECTED, DAYS, MISSED, RELAXED, TOP, tenths
from storefront.search.index import Index
from storefront.search.schemas import PATH, PER_PAGE

if TYPE_CHECKING:
    from flask import Flask
    from flask.blueprints import BlueprintSetupState

    from storefront.demand.queries import Totals
    from storefront.search.rules import Result
    from storefront.search.schemas import Choice

blueprint = Blueprint("demand", __name__, template_folder="templates")

_SHOWN: Final = {200, 304}
_GOODS: Final = {"goods_pages.product", "goods_pages.resold"}
_ID_LENGTH: Final = len("lst_") + 16
_LONGEST_REFERER: Final = 2_000
_EDGES: Final = (1, 2, 3, 4, 5, 10, 20, PER_PAGE)
_ONE: Final = 100  # a chart lays out hundredths: one click is a hundred of them
_LISTS: Final = ((TOP, "searches"), (MISSED, "missed"), (CORRECTED, "corrected"), (RELAXED, "relaxed"))
_LABELS: Final = {"today": lazy("今天"), "week": lazy("近 7 天"), "month": lazy("近 30 天")}


@blueprint.record_once
def _open_journal(state: BlueprintSetupState) -> None:
    app = cast("Flask", state.app)
    app.extensions["searches"] = journal = Journal(app)
    app.extensions["names"] = Directory()
    app.jinja_env.globals["popular_searches"] = journal.popular
    app.jinja_env.globals["words_lead"] = _lead


def _lead(text: str) -> Leads:
    directory: Directory = current_app.extensions["names"]
    return directory.lead(text, goods=service(Index), language=locale())


@blueprint.get("/factory-goods/suggestions")
@public
def suggestions() -> Response:
    """What goes with the text typed so far, as a part of a page."""
    directory: Directory = current_app.extensions["names"]
    asked = typed(request.args)
    source = Words(_journal().popular(), service(Index))
    found = directory.suggest(asked, source=source, goods=service(Index), language=locale())
    labels = {"words": _("商品词") if asked else _("大家在搜"), "categories": _("类目")}
    labels |= {"belts": _("产业带"), "factories": _("工厂")}
    groups = [(kind, labels[kind], [one for one in found if one.kind == kind]) for kind in KINDS]
    said = ngettext("%(num)s 条建议", "%(num)s 条建议", len(found)) if found else _("没有建议")
    return page("demand/suggestions.html", groups=[group for group in groups if group[2]], said=said)


@blueprint.get("/ops/searches")
@requires(Permission.OPS_SEARCHES_VIEW)
def searches() -> Response:
    """What shoppers sought in a period, what they found and opened; nobody can be told from it."""
    if not actor().may(Permission.OPS_SEARCHES_VIEW):  # whoever has one belt has not the whole channel
        raise NotFoundError
    asked = form_data(
        SearchesAsked(), {name: request.args[name] for name in ("period", "list") if name in request.args}
    )
    period, shown, today = asked["period"], asked["shown"], business_date(now())
    days = first_day(period, today), today
    sheets = {
        table.name: Sheet(
            table,
            _lines(*days, by),
            given={"page": request.args.get("page", "1")} if table.name == shown else {},
            also={"period": period, "list": table.name},
        )
        for table, by in _LISTS
    }
    by_day = Sheet(DAYS, lambda _asked: Listed(queries.day_sums()), given={}, also={"period": period})
    g.files = [(DAYS.title, by_day.csv_url)] if by_day.total else []
    return download(*sheets.values(), by_day) or _searches_page(period, days, sheets, sheets[shown])


def _searches_page(period: str, days: tuple[Any, Any], sheets: dict[str, Any], sheet: Any) -> Response:  # noqa: ANN401
    counted, places = queries.totals(*days), queries.positions(*days)
    parts = stretches(places, _EDGES)
    drawn = bars_of([many * _ONE for *_ends, many in parts])
    periods = [
        {"label": _(_LABELS[one]), "url": f"/ops/searches?period={one}&list={sheet.table.name}", "on": one == period}
        for one in PERIODS
    ]
    return page(
        "demand/searches.html",
        periods=periods,
        figures=_figures(counted, middle(places)),
        counted=counted,
        lists=[{"label": _(one.table.title), "url": one.url(), "on": one is sheet} for one in sheets.values()],
        sheet=sheet,
        stretches=[(_stretch(first, last), many) for first, last, many in parts],
        drawn=drawn,
        scale=[(y, amount // _ONE) for y, amount in drawn.scale],
        clicks=sum(places.values()),
    )


def _lines(first: Any, last: Any, by: str) -> Any:  # noqa: ANN401  days; rows of a sheet
    return lambda _asked: Listed(queries.sought(first, last, by=by))


def _figures(counted: Totals, mid: float | None) -> list[dict[str, Any]]:
    return [
        {"label": _("搜索次数"), "value": number(counted.searches)},
        {"label": _("没搜到的比例"), "value": _share(counted.missed, counted.searches), "hot": counted.missed},
        {"label": _("改了字才有的比例"), "value": _share(counted.corrected, counted.searches)},
        {"label": _("放宽后才有的比例"), "value": _share(counted.relaxed, counted.searches)},
        {"label": _("有点击的比例"), "value": _share(counted.clicked, counted.people)},
        {"label": _("点击位置中位数"), "value": "—" if mid is None else tenths(round(mid * 10))},
    ]


def _share(part: int, whole: int) -> str:
    return percent(share_bp(part, whole)) if whole else "—"


def _stretch(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}+"
    return number(first) if first == last else f"{first}–{last}"


@blueprint.after_app_request
def _take_note(response: Response) -> Response:
    """Note what was sought or opened, if a person did it; whoever was not shown a page has neither."""
    if response.status_code not in _SHOWN:
        return response
    searched: tuple[Choice, Result] | None = g.get("searched")
    if searched and searched[0].q and _is_person():
        if searched[0].page > 1:  # turning a page is no search
            return response
        _journal().note(_search(*searched))
    elif request.endpoint in _GOODS and (results := _results()) and _is_person():
        name: str = (request.view_args or {})["name"]
        _journal().note(Click(now(), _who(), results, name[:_ID_LENGTH]))
    return response


def _search(choice: Choice, result: Result) -> Search:
    """The rest is worked out behind the page."""
    how = how_found(result.match, result.full, relaxed=bool(result.relaxed), corrected=bool(result.suggestion))
    return Search(now(), _who(), choice, result.full, how)


def _results() -> str:
    """What the page of results that led here was asked, if one did."""
    came_from = (request.referrer or "")[:_LONGEST_REFERER]
    home = request.host_url.rstrip("/") + PATH
    path, _mark, asked = came_from.partition("?")
    return asked if path == home and "q=" in asked else ""


def _is_person() -> bool:
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return is_person(request.headers.get("User-Agent", ""), request.method, purpose)


def _who() -> str:
    """A visitor as she can be told apart today: the network she comes from, without its browser.

    Whoever changes cookies or browsers, signs in or out is still one visitor, so nobody makes a text popular alone.
    """
    return f"network {network(client_address())}"


def _journal() -> Journal:
    found: Journal = current_app.extensions["searches"]
    return found
