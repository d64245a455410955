"""Goods that their factory took off sale itself come back: as they were seen, or before an operator again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from kernel.audit import operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError
from kernel.outbox import publish
from onboarding.listings.certified import check_certified, fault, make_ready
from onboarding.listings.facts import ListingRelisted
from onboarding.listings.models import Takedown
from onboarding.listings.operations import submit_listing
from onboarding.listings.queries import own_listing
from onboarding.listings.rules import LISTING, UNFIT
from onboarding.listings.steps import is_measured, take_step

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.models import Listing


@operation("listing.relist")
def relist(*, actor: Actor, listing: str, now: datetime) -> Listing:
    """Put goods (public id) on sale again that their factory took off; what became of them is their state.

    Off sale nothing of them changes and what waited was taken back: they are as an operator saw them last, so they are
    `published` at once where they lack nothing that an approval asks for today. `submitted` are those that an operator
    took down before, and those of which a certificate is not confirmed. What cannot be handed in as it is comes back to
    be mended (`refused`). Merchants' offers follow as they do after a take-down: who had picked the goods up and did
    not let go sells them again, at her own price where she set one. `listing.under_notice` while a notice stands.
    """
    found = own_listing(actor, listing, lock=True)
    LISTING.step(found.state, "relist")
    if is_measured(found.id):
        raise DomainError("listing.under_notice")
    if fault(found, today=business_date(now)):
        take_step(found, "mend", actor=actor, now=now, reason=str(UNFIT))
        _stand_no_longer(found)
    elif _was_taken_down(found.id) or not _lacks_nothing(found, now):
        submit_listing(actor=actor, listing=listing, now=now)
        _stand_no_longer(found)
    else:
        take_step(found, "relist", actor=actor, now=now)
        publish(ListingRelisted(listing), actor=actor, now=now)
    return found


def _was_taken_down(listing_id: int) -> bool:
    """Whether an operator took goods (id) down and their factory gave them up instead of mending them."""
    given_up = select(Takedown.id).where(Takedown.listing_id == listing_id, Takedown.ending == "archived")
    return session().scalar(given_up.limit(1)) is not None


def _lacks_nothing(listing: Listing, now: datetime) -> bool:
    """Whether every certificate that goods need by now is confirmed."""
    make_ready(listing, today=business_date(now))
    try:
        check_certified(listing, today=business_date(now))
    except DomainError:
        return False
    return True


def _stand_no_longer(listing: Listing) -> None:
    """What was given up is before an operator again: until she has looked its pictures stay out of sight."""
    given_up = (Takedown.listing_id == listing.id) & (Takedown.ending == "archived")
    session().execute(update(Takedown).where(given_up).values(ending="submitted"))
