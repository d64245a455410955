"""What the index keeps of a listing.

Keys are raw text: deleting by an unsigned integer field silently deletes nothing. Documents are made by
`from_dict` with the schema: keyword arguments guess types and have killed the writer.
"""

import zlib
from functools import lru_cache
from typing import Final

import tantivy

from storefront.search.facets import add_columns, columns
from storefront.search.rules import ListingDocument
from storefront.search.text import WORD_LISTS, Analysis, analyse, normalise, squeeze

SHAPE: Final = 3  # raise it whenever a field changes, or how one is made

_PAST: Final = 32  # positions between two texts of one field, so that no phrase spans both

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
    add_columns(builder)
    return builder.build()


def entry(listing: ListingDocument, fields: tantivy.Schema) -> tantivy.Document:
    """The listing as the index takes it."""
    title = analyse(listing.title)
    rest = [analyse(listing.attributes), *(_known(text) for text in _around(listing) if text)]
    words = {
        "public_id": listing.public_id,
        "exact": squeeze(normalise(listing.title)),
        "head": list(title.heads),
        "sound": sorted({sound for part in (title, *rest) for sound in part.sounds}),
    }
    document = tantivy.Document.from_dict(words | columns(listing), fields)
    document.add_bytes("document", listing.to_json().encode())
    document.add_pre_tokenized_text("title", _in_place([title]))
    document.add_pre_tokenized_text("rest", _in_place(rest))
    return document


def _around(listing: ListingDocument) -> tuple[str, ...]:
    return (listing.factory, listing.belt_name, listing.province, listing.category)


def _in_place(parts: list[Analysis]) -> tantivy.PreTokenizedString:
    tokens: list[tantivy.Token] = []
    start = 0
    for part in parts:
        tokens += [tantivy.Token(token.text, start + token.position, 0, 0) for token in part.tokens]
        start += _PAST + (part.tokens[-1].position if part.tokens else 0)
    return tantivy.PreTokenizedString("", tokens)
