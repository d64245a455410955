"""What can be asked of price groups; only their own factory asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Actor, Permission
from onboarding.accounts.models import Organisation
from onboarding.admissions.models import Admission, GroupPrice, PriceGroup
from onboarding.listings.models import Listing, WayOfSelling
from onboarding.listings.queries import supply_terms

if TYPE_CHECKING:
    from collections.abc import Iterable

_GOODS_MOST: Final = 300


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group of merchants: what they owe of the supply price, how many they are, how many prices of its own it has."""

    group_id: int
    public_id: str
    organisation_id: int
    name: str
    share_bp: int
    merchants: int
    prices: int

    @property
    def share(self) -> int:
        """The share in whole per cent."""
        return self.share_bp // 100


@dataclass(frozen=True, slots=True)
class GroupPriceLine:
    """What a group owes for a piece of a listing, whatever its share; `usual_fen` is what the others owe, if any do."""

    listing: str
    title: str
    price_fen: int
    usual_fen: int | None

    @property
    def is_dearer(self) -> bool:
        """Whether a group that is meant to be favoured owes more than the others."""
        return self.usual_fen is not None and self.price_fen > self.usual_fen


def groups_of(organisation_id: int) -> list[GroupLine]:
    """The groups of a factory, oldest first."""
    query = _lines().where(PriceGroup.organisation_id == organisation_id)
    return [GroupLine(*tuple[Any, ...](row)) for row in session().execute(query.order_by(PriceGroup.id))]


def group_for(actor: Actor, group: str) -> GroupLine:
    """One group (public id) of the actor's factory; NotFoundError for everybody else."""
    permission = Permission.FACTORY_MERCHANTS_ADMIT
    mine = [one.organisation_id for one in actor.memberships if permission in one.permissions]
    query = _lines().where(PriceGroup.public_id == group, PriceGroup.organisation_id.in_(mine))
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFoundError
    return GroupLine(*tuple[Any, ...](row))


def group_of(admission: str) -> str:
    """The group (public id) in which a merchant is, by her admission; empty for none."""
    query = select(PriceGroup.public_id).join(Admission, Admission.price_group_id == PriceGroup.id)
    return session().scalar(query.where(Admission.public_id == admission)) or ""


def members_of(group_id: int) -> list[tuple[str, str]]:
    """`(admission, name)` of the merchants in a group."""
    query = select(Admission.public_id, Organisation.name).join(Organisation, Organisation.id == Admission.merchant_id)
    rows = session().execute(query.where(Admission.price_group_id == group_id).order_by(Admission.id))
    return [(row[0], row[1]) for row in rows]


def prices_of(group_id: int) -> list[GroupPriceLine]:
    """The prices of its own that a group has, newest goods first."""
    query = select(Listing.id, Listing.public_id, Listing.title, GroupPrice.price_fen)
    query = query.join(GroupPrice, GroupPrice.listing_id == Listing.id).where(GroupPrice.price_group_id == group_id)
    rows = session().execute(query.order_by(Listing.id.desc())).all()
    usual = _usual(row.id for row in rows)
    return [GroupPriceLine(row.public_id, row.title, row.price_fen, usual.get(row.id)) for row in rows]


def goods_without(group: GroupLine) -> list[tuple[str, str, int | None]]:
    """`(listing, title, usual price)` of goods open to merchants that a group has no own price of, the newest."""
    own = select(GroupPrice.id).where(GroupPrice.price_group_id == group.group_id, GroupPrice.listing_id == Listing.id)
    supplied = (WayOfSelling.listing_id == Listing.id) & (WayOfSelling.way == "supply") & ~WayOfSelling.closed
    query = select(Listing.id, Listing.public_id, Listing.title).join(WayOfSelling, supplied)
    mine = (Listing.organisation_id == group.organisation_id) & Listing.published_at.is_not(None) & ~own.exists()
    rows = session().execute(query.where(mine).order_by(Listing.id.desc()).limit(_GOODS_MOST)).all()
    usual = _usual(row.id for row in rows)
    return [(row.public_id, row.title, usual.get(row.id)) for row in rows]


def _usual(listings: Iterable[int]) -> dict[int, int]:
    """What merchants without a group owe for a piece, of variants the dearest; two statements."""
    terms = supply_terms({*listings})
    return {listing: max(found.prices.values()) for listing, found in terms.items()}


def _lines() -> Any:  # noqa: ANN401  a select of many columns
    merchants = select(func.count()).where(Admission.price_group_id == PriceGroup.id).scalar_subquery()
    prices = select(func.count()).where(GroupPrice.price_group_id == PriceGroup.id).scalar_subquery()
    columns = (PriceGroup.id, PriceGroup.public_id, PriceGroup.organisation_id, PriceGroup.name, PriceGroup.share_bp)
    return select(*columns, merchants, prices)
