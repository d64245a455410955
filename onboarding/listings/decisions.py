"""What operators decide about changes of goods on sale; the scope is that of the goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from kernel.audit import operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import clean
from onboarding.listings.bands import terms_of, vet_terms
from onboarding.listings.certified import check_certified, make_ready
from onboarding.listings.changes import PRICE, of_variants, words_in
from onboarding.listings.edits import end, vet, write
from onboarding.listings.facts import ListingChanged
from onboarding.listings.models import Listing, ListingEdit
from onboarding.listings.queries import place_of
from onboarding.listings.rules import EDIT, REASON_CAP

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.permissions import Actor


@operation("edit.apply")
def apply_edit(*, actor: Actor, edit: str, now: datetime) -> Listing:
    """Let a change that waits hold from now on, or find nothing wrong with one that holds already.

    Raises `edit.state` when it is decided or taken back, `variants.twice`, and what the goods would lack.
    """
    change, listing = _for_decision(actor, edit)
    held_back = change.state == EDIT.start
    end(change, "apply", actor=actor, now=now)
    if held_back:
        _put(listing, change.after, actor=actor, now=now)
    vet(listing, of_variants(change.after, PRICE))
    if told := terms_of(listing).keys() & change.after.keys():
        vet_terms(listing, told)
    if held_back:  # told last: the offers of a variant that came late are made of what was seen
        session().flush()
        publish(ListingChanged(listing.public_id), actor=actor, now=now)
    return listing


@operation("edit.refuse")
def refuse_edit(*, actor: Actor, edit: str, reason: str, now: datetime) -> Listing:
    """Leave the goods as they are, and put prices back that moved at once; the reason is shown to the factory."""
    told = clean(reason, keep_lines=True)[:REASON_CAP]
    if not told:
        raise DomainError("listing.reason_missing")
    change, listing = _for_decision(actor, edit)
    held_back = change.state == EDIT.start
    end(change, "refuse", reason=told, actor=actor, now=now)
    if not held_back:
        write(listing, _unmoved(listing, change), actor=actor, now=now)
        publish(ListingChanged(listing.public_id), actor=actor, now=now)
    return listing


def _put(listing: Listing, fields: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Write fields of a change, where the goods lack nothing with them."""
    write(listing, fields, actor=actor, now=now)
    if words_in(fields):
        make_ready(listing, today=business_date(now))
        check_certified(listing, today=business_date(now))


def _unmoved(listing: Listing, change: ListingEdit) -> dict[str, int]:
    """The prices before a change, where they have not moved on since."""
    now = {PRICE + sku.public_id: sku.retail_price_fen for sku in listing.skus}
    return {name: fen for name, fen in change.before.items() if now.get(name) == change.after[name]}


def _for_decision(actor: Actor, edit: str) -> tuple[ListingEdit, Listing]:
    """A change and its goods, held, within the scope of somebody who decides; outside of it there is nothing to see."""
    query = select(ListingEdit).where(ListingEdit.public_id == edit)
    found = session().scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError
    goods = select(Listing).where(Listing.id == found.listing_id).with_for_update()
    listing = session().scalars(goods.execution_options(populate_existing=True)).one()
    belt, region, _ = place_of(listing.organisation_id)
    if not actor.may(Permission.OPS_CASES_DECIDE, region=region, belt=belt):
        raise NotFoundError
    return found, listing
