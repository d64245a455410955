"""The pages a shopper looks at before buying."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, redirect, request

from kernel.clock import business_date
from kernel.errors import NotFoundError
from kernel.files import Files
from kernel.i18n import locale
from kernel.pictures import look
from kernel.text import slugify
from kernel.web import now, page, public, service
from onboarding.belts.queries import all_belts, belt_by_slug, provinces, story_of
from onboarding.belts.rules import TILES
from onboarding.departures.queries import leaving_at
from onboarding.listings.certified import shown
from onboarding.listings.rules import shown_code
from onboarding.pictures.queries import shown_of
from onboarding.standing.queries import public_licence
from onboarding.verification.queries import merchant_by_slug
from storefront.catalogue import queries
from storefront.catalogue.rules import looks, mixed, option_chips, selected, squares
from storefront.search.queries import (
    card_shown,
    cards_beside,
    cards_of_belt,
    cards_of_factory,
    cards_of_merchant,
    newest_cards,
)
from storefront.search.rules import untraded

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.belts.models import Belt
    from storefront.catalogue.queries import Variant
    from storefront.search.rules import Card

blueprint = Blueprint("catalogue", __name__, template_folder="templates")
_ID_LENGTH = len("lst_") + 16  # as long as that of a pick-up
_PER_PAGE: Final = 60
_LAST_PAGE: Final = 1_000
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
    public_id = name[:_ID_LENGTH]
    listing = queries.product(public_id)
    address = f"/goods/{public_id}-{slugify(listing.title)}".rstrip("-")
    if request.path != address:
        return _moved(address)
    maker = queries.factory_face(listing.organisation_id, now=now())
    beside = cards_beside(listing.organisation_id, maker.belt.id, listing.category, limit=_SHELF)
    return page(
        "catalogue/product.html",
        goods=listing,
        code=shown_code(listing.code),
        looks=_looks(listing.id, listing.image),
        attributes=untraded(listing.attributes),
        certificates=shown(listing, today=business_date(now())),
        factory=maker,
        shops=queries.shops_selling(listing.id),
        more=_others(cards_of_factory(maker.organisation, limit=_SHELF + 1), public_id),
        beside=[card_shown(card) for card in beside],
        address=address,
        **_shelf(queries.variants(listing.id), f"sku={request.args.get('sku', '')}", address),
    )


@blueprint.get("/m/<slug>/<name>")
@public
def resold(slug: str, name: str) -> Response | BaseResponse:
    """The same goods as a merchant sells them, under her name alone."""
    merchant = merchant_by_slug(slug)
    goods = queries.resold(merchant.organisation_id, name[:_ID_LENGTH])
    address = f"/m/{slug}/{goods.pick_up}-{slugify(goods.title)}".rstrip("-")
    if request.path != address:
        return _moved(address)
    return page(
        "catalogue/resold.html",
        goods=goods,
        looks=_looks(goods.listing_id, goods.image, goods.title),
        more=_others(cards_of_merchant(merchant.organisation_id, limit=_SHELF + 1), goods.pick_up),
        attributes=goods.attributes,
        merchant=merchant,
        since=business_date(merchant.joined_at),
        address=address,
        **_shelf(queries.resold_variants(goods.id), f"offer={request.args.get('offer', '')}", address),
    )


@blueprint.get("/m/<slug>")
@public
def merchant(slug: str) -> Response:
    """A merchant's shop: who she is, her licence, what she has to sell."""
    face = merchant_by_slug(slug)
    number = request.args.get("page", 1, type=int)
    number = min(max(number, 1), _LAST_PAGE)
    start = (number - 1) * _PER_PAGE
    goods = cards_of_merchant(face.organisation_id, limit=_PER_PAGE + 1, offset=start)
    return page(
        "catalogue/merchant.html",
        merchant=face,
        leaving=None if goods else leaving_at(slug, "merchant"),  # who leaves has nothing to sell
        since=business_date(face.joined_at),
        cards=[card_shown(card, named=False) for card in goods[:_PER_PAGE]],
        previous_url=f"/m/{slug}?page={number - 1}" if number > 1 else "",
        next_url=f"/m/{slug}?page={number + 1}" if len(goods) > _PER_PAGE else "",
    )


@blueprint.get("/f/<slug>")
@public
def factory(slug: str) -> Response:
    """A factory's face: who it is, where, its licence, its goods."""
    face = queries.factory_by_slug(slug, now=now())
    goods = cards_of_factory(face.organisation, limit=200)
    cards = [card_shown(card, named=False) for card in goods]
    leaving, face = None if cards else leaving_at(slug, "factory"), replace(face, goods=len(cards))
    return page("catalogue/factory.html", factory=face, cards=cards, leaving=leaving)


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
    """One belt: its story, factories and goods."""
    found = belt_by_slug(slug)
    return page(
        "catalogue/belt.html",
        belt=found,
        tile=TILES[found.province],
        story=story_of(slug, locale()),
        factories=queries.factories_of_belt(found.id, now=now()),
        cards=[card_shown(card) for card in cards_of_belt(slug, limit=60)],
    )


def _belts_shown(known: list[Belt]) -> dict[str, Any]:
    """All belts on the grid of provinces; those that sell something, the most goods first, and those that wait."""
    shelves = queries.belt_shelves()
    busy = sorted((belt for belt in known if belt.slug in shelves), key=lambda belt: -shelves[belt.slug].goods)
    return {
        "squares": squares(known, {slug: shelf.goods for slug, shelf in shelves.items()}),
        "shelves": shelves,
        "busy": busy,
        "waiting": [belt for belt in known if belt.slug not in shelves],
    }


def _looks(listing_id: int, image: str, told: str = "") -> list[tuple[str, str]]:
    """What there is to see of goods; of photographs what their maker says of them, or what is told instead."""
    if look(image) is None:
        return looks(image)
    return [(address, told or words) for address, words in shown_of(listing_id)]


def _moved(address: str) -> BaseResponse:
    query = request.query_string.decode()
    return redirect(f"{address}?{query}" if query else address, 301)


def _others(cards: list[Card], this: str) -> list[dict[str, Any]]:
    """What else the same seller has (`this` is the listing or the pick-up shown), under her roof without her name."""
    others = [card for card in cards if this not in {card.listing, card.pick_up}]
    return [card_shown(card, named=False) for card in others[:_SHELF]]


def _shelf(variants: list[Variant], choice: str, address: str) -> dict[str, Any]:
    variant = selected(variants, choice)
    return {"variants": variants, "variant": variant, "options": option_chips(variants, variant, address)}
