"""What must have been before her who decides a case, on its page or in a list."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError
from kernel.permissions import SYSTEM
from onboarding.listings.changes import as_asked, edit_named
from onboarding.listings.claims import remarks
from onboarding.listings.doubts import doubts
from onboarding.listings.models import Listing
from onboarding.listings.queries import own_listing
from onboarding.moderation.matters import photo_to_see
from onboarding.moderation.models import Case
from onboarding.moderation.rules import SELLERS
from onboarding.pictures.queries import pictures_of, pictures_to_see
from onboarding.verification.queries import application_state
from onboarding.verification.rules import JOINED


def to_see(case: Case) -> str | None:
    """What must have been before her who approves a case; none where it does not change meanwhile.

    Goods are held: their pictures are made under the same lock, so none comes between this and what is decided.
    """
    if case.subject_type in {"pictures", "listing"}:
        own_listing(SYSTEM, case.subject, lock=True)
        return pictures_to_see(case.subject)
    return photo_to_see(case.organisation_id) if case.subject_type == "recheck" else None


def seen_in_list(case: str) -> str | None:
    """What has been before her who approves a case (public id) of a list: all pictures that goods were handed in with.

    `case.look_first` for goods of which pictures were made after that; none for all other kinds of cases.
    """
    query = select(Listing.id, Listing.public_id, Case.opened_at).join(Case, Case.subject == Listing.public_id)
    waits = (Case.public_id == case) & (Case.subject_type == "listing") & (Case.state == "open")
    found = session().execute(query.where(waits)).one_or_none()
    if found is None:
        return None
    listing_id, listing, opened_at = tuple[int, str, datetime](found)
    waiting = (one.made_at for one in pictures_of(listing_id) if one.state == "waiting")
    if any(made_at and made_at > opened_at for made_at in waiting):
        raise DomainError("case.look_first")
    return pictures_to_see(listing)


def must_be_seen(case: str, *, now: datetime) -> bool:
    """Whether no list decides about an open case (public id): somebody joins, or something grave speaks against it.

    Goods of a factory that has not joined: nobody has looked at who makes them.
    """
    found = session().scalar(select(Case).where(Case.public_id == case, Case.state == "open"))
    if found is None or found.subject_type not in _UNSEEN:
        return found is not None and found.subject_type in SELLERS
    listing, asked = _UNSEEN[found.subject_type](found.subject)
    if application_state(listing.organisation_id) not in JOINED:
        return True
    grave = any(one.severity == "bad" for one in doubts(listing, today=business_date(now), asked=asked))
    return grave or any(one.forbids for one in remarks(asked))


def _as_handed_in(subject: str) -> tuple[Listing, dict[str, Any]]:
    found = own_listing(SYSTEM, subject)
    return found, as_asked(found, None)


def _as_edited(subject: str) -> tuple[Listing, dict[str, Any]]:
    change = edit_named(subject)
    return change.listing, as_asked(change.listing, change)


_UNSEEN: Final = {"listing": _as_handed_in, "edit": _as_edited}
