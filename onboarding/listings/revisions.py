"""What a planned listing changes about the one that stands: the same rule for showing it first and for writing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from onboarding.listings.bands import far_among
from onboarding.listings.categories import attributes_of, top_of
from onboarding.listings.changes import DROP_SHIP, SUPPLY, TIERS
from onboarding.listings.rules import COUNTABLE, WATCHED, moves_far

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from onboarding.listings.known import KnownListing, KnownSku
    from onboarding.listings.plan import PlannedListing, PlannedSku


KEPT: Final = frozenset({"stock_kept", "in_review"})


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: its name, what it was and what it will be, and of which variant (its key).

    Two are none (`KEPT`): `stock_kept`, the sheet counts fewer pieces than buyers were promised, so the stock stays;
    `in_review`, an operator looks at the goods, so all but the stock stays. What `waits` does
    so for an operator, as if it were typed into a form: a price beyond the band, a variant that comes late.
    """

    name: str
    old: Any
    new: Any
    sku: str | None = None
    waits: bool = False


def changes_of(
    known: KnownListing, one: PlannedListing, *, recount: bool, before: Collection[int] = ()
) -> list[Change]:
    """Prices, tiers and stock follow the sheet; words only while nobody but the factory has seen them.

    A variant, a ladder or a price for single pieces that the sheet leaves out stays. `recount` says whether the sheet
    counts the stock anew, but for the variants (ids) counted `before`.
    """
    if known.state not in COUNTABLE:
        return []
    words = _words(known, one) if known.state in {"draft", "refused"} else ()
    found = [*words, *_variants(known, one, recount=recount, before=before), *_terms(known, one)]
    counted = [change for change in found if change.name in {"stock", "stock_kept"}]
    if known.state != "submitted" or counted == found:
        return found
    return [*counted, Change("in_review", None, None)]


def leaves_waiting(known: KnownListing, changes: Sequence[Change]) -> bool:
    """Whether a price or a term waits that none of these changes replaces."""
    said = {(one.name, one.sku) for one in changes}
    priced = any(
        sku.public_id in known.asked and ("retail_price_fen", key) not in said for key, sku in known.skus.items()
    )
    supplied = {SUPPLY + sku.public_id: ("supply_price_fen", key) for key, sku in known.skus.items()}
    fields = supplied | {DROP_SHIP: ("drop_ship_price_fen", None), TIERS: ("tiers", None)}
    return priced or any(fields[field] not in said for field in known.asked_terms)


def _words(known: KnownListing, one: PlannedListing) -> Iterator[Change]:
    """What a sheet leaves open, the leaf of a category and answers about it, stays as the owner said it."""
    category = known.category if top_of(known.category) == one.category else one.category
    asked = {attribute.zh for attribute in attributes_of(category)}
    stays = known.category == category
    answers = {name: said for name, said in known.attributes.items() if stays or name in asked}
    told = {"title": one.title, "category": category, "attributes": answers | one.attributes}
    for name, new in told.items():
        if new != (old := getattr(known, name)):
            yield Change(name, old, new)


def _variants(known: KnownListing, one: PlannedListing, *, recount: bool, before: Collection[int]) -> Iterator[Change]:
    for planned in one.skus:
        sku = known.skus.get(planned.key)
        if sku is None:
            yield Change("variant", None, planned, planned.key, waits=known.state in WATCHED)
            continue
        yield from _price(known, sku, planned.retail_price_fen)
        yield from _term(known, "supply_price_fen", SUPPLY + sku.public_id, planned.supply_price_fen, planned.key)
        if planned.made_to_order != sku.made_to_order:
            yield Change("made_to_order", sku.made_to_order, planned.made_to_order, planned.key)
        if recount and sku.id not in before:
            yield from _stock(sku, planned)


def _price(known: KnownListing, sku: KnownSku, new: int) -> Iterator[Change]:
    """A price on sale, as the file of all goods has it, leaves the one that waits alone; so does that one itself."""
    old = known.asked.get(sku.public_id, sku.retail_price_fen)
    if new not in {old, sku.retail_price_fen}:
        unseen = sku.late and sku.vetted_price_fen is None
        far = known.state in WATCHED and moves_far(new, sku.vetted_price_fen)
        waits = far or (unseen and known.state in WATCHED)
        yield Change("retail_price_fen", old, new, sku.key, waits=waits)


def _stock(sku: KnownSku, planned: PlannedSku) -> Iterator[Change]:
    if planned.stock is not None and planned.stock != sku.on_hand:
        name = "stock_kept" if planned.stock < sku.reserved else "stock"
        yield Change(name, sku.on_hand, planned.stock, sku.key)


def _terms(known: KnownListing, one: PlannedListing) -> Iterator[Change]:
    """Of goods sold to shoppers alone a sheet changes nothing about that."""
    for _way, least, _drop_ship in known.supply:
        if one.moq != least:
            yield Change("moq", least, one.moq)
        if one.drop_ship_price_fen is not None:
            yield from _term(known, "drop_ship_price_fen", DROP_SHIP, one.drop_ship_price_fen)
        if one.tiers:
            yield from _term(known, "tiers", TIERS, [[*rung] for rung in one.tiers])


def _term(known: KnownListing, name: str, field: str, new: Any, sku: str | None = None) -> Iterator[Change]:  # noqa: ANN401  a price or a ladder
    """What holds leaves what waits alone; outside the band around what was seen it waits itself."""
    holds = known.terms
    old = known.asked_terms.get(field, holds[field])
    if new not in (old, holds[field]):
        waits = known.state in WATCHED and bool(far_among(known.vetted_terms, holds, {field: new}))
        yield Change(name, old, new, sku, waits=waits)
