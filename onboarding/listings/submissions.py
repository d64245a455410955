"""All drafts of a factory handed in, a few in a transaction: whoever writes meanwhile waits for no more than these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from kernel.db import session
from kernel.permissions import Permission
from onboarding.listings.models import Listing
from onboarding.listings.operations import submit_some
from onboarding.listings.rules import LISTING

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor

MOST: Final = 200
"""So many are handed in before whoever asked is answered."""
_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How many drafts were handed in, which (public ids) lack something, and how many it has not come to."""

    count: int
    kept: tuple[str, ...]
    more: int


def submit_all(*, actor: Actor, now: datetime) -> HandedIn:
    """Hand every draft of the factory that lacks nothing to the operators, `MOST` and a few at once.

    Where somebody else holds the database after the first of them, it ends there: what is done is told.
    """
    mine = Listing.organisation_id == actor.membership(Permission.LISTING_GOODS_EDIT).organisation_id
    query = select(Listing.public_id).where(mine, Listing.state == LISTING.start).order_by(Listing.id)
    drafts, kept, done = session().scalars(query).all(), list[str](), 0
    while (seen := done + len(kept)) < len(drafts) and done < MOST:
        some = drafts[seen : seen + _AT_ONCE]
        try:
            handed_in = submit_some(actor=actor, listings=some, now=now)
        except OperationalError:
            if not done:
                raise
            break
        done += len(handed_in)
        kept += [one for one in some if one not in handed_in]
    return HandedIn(done, tuple(kept), len(drafts) - done - len(kept))
