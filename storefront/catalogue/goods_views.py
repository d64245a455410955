"""Pages of goods: as their own factory sells them, and as a merchant does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, g, redirect, request, session

from kernel.clock import business_date
from kernel.i18n import locale
from kernel.permissions import Permission
from kernel.pictures import look
from kernel.text import slugify
from kernel.web import actor, now, page, public, safe_path
from onboarding.certificates.rules import NAMES as CERTIFICATES
from onboarding.listings.rules import shown_code
from onboarding.verification.queries import merchant_by_slug
from storefront.catalogue import goods
from storefront.catalogue.asked import asked
from storefront.catalogue.rules import looks, option_chips, quote, selected
from storefront.catalogue.sendback import send_back
from storefront.catalogue.shelves import beside
from storefront.catalogue.shops import shops_beside
from storefront.catalogue.transit import DESTINATIONS, code_of, destinations, transit
from storefront.search.queries import cards_of_merchant
from storefront.search.rules import untraded

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from storefront.catalogue.goods import Goods, Variant
    from storefront.search.rules import Card

blueprint = Blueprint("goods_pages", __name__)
_ID_LENGTH = len("lst_") + 16  # as long as that of a pick-up
_MOST_PIECES: Final = 1_000_000
_SHELF: Final = 5  # one full row


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
        shops=shops_beside(listing),
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
        more=tuple(_others(cards_of_merchant(merchant.organisation_id, limit=_SHELF + 1), listing.pick_up)),
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
    typed = asked(variant, session.pop("refused", None))  # told once: the next visit starts anew
    g.refused = bool(typed.refused)
    return {
        "asked": typed,
        "variants": variants,
        "variant": variant,
        "options": tuple((name, tuple(chips)) for name, chips in option_chips(variants, variant, address)),
        "until": business_date(ends) if ends and now() < ends else None,
        "back": send_back(category, sold_to_order=variant.sold_to_order),
    }
