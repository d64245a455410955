"""The page of one listing, and what its factory does there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request

from kernel.clock import business_date
from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.i18n import locale
from kernel.permissions import Permission
from kernel.pictures import look
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.listings import mendings, operations, queries, relisting, takedowns
from onboarding.listings.again import stands_of_new
from onboarding.listings.asked import asked_of
from onboarding.listings.categories import to_answer, to_choose
from onboarding.listings.certified import needed, why_lapsed
from onboarding.listings.changes import DROP_SHIP, as_asked, changes_of, refused_of, waiting_edit, words_in
from onboarding.listings.claims import remarks
from onboarding.listings.doubts import own_doubts
from onboarding.listings.figures import fen_of
from onboarding.listings.meanwhile import again, marks, merged
from onboarding.listings.pictures import drawn_choices, pictures
from onboarding.listings.rules import LISTING, MENDED_WHILE, TAKEDOWN_REASONS
from onboarding.listings.schemas import (
    AppealForm,
    SupplyForm,
    listing_form,
    split_listing_form,
    typed_again,
)
from onboarding.listings.sharing import standing_takedown
from onboarding.listings.steps import is_held
from onboarding.verification.queries import application_state
from onboarding.verification.rules import JOINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.listings.models import Listing

blueprint = Blueprint("listings", __name__, template_folder="templates")

_EDIT = Permission.LISTING_GOODS_EDIT
_LIST = "/factory/listings"


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
        images = [found.image, *(path for path, _word, _name in pictures())]
        schema = listing_form([sku.public_id for sku in found.skus if sku.for_sale], images, found.category)
        form = form_data(schema, merged(request.form, _standing(as_asked(found, waiting_edit(found.id)))))
        if form["then"] == "check":
            return _listing_page(found, checked=True)
        told = split_listing_form(form, as_asked(found, waiting_edit(found.id))["attributes"])
        if look(found.image):  # a photograph stands for it by now, which no choice among drawn ones takes away
            told["words"].pop("image", None)
        operations.edit_listing(actor=actor(), listing=listing, **told, now=now())
        if form["then"] == "submit":
            return submit(listing)
    except DomainError as refusal:
        return _listing_page(queries.own_listing(actor(), listing), refusal)
    if found.state != before:
        say(_("已保存。改动要先审核，通过后恢复销售。"), "warn")
    elif found.state == "published" and waiting_edit(found.id):
        say(_("已保存。要审核的改动通过后生效，期间照原来的样子卖。"))
    else:
        say(_("已保存。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/submission")
@requires(_EDIT)
def submit(listing: str) -> BaseResponse:
    """Hand in one listing."""
    try:
        operations.submit_listing(actor=actor(), listing=listing, now=now())
    except DomainError as refusal:
        return _listing_page(queries.own_listing(actor(), listing), refusal)
    say(_("已提交审核，通过后自动上架，结果会发短信通知您。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/submission-withdrawal")
@requires(_EDIT)
def withdraw(listing: str) -> BaseResponse:
    """Take goods back that wait for an operator."""
    try:
        operations.withdraw_listing(actor=actor(), listing=listing, now=now())
    except DomainError as refusal:
        return _listing_page(queries.own_listing(actor(), listing), refusal)
    say(_("审核已撤回，改好再提交。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/edit-withdrawal")
@requires(_EDIT)
def withdraw_edit(listing: str) -> BaseResponse:
    """Take back what waits for an operator."""
    operations.withdraw_edit(actor=actor(), listing=listing, now=now())
    say(_("改动已撤回，商品照原来的样子在卖。"))
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
    waiting = waiting_edit(found.id)
    if waiting is not None and DROP_SHIP in waiting.after:
        say(_("已保存。代发价改动较大，审核后生效，结果会发短信通知您；期间照原来的价供货。"), "warn")
    elif form["supply"] == "open":
        say(_("已保存。您同意供货的商家按这个价拿货，卖一件付您一件，您来发货。"))
    else:
        say(_("已停止供货。商家那里马上停售，已付款的订单请照常发货。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/appeal")
@requires(_EDIT)
def appeal(listing: str) -> Response | BaseResponse:
    """Ask for a take-down to be looked at again."""
    found = queries.own_listing(actor(), listing)
    try:
        takedowns.appeal(actor=actor(), listing=listing, words=form_data(AppealForm())["words"], now=now())
    except DomainError as refusal:
        return _listing_page(found, refusal, about="appeal")
    say(_("申诉已提交，由另一位审核员来看，结果会发短信。"), "good")
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/archiving")
@requires(_EDIT)
def archive(listing: str) -> BaseResponse:
    """Take one listing off sale."""
    operations.archive_listing(actor=actor(), listing=listing, now=now())
    say(_("商品已下架，随时可以重新上架。之前的订单照常发货、结算。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/relisting")
@requires(_EDIT)
def relist(listing: str) -> BaseResponse:
    """Put one listing on sale again."""
    try:
        state = relisting.relist(actor=actor(), listing=listing, now=now()).state
    except DomainError as refusal:
        return _listing_page(queries.own_listing(actor(), listing), refusal)
    if state == "published":
        say(_("已重新上架，买家又能买了，商家铺的货跟着恢复。库存和价格请再核对一遍。"))
    elif state == "submitted":
        say(_("已提交审核，通过后自动上架，结果会发短信通知您。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/mending")
@requires(_EDIT)
def mended(listing: str) -> Response | BaseResponse:
    """Say that goods are as the platform asked for."""
    found = queries.own_listing(actor(), listing)
    try:
        mendings.say_mended(actor=actor(), listing=listing, words=form_data(AppealForm())["words"], now=now())
    except DomainError as refusal:
        return _listing_page(found, refusal, about="mending")
    say(_("已告诉平台，审核员会再看一遍，结果发短信给您。"), "good")
    return redirect(f"{_LIST}/{listing}", 303)


def _listing_page(
    listing: Listing, error: DomainError | None = None, *, about: str = "", checked: bool = False
) -> Response:
    """The page with what was typed into the form that was refused: the supply form is `about` it, or the other.

    `checked`: she asked what is to be said of her words, and nothing is saved yet.
    """
    edit, refusal = waiting_edit(listing.id), _refusal(listing)
    standing = as_asked(listing, edit)
    said = standing | (refusal["rewords"] if refusal["mends"] else {})
    asked = to_answer(said["category"], locale())
    return page(
        "listings/listing.html",
        listing=listing,
        said=said,
        edit=edit,
        changes=changes_of(edit) if edit else (),
        **refusal,
        error=error,
        checked=checked,
        remarks=remarks(said | request.form.to_dict()),
        doubts=own_doubts(listing, today=business_date(now()), typed=_typed_words(), prices=_typed_prices(listing)),
        form=_typed(standing, error) if not about else {},
        shown=marks(_standing(standing)),
        supply_form=request.form if about == "supply" else {},
        supply=queries.own_supply(listing),
        resellers=service(queries.Resellers)(listing.id),
        pictures=drawn_choices(said["image"], listing.title),
        categories=to_choose(locale(), said["category"]),
        needed=needed(listing, today=business_date(now())),
        asked=asked,
        beside={name: told for name, told in listing.attributes.items() if name not in {one["zh"] for one in asked}},
        **_asked_for(listing),
        may_hand_in=_may(Permission.SELLER_PAPERS_EDIT, listing.organisation_id),
        actions=LISTING.actions(listing.state),
        lifecycle=LISTING,
        joined=application_state(listing.organisation_id) in JOINED,
    )


def _asked_for(listing: Listing) -> dict[str, Any]:
    """What operators asked of goods, why they are off sale, and what can be said against it."""
    return {
        "were_asked": asked_of(listing),
        "why_lapsed": why_lapsed(listing) if listing.state == "lapsed" else "",
        "mending": mendings.last_mending(listing.id) if listing.state in MENDED_WHILE else None,
        "down": standing_takedown(listing.id) if listing.state == "taken_down" else None,
        "held": is_held(listing),
        "takedown_reasons": TAKEDOWN_REASONS,
        "appeal_words": request.form.get("words", ""),
        "may_appeal": _may(Permission.LISTING_SALE_CHANGE, listing.organisation_id),
    }


def _refusal(listing: Listing) -> dict[str, Any]:
    """What was refused of goods on sale, and how many new variants nobody looks at; filled in where she mends it."""
    refused = refused_of(listing) if listing.state == "published" else None
    return {
        "refused": refused,
        "refused_changes": changes_of(refused) if refused else (),
        "rewords": words_in(refused.after) if refused else {},
        "mends": refused is not None and "again" in request.args,
        "unsent": sum(stands == "unsent" for stands in stands_of_new(listing).values()),
    }


def _standing(said: Mapping[str, Any]) -> dict[str, str]:
    """The words of goods (`as_asked`) as the form shows them."""
    asked = to_answer(said["category"], locale())
    words = {name: said[name] for name in ("title", "category", "description", "image")}
    return words | {f"attribute_{one['key']}": said["attributes"].get(one["zh"], "") for one in asked}


def _typed(said: Mapping[str, Any], error: DomainError | None) -> dict[str, str]:
    typed = typed_again(request.form, error)
    return again(typed, _standing(said), error) if error else typed


def _typed_words() -> dict[str, str]:
    """The words of goods as they stand in the form; the page asks for what it says of them while they are typed."""
    return {name: request.form[name] for name in ("title", "description", "category") if name in request.form}


def _typed_prices(listing: Listing) -> dict[str, int]:
    """The prices that can be read as they stand in the form."""
    typed = {sku.public_id: request.form.get(f"price_{sku.public_id}", "") for sku in listing.skus}
    return {sku: fen for sku, said in typed.items() if (fen := fen_of(said)) is not None}


def _may(permission: Permission, organisation_id: int) -> bool:
    return actor().may(permission, organisation_id=organisation_id)
