"""What stands behind pick-ups: all that decides about their offers, read in few statements and held for writers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import false, func, select

from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.admissions.models import Admission, GroupPrice, PriceGroup
from onboarding.admissions.rules import WHOLE_BP, Deal
from onboarding.listings.models import Listing, WayOfSelling
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.pricing import Standing
from onboarding.verification.models import Application
from onboarding.verification.queries import may_trade

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement


@dataclass(frozen=True, slots=True)
class ResaleOffer:
    """A merchant's offer of one variant, as it stands."""

    offer_id: int
    by_hand: bool
    standing: Standing


@dataclass(frozen=True, slots=True)
class Resold:
    """A pick-up that stands, with all that decides about its offers: `goods` is the state of the listing.

    `offers` are by SKU id.
    """

    pick_up_id: int
    pick_up: str
    merchant_id: int
    merchant: str
    listing_id: int
    markup_bp: int
    admitted: bool
    goods: str
    deal: Deal
    offers: dict[int, ResaleOffer]


@dataclass(frozen=True, slots=True)
class Goods:
    """A listing that a merchant wants to pick up, and whether it is on sale."""

    listing_id: int
    listing: str
    title: str
    factory_id: int
    factory_name: str
    on_sale: bool


@dataclass(frozen=True, slots=True)
class HeldGoods:
    """What a merchant is told of goods that were held: one of them by name, and how many of that factory in all."""

    merchant_id: int
    factory_id: int
    factory_name: str
    title: str
    floor_fen: int | None
    count: int


def held_goods(pick_up: str, reason: str) -> HeldGoods | None:
    """A pick-up (public id) with something still held for a reason, and how many more of its factory are."""
    held = select(Offer.id).where(Offer.pick_up_id == PickUp.id, Offer.held_reason == reason).exists()
    told = PickUp.__table__.alias("told")
    beside = (PickUp.organisation_id == told.c.organisation_id) & (PickUp.factory_id == told.c.factory_id)
    count = select(func.count()).select_from(PickUp).where(beside, held).scalar_subquery()
    supply = (WayOfSelling.listing_id == told.c.listing_id) & (WayOfSelling.way == "supply")
    floor = select(WayOfSelling.floor_price_fen).where(supply).scalar_subquery()
    query = (
        select(told.c.organisation_id, told.c.factory_id, Organisation.name, Listing.title, floor, count)
        .select_from(told)
        .join(Organisation, Organisation.id == told.c.factory_id)
        .join(Listing, Listing.id == told.c.listing_id)
        .where(told.c.public_id == pick_up)
    )
    row = session().execute(query).one_or_none()
    return HeldGoods(*tuple[Any, ...](row)) if row and row[5] else None


def resold(where: ColumnElement[bool]) -> list[Resold]:
    """The pick-ups of a condition that stand, of goods that their factory did not take off, with their offers."""
    found: dict[int, Resold] = {}
    for row in session().execute(_RESOLD.where(where, PickUp.state == "on", Listing.state != "archived")):
        pick_up = found.setdefault(row[0], Resold(*tuple[Any, ...]((*row[:8], _deal(row), {}))))
        if row.offer_id is not None:
            standing = Standing(row.price_fen, row.supply_price_fen, row.state, row.held_reason)
            pick_up.offers[row.sku_id] = ResaleOffer(row.offer_id, row.by_hand, standing)
    return list(found.values())


def hold_goods(where: ColumnElement[bool]) -> None:
    """Hold the listings of the pick-ups of a condition as they are until the open transaction ends."""
    listings = select(Listing.id).where(Listing.id.in_(select(PickUp.listing_id).where(where)))
    session().execute(listings.order_by(Listing.id).with_for_update(read=True))


def resellers(factory: str) -> list[tuple[int, str]]:
    """The merchants (ids) on whose shelf goods of a factory (public id) stand, each with the factory's name."""
    query = (
        select(PickUp.organisation_id, Organisation.name)
        .join(Listing, Listing.id == PickUp.listing_id)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .where(Organisation.public_id == factory, PickUp.state == "on")
        .distinct()
        .order_by(PickUp.organisation_id)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def goods_to_pick_up(listings: Collection[str]) -> list[Goods]:
    """Listings (public ids) of approved factories that were on sale once, held until the open transaction ends."""
    chosen = (Listing.public_id.in_(listings), Listing.published_at.is_not(None))
    session().execute(select(Listing.id).where(*chosen).order_by(Listing.id).with_for_update(read=True))
    columns = (Listing.id, Listing.public_id, Listing.title, Organisation.id, Organisation.name)
    made_by = (Application.organisation_id == Listing.organisation_id) & may_trade()
    query = (
        select(*columns, Listing.state == "published")
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .join(Application, made_by)
        .where(*chosen)
        .order_by(Listing.id)
    )
    return [Goods(*tuple[Any, ...](row)) for row in session().execute(query)]


def names_of(listings: Collection[int]) -> list[str]:
    """The public ids of listings."""
    return list(session().scalars(select(Listing.public_id).where(Listing.id.in_(listings)).order_by(Listing.id)))


def factory_and_merchant(factory: str, merchant: str) -> tuple[int, int]:
    """The ids of two organisations (public ids)."""
    query = select(Organisation.public_id, Organisation.id).where(Organisation.public_id.in_([factory, merchant]))
    ids = {row[0]: row[1] for row in session().execute(query)}
    return ids[factory], ids[merchant]


def of_factory(factory: str) -> ColumnElement[bool]:
    """The pick-ups of a factory's (public id) goods."""
    return PickUp.factory_id == select(Organisation.id).where(Organisation.public_id == factory).scalar_subquery()


def supplied_by(merchant_id: int, listings: Collection[str]) -> set[int]:
    """Which of the factories (ids) of these listings (public ids) supply a merchant, held so until the end, too."""
    makers = select(Listing.organisation_id).where(Listing.public_id.in_(listings))
    admitted = (Admission.merchant_id == merchant_id) & (Admission.state == "admitted")
    query = select(Admission.factory_id).where(admitted, Admission.factory_id.in_(makers)).order_by(Admission.id)
    return set(session().scalars(query.with_for_update(read=True)))


def _deal(row: Any) -> Deal:  # noqa: ANN401  a row of many columns
    """The prices of a merchant's group, or those of everybody."""
    return Deal(WHOLE_BP if row.share_bp is None else row.share_bp, row.own_fen)


_RESOLD: Final = (
    select(
        PickUp.id,
        PickUp.public_id,
        PickUp.organisation_id,
        Organisation.public_id,
        PickUp.listing_id,
        PickUp.markup_bp,
        func.coalesce(Admission.state == "admitted", false()),
        Listing.state.label("goods"),
        PriceGroup.share_bp,
        GroupPrice.price_fen.label("own_fen"),
        Offer.id.label("offer_id"),
        Offer.sku_id,
        Offer.by_hand,
        Offer.price_fen,
        Offer.supply_price_fen,
        Offer.state,
        Offer.held_reason,
    )
    .join(Organisation, Organisation.id == PickUp.organisation_id)
    .join(Listing, Listing.id == PickUp.listing_id)
    .outerjoin(
        Admission,
        (Admission.factory_id == PickUp.factory_id) & (Admission.merchant_id == PickUp.organisation_id),
    )
    .outerjoin(PriceGroup, PriceGroup.id == Admission.price_group_id)
    .outerjoin(
        GroupPrice,
        (GroupPrice.price_group_id == PriceGroup.id) & (GroupPrice.listing_id == PickUp.listing_id),
    )
    .outerjoin(Offer, Offer.pick_up_id == PickUp.id)
    .order_by(PickUp.id, Offer.id)
)
