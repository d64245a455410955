"""What can be done with the variants of a listing: lay them out anew, price and count them all at once.

A variant keeps its id, stock, prices and history through every renaming. Of goods on sale other names wait for an
operator, and so do new variants, which she sees as prices that wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError
from kernel.ids import public_id
from kernel.outbox import publish
from onboarding.listings.changes import NAME, PRICE, SUPPLY, waiting_edit
from onboarding.listings.claims import forbidden_beside
from onboarding.listings.edits import (
    far_prices,
    frozen_in_review,
    hold,
    hold_terms,
    is_unseen,
    set_prices,
    set_stock,
)
from onboarding.listings.facts import ListingChanged
from onboarding.listings.matrix import options_of, reshape
from onboarding.listings.models import Sku, StockMovement, StockReservation
from onboarding.listings.naming import check_apart, names_asked, rename, settle_keys
from onboarding.listings.pricing import check_price
from onboarding.listings.queries import own_listing
from onboarding.listings.rules import COUNTABLE, WATCHED, check_grams, options_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.matrix import Option, Shape
    from onboarding.listings.models import Listing
    from onboarding.listings.stock import Why

SHAPED: Final = frozenset({"draft", "refused", "published"})
"""States of a listing whose variants may be laid out anew."""
_NAMED_CHARS: Final = 80


@dataclass(frozen=True, slots=True)
class Shaped:
    """How many variants came and went, whether the new ones wait for an operator, and how many others' names do."""

    made: int
    gone: int
    wait: bool
    renamed: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What shall be different of variants, all by SKU public id; what is not named stays.

    `prices` and `supply` are fen, `shown` is the stock that stood on the page, `why` it is another one now.
    """

    prices: Mapping[str, int]
    supply: Mapping[str, int | None]
    stock: Mapping[str, int]
    shown: Mapping[str, int]
    off: Mapping[str, bool]
    grams: Mapping[str, int | None]
    why: Why


@operation("listing.shape_variants")
def shape_variants(
    *,
    actor: Actor,
    listing: str,
    options: Sequence[Option],
    fill: bool,
    agreed: int,
    now: datetime,
    shown: Mapping[str, Collection[str]] | None = None,
) -> Shaped:
    """Lay the variants of a listing out by options and values; those that go are told first: `variants.takes_away`.

    `agreed` is how many may go; `shown` are the options and values that were looked at: `variants.added` where there
    are more by now. Variants of goods that were ever on sale are switched off, others go with their stock. What waits
    already is laid out anew with the rest. Raises `variants.changed`, `variants.twice`, `listing.in_review`,
    `listing.state`, `listing.advertising` and what `matrix` refuses.
    """
    found = own_listing(actor, listing, lock=True)
    if found.state not in SHAPED:
        raise DomainError("listing.in_review" if found.state == "submitted" else "listing.state", state=found.state)
    live = [sku for sku in found.skus if not sku.off]
    asked = names_asked(found, waiting_edit(found.id))
    present = [asked[sku.public_id] for sku in live]
    _check_known(present, options)
    _check_seen(present, shown)
    _check_words(present, options)
    shape = reshape(present, options, fill=fill)
    if len(shape.gone) > agreed:
        pieces = sum(live[place].on_hand for place in shape.gone)
        raise DomainError("variants.takes_away", count=len(shape.gone), pieces=pieces)
    before = {sku.public_id: sku.options for sku in live}
    gone = _take_away([live[place] for place in shape.gone], found)
    names = {live[place].public_id: options for place, options in shape.kept.items()}
    if found.state != "published":
        rename(found, names)
    made = _make(shape, live, found)
    renamed = _tell(found, made, gone, names, actor=actor, now=now)
    note(f"listing:{listing}", before=before, after={sku.public_id: sku.options for sku in found.skus if not sku.off})
    wait = found.state == "published" and any(not sku.for_sale for sku in made)
    return Shaped(len(made), len(gone), wait, renamed)


@operation("listing.set_variants")
def set_variants(*, actor: Actor, listing: str, changes: Changes, now: datetime) -> int:
    """Price, count, weigh and switch variants; how many prices wait for an operator.

    Where stock moved since it was shown, its field (`stock_<sku>`) is refused, and all with it; `variants.twice` for
    one that is switched on beside another of its name.
    """
    found = own_listing(actor, listing, lock=True)
    if found.state not in COUNTABLE:
        raise DomainError("listing.state", state=found.state, action="edit")
    unseen = {sku.public_id for sku in found.skus if is_unseen(sku)}
    far = far_prices(found, changes.prices) if found.state in WATCHED else {}
    repriced = set_prices(found, {sku: fen for sku, fen in changes.prices.items() if sku not in far})
    dear = hold_terms(found, {SUPPLY + sku: fen for sku, fen in changes.supply.items()}, actor=actor, now=now)
    supplied = _set_supply(found, {sku: fen for sku, fen in changes.supply.items() if SUPPLY + sku not in dear})
    switched = _set_plain(found, changes.off, changes.grams)
    if supplied[1] or switched[1]:
        frozen_in_review(found)
    if changes.off:
        settle_keys(found)
        check_apart(found)
    recounted = set_stock(found, changes.stock, changes.shown, why=changes.why, now=now)
    before, after = (repriced[at] | supplied[at] | switched[at] | recounted[at] for at in (0, 1))
    note(f"listing:{listing}", before=before, after=after, reason=changes.why.words)
    if found.state in WATCHED:
        given = {*changes.prices, *changes.off}
        wanted = {sku: fen for sku, fen in _asked(found, unseen).items() if sku in given}
        risky = {PRICE + sku: fen for sku, fen in (wanted | far).items()}
        fields = {PRICE + sku for sku in given} | {NAME + sku for sku, off in changes.off.items() if off}
        hold(found, given=fields, risky=risky, actor=actor, now=now)
        if after and found.state == "published":
            publish(ListingChanged(listing), actor=actor, now=now)
    return len(far) + len(dear)


def _check_known(present: Sequence[Mapping[str, str]], options: Sequence[Option]) -> None:
    """What is renamed is there: `variants.changed` when somebody else renamed it meanwhile."""
    known = {option.name: {value.name for value in option.values} for option in options_of(present)}
    for option in options:
        values = {value.was for value in option.values if value.was}
        if (option.was and option.was not in known) or not values <= known.get(option.was, set()):
            raise DomainError("variants.changed")


def _check_seen(present: Sequence[Mapping[str, str]], shown: Mapping[str, Collection[str]] | None) -> None:
    """Nothing goes that came after the page was made: nobody has looked at it."""
    if shown is None:
        return
    known = options_of(present)
    added = [value.name for one in known for value in one.values if value.name not in shown.get(one.name, ())]
    if added:
        raise DomainError("variants.added", names="、".join(added)[:_NAMED_CHARS])


def _check_words(present: Sequence[Mapping[str, str]], options: Sequence[Option]) -> None:
    """Names that buyers will read are words of an advertisement like any other."""
    known = {word for names in present for pair in names.items() for word in pair}
    told = [name for option in options for name in (option.name, *(value.name for value in option.values))]
    if refusal := forbidden_beside({}, [{name: ""} for name in told if name not in known]):
        raise refusal


def _take_away(skus: Sequence[Sku], listing: Listing) -> list[str]:
    """Forget variants that nobody ever could buy, switch the others off; their public ids."""
    held = select(StockReservation.sku_id).where(StockReservation.sku_id.in_([sku.id for sku in skus]))
    kept = set(session().scalars(held)) if listing.published_at is None else {sku.id for sku in skus}
    gone = [sku.public_id for sku in skus]
    for sku in skus:
        if sku.id in kept:
            sku.off = True
            continue
        session().execute(delete(StockMovement).where(StockMovement.sku_id == sku.id))
        listing.skus.remove(sku)
        session().delete(sku)
    session().flush()
    return gone


def _make(shape: Shape, live: Sequence[Sku], listing: Listing) -> list[Sku]:
    """New variants with the prices of what they resemble and without stock; one that was off comes back instead."""
    made = []
    away = {options_key(sku.options): sku for sku in listing.skus if sku.off}
    for options, like in zip(shape.made, shape.like, strict=True):
        if (sku := away.get(options_key(options))) is None:
            model = live[like or 0] if live else listing.skus[0]
            listing.skus.append(sku := _new(options, model, late=listing.published_at is not None))
        sku.off = False
        made.append(sku)
    session().flush()
    settle_keys(listing)
    check_apart(listing)
    return made


def _new(options: dict[str, str], like: Sku, *, late: bool) -> Sku:
    name = public_id("sku")
    return Sku(
        public_id=name,
        organisation_id=like.organisation_id,
        options=options,
        options_key=f"~{name}",
        retail_price_fen=like.retail_price_fen,
        supply_price_fen=like.supply_price_fen,
        currency=like.currency,
        on_hand=0,
        reserved=0,
        made_to_order=like.made_to_order,
        weight_grams=like.weight_grams,
        late=late,
    )


def _tell(
    listing: Listing,
    made: Sequence[Sku],
    gone: Sequence[str],
    names: Mapping[str, dict[str, str]],
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """New variants and other names of goods on sale wait, those that went wait no more; how many names.

    Shoppers see the rest.
    """
    if listing.state != "published":
        return 0
    prices = _asked(listing, {sku.public_id for sku in made})
    other = [sku for sku in listing.skus if names.get(sku.public_id, sku.options) != dict(sku.options)]
    risky: dict[str, Any] = {PRICE + sku: fen for sku, fen in prices.items()}
    risky |= {NAME + sku.public_id: names[sku.public_id] for sku in other}
    given = {*risky, *(PRICE + sku for sku in gone), *(NAME + sku.public_id for sku in listing.skus)}
    hold(listing, given=given, risky=risky, actor=actor, now=now)
    publish(ListingChanged(listing.public_id), actor=actor, now=now)
    return len(other)


def _asked(listing: Listing, skus: set[str]) -> dict[str, int]:
    """The prices at which those variants would be sold that an operator has not seen yet."""
    return {
        sku.public_id: sku.retail_price_fen
        for sku in listing.skus
        if sku.public_id in skus and not sku.off and not sku.for_sale
    }


def _set_supply(listing: Listing, supply: Mapping[str, int | None]) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    for sku in listing.skus:
        price = supply.get(sku.public_id, sku.supply_price_fen)
        if price == sku.supply_price_fen:
            continue
        if price is not None:
            check_price(price)
        name = f"{sku.public_id}.supply_price"
        before[name], after[name], sku.supply_price_fen = sku.supply_price_fen, price, price
    return before, after


def _set_plain(
    listing: Listing, off: Mapping[str, bool], grams: Mapping[str, int | None]
) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    for sku in listing.skus:
        weight = grams.get(sku.public_id, sku.weight_grams)
        check_grams(weight)
        told = {"off": off.get(sku.public_id, sku.off), "weight_grams": weight}
        for name, value in told.items():
            if value != getattr(sku, name):
                before[f"{sku.public_id}.{name}"], after[f"{sku.public_id}.{name}"] = getattr(sku, name), value
                setattr(sku, name, value)
    return before, after
