"""Lists as people at a desk use them: filtered, sorted, paged, kept under a name, taken along as a file."""

from __future__ import annotations

import functools
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic
from urllib.parse import parse_qsl, quote, urlencode

from flask import Blueprint, Response, current_app, g, redirect, request, stream_with_context
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from kernel.clock import business_date
from kernel.csv_file import csv_text
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import error_text, gettext, locale
from kernel.permissions import Permission
from kernel.saved import drop_filter, prefer_filter, save_filter, saved_filters
from kernel.tables import COUNTED, Asked, Line, Selected, ask, exportable, respelled, sorting
from kernel.text import Message
from kernel.web import View, actor, form_data, now, requires, say
from kernel.wording import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from werkzeug.routing import Rule
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.saved import SavedFilter
    from kernel.tables import Column, Options, Rows, Table

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
_CHIP = 999  # a count on a chip; beyond it the chip says "999+"


class Sheet(Generic[Line]):
    """A table as one address asks for it."""

    def __init__(
        self,
        table: Table[Line],
        rows: Callable[[Asked], Rows[Line]],
        *,
        options: Mapping[str, Options] | None = None,
        given: Mapping[str, str] | None = None,
        path: str = "",
        also: Mapping[str, str] | None = None,
    ) -> None:
        """`also` is what else its page is asked, so that its links ask it too."""
        self.table, self.other = table, rows
        fixed: dict[str, Options] = {one.name: one.options for one in table.filters if one.options is not None}
        self.options = {**fixed, **(options or {})}
        self.asked = ask(table, request.args if given is None else given)
        self.path, self.also = path or request.path, dict(also or {})

    @cached_property
    def rows(self) -> Rows[Line]:
        """Where its lines come from."""
        return self.other(self.asked)

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of this page of it."""
        start = (self.asked.page - 1) * self.table.size
        return self.rows.part(offset=start, limit=self.table.size, **sorting(self.table, self.asked))

    @cached_property
    def total(self) -> int:
        """How many lines there are on all pages; one more than `COUNTED` stands for more. The last page tells alone."""
        before = (self.asked.page - 1) * self.table.size
        if len(self.lines) < self.table.size and (self.lines or not before):
            return before + len(self.lines)
        return self.rows.count(COUNTED)

    @property
    def is_beyond(self) -> bool:
        """Whether there are more than are counted."""
        return self.total > COUNTED

    @property
    def columns(self) -> list[Column[Line]]:
        """Those that the page shows."""
        return [column for column in self.table.columns if column.only != "csv"]

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is on that the list does not start with."""
        return any(self.asked.values[one.name] != one.start for one in self.table.filters)

    def url(self, **other: str | int) -> str:
        """The same list asked a little differently."""
        return f"{self.path}?{self.asked.but(**self.also, **other)}"

    def sort_url(self, column: Column[Line]) -> str:
        """Sorted by a column: upward, then downward, then as it comes."""
        following = {column.key: f"-{column.key}", f"-{column.key}": ""}.get(self.asked.sort, column.key)
        return self.url(sort=following)

    def sorted_by(self, column: Column[Line]) -> str:
        """`ascending`, `descending` or nothing, as a screen reader is told."""
        if self.asked.sort.removeprefix("-") != column.key:
            return ""
        return "descending" if self.asked.sort.startswith("-") else "ascending"

    @property
    def csv_url(self) -> str:
        """Where all of it is had as a file."""
        return self.url(csv=self.table.name)

    @property
    def clear_url(self) -> str:
        """The list as it starts, whatever is usual."""
        return f"{self.path}?{urlencode({one.name: one.start for one in self.table.filters})}"

    @property
    def counted(self) -> str:
        """How far is counted, as people write it."""
        return f"{COUNTED:,}"

    @property
    def previous_url(self) -> str:
        """The page before, empty on the first."""
        return self.url(page=self.asked.page - 1) if self.asked.page > 1 else ""

    @property
    def next_url(self) -> str:
        """The page after, empty on the last."""
        last = min(self.total, COUNTED)
        return self.url(page=self.asked.page + 1) if self.asked.page * self.table.size < last else ""


@blueprint.app_context_processor
def files() -> dict[str, Any]:
    """What a page gives as files beside what it shows, for its layout."""
    return {"files": g.get("files", ())}


@blueprint.app_template_filter("said")
def said(value: object) -> object:
    """An interface text in the language of the page, filled in where it is `Words`; anything else as it is."""
    if isinstance(value, Words):
        return value.said_in(locale())
    return gettext(value) if isinstance(value, Message) else value


class FilterForm(Schema):
    """A filter to keep; the operation has the last word."""

    page = fields.String(required=True, validate=validate.Length(max=60))
    name = fields.String(load_default="")
    query = fields.String(load_default="", validate=validate.Length(max=2000))
    usual = fields.Boolean(load_default=False)


def keeps_filters(view: View) -> View:
    """Mark the page of a list whose filters may be kept."""
    view.keeps_filters = True  # type: ignore[attr-defined]
    return view


def offers_files(*makers: Callable[[], Sheet[Any]]) -> Callable[[View], View]:
    """Let a page whose lists look otherwise give them as files too; its layout names them at the foot."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def run(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  whatever the view takes and gives
            sheets = [make() for make in makers]
            g.files = [(sheet.table.title, sheet.csv_url) for sheet in sheets]
            return download(*sheets) or view(*args, **kwargs)

        return run  # type: ignore[return-value]

    return decorate


def download(*sheets: Sheet[Any]) -> Response | None:
    """One of the tables of a page as a file, if that is asked for; its rows are sent as they are read."""
    sheet = next((one for one in sheets if one.table.name == request.args.get("csv")), None)
    if sheet is None:
        return None
    exportable(sheet.rows)
    text = csv_text(sheet.table, sheet.rows, sorting=sorting(sheet.table, sheet.asked))
    day = business_date(now()).isoformat()
    plain, said_name = f"{sheet.table.name}-{day}.csv", quote(f"{gettext(sheet.table.title)}-{day}.csv")
    file = Response(stream_with_context(text), mimetype="text/csv")
    file.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{said_name}"
    return file


def usual_place(table: Table[Any]) -> BaseResponse | None:
    """Where whoever opens a list without a wish starts: with the filter she prefers, if there is one that it knows."""
    if request.args:
        return None
    preferred = next((one for one in _kept(request.path) if one.usual), None)
    if preferred is None or not _is_known(table, preferred.query):
        return None
    return redirect(f"{request.path}?{preferred.query}")


def chips(sheet: Sheet[Any]) -> list[dict[str, Any]]:
    """The actor's own filters of a list with how many lines each has now, in two statements."""
    kept = _kept(sheet.path)
    counts = _counts(sheet, [one.query for one in kept])
    return [
        {
            "id": one.public_id,
            "label": one.name,
            "usual": one.usual,
            "url": f"{sheet.path}?{one.query}",
            "on": one.query == sheet.asked.query,
            "count": "" if count is None else f"{_CHIP}+" if count > _CHIP else str(count),
        }
        for one, count in zip(kept, counts, strict=True)
    ]


@blueprint.post("/filters")
@requires(Permission.DESK_FILTERS_KEEP)
def save_page() -> BaseResponse:
    """Keep the filter that is on, and go back to it."""
    form = form_data(FilterForm())
    form["query"] = respelled(form["query"])
    back = f"{_list(form['page'])}?{form['query']}"
    try:
        save_filter(actor=actor(), **form, now=now())
    except DomainError as refusal:
        fields_said = getattr(refusal, "fields", {})
        said = next((DomainError(code, **params) for code, params in fields_said.values()), refusal)
        say(error_text(said), "bad")
    else:
        say(gettext("筛选“%(name)s”存好了。", name=form["name"]))
    return redirect(back, 303)


@blueprint.post("/filters/<saved>/removal")
@requires(Permission.DESK_FILTERS_KEEP)
def drop_page(saved: str) -> BaseResponse:
    """Forget a filter."""
    page = drop_filter(actor=actor(), saved=saved, now=now())
    say(gettext("已删除这个筛选。"))
    return redirect(_list(page), 303)


@blueprint.post("/filters/<saved>/usual")
@requires(Permission.DESK_FILTERS_KEEP)
def prefer_page(saved: str) -> BaseResponse:
    """Start the list with a filter, or no longer."""
    page = prefer_filter(actor=actor(), saved=saved, usual="usual" in request.form, now=now())
    return redirect(_list(page), 303)


def _kept(path: str) -> Sequence[SavedFilter]:
    """The actor's own filters of a list, read once in a request."""
    if "kept" not in g:
        g.kept = saved_filters(actor(), path)
    found: Sequence[SavedFilter] = g.kept
    return found


def _is_known(table: Table[Any], query: str) -> bool:
    """Whether a list can be asked for this: not for nothing, which leads back to where it came from."""
    given = dict(parse_qsl(query, keep_blank_values=True))
    try:
        ask(table, given)
    except DomainError:  # a filter of before, that this list no longer knows
        return False
    return bool(given)


def _list(path: str) -> str:
    """The path of a list whose filters this actor may keep; NotFoundError for any other."""
    views: dict[str, Any] = {rule.rule: current_app.view_functions[rule.endpoint] for rule in _reads()}
    view = views.get(path)
    if view is None or not getattr(view, "keeps_filters", False) or not actor().holds(view.access):
        raise NotFoundError
    return path


def _reads() -> list[Rule]:
    return [rule for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ())]


def _counts(sheet: Sheet[Any], queries: list[str]) -> list[int | None]:
    """How many lines each saved filter has, where the database counts them in one statement; nothing for an old one."""
    counted: list[Any] = [_counted(sheet, query) for query in queries]
    asked = [one for one in counted if one is not None]
    found = iter(session().execute(select(*asked)).one() if asked else ())
    return [None if one is None else next(found) for one in counted]


def _counted(sheet: Sheet[Any], query: str) -> Any:  # noqa: ANN401  a scalar subquery
    try:
        rows = sheet.other(ask(sheet.table, dict(parse_qsl(query, keep_blank_values=True))))
    except DomainError:  # a filter of before, that this list no longer knows
        return None
    return rows.counted(_CHIP).label(None) if isinstance(rows, Selected) else None
