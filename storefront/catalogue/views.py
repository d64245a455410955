"""The pages a shopper looks at before buying."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint, Response, current_app, redirect, request, session

from kernel.clock import business_date
from kernel.errors import NotFoundError
from kernel.files import Files
from kernel.i18n import locale, said
from kernel.permissions import Permission
from kernel.pictures import look
from kernel.text import lazy, slugify
from kernel.web import actor, now, page, public, safe_path, service
from onboarding.belts.queries import all_belts, belt_by_slug, provinces, story_of
from onboarding.belts.rules import TILES
from onboarding.certificates.rules import NAMES as CERTIFICATES
from onboarding.departures.queries import leaving_at
from onboarding.listings.rules import shown_code
from onboarding.standing.queries import public_licence
from onboarding.verification.queries import merchant_by_slug
from storefront.catalogue import goods, queries
from storefront.catalogue.kept import Kept
from storefront.catalogue.pieces import init_pieces
from storefront.catalogue.rules import looks, mixed, option_chips, quote, selected, squares
from storefront.catalogue.schemas import ShopChoice
from storefront.catalogue.sendback import send_back
from storefront.catalogue.shelves import PER_PAGE, beside, kinds_sold, shop_shelf
from storefront.catalogue.transit import DESTINATIONS, code_of, destinations, transit
from storefront.search.queries import card_shown, cards_of_belt, cards_of_merchant, newest_cards
from storefront.search.rules import untraded

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.belts.models import Belt
    from storefront.catalogue.goods import Goods, Variant
    from storefront.search.rules import Card

blueprint = Blueprint("catalogue", __name__, template_folder="templates")
blueprint.record_once(lambda state: init_pieces(cast("Flask", state.app)))
blueprint.record_once(lambda state: state.app.extensions.update(kept=Kept()))
SORTS: Final = {"newest": lazy("最新"), "price": lazy("价格从低到高"), "-price": lazy("价格从高到低")}
_ID_LENGTH = len("lst_") + 16  # as long as that of a pick-up
_PER_PAGE: Final = 60
_MOST_PIECES: Final = 1_000_000
_LAST_PAGE: Final = 1_000
_FACTORIES: Final = 30  # of a belt on a page
_NEWEST: Final = 40
_NEW_AT_HOME: Final = 10  # two full rows of five
_KINDS = {"f": "factory", "m": "merchant"}
_SHELF: Final = 5  # one full row


@blueprint.get("/")
@public
def home() -> Response:
    """Search first, then belts, new goods, how it works and the way in for factories."""
    return page(
        "catalogue/home.html",
        cards=[card_shown(card) for card in mixed(newest_cards(limit=_NEWEST), limit=_NEW_AT_HOME)],
        **_belts_shown(all_belts()),
    )


@blueprint.get("/goods/<path:name>")
@public
def product(name: str) -> Response | BaseResponse:
    """One listing of a factory; the id decides, the readable rest of the address is put right."""
    listing = goods.product(name[:_ID_LENGTH], now=now())
    address = f"/goods/{listing.public_id}-{slugify(listing.title)}".rstrip("-")
    if request.path != address:
        return _moved(address)
    held = goods.certificates(listing, today=business_date(now()))
    shelf = _shelf(goods.variants(listing.id), f"sku={request.args.get('sku', '')}", address, listing.category)
    return page(
        "catalogue/product.html",
        goods=listing,
        code=shown_code(listing.code),
        looks=_looks(listing.id, listing.image),
        attributes=tuple(untraded(listing.attributes).items()),
        certificates=tuple((CERTIFICATES[kind], number) for kind, number in held),
        factory=listing.maker,
        shops=listing.shops,
        shelves=beside(listing, now=now()),
        address=address,
        delivery=_delivery(listing, shelf["variant"]),
        provinces=destinations(locale()),
        supply=_supply(listing, shelf["variant"]),
        **shelf,
    )


@blueprint.get("/m/<slug>/<name>")
@public
def resold(slug: str, name: str) -> Response | BaseResponse:
    """The same goods as a merchant sells them, under her name alone."""
    merchant = merchant_by_slug(slug)
    listing = goods.resold(merchant.organisation_id, name[:_ID_LENGTH])
    address = f"/m/{slug}/{listing.pick_up}-{slugify(listing.title)}".rstrip("-")
    if request.path != address:
        return _moved(address)
    shelf = _shelf(
        goods.resold_variants(listing.id), f"offer={request.args.get('offer', '')}", address, listing.category
    )
    return page(
        "catalogue/resold.html",
        goods=listing,
        looks=_looks(listing.listing_id, listing.image, listing.title),
        more=_others(cards_of_merchant(merchant.organisation_id, limit=_SHELF + 1), listing.pick_up),
        attributes=tuple(listing.attributes.items()),
        merchant=merchant,
        since=business_date(merchant.joined_at),
        address=address,
        **shelf,
    )


@blueprint.post("/delivery-province")
@public
def deliver_to() -> BaseResponse:
    """Remember to which province somebody has parcels sent, and go back to the goods she looked at."""
    chosen = request.form.get("province", "")
    if chosen in DESTINATIONS:
        session["province"] = chosen
    else:
        session.pop("province", None)
    return redirect(safe_path(request.form.get("back"), "/"), 303)


@blueprint.get("/m/<slug>")
@public
def merchant(slug: str) -> Response:
    """A merchant's shop: who she is, her licence, what she has to sell."""
    face = merchant_by_slug(slug)
    number = request.args.get("page", 1, type=int)
    number = min(max(number, 1), _LAST_PAGE)
    start = (number - 1) * _PER_PAGE
    held = cards_of_merchant(face.organisation_id, limit=_PER_PAGE + 1, offset=start)
    return page(
        "catalogue/merchant.html",
        merchant=face,
        leaving=None if held else leaving_at(slug, "merchant"),  # who leaves has nothing to sell
        since=business_date(face.joined_at),
        cards=[card_shown(card, named=False) for card in held[:_PER_PAGE]],
        previous_url=f"/m/{slug}?page={number - 1}" if number > 1 else "",
        next_url=f"/m/{slug}?page={number + 1}" if len(held) > _PER_PAGE else "",
    )


@blueprint.get("/f/<slug>")
@public
def factory(slug: str) -> Response:
    """A factory's face: who it is, where, its licence, its goods by category, by words, by price."""
    face = queries.factory_by_slug(slug, now=now())
    choice = ShopChoice.read(face.url, request.args.to_dict())
    shelf = shop_shelf(face.organisation, choice, kept=_kept(), now=now())
    return page(
        "catalogue/factory.html",
        factory=replace(face, goods=shelf.all),
        shelf=shelf,
        choice=choice,
        kinds=kinds_sold(choice, shelf, locale()),
        sorts=[
            {"label": said(words), "url": choice.url(sort=sort), "on": choice.sort == sort}
            for sort, words in SORTS.items()
        ],
        leaving=None if shelf.all else leaving_at(slug, "factory"),
        next_url=choice.url(page=choice.page + 1) if shelf.found > choice.page * PER_PAGE else "",
        previous_url=choice.url(page=choice.page - 1) if choice.page > 1 else "",
    )


@blueprint.get("/f/<slug>/licence", defaults={"shop": "f"})
@blueprint.get("/m/<slug>/licence", defaults={"shop": "m"})
@public
def licence(shop: str, slug: str) -> Response:
    """The licence of a factory or merchant, as the law wants everybody to find it (亮照)."""
    return page("catalogue/licence.html", licence=public_licence(slug, _KINDS[shop]), shop=f"/{shop}/{slug}")


@blueprint.get("/f/<slug>/licence/picture", defaults={"shop": "f"})
@blueprint.get("/m/<slug>/licence/picture", defaults={"shop": "m"})
@public
def licence_picture(shop: str, slug: str) -> Response:
    """The marked copy of it."""
    found = public_licence(slug, _KINDS[shop])
    if not found.picture_key:
        raise NotFoundError(f"{_KINDS[shop]}.gone")
    return Response(service(Files).get(found.picture_key), mimetype="image/jpeg")


@blueprint.get("/belts")
@public
def belts() -> Response:
    """All belts by province, with what each has to show."""
    grouped = provinces()
    return page(
        "catalogue/belts.html",
        provinces=[(TILES[province], belts) for province, belts in grouped.items()],
        **_belts_shown([belt for belts in grouped.values() for belt in belts]),
    )


@blueprint.get("/belts/<slug>")
@public
def belt(slug: str) -> Response:
    """One belt: its story, its goods, and page by page its factories."""
    found = belt_by_slug(slug)
    number = min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
    start, held = (number - 1) * _FACTORIES, queries.factories_in_belt(found.id)
    return page(
        "catalogue/belt.html",
        belt=found,
        tile=TILES[found.province],
        story=story_of(slug, locale()),
        held=held,
        factories=queries.factories_of_belt(found.id, limit=_FACTORIES, offset=start, now=now()) if held else [],
        cards=[card_shown(card) for card in cards_of_belt(slug, limit=60)] if number == 1 else [],
        previous_url=f"/belts/{slug}?page={number - 1}" if number > 1 else "",
        next_url=f"/belts/{slug}?page={number + 1}" if start + _FACTORIES < held else "",
    )


def _belts_shown(known: list[Belt]) -> dict[str, Any]:
    """All belts on the grid of provinces; those that sell something, the most goods first, and those that wait."""
    shelves = _kept().get("belts", queries.belt_shelves, holds=queries.still_shown)
    busy = sorted((belt for belt in known if belt.slug in shelves), key=lambda belt: -shelves[belt.slug].goods)
    return {
        "squares": squares(known, {slug: shelf.goods for slug, shelf in shelves.items()}),
        "shelves": shelves,
        "busy": busy,
        "waiting": [belt for belt in known if belt.slug not in shelves],
    }


def _kept() -> Kept:
    return Kept(0) if current_app.testing else cast("Kept", current_app.extensions["kept"])


def _looks(listing_id: int, image: str, told: str = "") -> tuple[tuple[str, str], ...]:
    """What there is to see of goods; of photographs what their maker says of them, or what is told instead."""
    if look(image) is None:
        return tuple(looks(image))
    return tuple((address, told or words) for address, words in goods.photographs(listing_id))


def _delivery(listing: Goods, variant: Variant) -> dict[str, Any]:
    """Within how many days it ships, and when it arrives where she has her parcels sent."""
    terms = listing.maker.terms
    lead = variant.lead_days if variant.made_to_order and variant.lead_days else terms and terms.lead_days
    chosen = session.get("province", "")
    start = code_of(listing.maker.belt.province)
    days = transit(start, chosen) if chosen in DESTINATIONS and start else None
    return {"lead": lead, "province": chosen if days else "", "days": days.after(lead or 0) if days else None}


def _supply(listing: Goods, variant: Variant) -> dict[str, Any] | None:
    """What a merchant whom the factory admitted pays for so many pieces; nobody else is told."""
    if not actor().may(Permission.SUPPLY_MARKET_VIEW):
        return None
    house = actor().membership(Permission.SUPPLY_MARKET_VIEW).organisation_id
    terms = goods.supplied(listing, variant, house)
    asked = request.args.get("pieces", 1, type=int)
    if terms is None:
        return None
    return {
        "terms": terms,
        "quote": quote(terms.single_fen, terms.ladder, min(max(asked, 1), _MOST_PIECES)),
        "most": _MOST_PIECES,
    }


def _moved(address: str) -> BaseResponse:
    query = request.query_string.decode()
    return redirect(f"{address}?{query}" if query else address, 301)


def _others(cards: list[Card], this: str) -> list[Card]:
    """What else the same seller has (`this` is the listing or the pick-up shown), under her roof without her name."""
    others = [card for card in cards if this not in {card.listing, card.pick_up}]
    return others[:_SHELF]


def _shelf(variants: list[Variant], choice: str, address: str, category: str) -> dict[str, Any]:
    """What there is to choose from, what is chosen, and what holds of it."""
    variant = selected(variants, choice)
    ends = variant.closing and variant.closing.reopens_at
    return {
        "variants": variants,
        "variant": variant,
        "options": tuple((name, tuple(chips)) for name, chips in option_chips(variants, variant, address)),
        "until": business_date(ends) if ends and now() < ends else None,
        "back": send_back(category, sold_to_order=variant.sold_to_order),
    }
