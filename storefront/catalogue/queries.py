"""What shoppers may look at: published goods of approved factories, sold by them or by merchants; few statements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from kernel.clock import business_date
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.text import slugify
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.closings.models import Closing
from onboarding.closings.queries import closing_of_maker
from onboarding.departures.queries import stays
from onboarding.listings.models import Listing, Sku
from onboarding.listings.rules import Lot
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.queries import told_title
from onboarding.terms.models import ShopTerms
from onboarding.terms.queries import sold_to_order, terms_in
from onboarding.tiers.queries import known_in, with_tier
from onboarding.tiers.rules import tier_of
from onboarding.verification.models import Application, Profile
from onboarding.verification.queries import may_trade, seller_trades, told_in
from onboarding.verification.rules import Told
from storefront.search.queries import FEW_LEFT, MAKER_NAMES
from storefront.search.rules import blind

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Row

    from onboarding.terms.rules import Terms
    from onboarding.tiers.rules import Tier


@dataclass(frozen=True)
class FactoryFace:
    """What a factory shows of itself: the licence is on its page for good (E-commerce Law, article 15)."""

    organisation: str
    name: str
    slug: str
    uscc: str
    belt: Belt
    verified_at: datetime | None
    told: Told
    terms: Terms | None
    tier: Tier | None
    visited_on: date | None
    goods: int = 0

    @property
    def url(self) -> str:
        """Its page."""
        return f"/f/{self.slug}"

    @property
    def verified_on(self) -> date | None:
        """The day on which its licence was verified."""
        return self.verified_at and business_date(self.verified_at)


@dataclass(frozen=True, slots=True)
class BeltShelf:
    """What a belt has to show: how many goods of how many factories, the pictures of the newest and of the oldest."""

    goods: int
    factories: int
    newest: str
    oldest: str


@dataclass(frozen=True)
class ResoldGoods:
    """What a merchant's page says of goods she picked up: enough to buy them, nothing that leads to their factory."""

    id: int
    listing_id: int
    pick_up: str
    title: str
    image: str
    attributes: dict[str, str]
    description: str


@dataclass(frozen=True)
class Variant:
    """A SKU as a shopper can take it: the offer to buy, its price and the pieces left."""

    sku: Sku
    offer: str
    choice: str
    price_fen: int
    lot: Lot
    closing: Closing | None
    sold_to_order: bool
    lead_days: int | None

    @property
    def left(self) -> int:
        """Pieces that can still be bought."""
        return self.sku.on_hand - self.sku.reserved

    @property
    def is_available(self) -> bool:
        """Whether one can buy it now."""
        return self.sku.made_to_order or self.left >= self.lot.of_one

    @property
    def few(self) -> int:
        """Pieces left where they are few enough to say so, else 0."""
        return self.left if self.is_available and not self.sku.made_to_order and self.left < FEW_LEFT else 0


def belt_shelves() -> dict[str, BeltShelf]:
    """What factories of each belt sell themselves, by its slug; belts that sell nothing are missing."""
    held = (
        select(
            Belt.slug,
            func.count(Listing.id).label("goods"),
            func.count(Listing.organisation_id.distinct()).label("factories"),
            func.max(Listing.id).label("newest"),
            func.min(Listing.id).label("oldest"),
        )
        .join(Application, Application.belt_id == Belt.id)
        .join(Listing, Listing.organisation_id == Application.organisation_id)
        .where(Listing.state == "published", may_trade(), _sold_by_its_maker())
        .group_by(Belt.slug)
        .subquery()
    )
    newest, oldest = aliased(Listing), aliased(Listing)
    query = (
        select(held.c.slug, held.c.goods, held.c.factories, newest.image, oldest.image)
        .join(newest, newest.id == held.c.newest)
        .join(oldest, oldest.id == held.c.oldest)
    )
    return {slug: BeltShelf(*rest) for slug, *rest in session().execute(query)}


def public_addresses(*, limit: int) -> list[tuple[str, date | None]]:
    """Every address a search engine may show, goods with the day they came; the newest first, not by seller."""
    shops = select(Organisation.slug).where(Organisation.kind == "merchant", seller_trades(Organisation.id))
    named = (
        (Belt.slug, select(Belt.slug), "/belts"),
        (Organisation.slug, _faces().where(may_trade()).with_only_columns(Organisation.slug), "/f"),
        (Organisation.slug, shops, "/m"),
    )
    found: list[tuple[str, date | None]] = []
    for slug, query, place in named:
        found += [(f"{place}/{name}", None) for name in session().scalars(query.order_by(slug))]
    approved = select(Application.organisation_id).where(may_trade())
    goods = (
        select(Listing.public_id, Listing.title, Listing.published_at)
        .where(Listing.state == "published", Listing.organisation_id.in_(approved), _sold_by_its_maker())
        .order_by(Listing.published_at.desc(), Listing.id.desc())
        .limit(limit - len(found))
    )
    for public_id, title, published in session().execute(goods):
        address = f"/goods/{public_id}-{slugify(title)}".rstrip("-")
        found.append((address, published and business_date(published)))
    return found[:limit]


def product(public_id: str) -> Listing:
    """A published listing of an approved factory, or NotFoundError."""
    approved = select(Application.organisation_id).where(may_trade())
    on_sale = (Listing.state == "published") & Listing.organisation_id.in_(approved)
    found = session().scalar(select(Listing).where(Listing.public_id == public_id, on_sale))
    if found is None:
        raise NotFoundError("goods.gone")
    return found


def resold(merchant: int, pick_up: str) -> ResoldGoods:
    """Goods on a merchant's shelf (organisation id, public id of the pick-up), or NotFoundError."""
    query = (
        select(PickUp, Listing, told_title(PickUp.id, Organisation.name), *MAKER_NAMES)
        .join(Listing, Listing.id == PickUp.listing_id)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .join(Application, (Application.organisation_id == Organisation.id) & may_trade())
        .join(Belt, Belt.id == Application.belt_id)
        .where(PickUp.public_id == pick_up, PickUp.organisation_id == merchant, PickUp.state == "on")
        .where(Listing.state == "published", stays(PickUp.organisation_id))
    )
    row = session().execute(query).first()
    if row is None:
        raise NotFoundError("goods.gone")
    held, listing, title, *names = row
    return ResoldGoods(
        id=held.id,
        listing_id=listing.id,
        pick_up=held.public_id,
        title=title,
        image=listing.image,
        attributes=blind(listing.attributes, names),
        description="" if blind({"": listing.description}, names) == {} else listing.description,
    )


def variants(listing: int) -> list[Variant]:
    """What can be bought of a listing (id) from its own factory, in the order of the sheet, or NotFoundError."""
    return _variants((Offer.listing_id == listing) & (Offer.kind == "own"))


def resold_variants(pick_up: int) -> list[Variant]:
    """What can be bought of a pick-up (id), without what is held, or NotFoundError."""
    return _variants(Offer.pick_up_id == pick_up)


def shops_selling(listing: int) -> int:
    """How many merchants sell a listing (id) too; never who, for a shop beside its factory gives both away."""
    on = (Offer.listing_id == listing) & (Offer.kind == "resale") & (Offer.state == "on")
    selling = on & seller_trades(Offer.organisation_id)
    return session().scalar(select(func.count(Offer.pick_up_id.distinct())).where(selling)) or 0


def factory_by_slug(slug: str, *, now: datetime) -> FactoryFace:
    """An approved factory's face, one that leaves included: its page says so. NotFoundError."""
    return _face(Organisation.slug == slug, now)


def factory_face(organisation_id: int, *, now: datetime) -> FactoryFace:
    """The face of an approved factory, or NotFoundError."""
    return _face(Organisation.id == organisation_id, now)


def factories_of_belt(belt_id: int, *, now: datetime) -> list[FactoryFace]:
    """The approved factories of a belt, those with the most goods on sale first."""
    on_sale = (Listing.organisation_id == Organisation.id, Listing.state == "published", _sold_by_its_maker())
    goods = select(func.count(Listing.id)).where(*on_sale).scalar_subquery()
    query = with_tier(_faces(), now=now).add_columns(goods).where(Application.belt_id == belt_id, may_trade())
    query = query.order_by(goods.desc(), Organisation.name)
    return [replace(_read(row, now), goods=row[-1]) for row in session().execute(query)]


def _variants(condition: ColumnElement[bool]) -> list[Variant]:
    query = (
        select(Offer, Sku, Closing, sold_to_order(Listing.organisation_id, Sku.made_to_order), Listing.lead_days)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Listing, Listing.id == Offer.listing_id)
        .outerjoin(Closing, closing_of_maker(Listing.organisation_id))
        .where(condition, Offer.state == "on")
    )
    found = [_variant(*row) for row in session().execute(query.order_by(Sku.id))]
    if not found:
        raise NotFoundError("goods.gone")
    return found


def _variant(offer: Offer, sku: Sku, *about: Any) -> Variant:  # noqa: ANN401  the rest of a row, in the order of fields
    choice = f"offer={offer.public_id}" if offer.pick_up_id else f"sku={sku.public_id}"
    lot = Lot(offer.min_quantity, offer.pack_size, offer.mix)
    return Variant(sku, offer.public_id, choice, offer.price_fen, lot, *about)


def _sold_by_its_maker() -> ColumnElement[bool]:
    return select(Offer.id).where(Offer.listing_id == Listing.id, Offer.kind == "own", Offer.state == "on").exists()


def _face(condition: ColumnElement[bool], now: datetime) -> FactoryFace:
    row = session().execute(with_tier(_faces(), now=now).where(Application.state == "approved", condition)).first()
    if row:
        return _read(row, now)
    raise NotFoundError("factory.gone")


def _faces() -> Select[*tuple[Any, ...]]:
    return (
        select(Organisation, Application, Belt, Profile, ShopTerms)
        .join(Application, Application.organisation_id == Organisation.id)
        .join(Belt, Belt.id == Application.belt_id)
        .outerjoin(Profile, Profile.organisation_id == Organisation.id)
        .outerjoin(ShopTerms, ShopTerms.organisation_id == Organisation.id)
    )


def _read(row: Row[*tuple[Any, ...]], now: datetime) -> FactoryFace:
    known = known_in(row)
    return FactoryFace(
        organisation=row.Organisation.public_id,
        name=row.Organisation.name,
        slug=row.Organisation.slug,
        uscc=row.Application.uscc,
        belt=row.Belt,
        verified_at=row.Application.decided_at,
        told=told_in(row.Profile) if row.Profile else Told(),
        terms=terms_in(row.ShopTerms),
        tier=tier_of(known, now),
        visited_on=known.visited_on,
    )
