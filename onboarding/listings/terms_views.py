"""The page on which a factory says how one listing is sold: how many at once, ladder and floor, lead time, weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, redirect, request
from marshmallow import Schema, fields, validate

from kernel.errors import DomainError, InvalidInputError
from kernel.i18n import gettext as _
from kernel.i18n import ngettext, typed, yuan
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.listings import queries
from onboarding.listings.changes import DIRECT, TIERS, waiting_edit
from onboarding.listings.figures import fen_of
from onboarding.listings.matrix_forms import OptionalWhole
from onboarding.listings.meanwhile import SHOWN, again, marks, merged
from onboarding.listings.rules import (
    GRAMS_CAP,
    LEAD_DAYS_CAP,
    LEAST_CAP,
    LISTING,
    MIXES,
    PACK_CAP,
    Lot,
)
from onboarding.listings.schemas import OptionalPrice, Pieces
from onboarding.listings.terms import ListingTerms, as_asked, set_terms, terms_as_they_are

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.listings.models import Listing

blueprint = Blueprint("listing_terms", __name__)

RUNGS: Final = 5
_EDIT = Permission.LISTING_GOODS_EDIT
_SHOWN_IN_CHANNEL: Final = {"yes": True, "no": False}
_STOCKED: Final = {"": None, "stock": False, "order": True}


@blueprint.get("/factory/listings/<listing>/terms")
@requires(_EDIT)
def terms(listing: str) -> Response:
    """How it is sold now."""
    return _terms_page(queries.own_listing(actor(), listing))


@blueprint.post("/factory/listings/<listing>/terms")
@requires(_EDIT)
def save(listing: str) -> BaseResponse:
    """Sell it otherwise from now on."""
    found = queries.own_listing(actor(), listing)
    try:
        form = form_data(_schema(found), merged(request.form, _standing(found), whole=["rung_"]))
        told, pausing = _told(form, found), _pausing(found, form)
        set_terms(actor=actor(), listing=listing, terms=told, now=now())
    except DomainError as refusal:
        return _terms_page(found, refusal)
    _say_saved(found, told, pausing)
    return redirect(f"/factory/listings/{listing}/terms", 303)


def _pausing(listing: Listing, form: Mapping[str, Any]) -> int:
    """How many merchants pause under a new floor; asked about first: `listing.floor_pauses`."""
    floor = form.get("floor")
    if floor is None or floor == terms_as_they_are(listing).floor_price_fen:
        return 0
    count = service(queries.Resellers)(listing.id, below_fen=floor)
    if count and form["agreed_floor"] != str(floor):
        raise InvalidInputError({"floor": ("listing.floor_pauses", {"count": count, "floor": yuan(floor)})})
    return count


def _say_saved(listing: Listing, told: ListingTerms, pausing: int) -> None:
    waiting = waiting_edit(listing.id)
    if waiting is not None and {DIRECT, TIERS} & waiting.after.keys():
        say(
            _("已保存。起批量或阶梯价改动较大，审核后生效，结果会发短信通知您；其他的马上生效，之前的订单不变。"),
            "warn",
        )
    else:
        say(_("已保存，马上生效；之前的订单不变。"))
    if pausing:
        paused = ngettext(
            "%(num)s 家商家卖得低于最低售价，已暂停，也通知了对方。",
            "%(num)s 家商家卖得低于最低售价，已暂停，也通知了对方。",
            pausing,
        )
        say(paused, "warn")
    for lot in (told.direct, told.supply):
        if lot and lot.least != lot.min_quantity:
            least, pack = lot.least, lot.pack_size
            say(_("只按整箱卖：每箱 %(pack)s 件，实际从 %(least)s 件起批。", pack=pack, least=least), "info")


def _terms_page(listing: Listing, error: DomainError | None = None) -> Response:
    known, waiting, standing = terms_as_they_are(listing), waiting_edit(listing.id), _standing(listing)
    return page(
        "listings/terms.html",
        listing=listing,
        lifecycle=LISTING,
        error=error,
        form=again(request.form, standing, error) if error else standing | {SHOWN: marks(standing)},
        agreed_floor=_floor_asked(error),
        waits=waiting is not None and bool({DIRECT, TIERS} & waiting.after.keys()),
        terms=known,
        rungs=range(RUNGS),
        mixes=[(key, _(label)) for key, label in MIXES.items()],
        stocked=[
            *([("", _("各规格不一样，先不改"))] if known.to_order is None else []),
            ("stock", _("现货")),
            ("order", _("接单后生产")),
        ],
        resold=[
            ("yes", _("可以"), _("您自己不卖这款时，顾客也能搜到商家的")),
            ("no", _("不可以"), _("只在商家自己的店里卖，工厂货里搜不到")),
        ],
    )


def _floor_asked(error: DomainError | None) -> int | str:
    """The floor (fen) of which the page now says who pauses, so that saving it again is agreeing to that."""
    code, _params = getattr(error, "fields", {}).get("floor", ("", {}))
    return fen_of(request.form["floor"]) or "" if code == "listing.floor_pauses" else ""


def _schema(listing: Listing) -> Schema:
    """Fields for each way that a listing has."""
    members: dict[str, fields.Field[Any]] = {
        "low_stock": Pieces(required=True),
        "lead_days": OptionalWhole(cap=LEAD_DAYS_CAP, load_default=None),
        "weight_grams": OptionalWhole(cap=GRAMS_CAP, load_default=None),
        "stocked": fields.String(load_default="", validate=validate.OneOf([*_STOCKED], error="field.choice")),
    }
    for way in (one.way for one in listing.ways):
        members[f"{way}_least"] = Pieces(cap=LEAST_CAP, required=True)
        members[f"{way}_pack"] = Pieces(cap=PACK_CAP, required=True)
        members[f"{way}_mix"] = fields.String(required=True, validate=validate.OneOf([*MIXES], error="field.choice"))
        if way == "supply":
            shown = validate.OneOf([*_SHOWN_IN_CHANNEL], error="field.choice")
            members["resold_shown"] = fields.String(load_default=None, validate=shown)
            members["floor"] = OptionalPrice(load_default=None)
            members["agreed_floor"] = fields.String(load_default="")
            for rung in range(RUNGS):
                members[f"rung_least_{rung}"] = OptionalWhole(load_default=None)
                members[f"rung_price_{rung}"] = OptionalPrice(load_default=None)
    made: Schema = type("TermsForm", (Schema,), members)()
    return made


def _told(form: Mapping[str, Any], listing: Listing) -> ListingTerms:
    ways = {one.way for one in listing.ways}
    lots = {way: Lot(form[f"{way}_least"], form[f"{way}_pack"], form[f"{way}_mix"]) for way in ways}
    rungs = [(form.get(f"rung_least_{at}"), form.get(f"rung_price_{at}")) for at in range(RUNGS)]
    if any((least is None) != (price is None) for least, price in rungs):
        raise DomainError("listing.half_a_tier")
    return ListingTerms(
        direct=lots.get("direct"),
        supply=lots.get("supply"),
        tiers=tuple((least, price) for least, price in rungs if least is not None and price is not None),
        floor_price_fen=form.get("floor"),
        low_stock=form["low_stock"],
        lead_days=form["lead_days"],
        weight_grams=form["weight_grams"],
        to_order=_STOCKED[form["stocked"]],
        resold_shown=_SHOWN_IN_CHANNEL.get(form.get("resold_shown") or "", terms_as_they_are(listing).resold_shown),
    )


def _standing(listing: Listing) -> dict[str, str | int]:
    """The form as it stands now, with what waits."""
    return _form_of(as_asked(terms_as_they_are(listing), waiting_edit(listing.id)))


def _form_of(known: ListingTerms) -> dict[str, str | int]:
    """What stands there, as the form writes it."""
    form: dict[str, str | int] = {"low_stock": known.low_stock, "lead_days": known.lead_days or ""}
    form |= {"weight_grams": known.weight_grams or ""}
    form |= {"floor": typed(known.floor_price_fen) if known.floor_price_fen else ""}
    form["resold_shown"] = next(key for key, value in _SHOWN_IN_CHANNEL.items() if value is known.resold_shown)
    form["stocked"] = next(key for key, value in _STOCKED.items() if value is known.to_order)
    for way, lot in (("direct", known.direct), ("supply", known.supply)):
        if lot is not None:
            form |= {f"{way}_least": lot.min_quantity, f"{way}_pack": lot.pack_size, f"{way}_mix": lot.mix}
    form |= {f"rung_{part}_{at}": "" for at in range(RUNGS) for part in ("least", "price")}
    for at, (least, price) in enumerate(known.tiers):
        form |= {f"rung_least_{at}": least, f"rung_price_{at}": typed(price)}
    return form
