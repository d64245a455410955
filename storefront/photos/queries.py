"""What can be asked of pictures: which goods show the same, what of them still has to be looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeVarTuple

from PIL import ImageOps
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.listings.models import Listing
from onboarding.pictures.models import ListingPicture
from storefront.photos.features import VERSION, Features, features_of, unpacked
from storefront.photos.matching import agreeing
from storefront.photos.models import PhotoSearch, PictureFeatures
from storefront.photos.rules import COMPARED, LEAST_PLACES, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from PIL import Image

    from kernel.pictures import Look
    from storefront.photos.index import PhotoIndex

_BATCH = 200
Row = TypeVarTuple("Row")


@dataclass(frozen=True, slots=True)
class Unlearnt:
    """A picture (id) that buyers see and nothing is known of yet, and what its address tells."""

    picture_id: int
    look: Look


def alike(features: Features, index: PhotoIndex) -> list[Hit]:
    """Goods on sale that have a picture which agrees with the one asked about, the most agreeing first.

    What was taken down since the index was written is not in the rows that are read here.
    """
    if len(features) < LEAST_PLACES:
        return []
    names = index.candidates(features, limit=COMPARED)
    query = _joined(select(Listing.public_id, PictureFeatures.features)).where(_is_known())
    rows = session().execute(query.where(ListingPicture.public_id.in_(names)))
    return agreeing(features, ((listing, unpacked(kept)) for listing, kept in rows))


def alike_either_way(picture: Image.Image, features: Features, index: PhotoIndex) -> list[Hit]:
    """The same; where nothing is alike, of the picture seen in a mirror, as front cameras save it."""
    return alike(features, index) or alike(features_of(ImageOps.mirror(picture)), index)


def search_kept(search: str, *, now: datetime) -> PhotoSearch:
    """What a question (public id) found; NotFoundError `photo_search.gone` once it is forgotten."""
    query = select(PhotoSearch).where(PhotoSearch.public_id == search, PhotoSearch.expires_at > now)
    found: PhotoSearch | None = session().scalar(query)
    if found is None:
        raise NotFoundError("photo_search.gone")
    return found


def hits_of(search: PhotoSearch) -> list[Hit]:
    """What a question found, the best first."""
    return [Hit(**one) for one in search.hits]


def as_kept(hits: Iterable[Hit]) -> list[dict[str, object]]:
    """Hits as the row of a question keeps them."""
    return [asdict(hit) for hit in hits]


def listing_with(picture: str) -> str | None:
    """The listing (public id) of a picture (public id), if there is one."""
    query = select(Listing.public_id).join(ListingPicture, ListingPicture.listing_id == Listing.id)
    return session().scalar(query.where(ListingPicture.public_id == picture))


def unlearnt_of(listing: str) -> list[Unlearnt]:
    """The pictures of a listing (public id) on sale that nothing is known of."""
    query = select(ListingPicture).join(Listing, Listing.id == ListingPicture.listing_id)
    query = query.outerjoin(PictureFeatures, PictureFeatures.picture_id == ListingPicture.id)
    lacking = or_(PictureFeatures.id.is_(None), PictureFeatures.looked != VERSION)
    due = query.where(Listing.public_id == listing, _is_shown(), lacking).order_by(ListingPicture.id)
    return [Unlearnt(one.id, one.look) for one in session().scalars(due)]


def outlived_of(listing: str) -> list[int]:
    """The features (ids) of pictures of a listing (public id) that buyers do not see any more."""
    query = _joined(select(PictureFeatures.id)).where(Listing.public_id == listing, ~_is_shown())
    return list(session().scalars(query))


def listings_to_learn(*, limit: int | None = None) -> list[str]:
    """Listings (public ids) with a picture that nothing is known of, or with something known that must not be."""
    query = select(Listing.public_id).join(ListingPicture, ListingPicture.listing_id == Listing.id)
    query = query.outerjoin(PictureFeatures, PictureFeatures.picture_id == ListingPicture.id)
    lacking = and_(_is_shown(), or_(PictureFeatures.id.is_(None), PictureFeatures.looked != VERSION))
    outlived = and_(~_is_shown(), PictureFeatures.id.is_not(None))
    due = query.where(or_(lacking, outlived)).group_by(Listing.id, Listing.public_id).order_by(Listing.id)
    return list(session().scalars(due.limit(limit)))


def looks_of(listing: str) -> list[tuple[str, Features]]:
    """`(picture, features)` of all that is known of a listing (public ids)."""
    query = _joined(select(ListingPicture.public_id, PictureFeatures.features))
    rows = session().execute(query.where(Listing.public_id == listing, _is_known()).order_by(ListingPicture.id))
    return [(picture, unpacked(kept)) for picture, kept in rows]


def all_looks() -> Iterator[tuple[str, str, Features]]:
    """`(listing, picture, features)` of everything known, a few hundred at a time."""
    last = 0
    columns = (PictureFeatures.id, Listing.public_id, ListingPicture.public_id, PictureFeatures.features)
    query = _joined(select(*columns)).where(_is_known()).order_by(PictureFeatures.id).limit(_BATCH)
    while batch := session().execute(query.where(PictureFeatures.id > last)).all():
        last = batch[-1][0]
        for _id, listing, picture, kept in batch:
            yield listing, picture, unpacked(kept)


def known() -> int:
    """Of how many pictures something is known."""
    return session().scalar(_joined(select(func.count(PictureFeatures.id))).where(_is_known())) or 0


def _joined(query: Select[*Row]) -> Select[*Row]:
    """From features to their picture and its listing."""
    pictured = query.select_from(PictureFeatures).join(ListingPicture, ListingPicture.id == PictureFeatures.picture_id)
    return pictured.join(Listing, Listing.id == ListingPicture.listing_id)


def _is_shown() -> ColumnElement[bool]:
    """Whether buyers see a picture: an operator has shown it and its goods are on sale."""
    return and_(ListingPicture.state == "shown", Listing.state == "published")


def _is_known() -> ColumnElement[bool]:
    """Whether what is known of a picture is of use: buyers see it, it was looked at as now, it has places."""
    return and_(_is_shown(), PictureFeatures.looked == VERSION, PictureFeatures.places >= LEAST_PLACES)
