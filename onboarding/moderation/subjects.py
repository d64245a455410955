"""What a case is about: its goods, held before it is decided, what it is called, on which desk it lies."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, union_all

from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.listings.changes import edit_named
from onboarding.listings.models import Listing, ListingEdit, Takedown
from onboarding.listings.sharing import takedown_named
from onboarding.moderation.models import Case
from onboarding.notices.models import Notice
from onboarding.verification.models import Application
from onboarding.verification.queries import desk_region

GOODS = ("listing", "report", "pictures")
"""Subjects that are listings."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose matter something is: its organisation, and the region and belt that staff scopes name."""

    organisation_id: int
    region: str
    belt: str


def goods_of_case(subject_type: str, subject: str) -> Listing | None:
    """The goods that a case is about, as they are or as they were taken down."""
    if subject_type == "takedown":
        return session().get_one(Listing, takedown_named(subject).listing_id)
    if subject_type == "edit":
        return edit_named(subject).listing
    is_goods = subject_type in GOODS
    return session().scalar(select(Listing).where(Listing.public_id == subject)) if is_goods else None


def hold_subject(case: str) -> None:
    """Lock the goods or the notice that a case (public id) is about, before the case itself.

    Whoever makes or sends something comes to its case last; operators who began there would wait in a circle with her.
    """
    subject = select(Case.subject).where(Case.public_id == case).scalar_subquery()
    goods = union_all(
        select(Listing.id).where(Listing.public_id == subject),
        select(ListingEdit.listing_id).where(ListingEdit.public_id == subject),
        select(Takedown.listing_id).where(Takedown.public_id == subject),
    )
    for held in (select(Notice.id).where(Notice.public_id == subject), select(Listing.id).where(Listing.id.in_(goods))):
        session().execute(held.with_for_update())


def desk_of(subject_type: str, subject: str) -> Desk:
    """Where a subject belongs: the organisation it is of, with its belt and province, a merchant's by her code."""
    query = select(Organisation.id, func.coalesce(desk_region(), ""), func.coalesce(Belt.slug, ""))
    query = query.outerjoin(Application, Application.organisation_id == Organisation.id)
    query = query.outerjoin(Belt, Belt.id == Application.belt_id)
    if subject_type in GOODS:
        query = query.join(Listing, Listing.organisation_id == Organisation.id).where(Listing.public_id == subject)
    elif subject_type == "edit":
        query = query.join(ListingEdit, ListingEdit.organisation_id == Organisation.id)
        query = query.where(ListingEdit.public_id == subject)
    else:
        query = query.where(Organisation.public_id == subject)
    return Desk(*session().execute(query).one())


def title_of(case: Case) -> str:
    """What the subject of a case is called."""
    if (goods := goods_of_case(case.subject_type, case.subject)) is not None:
        return goods.title
    return session().scalars(select(Organisation.name).where(Organisation.id == case.organisation_id)).one()
