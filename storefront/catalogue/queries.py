"""What shoppers may look at: published goods of approved factories, sold by them or by merchants; few statements."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased

from kernel.clock import business_date
from kernel.db import session, settled
from kernel.errors import NotFoundError
from kernel.text import slugify
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer
from onboarding.terms.models import ShopTerms
from onboarding.terms.rules import Terms
from onboarding.tiers.queries import known_in, with_tier
from onboarding.tiers.rules import tier_of
from onboarding.verification.models import Application, Profile
from onboarding.verification.queries import may_trade, seller_trades

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Row

    from onboarding.tiers.rules import Tier
    from onboarding.verification.rules import Told


@dataclass(frozen=True, slots=True)
class Place:
    """A belt as a page names it and leads to it."""

    id: int
    slug: str
    name_zh: str
    name_en: str
    province: str
    city: str
    county: str


@dataclass(frozen=True)
class FactoryFace:
    """What a factory shows of itself: the licence is on its page for good (E-commerce Law, article 15)."""

    organisation: str
    name: str
    slug: str
    uscc: str
    belt: Place
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
    """What a belt has to show: how many goods of how many factories, the pictures of the newest and of the oldest.

    `pictured` are the goods (ids) of the pictures.
    """

    goods: int
    factories: int
    newest: str
    oldest: str
    pictured: tuple[int, int]


FACE: Final = (
    Organisation.public_id.label("face_public_id"),
    Organisation.name.label("face_name"),
    Organisation.slug.label("face_slug"),
    Application.uscc.label("face_uscc"),
    Application.decided_at.label("face_verified_at"),
    *(getattr(Belt, part.name).label(f"face_belt_{part.name}") for part in fields(Place)),
    ShopTerms.lead_days.label("face_lead_days"),
    ShopTerms.returns.label("face_returns"),
)
"""The columns of a face."""


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
        select(held.c.slug, held.c.goods, held.c.factories, newest.image, oldest.image, newest.id, oldest.id)
        .join(newest, newest.id == held.c.newest)
        .join(oldest, oldest.id == held.c.oldest)
    )
    return {
        slug: BeltShelf(goods, factories, newest_image, oldest_image, (last, first))
        for slug, goods, factories, newest_image, oldest_image, last, first in session().execute(query)
    }


def still_shown(shelves: Mapping[str, BeltShelf]) -> bool:
    """Whether all goods whose pictures shelves show are still sold: what was taken down goes at once."""
    pictured = {goods for shelf in shelves.values() for goods in shelf.pictured}
    query = select(func.count()).select_from(Listing)
    query = query.join(Application, Application.organisation_id == Listing.organisation_id)
    shown = (Listing.state == "published", may_trade(), _sold_by_its_maker())
    return session().scalar(query.where(Listing.id.in_(pictured), *shown)) == len(pictured)


def public_places() -> list[tuple[str, date | None]]:
    """Belts, factories and merchants' shops that a search engine may show."""
    makers = select(Organisation.slug).join(Application, Application.organisation_id == Organisation.id)
    shops = select(Organisation.slug).where(Organisation.kind == "merchant", seller_trades(Organisation.id))
    named = (
        (Belt.slug, select(Belt.slug), "/belts"),
        (Organisation.slug, makers.where(may_trade(), Organisation.kind == "factory"), "/f"),
        (Organisation.slug, shops, "/m"),
    )
    found: list[tuple[str, date | None]] = []
    for slug, query, place in named:
        found += [(f"{place}/{name}", None) for name in session().scalars(query.order_by(slug))]
    return found


def public_goods(*, first: int, last: int) -> list[tuple[str, date | None]]:
    """The addresses of goods (ids, both included) that factories sell, with the day they came; never a merchant's."""
    approved = select(Application.organisation_id).where(may_trade())
    goods = (
        select(Listing.public_id, Listing.title, Listing.published_at)
        .where(Listing.id.between(first, last), Listing.state == "published")
        .where(Listing.organisation_id.in_(approved), _sold_by_its_maker())
        .order_by(Listing.id)
    )
    rows = session().connection().execute(goods)
    return [
        (f"/goods/{public_id}-{slugify(title)}".rstrip("-"), published and business_date(published))
        for public_id, title, published in rows
    ]


def last_goods() -> int:
    """The highest id of goods, 0 where there are none: what a sitemap is cut by."""
    return session().scalar(select(func.max(Listing.id))) or 0


def factory_by_slug(slug: str, *, now: datetime) -> FactoryFace:
    """An approved factory's face, one that leaves included: its page says so. NotFoundError."""
    return _face("slug", now, slug=slug)


def factory_face(organisation_id: int, *, now: datetime) -> FactoryFace:
    """The face of an approved factory, or NotFoundError."""
    return _face("id", now, id=organisation_id)


def factories_in_belt(belt_id: int) -> int:
    """How many approved factories a belt has."""
    query = select(func.count()).select_from(Application).where(Application.belt_id == belt_id, may_trade())
    return session().scalar(query) or 0


def factories_of_belt(belt_id: int, *, limit: int, offset: int = 0, now: datetime) -> list[FactoryFace]:
    """Some approved factories of a belt, those with the most goods on sale first."""
    on_sale = (Listing.organisation_id == Organisation.id, Listing.state == "published", _sold_by_its_maker())
    goods = select(func.count(Listing.id)).where(*on_sale).scalar_subquery()
    query = with_face(select(*FACE, goods.label("goods")), now=now).where(Application.belt_id == belt_id, may_trade())
    query = query.order_by(goods.desc(), Organisation.name, Organisation.id).limit(limit).offset(offset)
    return [replace(face_in(row, now), goods=row.goods) for row in session().connection().execute(query)]


def with_face(query: Select[*tuple[Any, ...]], *, now: datetime) -> Select[*tuple[Any, ...]]:
    """A query of `FACE` and whatever else, joined to what a face is made of; see `face_in`."""
    joined = (
        query.join(Application, Application.organisation_id == Organisation.id)
        .join(Belt, Belt.id == Application.belt_id)
        .outerjoin(Profile, Profile.organisation_id == Organisation.id)
        .outerjoin(ShopTerms, ShopTerms.organisation_id == Organisation.id)
    )
    return with_tier(joined, now=now)


def face_in(row: Row[*tuple[Any, ...]], now: datetime) -> FactoryFace:
    """The face that a row of such a query holds."""
    known = known_in(row)
    return FactoryFace(
        organisation=row.face_public_id,
        name=row.face_name,
        slug=row.face_slug,
        uscc=row.face_uscc,
        belt=Place(*(getattr(row, f"face_belt_{part.name}") for part in fields(Place))),
        verified_at=row.face_verified_at,
        told=known.told,
        terms=Terms(row.face_lead_days, row.face_returns) if row.face_returns else None,
        tier=tier_of(known, now),
        visited_on=known.visited_on,
    )


def _sold_by_its_maker() -> ColumnElement[bool]:
    return select(Offer.id).where(Offer.listing_id == Listing.id, Offer.kind == "own", Offer.state == "on").exists()


def _face(where: str, now: datetime, **asked: object) -> FactoryFace:
    row = session().connection().execute(_face_query(where), {"now": now, **asked}).first()
    if row:
        return face_in(row, now)
    raise NotFoundError("factory.gone")


@cache
def _face_query(where: str) -> Select[*tuple[Any, ...]]:
    query = with_face(select(*FACE), now=cast("datetime", bindparam("now"))).where(Application.state == "approved")
    column = {"slug": Organisation.slug, "id": Organisation.id}[where]
    return settled(query.where(column == bindparam(where)))
