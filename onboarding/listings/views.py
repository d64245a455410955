"""Pages of a factory's goods: price sheets on their way in, the list of goods, one listing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from kernel.errors import DomainError, InvalidInputError
from kernel.files import Files
from kernel.i18n import coded_text, locale
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, safe_path, say, service
from onboarding.listings import operations, queries
from onboarding.listings.claims import remarks, words_of
from onboarding.listings.desk import countable
from onboarding.listings.pictures import pictures
from onboarding.listings.preview import left_out_rows, preview
from onboarding.listings.rules import LISTING, SHEET_CAP_BYTES, TABS, UPLOADS
from onboarding.listings.schemas import (
    ImportForm,
    SupplyForm,
    counted_anew,
    listing_form,
    split_listing_form,
    stock_form,
    typed_again,
)

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.listings.models import Listing, SheetImport

blueprint = Blueprint("listings", __name__, template_folder="templates")

PAGE_SIZE = 20
_DEEPEST_PAGE = 10_000
_SECOND = timedelta(seconds=1)
_EDIT = Permission.LISTING_GOODS_EDIT
_LIST = "/factory/listings"


@blueprint.get("/factory/sheets")
@requires(_EDIT)
def sheets() -> Response:
    """Where a price sheet is handed in."""
    return _upload_page()


@blueprint.post("/factory/sheets")
@requires(_EDIT)
def upload() -> BaseResponse:
    """Keep the file, note it, and show its progress."""
    factory = actor().membership(_EDIT)
    given = request.files.get("sheet")
    if len(request.files.getlist("sheet")) > 1:
        return _upload_page(InvalidInputError({"sheet": ("sheet.one_at_a_time", {})}))
    data = given.stream.read(SHEET_CAP_BYTES + 1) if given else b""
    if given is None or not data:
        return _upload_page(InvalidInputError({"sheet": ("sheet.missing", {})}))
    if len(data) > SHEET_CAP_BYTES:
        return _upload_page(DomainError("sheet.too_large", limit_mb=SHEET_CAP_BYTES >> 20), status=413)
    hit([(f"sheets:{factory.organisation}", *UPLOADS)], now=now())
    key = service(Files).put(data)
    sheet = operations.upload_sheet(actor=actor(), filename=given.filename or "", file_key=key, now=now())
    return redirect(f"/factory/sheets/{sheet.public_id}", 303)


@blueprint.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """A request that was refused unread, by its length alone; nobody is known to have sent it."""
    if request.endpoint != "listings.upload" or not actor().holds(_EDIT):
        return page("errors/error.html", status=413, error_status=413, error_text=coded_text("request.too_large", {}))
    return _upload_page(DomainError("sheet.too_large", limit_mb=SHEET_CAP_BYTES >> 20), status=413)


@blueprint.get("/factory/sheets/<sheet>")
@requires(_EDIT)
def sheet_page(sheet: str) -> Response:
    """The progress of a sheet, then what it says, then what became of it."""
    return _sheet_page(queries.own_sheet(actor(), sheet))


@blueprint.post("/factory/sheets/<sheet>/listings")
@requires(_EDIT)
def make_listings(sheet: str) -> BaseResponse:
    """Make drafts of a sheet with the owner's answers."""
    found = queries.own_sheet(actor(), sheet)
    try:
        form = form_data(ImportForm())
        percent = form["markup_percent"]
        operations.import_listings(
            actor=actor(),
            sheet_import=sheet,
            stock_meaning=form["stock_meaning"] or None,
            markup_bp=None if percent is None else percent * 100,
            now=now(),
        )
    except DomainError as refusal:
        return _sheet_page(found, refusal)
    return redirect(f"/factory/sheets/{sheet}", 303)


@blueprint.get("/factory/listings")
@requires(_EDIT)
def listings() -> Response:
    """A factory's goods, by state."""
    return _list_page(request.args)


@blueprint.post("/factory/listings/<listing>/stock")
@requires(_EDIT)
def count_again(listing: str) -> BaseResponse:
    """Say how many pieces lie there, from the list of goods."""
    found = queries.own_listing(actor(), listing)
    back = safe_path(request.form.get("back"), _LIST)
    back = back if urlsplit(back).path == _LIST else _LIST
    try:
        form = form_data(stock_form(sku.public_id for sku in found.skus))
        operations.edit_listing(actor=actor(), listing=listing, words={}, prices={}, **counted_anew(form), now=now())
    except DomainError as refusal:
        return _list_page(MultiDict(parse_qsl(urlsplit(back).query)), refusal, about=found.id)
    say(_("库存改好了，马上生效。"))
    return redirect(f"{back}#{listing}", 303)


@blueprint.post("/factory/listings/submissions")
@requires(_EDIT)
def submit_all() -> BaseResponse:
    """Hand in every draft."""
    count = operations.submit_all(actor=actor(), now=now())
    if count:
        say(_("已提交 %(count)s 款商品，审核通过后自动上架，结果会发短信通知您。", count=count))
    else:
        say(_("没有可以提交的草稿。用词要改的草稿，请逐款打开，按提醒改好。"), "info")
    return redirect("/factory/listings", 303)


@blueprint.get("/factory/listings/<listing>")
@requires(_EDIT)
def listing_page(listing: str) -> Response:
    """One listing, to read and to change."""
    return _listing_page(queries.own_listing(actor(), listing))


@blueprint.post("/factory/listings/<listing>")
@requires(_EDIT)
def edit(listing: str) -> BaseResponse:
    """Change words, picture, prices and stock."""
    found = queries.own_listing(actor(), listing)
    before = found.state
    try:
        schema = listing_form([sku.public_id for sku in found.skus], [path for path, _word in _choices(found)])
        form = form_data(schema)
        if form["then"] == "check":
            return _listing_page(found)
        changed = operations.edit_listing(actor=actor(), listing=listing, **split_listing_form(form), now=now())
        if form["then"] == "submit":
            return submit(listing)
    except DomainError as refusal:
        return _listing_page(queries.own_listing(actor(), listing), refusal)
    if changed.state != before:
        say(_("已保存。名称、介绍或图片改动后需要重新审核，审核期间暂停销售。"), "warn")
    else:
        say(_("已保存。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/submission")
@requires(_EDIT)
def submit(listing: str) -> BaseResponse:
    """Hand in one listing."""
    operations.submit_listing(actor=actor(), listing=listing, now=now())
    say(_("已提交审核，通过后自动上架，结果会发短信通知您。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/supply")
@requires(_EDIT)
def supply(listing: str) -> BaseResponse:
    """Open one listing to merchants at a price, or close it."""
    found = queries.own_listing(actor(), listing)
    try:
        form = form_data(SupplyForm())
        operations.set_supply(
            actor=actor(),
            listing=listing,
            drop_ship_price_fen=form["drop_ship_price"],
            open_to_merchants=form["supply"] == "open",
            now=now(),
        )
    except DomainError as refusal:
        return _listing_page(found, refusal, about="supply")
    if form["supply"] == "open":
        say(_("已保存。您同意供货的商家按这个价拿货，卖一件付您一件，您来发货。"))
    else:
        say(_("已停止供货。商家那里马上停售，已付款的订单请照常发货。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/archiving")
@requires(_EDIT)
def archive(listing: str) -> BaseResponse:
    """Take one listing down for good."""
    operations.archive_listing(actor=actor(), listing=listing, now=now())
    say(_("商品已下架。之前的订单照常发货、结算。"))
    return redirect(f"/factory/listings/{listing}", 303)


def _upload_page(error: DomainError | None = None, *, status: int = 200) -> Response:
    factory = actor().membership(_EDIT)
    recent = queries.recent_sheets(factory.organisation_id)
    shown = page("listings/sheets.html", error=error, recent=recent, status=status)
    shown.status_code = status if error is None or status != 200 else error.status  # noqa: PLR2004
    return shown


def _sheet_page(sheet: SheetImport, error: DomainError | None = None) -> Response:
    if sheet.state == "waiting":
        waiting = page("listings/sheet_waiting.html", sheet=sheet, seconds=(now() - sheet.created_at) // _SECOND)
        waiting.headers["Refresh"] = "2"
        return waiting
    if sheet.state == "failed":
        reason = coded_text(sheet.error_code, sheet.error_params)
        return page("listings/sheet_failed.html", sheet=sheet, reason=reason)
    if sheet.state == "imported":
        left_out = [(one, coded_text(one["code"], one["params"])) for one in sheet.result["left_out"]]
        rows = left_out_rows(sheet.reading)
        return page("listings/sheet_done.html", sheet=sheet, result=sheet.result, left_out=left_out, left_out_rows=rows)
    found = preview(sheet.reading)
    codes = {goods["code"] for goods in sheet.reading["listings"] if goods["code"]}
    known = len(queries.known_codes(sheet.organisation_id, codes))
    return page("listings/sheet.html", sheet=sheet, preview=found, known=known, form=request.form, error=error)


def _listing_page(listing: Listing, error: DomainError | None = None, *, about: str = "") -> Response:
    """The page with what was typed into the form that was refused: the supply form is `about` it, or the other."""
    return page(
        "listings/listing.html",
        listing=listing,
        error=error,
        remarks=remarks(words_of(listing) | request.form.to_dict()),
        form={} if about else typed_again(request.form, error),
        supply_form=request.form if about else {},
        supply=queries.own_supply(listing),
        resellers=service(queries.Resellers)(listing.id),
        pictures=_choices(listing),
        actions=LISTING.actions(listing.state),
        lifecycle=LISTING,
    )


def _choices(listing: Listing) -> list[tuple[str, str]]:
    """The picture it has, and the drawn ones."""
    drawn = [(path, word if locale() == "zh" else name) for path, word, name in pictures()]
    return drawn if listing.image in dict(drawn) else [(listing.image, listing.title), *drawn]


def _list_page(asked: MultiDict[str, str], error: DomainError | None = None, *, about: int = 0) -> Response:
    """A page of the list; after a refusal with what was typed about one listing (id)."""
    factory = actor().membership(_EDIT)
    state = asked.get("state", "")
    state = state if state in TABS else ""
    number = min(max(1, asked.get("page", 1, type=int)), _DEEPEST_PAGE)
    counts = queries.state_counts(factory.organisation_id)
    skipped = (number - 1) * PAGE_SIZE
    rows = queries.listing_rows(factory.organisation_id, state=state, before=skipped, limit=PAGE_SIZE)
    counts[""] = sum(counts.get(key, 0) for key in LISTING.states)
    return page(
        "listings/listings.html",
        rows=rows,
        stock=countable(rows),
        state=state,
        tabs=[(key, name, counts.get(key, 0)) for key, name in TABS.items() if key in {"", state} or counts.get(key)],
        drafts=counts.get("draft", 0),
        here=_list_url(state, number),
        previous_url=_list_url(state, number - 1) if number > 1 else "",
        next_url=_list_url(state, number + 1) if skipped + len(rows) < counts.get(state, 0) else "",
        lifecycle=LISTING,
        error=error,
        about=about,
        form=typed_again(request.form, error),
    )


def _list_url(state: str, number: int) -> str:
    asked = [f"state={state}"] if state else []
    asked += [f"page={number}"] if number > 1 else []
    return _LIST + ("?" + "&".join(asked) if asked else "")
