"""What an edit of a listing changes at once, and what of goods on sale waits for an operator meanwhile."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from kernel.audit import note
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Permission
from onboarding.listings.bands import completed, far_among, terms_of, vet_terms, write_terms
from onboarding.listings.changes import NAME, PRICE, as_it_is, of_variants, waiting_edit, words_in
from onboarding.listings.facts import EditAsked, EditWithdrawn, ListingRenamed
from onboarding.listings.models import ListingEdit
from onboarding.listings.naming import check_apart, rename
from onboarding.listings.pricing import check_price
from onboarding.listings.queries import place_of
from onboarding.listings.rules import EDIT, REWRITABLE, SAMPLED_BP, WATCHED, moves_far
from onboarding.listings.stock import set_on_hand

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.models import Listing, Sku
    from onboarding.listings.stock import Why

Changes = tuple[dict[str, Any], dict[str, Any]]


def new_words(listing: Listing, words: Mapping[str, str]) -> dict[str, str]:
    """Those of the words that are not what the listing says; `listing.in_review` while an operator looks at it."""
    found = {name: said for name, said in words.items() if getattr(listing, name) != said}
    if found and listing.state not in REWRITABLE:
        raise DomainError("listing.in_review")
    return found


def frozen_in_review(listing: Listing) -> None:
    """Raise `listing.in_review` while an operator looks at goods: she approves what she sees."""
    if listing.state == "submitted":
        raise DomainError("listing.in_review")


def far_prices(listing: Listing, prices: Mapping[str, int]) -> dict[str, int]:
    """The prices, by SKU public id, that lie outside the band around what an operator saw last.

    So do all prices of a variant that came late and that nobody saw: it goes on waiting with the new one.
    """
    priced = [sku for sku in listing.skus if sku.public_id in prices]
    far = [sku for sku in priced if is_unseen(sku) or moves_far(prices[sku.public_id], sku.vetted_price_fen)]
    return {sku.public_id: prices[sku.public_id] for sku in far}


def is_unseen(sku: Sku) -> bool:
    """Whether a variant came to goods on sale and no operator saw it yet."""
    return sku.late and sku.vetted_price_fen is None


def set_words(listing: Listing, words: Mapping[str, str], *, actor: Actor, now: datetime) -> Changes:
    """Write words; returns them as they were and as they are. Another title is announced."""
    before = {name: getattr(listing, name) for name in words}
    for name, said in words.items():
        setattr(listing, name, said)
    if listing.title != before.get("title", listing.title):
        publish(ListingRenamed(listing.public_id, before["title"]), actor=actor, now=now)
    return before, {**words}


def set_prices(listing: Listing, prices: Mapping[str, int]) -> Changes:
    """Write retail prices by SKU public id; returns what changed."""
    before, after = {}, {}
    for sku in listing.skus:
        price = prices.get(sku.public_id, sku.retail_price_fen)
        check_price(price)
        if price != sku.retail_price_fen:
            frozen_in_review(listing)
            before[f"{sku.public_id}.price"], after[f"{sku.public_id}.price"] = sku.retail_price_fen, price
            sku.retail_price_fen = price
    return before, after


def vet(listing: Listing, skus: Collection[str] | None = None) -> None:
    """An operator has seen the prices of these SKUs (public ids; none: of all) as they are.

    What came late is for sale from now on; `variants.twice` when another one for sale has its name.
    """
    for sku in listing.skus:
        if skus is None or sku.public_id in skus:
            sku.vetted_price_fen = sku.retail_price_fen
    if skus is None:
        vet_terms(listing)
    check_apart(listing)


def set_stock(
    listing: Listing, stock: Mapping[str, int], shown: Mapping[str, int], *, why: Why, now: datetime
) -> Changes:
    """Count SKUs anew; where stock moved since it was `shown`, its field (`stock_<sku>`) is refused."""
    before, after, moved = {}, {}, {}
    for sku in listing.skus:
        pieces = stock.get(sku.public_id, sku.on_hand)
        if pieces == sku.on_hand:
            continue
        before[f"{sku.public_id}.stock"], after[f"{sku.public_id}.stock"] = sku.on_hand, pieces
        try:
            set_on_hand(sku.id, pieces, shown=shown.get(sku.public_id), why=why, now=now)
        except DomainError as refusal:
            if refusal.code != "stock.moved":
                raise
            moved[f"stock_{sku.public_id}"] = (refusal.code, refusal.params)
    if moved:
        raise InvalidInputError(moved)
    return before, after


def hold(
    listing: Listing, *, given: Collection[str], risky: Mapping[str, Any], actor: Actor, now: datetime
) -> ListingEdit | None:
    """Let `risky` fields wait for an operator; of the fields `given` nothing else waits any more.

    What waits of fields that were not given waits on. Another change takes the place of the one that waited, so that
    nobody approves what she has not seen. Returns what waits now.
    """
    waiting = waiting_edit(listing.id)
    asked = waiting.after if waiting else {}
    after = {name: value for name, value in asked.items() if name not in given} | {**risky}
    if after == asked:
        return waiting
    if waiting is not None:
        end(waiting, "withdraw", actor=actor, now=now)
        publish(EditWithdrawn(waiting.public_id), actor=actor, now=now)
    return _ask(listing, after, actor=actor, now=now) if after else None


def hold_terms(listing: Listing, asked: Mapping[str, Any], *, actor: Actor, now: datetime) -> set[str]:
    """Let those of the terms asked for wait that lie outside the band; their names. The others may be written."""
    if listing.state not in WATCHED:
        return set()
    holds = terms_of(listing)
    far = far_among(listing.vetted_terms, holds, asked)
    if listing.vetted_terms:
        listing.vetted_terms = completed(listing.vetted_terms, holds)
    hold(listing, given=asked, risky=far, actor=actor, now=now)
    return {*far}


def take_in(listing: Listing, *, actor: Actor, now: datetime) -> None:
    """Write what waits: all of the listing is looked at now, the change by itself no more."""
    waiting = waiting_edit(listing.id)
    if waiting is None:
        return
    asked = waiting.after
    hold(listing, given=asked, risky={}, actor=actor, now=now)
    write(listing, asked, actor=actor, now=now)


def write(listing: Listing, fields: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Let fields of a change hold: words, names of variants, prices; and into the trail."""
    reworded = set_words(listing, words_in(fields), actor=actor, now=now)
    renamed = rename(listing, of_variants(fields, NAME))
    repriced = set_prices(listing, of_variants(fields, PRICE))
    said = write_terms(listing, fields)
    before, after = (reworded[at] | renamed[at] | repriced[at] | said[at] for at in (0, 1))
    note(f"listing:{listing.public_id}", before=before, after=after)


def end(edit: ListingEdit, action: str, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """Take one step of a change that waits; `edit.state` when it waits no more."""
    step = EDIT.step(edit.state, action)
    belt, region, _ = place_of(edit.organisation_id)
    actor.require(step.permission, organisation_id=edit.organisation_id, region=region, belt=belt)
    note(f"edit:{edit.public_id}", before={"state": edit.state}, after={"state": step.to}, reason=reason)
    edit.state, edit.reason, edit.ended_at = step.to, reason, now
    session().flush()


def sample(
    listing: Listing, before: Mapping[str, Any], after: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    """Let an operator look at some of the prices that moved at once, told as the trail has them, `<sku>.price`."""
    if not after or not is_drawn(drawn := public_id("edt")):
        return
    told = [{PRICE + name.removesuffix(".price"): fen for name, fen in side.items()} for side in (before, after)]
    edit = _noted(listing, drawn, *told, state="sampled", now=now)
    publish(EditAsked(edit.public_id), actor=actor, now=now)


def is_drawn(edit: str) -> bool:
    """Whether a change is one of those that are looked at; nobody knows the id, drawn by lot, beforehand."""
    return int.from_bytes(sha256(edit.encode()).digest()[:4]) % 10_000 < SAMPLED_BP


def _ask(listing: Listing, after: dict[str, Any], *, actor: Actor, now: datetime) -> ListingEdit:
    actor.require(Permission.LISTING_SALE_CHANGE, organisation_id=listing.organisation_id)
    holds = as_it_is(listing) | terms_of(listing)
    edit = _noted(listing, public_id("edt"), {name: holds[name] for name in after}, after, state=EDIT.start, now=now)
    publish(EditAsked(edit.public_id), actor=actor, now=now)
    return edit


def _noted(
    listing: Listing, name: str, before: dict[str, Any], after: dict[str, Any], *, state: str, now: datetime
) -> ListingEdit:
    edit = ListingEdit(
        public_id=name,
        listing_id=listing.id,
        organisation_id=listing.organisation_id,
        before=before,
        after=after,
        state=state,
        reason="",
        asked_at=now,
    )
    session().add(edit)
    session().flush()
    note(f"edit:{edit.public_id}", before=edit.before, after=after)
    return edit
