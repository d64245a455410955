"""The pages a shopper looks at before buying."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from kernel.errors import NotFoundError
from kernel.text import slugify
from kernel.web import page, public
from onboarding.belts.queries import all_belts, belt_by_slug
from storefront.catalogue import queries
from storefront.catalogue.rules import option_chips, selected
from storefront.search.queries import card_shown, cards_of_belt, cards_of_factory, newest_cards

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("catalogue", __name__, template_folder="templates")
_ID_LENGTH = len("lst_") + 16


@blueprint.get("/")
@public
def home() -> Response:
    """Search first, then belts, new goods, how it works and the way in for factories."""
    counts = queries.goods_by_belt()
    belts = sorted(all_belts(), key=lambda belt: (-counts.get(belt.slug, 0), belt.id))
    return page(
        "catalogue/home.html",
        cards=[card_shown(card) for card in newest_cards(limit=12)],
        belts=belts[:12],
        counts=counts,
    )


@blueprint.get("/goods/<path:name>")
@public
def product(name: str) -> Response | BaseResponse:
    """One listing; the id decides, the readable rest of the address is put right."""
    public_id = name[:_ID_LENGTH]
    listing = queries.product(public_id)
    address = f"/goods/{public_id}-{slugify(listing.title)}".rstrip("-")
    if request.path != address:
        query = request.query_string.decode()
        return redirect(f"{address}?{query}" if query else address, 301)
    variants = queries.variants(listing)
    if not variants:
        raise NotFoundError("goods.gone")
    variant = selected(variants, request.args.get("sku", ""))
    return page(
        "catalogue/product.html",
        listing=listing,
        factory=queries.factory_of(listing),
        variants=variants,
        variant=variant,
        address=address,
        options=option_chips(variants, variant, address),
    )


@blueprint.get("/f/<slug>")
@public
def factory(slug: str) -> Response:
    """A factory's face: who it is, where, its licence, its goods."""
    face = queries.factory_by_slug(slug)
    goods = cards_of_factory(face.organisation, limit=200)
    return page("catalogue/factory.html", factory=face, cards=[card_shown(card) for card in goods])


@blueprint.get("/belts")
@public
def belts() -> Response:
    """All belts by province, with what each has to show."""
    by_province = defaultdict(list)
    for belt in all_belts():
        by_province[belt.province].append(belt)
    return page("catalogue/belts.html", provinces=dict(by_province), counts=queries.goods_by_belt())


@blueprint.get("/belts/<slug>")
@public
def belt(slug: str) -> Response:
    """One belt: its factories and goods."""
    found = belt_by_slug(slug)
    return page(
        "catalogue/belt.html",
        belt=found,
        factories=queries.factories_of_belt(found.id),
        cards=[card_shown(card) for card in cards_of_belt(slug, limit=60)],
    )
