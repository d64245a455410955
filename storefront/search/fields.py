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
from storefront.search.text import WORD_LISTS, Analysis, analyse

SHAPE: Final = 4  # raise it whenever a field changes, or how one is made

_known = lru_cache(maxsize=65_536)(analyse)  # factories, belts, categories and attributes repeat


def shape() -> str:
    """A name for what an index holds; another name means that it must be rebuilt."""
    lists = b"".join(path.read_bytes() for path in sorted(WORD_LISTS.glob("*.txt")))
    return f"v{SHAPE}-{zlib.crc32(lists):08x}"


def schema() -> tantivy.Schema:
    """The fields: two bags of terms, the title's pieces in order, its nouns, and columns to filter, count and sort."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("public_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("document", stored=True)
    for name in ("title", "rest", "head"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("run", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("exact", tokenizer_name="raw", index_option="basic")
    add_columns(builder)
    return builder.build()


def entry(listing: ListingDocument, title: Analysis, fields: tantivy.Schema) -> tantivy.Document:
    """The listing as the index takes it, with its title analysed."""
    rest = frozenset().union(*(_known(text).terms for text in _around(listing) if text))
    words = {
        "public_id": listing.public_id,
        "exact": "".join(title.run),
        "title": " ".join(title.terms),
        "rest": " ".join(rest),
        "run": " ".join(title.run),
        "head": " ".join(title.heads),
        "document": listing.to_json().encode(),
    }
    return tantivy.Document.from_dict(words | columns(listing), fields)


def _around(listing: ListingDocument) -> tuple[str, ...]:
    return (listing.attributes, listing.factory, listing.belt_name, listing.province, listing.category)
