"""Goods on their way to the operators: one filled in by hand, and all drafts handed in at once."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, redirect, request
from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema

from kernel.clock import business_date
from kernel.errors import DomainError, InvalidInputError
from kernel.files import Files
from kernel.i18n import coded_text, locale
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.listings import dictation, operations, submissions
from onboarding.listings.categories import known, to_choose
from onboarding.listings.certified import fault
from onboarding.listings.known import drafts_named
from onboarding.listings.matrix import split_values
from onboarding.listings.matrix_forms import OptionalWhole
from onboarding.listings.rules import CODE_CAP, TITLE_CAP, UPLOADS, made_code
from onboarding.listings.schemas import OptionalPrice, Price
from onboarding.listings.sheets.options import split_sizes
from onboarding.listings.sheets.reading import SheetListing, SheetSku, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("new_goods", __name__)

_EDIT = Permission.LISTING_GOODS_EDIT
_LIST_CAP: Final = 300
_TOLD: Final = 3


def _check_category(path: str) -> None:
    if path and not known(path):
        raise ValidationError("field.choice")


class NewGoodsForm(Schema):
    """One goods: what it is called, what it costs, in which colours and sizes, how many of each there are."""

    title = fields.String(required=True, validate=validate.Length(1, TITLE_CAP, error="field.title"))
    code = fields.String(load_default="", validate=validate.Length(max=CODE_CAP, error="field.too_long"))
    category = fields.String(load_default="", validate=_check_category)
    retail = Price(required=True)
    supply = OptionalPrice(load_default=None)
    least = OptionalWhole(load_default=None)
    colours = fields.String(load_default="", validate=validate.Length(max=_LIST_CAP, error="field.too_long"))
    sizes = fields.String(load_default="", validate=validate.Length(max=_LIST_CAP, error="field.too_long"))
    pieces = OptionalWhole(load_default=None)
    to_order = fields.String(load_default="")

    @pre_load
    def _without_stock(self, typed: Mapping[str, Any], **_kwargs: object) -> dict[str, Any]:
        """Of goods made to order nobody is asked how many there are, whatever still stands in the field."""
        return {**typed, "pieces": ""} if typed.get("to_order") else {**typed}

    @validates_schema(skip_on_field_errors=False)
    def _check_stock(self, told: dict[str, Any], **_kwargs: object) -> None:
        if told.get("pieces", 0) is None and not told.get("to_order"):
            raise ValidationError("field.whole_number", "pieces")


@blueprint.get("/factory/listings/new")
@requires(_EDIT)
def new() -> Response:
    """An empty form."""
    return _page()


@blueprint.post("/factory/listings/new")
@requires(_EDIT)
def make() -> BaseResponse:
    """Make a draft of it; the worker writes it as it writes goods of a sheet."""
    factory = actor().membership(_EDIT)
    try:
        goods = _goods(form_data(NewGoodsForm()))
        hit([(f"sheets:{factory.organisation}", *UPLOADS)], now=now())
        key = service(Files).put(goods.title.encode())
        sheet = dictation.describe(actor=actor(), goods=goods, file_key=key, now=now())
        told: dict[str, Any] = {"stock_meaning": None, "markup_bp": None}
        operations.import_listings(actor=actor(), sheet_import=sheet.public_id, **told, now=now())
    except DomainError as refusal:
        return _page(refusal)
    return redirect(f"/factory/sheets/{sheet.public_id}", 303)


@blueprint.post("/factory/listings/submissions")
@requires(_EDIT)
def submit_all() -> BaseResponse:
    """Hand in every draft, and say of the first that stay behind what they lack, and how many are still to come."""
    handed, today = submissions.submit_all(actor=actor(), now=now()), business_date(now())
    if handed.count:
        say(_("已提交 %(count)s 款商品，审核通过后自动上架，结果会发短信通知您。", count=handed.count))
    for one in drafts_named(actor().membership(_EDIT).organisation_id, handed.kept[:_TOLD]):
        say(_("“%(title)s”没有提交：%(why)s", title=one.title, why=_why(fault(one, today=today))), "warn")
    if len(handed.kept) > _TOLD:
        say(_("还有别的草稿没有提交，点开看缺什么。"), "warn")
    if handed.more:
        say(_("还有 %(count)s 款草稿没轮到，请再点一次“提交全部”。", count=handed.more), "warn")
    elif not handed.count and not handed.kept:
        say(_("没有草稿可以提交。"), "info")
    return redirect("/factory/listings", 303)


def _why(refusal: DomainError | None) -> str:
    """The first thing that is wrong; pictures are looked at when goods are handed in by themselves."""
    if isinstance(refusal, InvalidInputError):
        code, params = next(iter(refusal.fields.values()))
        return coded_text(code, params)
    return coded_text(refusal.code, refusal.params) if refusal else _("图片说明里有字要改，点开提交一次就会告诉您。")


def _goods(form: dict[str, Any]) -> SheetListing:
    least = form["least"] or 1
    tiers = (Tier(least, form["supply"]),) if form["supply"] else ()
    return SheetListing(
        code=form["code"].strip() or made_code(form["title"]),
        title=form["title"].strip(),
        category=form["category"] or None,
        attributes={},
        tiers=tiers,
        retail_price_fen=form["retail"],
        drop_ship_price_fen=None,
        moq=least if tiers and least > 1 else None,
        skus=_variants(form),
        row=1,
        path=form["category"] or None,
    )


def _variants(form: dict[str, Any]) -> tuple[SheetSku, ...]:
    axes = {"颜色": split_values(form["colours"]), "尺码": _sizes(form["sizes"])}
    named = {name: values for name, values in axes.items() if values}
    to_order, pieces = bool(form["to_order"]), None if form["to_order"] else form["pieces"]
    cells = (dict(zip(named, values, strict=True)) for values in product(*named.values()))
    return tuple(SheetSku(options, stock=pieces, made_to_order=to_order) for options in cells)


def _sizes(typed: str) -> list[str]:
    """`S-XXL` is every size between, as in a price sheet."""
    return list(dict.fromkeys(size for value in split_values(typed) for size in split_sizes(value)))


def _page(error: DomainError | None = None) -> Response:
    return page(
        "listings/new.html",
        status=error.status if error else 200,
        error=error,
        form=request.form,
        categories=to_choose(locale(), ""),
        most=TITLE_CAP,
    )
