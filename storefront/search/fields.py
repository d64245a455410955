"""What the index keeps of a listing.

Keys are raw text: deleting by an unsigned integer field silently deletes nothing. Documents are made by
`from_dict` with the schema: keyword arguments guess types and have killed the writer.
"""

import zlib
from functools import lru_cache
from typing import Final

import tantivy

from storefront.search.rules import ListingDocument, category_paths
from storefront.search.text import WORD_LISTS, Analysis, analyse, normalise, squeeze

SHAPE: Final = 2  # raise it whenever a field changes, or how one is made

_PAST: Final = 32  # positions between two texts of one field, so that no phrase spans both
_LOW: Final = 31  # bits kept for breaking ties in the keys that order by price and age

_known = lru_cache(maxsize=4_096)(analyse)  # factories, belts and categories repeat


def shape() -> str:
    """A name for what an index holds; another name means that it must be rebuilt."""
    lists = b"".join(path.read_bytes() for path in sorted(WORD_LISTS.glob("*.txt")))
    return f"v{SHAPE}-{zlib.crc32(lists):08x}"


def schema() -> tantivy.Schema:
    """The fields: two of words in place, three of bare terms, and columns to filter, count and sort by."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("public_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("document", stored=True)
    for name in ("title", "rest"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="position")
    for name in ("exact", "head", "sound"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("belt", "category"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("price_fen", "by_price", "by_price_down", "by_age"):
        builder.add_integer_field(name, indexed=name == "price_fen", fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_boolean_field("in_stock", indexed=True)
    return builder.build()


def entry(listing: ListingDocument, fields: tantivy.Schema) -> tantivy.Document:
    """The listing as the index takes it."""
    title = analyse(listing.title)
    rest = [analyse(listing.attributes), *(_known(text) for text in _around(listing) if text)]
    columns = {
        "public_id": listing.public_id,
        "exact": squeeze(normalise(listing.title)),
        "head": list(title.heads),
        "sound": sorted({sound for part in (title, *rest) for sound in part.sounds}),
        "belt": [listing.belt] if listing.belt else [],
        "category": category_paths(listing.category),
        "price_fen": listing.price_fen,
        "weight": _weight(listing),
        "in_stock": listing.in_stock,
        **_orders(listing),
    }
    document = tantivy.Document.from_dict(columns, fields)
    document.add_bytes("document", listing.to_json().encode())
    document.add_pre_tokenized_text("title", _in_place([title]))
    document.add_pre_tokenized_text("rest", _in_place(rest))
    return document


def _around(listing: ListingDocument) -> tuple[str, ...]:
    return (listing.factory, listing.belt_name, listing.province, listing.category)


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


def _in_place(parts: list[Analysis]) -> tantivy.PreTokenizedString:
    tokens: list[tantivy.Token] = []
    start = 0
    for part in parts:
        tokens += [tantivy.Token(token.text, start + token.position, 0, 0) for token in part.tokens]
        start += _PAST + (part.tokens[-1].position if part.tokens else 0)
    return tantivy.PreTokenizedString("", tokens)
