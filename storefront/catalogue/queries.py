"""What shoppers may look at: published goods of approved factories, in few statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer
from onboarding.verification.models import Application

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from onboarding.listings.models import Sku


@dataclass(frozen=True)
class FactoryFace:
    """What a factory shows of itself: the licence is on its page for good (E-commerce Law, article 15)."""

    organisation: str
    name: str
    slug: str
    uscc: str
    belt: Belt
    verified_at: datetime | None

    @property
    def url(self) -> str:
        """Its page."""
        return f"/f/{self.slug}"


@dataclass(frozen=True)
class Variant:
    """A SKU as a shopper can take it: the offer to buy, its price and the pieces left."""

    sku: Sku
    offer: str
    price_fen: int
    min_quantity: int

    @property
    def left(self) -> int:
        """Pieces that can still be bought."""
        return self.sku.on_hand - self.sku.reserved

    @property
    def is_available(self) -> bool:
        """Whether one can buy it now."""
        return self.sku.made_to_order or self.left >= self.min_quantity


def goods_by_belt() -> dict[str, int]:
    """How many goods each belt has, by its slug."""
    query = (
        select(Belt.slug, func.count(Listing.id))
        .join(Application, Application.belt_id == Belt.id)
        .join(Listing, Listing.organisation_id == Application.organisation_id)
        .where(Listing.state == "published", Application.state == "approved")
        .group_by(Belt.slug)
    )
    return {row[0]: row[1] for row in session().execute(query)}


def product(public_id: str) -> Listing:
    """A published listing of an approved factory, or NotFoundError."""
    approved = select(Application.organisation_id).where(Application.state == "approved")
    query = select(Listing).where(
        Listing.public_id == public_id,
        Listing.state == "published",
        Listing.organisation_id.in_(approved),
    )
    found = session().scalar(query)
    if found is None:
        raise NotFoundError("goods.gone")
    return found


def variants(listing: Listing) -> list[Variant]:
    """What can be bought of a listing from its own factory, in the order of the sheet."""
    query = (
        select(Offer)
        .where(Offer.listing_id == listing.id, Offer.kind == "own", Offer.state == "on")
        .order_by(Offer.sku_id)
    )
    offers = {offer.sku_id: offer for offer in session().scalars(query)}
    return [
        Variant(sku, offers[sku.id].public_id, offers[sku.id].price_fen, offers[sku.id].min_quantity)
        for sku in listing.skus
        if sku.id in offers
    ]


def factory_by_slug(slug: str) -> FactoryFace:
    """An approved factory's face, or NotFoundError."""
    return _face(Organisation.slug == slug)


def factory_of(listing: Listing) -> FactoryFace:
    """The face of the factory that makes a listing."""
    return factory_face(listing.organisation_id)


def factory_face(organisation_id: int) -> FactoryFace:
    """The face of an approved factory, or NotFoundError."""
    return _face(Organisation.id == organisation_id)


def factories_of_belt(belt_id: int) -> list[FactoryFace]:
    """The approved factories of a belt, by name."""
    query = _faces().where(Application.belt_id == belt_id).order_by(Organisation.name)
    return [_read(row) for row in session().execute(query)]


def _face(condition: ColumnElement[bool]) -> FactoryFace:
    row = session().execute(_faces().where(condition)).first()
    if row is None:
        raise NotFoundError("factory.gone")
    return _read(row)


def _faces() -> Select[*tuple[Any, ...]]:
    return (
        select(Organisation, Application, Belt)
        .join(Application, Application.organisation_id == Organisation.id)
        .join(Belt, Belt.id == Application.belt_id)
        .where(Application.state == "approved")
    )


def _read(row: Row[*tuple[Any, ...]]) -> FactoryFace:
    return FactoryFace(
        organisation=row.Organisation.public_id,
        name=row.Organisation.name,
        slug=row.Organisation.slug,
        uscc=row.Application.uscc,
        belt=row.Belt,
        verified_at=row.Application.decided_at,
    )
