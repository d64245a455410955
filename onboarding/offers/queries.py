"""What can be bought, asked on hot paths: Core, one statement each, JSON-ready answers. Money is fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, case, func, select, true

from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.listings.models import Listing, Sku, WayOfSelling
from onboarding.offers.models import Offer, PickUp
from onboarding.verification.models import Application

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Subquery

PLENTY: Final = 1_000_000
"""What is `left` of goods made to order: more than anybody orders at once."""


@dataclass(frozen=True, slots=True)
class SellableOffer:
    """An offer that can be bought now: on, of a published listing, from an approved factory.

    `maker` ships; it is the seller itself unless this is a resale offer, whose `supply_price_fen` the seller owes it.
    """

    offer_id: int
    offer: str
    kind: str
    price_fen: int
    currency: str
    min_quantity: int
    left: int
    made_to_order: bool
    sku_id: int
    sku: str
    options: Mapping[str, str]
    listing_id: int
    listing: str
    title: str
    image: str
    category: str
    belt: str
    seller_id: int
    seller: str
    seller_name: str
    seller_slug: str
    maker_id: int
    maker: str
    supply_price_fen: int | None
    pick_up: str | None

    @property
    def page(self) -> str:
        """Where a shopper sees it: a merchant's page says nothing of the factory behind it."""
        if self.pick_up is None:
            return f"/goods/{self.listing}?sku={self.sku}"
        return f"{self.seller_page}/{self.pick_up}?offer={self.offer}"

    @property
    def seller_page(self) -> str:
        """The seller's own page."""
        return f"/{'m' if self.pick_up else 'f'}/{self.seller_slug}"


@dataclass(frozen=True, slots=True)
class Card:
    """What a search page shows of a listing: the cheapest offer that is on, and the factory's face."""

    listing: str
    title: str
    image: str
    category: str
    price_fen: int
    price_to_fen: int
    currency: str
    min_quantity: int
    skus: int
    left: int
    factory: str
    factory_name: str
    factory_slug: str
    belt: str
    belt_zh: str
    belt_en: str
    province: str


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """What a search index needs of a listing on sale; `words` is free text of attributes, options and the code."""

    listing_id: int
    listing: str
    title: str
    category: str
    image: str
    words: str
    factory: str
    factory_name: str
    belt: str
    belt_zh: str
    province: str
    price_fen: int
    left: int
    moq: int
    published_at: datetime


def sellable(offers: Iterable[str]) -> list[SellableOffer]:
    """Those of the offers (public ids) that can be bought now; the rest are missing from the answer."""
    return _sellable(_sellable_query().where(Offer.public_id.in_(list(offers))))


def offers_of_listing(listing: str) -> list[SellableOffer]:
    """Every offer of a listing (public id) that can be bought now, in the order of its SKUs."""
    query = _sellable_query().where(Listing.public_id == listing).order_by(Offer.sku_id, Offer.id)
    return _sellable(query)


def cards(listings: Iterable[str]) -> dict[str, Card]:
    """Cards by public id of those listings that can be bought now; a listing taken down is missing at once."""
    chosen = select(Listing.id).where(Listing.public_id.in_(list(listings)))
    return {row["listing"]: Card(**row) for row in _rows(_card_query(chosen))}


def cards_of_belt(belt: str, *, limit: int) -> list[Card]:
    """The newest goods of a belt (slug)."""
    of_belt = select(Application.organisation_id).join(Belt, Belt.id == Application.belt_id).where(Belt.slug == belt)
    return _newest(Listing.organisation_id.in_(of_belt), limit)


def cards_of_factory(factory: str, *, limit: int) -> list[Card]:
    """The newest goods of a factory (public id)."""
    made_by = select(Organisation.id).where(Organisation.public_id == factory).scalar_subquery()
    return _newest(Listing.organisation_id == made_by, limit)


def newest_cards(*, limit: int) -> list[Card]:
    """The newest goods of all."""
    return _newest(true(), limit)


def documents(listings: Sequence[str]) -> list[ListingFacts]:
    """Facts for the index of those listings (public ids) that can be bought now; the others belong out of it."""
    chosen = select(Listing.id).where(Listing.public_id.in_(listings))
    offered = _offered(chosen)
    query = (
        _of_approved_factory(select(Listing, Organisation, Belt, offered.c.low, offered.c.left))
        .join(offered, offered.c.listing_id == Listing.id)
        .where(Listing.state == "published")
        .order_by(Listing.id)
    )
    rows = session().execute(query).all()
    ids = [row.Listing.id for row in rows]
    options, moqs = _option_words(ids), _moqs(ids)
    return [_facts(row, options.get(row.Listing.id, ""), moqs.get(row.Listing.id, 1)) for row in rows]


def published_after(listing_id: int, *, limit: int = 500) -> list[tuple[int, str]]:
    """Published listings by id, `(id, public id)`, a page at a time: the walk of a whole re-index."""
    query = select(Listing.id, Listing.public_id).where(Listing.state == "published", Listing.id > listing_id)
    return [(row[0], row[1]) for row in session().execute(query.order_by(Listing.id).limit(limit))]


def _sellable_query() -> Select[Any]:
    left = case((Sku.made_to_order, PLENTY), else_=Sku.on_hand - Sku.reserved)
    makers = (
        select(Application.organisation_id, Organisation.public_id, Belt.slug)
        .join(Belt, Belt.id == Application.belt_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
    )
    approved = makers.where(Application.state == "approved").subquery("approved")
    columns = (
        Offer.id.label("offer_id"),
        Offer.public_id.label("offer"),
        Offer.kind,
        Offer.price_fen,
        Offer.currency,
        Offer.min_quantity,
        left.label("left"),
        Sku.made_to_order,
        Sku.id.label("sku_id"),
        Sku.public_id.label("sku"),
        Sku.options,
        Listing.id.label("listing_id"),
        Listing.public_id.label("listing"),
        Listing.title,
        Listing.image,
        Listing.category,
        approved.c.slug.label("belt"),
        Organisation.id.label("seller_id"),
        Organisation.public_id.label("seller"),
        Organisation.name.label("seller_name"),
        Organisation.slug.label("seller_slug"),
        approved.c.organisation_id.label("maker_id"),
        approved.c.public_id.label("maker"),
        Offer.supply_price_fen,
        PickUp.public_id.label("pick_up"),
    )
    return (
        select(*columns)
        .select_from(Offer)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Listing, Listing.id == Offer.listing_id)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .join(approved, approved.c.organisation_id == Listing.organisation_id)
        .outerjoin(PickUp, PickUp.id == Offer.pick_up_id)
        .where(Offer.state == "on", Listing.state == "published")
    )


def _sellable(query: Select[Any]) -> list[SellableOffer]:
    return [SellableOffer(**row) for row in _rows(query)]


def _newest(where: ColumnElement[bool], limit: int) -> list[Card]:
    approved = select(Application.organisation_id).where(Application.state == "approved")
    on = select(Offer.id).where(Offer.listing_id == Listing.id, Offer.state == "on").exists()
    chosen = (
        select(Listing.id)
        .where(Listing.state == "published", Listing.organisation_id.in_(approved), on, where)
        .order_by(Listing.published_at.desc(), Listing.id.desc())
        .limit(limit)
    )
    query = _card_query(select(chosen.subquery().c.id)).order_by(Listing.published_at.desc(), Listing.id.desc())
    return [Card(**row) for row in _rows(query)]


def _rows(query: Select[Any]) -> Iterator[dict[str, Any]]:
    for row in session().execute(query).mappings():
        yield {str(name): value for name, value in row.items()}


def _card_query(chosen: Select[int]) -> Select[Any]:
    offered = _offered(chosen)
    columns = (
        Listing.public_id.label("listing"),
        Listing.title,
        Listing.image,
        Listing.category,
        offered.c.low.label("price_fen"),
        offered.c.high.label("price_to_fen"),
        offered.c.currency,
        offered.c.min_quantity,
        offered.c.skus,
        offered.c.left,
        Organisation.public_id.label("factory"),
        Organisation.name.label("factory_name"),
        Organisation.slug.label("factory_slug"),
        Belt.slug.label("belt"),
        Belt.name_zh.label("belt_zh"),
        Belt.name_en.label("belt_en"),
        Belt.province,
    )
    joined = _of_approved_factory(select(*columns)).join(offered, offered.c.listing_id == Listing.id)
    return joined.where(Listing.state == "published")


def _offered(chosen: Select[int]) -> Subquery:
    """Per listing, over its own offers that are on: lowest and highest price, least quantity, SKUs, pieces left."""
    left = case((Sku.made_to_order, PLENTY), else_=Sku.on_hand - Sku.reserved)
    return (
        select(
            Offer.listing_id,
            func.min(Offer.price_fen).label("low"),
            func.max(Offer.price_fen).label("high"),
            func.min(Offer.currency).label("currency"),
            func.min(Offer.min_quantity).label("min_quantity"),
            func.count().label("skus"),
            func.sum(left).label("left"),
        )
        .join(Sku, Sku.id == Offer.sku_id)
        .where(Offer.listing_id.in_(chosen), Offer.state == "on", Offer.kind == "own")
        .group_by(Offer.listing_id)
        .subquery("offered")
    )


def _of_approved_factory(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(Listing)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .join(Application, (Application.organisation_id == Organisation.id) & (Application.state == "approved"))
        .join(Belt, Belt.id == Application.belt_id)
    )


def _option_words(ids: Sequence[int]) -> dict[int, str]:
    words: dict[int, dict[str, None]] = {}
    for row in session().execute(select(Sku.listing_id, Sku.options).where(Sku.listing_id.in_(ids))):
        words.setdefault(row[0], {}).update(dict.fromkeys(row[1].values()))
    return {listing: " ".join(values) for listing, values in words.items()}


def _moqs(ids: Sequence[int]) -> dict[int, int]:
    query = select(WayOfSelling.listing_id, WayOfSelling.min_quantity)
    supply = query.where(WayOfSelling.listing_id.in_(ids), WayOfSelling.way == "supply")
    return {row[0]: row[1] for row in session().execute(supply)}


def _facts(row: Row[Any], options: str, moq: int) -> ListingFacts:
    listing, factory, belt = row.Listing, row.Organisation, row.Belt
    attributes = " ".join(str(value) for value in listing.attributes.values())
    return ListingFacts(
        listing_id=listing.id,
        listing=listing.public_id,
        title=listing.title,
        category=listing.category,
        image=listing.image,
        words=" ".join(text for text in (attributes, options, listing.code) if text),
        factory=factory.public_id,
        factory_name=factory.name,
        belt=belt.slug,
        belt_zh=belt.name_zh,
        province=belt.province,
        price_fen=row.low,
        left=int(row.left),
        moq=moq,
        published_at=listing.published_at,
    )
