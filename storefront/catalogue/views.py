"""The pages a shopper looks at before goods: the front, shops, licences, belts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint, Response, current_app, request

from kernel.clock import business_date
from kernel.errors import NotFoundError
from kernel.files import Files
from kernel.i18n import locale, said
from kernel.text import lazy
from kernel.web import now, page, public, service
from onboarding.belts.queries import all_belts, belt_by_slug, provinces, story_of
from onboarding.belts.rules import TILES
from onboarding.departures.queries import leaving_at
from onboarding.standing.queries import public_licence
from onboarding.verification.queries import merchant_by_slug
from storefront.catalogue import queries
from storefront.catalogue.kept import Kept
from storefront.catalogue.linked import init_linked
from storefront.catalogue.rules import mixed, squares
from storefront.catalogue.schemas import ShopChoice
from storefront.catalogue.shelves import PER_PAGE, kinds_sold, shop_shelf
from storefront.search.queries import card_shown, cards_of_belt, cards_of_merchant, newest_cards

if TYPE_CHECKING:
    from flask import Flask

    from onboarding.belts.models import Belt

blueprint = Blueprint("catalogue", __name__, template_folder="templates")
blueprint.record_once(lambda state: init_linked(cast("Flask", state.app)))
blueprint.record_once(lambda state: state.app.extensions.update(kept=Kept()))
SORTS: Final = {"newest": lazy("最新"), "price": lazy("价格从低到高"), "-price": lazy("价格从高到低")}
_PER_PAGE: Final = 60
_LAST_PAGE: Final = 1_000
_FACTORIES: Final = 30  # of a belt on a page
_NEWEST: Final = 40
_NEW_AT_HOME: Final = 10  # two full rows of five
_KINDS = {"f": "factory", "m": "merchant"}


@blueprint.get("/")
@public
def home() -> Response:
    """Search first, then belts, new goods, how it works and the way in for factories."""
    return page(
        "catalogue/home.html",
        cards=[card_shown(card) for card in mixed(newest_cards(limit=_NEWEST), limit=_NEW_AT_HOME)],
        **_belts_shown(all_belts()),
    )


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
