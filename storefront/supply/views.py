"""The market: factory goods that merchants may sell, one of them closely, asking to be let in, picking up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request
from markupsafe import Markup

from commission.payments.rules import PROCESSING_BP
from commission.rates.queries import rate_for
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import gettext as _
from kernel.i18n import locale
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.web import actor, client_address, form_data, now, page, requires, safe_path, say, service
from onboarding.admissions.operations import ask
from onboarding.listings.categories import category_name
from onboarding.offers.operations import pick_up
from storefront.catalogue.queries import factory_face
from storefront.photos.index import PhotoIndex
from storefront.photos.intake import ask_with, count_try, handed_over
from storefront.photos.queries import hits_of, search_kept
from storefront.photos.rules import KEPT
from storefront.photos.schemas import PhotoForm
from storefront.search.index import Index
from storefront.search.queries import belt_label
from storefront.supply.market import PAGE, listed, market
from storefront.supply.rules import ASKS, ASKS_OF_ONE, MARKUP_BP, earning, earnings
from storefront.supply.schemas import PATH, AskForm, Choice, PickUpForm, chosen, chosen_of

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from storefront.supply.market import Market

blueprint = Blueprint("supply", __name__, template_folder="templates")
_MARKET = Permission.SUPPLY_MARKET_VIEW
_JOIN = "/join/merchant"
BY_PHOTO = f"{PATH}/by-photo"

Link = dict[str, object]


@blueprint.get("/supply")
@requires(Permission.ACCOUNT_SELF_USE)
def goods() -> Response | BaseResponse:
    """What factories offer merchants; who is none yet is led to become one."""
    if not actor().may(_MARKET):
        return redirect(_JOIN)
    return _market_page(chosen(request.args.to_dict(flat=False)))


@blueprint.get(BY_PHOTO)
@requires(Permission.ACCOUNT_SELF_USE)
def photo_form() -> Response | BaseResponse:
    """Ask the market with a photo of the goods."""
    return _photo_page() if actor().may(_MARKET) else redirect(_JOIN)


@blueprint.post(BY_PHOTO)
@requires(_MARKET)
def ask_by_photo() -> Response | BaseResponse:
    """Find what merchants may sell by the picture that was handed in."""
    try:
        count_try(client_address(), scale=current_app.config.get("LIMITS_SCALE", 1), now=now())
        form_data(PhotoForm())
        search = ask_with(handed_over(request.files), actor=actor(), index=service(PhotoIndex), now=now())
    except DomainError as refusal:
        return _photo_page(refusal)
    return redirect(Choice(photo=search).url(), 303)


@blueprint.get("/supply/<listing>")
@requires(Permission.ACCOUNT_SELF_USE)
def one(listing: str) -> Response | BaseResponse:
    """One listing: every SKU, the ladder, what a markup earns, who makes it."""
    if not actor().may(_MARKET):
        return redirect(_JOIN)
    return _listing_page(listing)


@blueprint.post("/supply/pick-ups")
@requires(Permission.MERCHANT_GOODS_EDIT)
def pick_up_goods() -> Response | BaseResponse:
    """Pick up what was chosen, with one markup."""
    try:
        form = form_data(PickUpForm())
        made = pick_up(actor=actor(), listings=form["listing"], markup_bp=form["markup"], now=now())
    except NotFoundError:
        raise
    except DomainError as refusal:
        return _again(refusal)
    say(Markup(render_template("supply/_picked.html", count=len(made), markup_bp=form["markup"])))  # noqa: S704  ours
    return redirect(_back(form["back"]), 303)


@blueprint.post("/supply/admissions")
@requires(Permission.MERCHANT_GOODS_EDIT)
def ask_for_admission() -> Response | BaseResponse:
    """Ask a factory to be supplied."""
    try:
        form = form_data(AskForm())
        house = actor().membership(Permission.MERCHANT_GOODS_EDIT).organisation
        hit([(f"asks:{house}", *ASKS), (f"asks:{house}:{form['factory']}", *ASKS_OF_ONE)], now=now())
        ask(actor=actor(), factory=form["factory"], words=form["words"], now=now())
    except NotFoundError:
        raise
    except DomainError as refusal:
        return _again(refusal)
    say(_("申请已经发给工厂。工厂同意后，这里就能看到供货价，也能铺货。"))
    return redirect(_back(form["back"]), 303)


def _back(given: str) -> str:
    """A page of the market to go on to, whatever a form says."""
    path = safe_path(given, PATH)
    return path if urlsplit(path).path.startswith(PATH) else PATH


def _again(refusal: DomainError) -> Response:
    """The page the form stood on, with what was filled in and why it was refused."""
    back = _back(request.form.get("back", PATH))
    listing = urlsplit(back).path.removeprefix(PATH).strip("/")
    return _listing_page(listing, refusal) if listing else _market_page(chosen_of(back), refusal)


def _market_page(choice: Choice, error: DomainError | None = None) -> Response:
    search = search_kept(choice.photo, now=now()) if choice.photo else None
    pictured = [hit.listing for hit in hits_of(search)] if search else None
    found = market(actor().membership(_MARKET).organisation_id, choice, service(Index), pictured=pictured)
    return page(
        "supply/market.html",
        choice=choice,
        market=found,
        search=search,
        facets=_facets(choice, found),
        chips=_chips(choice, found),
        previous_url=choice.url(page=choice.page - 1) if choice.page > 1 else "",
        next_url=choice.url(page=choice.page + 1) if choice.page * PAGE < found.total else "",
        back=choice.url(page=choice.page),
        can_pick=any(one.terms and not one.pick_up for one in found.goods),
        first_of={one.factory: found.goods.index(one) + 1 for one in reversed(found.goods)},
        error=error,
        **_form_values(),
    )


def _photo_page(error: DomainError | None = None) -> Response:
    return page("supply/by_photo.html", error=error, action=BY_PHOTO, minutes=KEPT.seconds // 60)


def _listing_page(listing: str, error: DomainError | None = None) -> Response:
    found = listed(actor().membership(_MARKET).organisation_id, listing)
    values = _form_values()
    terms = found.goods.terms
    return page(
        "supply/listing.html",
        found=found,
        goods=found.goods,
        factory=factory_face(found.goods.factory_id, now=now()),
        earnings=earnings(terms.low_fen, values["rate_bp"], floor_fen=terms.floor_fen) if terms else [],
        back=f"{PATH}/{listing}",
        error=error,
        **values,
    )


def _form_values() -> dict[str, Any]:
    """What was filled in, kept when it is refused, and how a card reckons what a markup earns."""
    rate_bp = rate_for("merchant", now()).basis_points
    given = request.form.get("markup", "").removesuffix("%").strip()
    known = given.isascii() and given.isdigit() and len(given) <= len("1000")
    markup_bp = int(given) * 100 if known else MARKUP_BP
    return {
        "rate_bp": rate_bp,
        "processing_bp": PROCESSING_BP,
        "markup": request.form.get("markup", str(MARKUP_BP // 100)),
        "ticked": set(request.form.getlist("listing")),
        "asked": request.form.get("factory", ""),
        "words": request.form.get("words", ""),
        "earn": lambda supply_fen: earning(supply_fen, markup_bp, rate_bp),
        "belt_label": belt_label,
    }


def _facets(choice: Choice, found: Market) -> list[tuple[str, list[Link]]]:
    places = [
        _link(belt_label(one.province, one.name_zh, one.name_en), choice.toggled("belts", one.belt), one.count)
        | {"on": one.belt in choice.belts}
        for one in found.belts
    ]
    kinds = [
        _link(category_name(name, locale()), choice.toggled("categories", name), count)
        | {"on": name in choice.categories}
        for name, count in found.categories
        if choice.opens(name)
    ]
    return [(_("产业带"), places), (_("类目"), kinds)]


def _chips(choice: Choice, found: Market) -> list[Link]:
    """What is chosen, to take away again, and the two ways to look at what was picked up."""
    names = {one.belt: belt_label(one.province, one.name_zh, one.name_en) for one in found.belts}
    chips = [_link(names.get(slug, slug), choice.toggled("belts", slug)) | {"on": True} for slug in choice.belts]
    chips += [
        _link(category_name(name, locale()), choice.toggled("categories", name)) | {"on": True}
        for name in choice.categories
    ]
    if choice.factory:
        name = found.goods[0].factory_name if found.goods else _("这家工厂")
        chips.append(_link(name, choice.url(factory="")) | {"on": True})
    if choice.photo:
        chips.append(_link(_("照片里的货"), choice.url(photo="")) | {"on": True})
    for key, label in (("no", _("还没铺的")), ("yes", _("已铺货的"))):
        on = choice.picked == key
        chips.append(_link(label, choice.url(picked="" if on else key)) | {"on": on})
    return chips


def _link(label: str, url: str, count: int | None = None) -> Link:
    return {"label": label, "url": url, "count": count}
