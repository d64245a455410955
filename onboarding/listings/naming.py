"""What variants are called: names that wait for an operator, names that hold, and no two of one name for sale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.db import session
from kernel.errors import DomainError
from onboarding.listings.changes import NAME
from onboarding.listings.rules import options_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onboarding.listings.models import Listing, ListingEdit, Sku


def names_asked(listing: Listing, waiting: ListingEdit | None) -> dict[str, dict[str, str]]:
    """The options of each variant, by SKU public id, as they will be once what waits holds."""
    asked = waiting.after if waiting else {}
    return {sku.public_id: dict(asked.get(NAME + sku.public_id, sku.options)) for sku in listing.skus}


def rename(listing: Listing, names: Mapping[str, Mapping[str, str]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write options by SKU public id; returns them as they were and as they are.

    Two variants may take each other's names: first none has any. One that is off makes way for one that is not.
    """
    before, after = {}, {}
    for sku in listing.skus:
        options = dict(names.get(sku.public_id, sku.options))
        if options != dict(sku.options):
            name = f"{sku.public_id}.options"
            before[name], after[name], sku.options = dict(sku.options), options, options
    if after:
        settle_keys(listing)
    return before, after


def settle_keys(listing: Listing) -> None:
    """Let each variant be found by its name; of several of one name the one for sale, then the one that waits to be.

    The others are found by nobody, under `~` and their public id.
    """
    held: dict[str, Sku] = {}
    for sku in sorted(listing.skus, key=lambda one: (one.off, not one.for_sale, one.id or 0)):
        held.setdefault(options_key(sku.options), sku)
    wanted = {sku: f"~{sku.public_id}" for sku in listing.skus} | {sku: key for key, sku in held.items()}
    moved = [sku for sku, key in wanted.items() if sku.options_key != key]
    for sku in moved:
        sku.options_key = f"~{sku.public_id}"
    session().flush()
    for sku in moved:
        sku.options_key = wanted[sku]
    session().flush()


def check_apart(listing: Listing) -> None:
    """Raise `variants.twice` when two variants for sale have one name: nobody could tell which of them she buys."""
    told: set[str] = set()
    for sku in listing.skus:
        key = options_key(sku.options) if sku.for_sale else f"~{sku.public_id}"
        if key in told:
            raise DomainError("variants.twice", name=" / ".join(sku.options.values()))
        told.add(key)
