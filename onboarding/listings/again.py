"""What of goods on sale was refused or taken back: asked for again, or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from kernel.audit import operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError
from onboarding.listings.bands import terms_of
from onboarding.listings.certified import refuse_unfit
from onboarding.listings.changes import PRICE, as_it_is, refused_of, waiting_edit, words_in
from onboarding.listings.edits import end, hold, is_unseen
from onboarding.listings.models import ListingEdit
from onboarding.listings.queries import own_listing

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.models import Listing


@operation("listing.ask_again")
def ask_again(*, actor: Actor, listing: str, whole: bool, now: datetime) -> int:
    """Lay new variants that nobody looks at before an operator again, and with the `whole` what was refused last.

    Returns how many fields. What waits already waits with them. Raises `listing.state`, and what the goods would lack.
    """
    found = own_listing(actor, listing, lock=True)
    if found.state != "published":
        raise DomainError("listing.state", state=found.state, action="edit")
    unseen = {PRICE + sku for sku, stands in stands_of_new(found).items() if stands != "waiting"}
    holds = as_it_is(found) | terms_of(found)
    refused = refused_of(found) if whole else None
    differ = {name: value for name, value in (refused.after if refused else {}).items() if holds[name] != value}
    wanted: dict[str, Any] = {name: holds[name] for name in unseen} | differ
    refuse_unfit(found, words_in(wanted), today=business_date(now))
    hold(found, given=wanted, risky=wanted, actor=actor, now=now)
    return len(wanted)


@operation("listing.give_up_edit")
def give_up(*, actor: Actor, listing: str, edit: str, now: datetime) -> None:
    """Be told no more of a change (public id) that was refused, nor of any before; of another it changes nothing."""
    found = own_listing(actor, listing, lock=True)
    mine = select(ListingEdit).where(ListingEdit.listing_id == found.id, ListingEdit.state == "refused")
    refused = session().scalars(mine.order_by(ListingEdit.id.desc()).with_for_update()).all()
    places = [place for place, one in enumerate(refused) if one.public_id == edit]
    for one in refused[places[0] :] if places else ():
        end(one, "give_up", actor=actor, now=now)


def stands_of_new(listing: Listing) -> dict[str, str]:
    """How the variants (public ids) stand that no operator agreed to yet: `waiting`, `refused`, or `unsent`."""
    unseen = [sku.public_id for sku in listing.skus if is_unseen(sku) and not sku.off]
    if not unseen or listing.state not in {"published", "lapsed"}:  # else the goods are looked at as a whole
        return dict.fromkeys(unseen, "waiting")
    waiting, refused = waiting_edit(listing.id), refused_of(listing)
    stands = [("waiting", waiting.after if waiting else {}), ("refused", refused.after if refused else {})]
    return {sku: next((name for name, after in stands if PRICE + sku in after), "unsent") for sku in unseen}
