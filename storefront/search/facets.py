"""The columns of the index: what a listing is filtered, counted and ordered by."""

from typing import Any, Final

import tantivy

from storefront.search.rules import ListingDocument, category_paths

_LOW: Final = 31  # bits kept for breaking ties in the keys that order by price and age


def add_columns(builder: tantivy.SchemaBuilder) -> None:
    """The fields of the columns, for the schema of the index."""
    for name in ("belt", "category"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("price_fen", "by_price", "by_price_down", "by_age"):
        builder.add_integer_field(name, indexed=name == "price_fen", fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_boolean_field("in_stock", indexed=True)


def columns(listing: ListingDocument) -> dict[str, Any]:
    """What the columns hold of a listing."""
    return {
        "belt": [listing.belt] if listing.belt else [],
        "category": category_paths(listing.category),
        "price_fen": listing.price_fen,
        "weight": _weight(listing),
        "in_stock": listing.in_stock,
        **_orders(listing),
    }


def _weight(listing: ListingDocument) -> float:
    """What a score is worth: goods in stock before goods sold out, then the better described.

    At most a tenth, so that it settles near-ties only. tantivy multiplies a score by log2(2 + weight).
    """
    quality = min(max(listing.quality, 0), 1000) / 1000
    return float(2 ** (1 + 0.05 * listing.in_stock + 0.04 * quality) - 2)


def _orders(listing: ListingDocument) -> dict[str, int]:
    """Sort keys that never tie: tantivy sorts by one column. Equal prices: in stock first, then newer."""
    low = (1 << (_LOW - 1)) - 1
    price = min(listing.price_fen, (1 << 31) - 1) << _LOW
    newer = listing.id & low
    return {
        "by_price": price | (not listing.in_stock) << (_LOW - 1) | (low - newer),
        "by_price_down": price | listing.in_stock << (_LOW - 1) | newer,
        "by_age": int(listing.created_at.timestamp()) << _LOW | newer,
    }
