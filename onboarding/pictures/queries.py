"""What can be asked of pictures of goods: a factory's own, those that everybody sees, those like others' pictures."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from onboarding.accounts.models import Organisation
from onboarding.listings.models import Listing
from onboarding.listings.queries import place_of
from onboarding.listings.sharing import is_out_of_sight
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.rules import ALIKE, apart, bands, speaks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, ScalarSelect

    from kernel.permissions import Actor
    from kernel.pictures import Look

_TOLD: Final = 500
"""So many pictures with a byte in common are looked at more closely, the oldest first."""
_HEX: Final = 16


_GOODS: Final = (Listing.public_id, Listing.title, Listing.state, Organisation.public_id, Organisation.name)


@dataclass(frozen=True, slots=True)
class Alike:
    """A picture of a listing, one of another factory that it is like, and in how many bits of 64 they differ.

    Buyers see the other one where it `is_shown`.
    """

    mine: str
    theirs: str
    organisation: str
    factory: str
    listing: str
    title: str
    state: str
    is_shown: bool
    bits: int


@dataclass(frozen=True, slots=True)
class Coded:
    """Goods of a factory by the code that it gave them."""

    code: str
    listing: str
    title: str


class InOrders(Protocol):
    """Knows whether somebody bought goods (id), or sold them, with the picture at an address; contexts above do."""

    def __call__(self, actor: Actor, listing_id: int, address: str) -> bool:
        """Whether the picture stands in an order of hers."""


def coded_goods(organisation_id: int) -> list[Coded]:
    """All goods of a factory that were not taken down for good."""
    mine = (Listing.organisation_id == organisation_id) & (Listing.state != "archived")
    query = select(Listing.code, Listing.public_id, Listing.title).where(mine).order_by(Listing.id)
    return [Coded(*row) for row in session().execute(query)]


def pictures_of(listing_id: int) -> list[ListingPicture]:
    """All pictures of a listing (id), waiting ones and those that cannot be shown included, in their order."""
    query = select(ListingPicture).where(ListingPicture.listing_id == listing_id, ListingPicture.state != "removed")
    return list(session().scalars(query.order_by(ListingPicture.position, ListingPicture.id)))


def refused_pictures(listing_id: int) -> list[ListingPicture]:
    """The pictures of a listing (id) that an operator did not show, until others are handed in or she has read why."""
    mine = (ListingPicture.listing_id == listing_id) & _is_refused()
    return list(session().scalars(select(ListingPicture).where(mine).order_by(ListingPicture.id)))


def picture_refusals_at(organisation_id: int) -> tuple[ScalarSelect[int], ScalarSelect[str]]:
    """How many pictures of goods of a factory were not shown, and the public id of one of these goods."""
    where = (
        ListingPicture.organisation_id == organisation_id,
        Listing.id == ListingPicture.listing_id,
        Listing.state != "archived",
        _is_refused(),
    )
    counted, named = func.count(ListingPicture.id), func.min(Listing.public_id)
    return select(counted).where(*where).scalar_subquery(), select(named).where(*where).scalar_subquery()


def pictures_to_see(listing: str) -> str:
    """Which pictures of a listing (public id) wait for a look, and what they are called; empty when none does."""
    query = select(ListingPicture.public_id, ListingPicture.words).join(
        Listing, Listing.id == ListingPicture.listing_id
    )
    waits = (ListingPicture.state == "waiting") & ListingPicture.made_at.is_not(None)
    rows = session().execute(query.where(Listing.public_id == listing, waits).order_by(ListingPicture.id)).all()
    return sha256(repr([tuple(row) for row in rows]).encode()).hexdigest() if rows else ""


def shown_of(listing_id: int) -> list[tuple[str, str]]:
    """`(address, words)` of the pictures that everybody sees of a listing (id), in their order."""
    shown = (ListingPicture.listing_id == listing_id) & (ListingPicture.state == "shown")
    query = select(ListingPicture).where(shown).order_by(ListingPicture.position, ListingPicture.id)
    return [(one.address, one.words) for one in session().scalars(query)]


def picture_named(picture: str, *, lock: bool = False) -> ListingPicture:
    """A picture (public id), or NotFoundError; who may have it is for the caller to know."""
    query = select(ListingPicture).where(ListingPicture.public_id == picture)
    query = query.with_for_update().execution_options(populate_existing=True) if lock else query
    found: ListingPicture | None = session().scalar(query)
    if found is None:
        raise NotFoundError
    return found


def listing_of(picture: str) -> str:
    """The listing (public id) of a picture (public id), or NotFoundError."""
    query = select(Listing.public_id).join(ListingPicture, ListingPicture.listing_id == Listing.id)
    found = session().scalar(query.where(ListingPicture.public_id == picture))
    if found is None:
        raise NotFoundError
    return found


def is_public(actor: Actor, told: Look, *, in_orders: InOrders) -> bool:
    """Whether everybody may see what an address tells; NotFoundError for who may not while it is not so.

    What was never shown, or shows goods that were taken down, is for its factory's team and operators of its desk; what
    stood in an order also for whoever bought or sold it: she goes on seeing what she bought.
    """
    found = picture_named(told.picture)
    if not found.made_at or found.look != told:
        raise NotFoundError
    if found.shown_at is not None and not is_out_of_sight(found.listing_id):
        return True
    home = found.organisation_id
    if found.shown_at is not None and in_orders(actor, found.listing_id, told.address):
        return False
    if (found.state == "removed" and found.shown_at is None) or not (
        actor.may(Permission.LISTING_GOODS_EDIT, organisation_id=home) or _is_on_desk(actor, home)
    ):
        raise NotFoundError
    return False


def known_sources(listing_id: int) -> set[str]:
    """The hashes of all files that ever were pictures of a listing (id)."""
    return set(session().scalars(select(ListingPicture.source).where(ListingPicture.listing_id == listing_id)))


def was_by_ai(organisation_id: int, source: str) -> bool:
    """Whether a file (its hash) ever stood in a factory for what AI made: nobody takes the label off it again."""
    same = (ListingPicture.organisation_id == organisation_id) & (ListingPicture.source == source)
    return session().scalar(select(ListingPicture.id).where(same, ListingPicture.by_ai).limit(1)) is not None


def is_handed_in(picture: str) -> bool:
    """Whether a file in hand became a picture (public id) already."""
    return session().scalar(select(ListingPicture.id).where(ListingPicture.public_id == picture)) is not None


def look_alikes(listing_id: int) -> list[Alike]:
    """Pictures of other factories like those of a listing (id), the likest first: two statements, for operators."""
    mine = [one for one in pictures_of(listing_id) if one.made_at and speaks(int(one.seen, _HEX))]
    if not mine:
        return []
    query = (
        select(ListingPicture, *_GOODS)
        .join(Listing, Listing.id == ListingPicture.listing_id)
        .join(Organisation, Organisation.id == ListingPicture.organisation_id)
        .where(ListingPicture.organisation_id != mine[0].organisation_id, ListingPicture.state != "removed")
        .where(or_(*(_shares_a_band(one) for one in mine)))
    )
    found: dict[tuple[str, str], Alike] = {}
    for theirs, *goods in session().execute(query.order_by(ListingPicture.id).limit(_TOLD)):
        for one in mine:
            bits = apart(int(one.seen, _HEX), int(theirs.seen, _HEX))
            if bits <= ALIKE:
                listing, title, state, organisation, factory = goods
                shown, looks = theirs.state == "shown", (one.address, theirs.address)
                alike = Alike(*looks, organisation, factory, listing, title, state, shown, bits)
                found[one.public_id, theirs.public_id] = alike
    return sorted(found.values(), key=lambda alike: alike.bits)


def goods_alike(listing_id: int) -> set[str]:
    """The listings (public ids) of other factories that show buyers a picture like one of a listing (id)."""
    return {one.listing for one in look_alikes(listing_id) if one.is_shown}


def _is_refused() -> ColumnElement[bool]:
    """Whether a picture was taken off with a reason and none was handed in since."""
    later = aliased(ListingPicture)
    since = (later.listing_id == ListingPicture.listing_id) & (later.id > ListingPicture.id)
    none_since = ~select(later.id).where(since, later.state != "removed").exists()
    return and_(ListingPicture.state == "removed", ListingPicture.reason != "", none_since)


def _shares_a_band(one: ListingPicture) -> ColumnElement[bool]:
    """Of two looks that differ in few bits one byte is the same: each of the eight is indexed."""
    columns: Sequence[ColumnElement[int]] = [getattr(ListingPicture, f"band_{place}") for place in range(8)]
    pairs = zip(columns, bands(int(one.seen, _HEX)), strict=True)
    return or_(*(and_(column.is_not(None), column == band) for column, band in pairs))


def _is_on_desk(actor: Actor, organisation_id: int) -> bool:
    belt, region, _category = place_of(organisation_id)
    return actor.may(Permission.OPS_CASES_VIEW, region=region, belt=belt)
