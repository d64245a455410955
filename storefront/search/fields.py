"""What the index keeps of a listing.

Keys are raw text: deleting by an unsigned integer field silently deletes nothing. Documents are made by
`from_dict` with the schema: keyword arguments guess types and have killed the writer.
"""

import zlib
from base64 import b64encode
from functools import cache, lru_cache
from typing import Any, Final

import tantivy

from storefront.search.facets import add_columns, columns
from storefront.search.rules import ListingDocument
from storefront.search.spelling import spelled, template
from storefront.search.text import ASIDE, WORD_LISTS, Analysis, terms

SHAPE: Final = 7  # raise it whenever a field changes, or how one is made

_known = lru_cache(maxsize=8_192)(terms)  # categories repeat


def shape() -> str:
    """A name for what an index holds; another name means that it must be rebuilt."""
    lists = b"".join(path.read_bytes() for path in sorted(WORD_LISTS.glob("*.txt")))
    return f"v{SHAPE}-{zlib.crc32(lists):08x}"


def schema() -> tantivy.Schema:
    """The fields: three bags of terms, the title's pieces in order, its nouns, and columns to filter and count."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("public_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("document", stored=True)
    for name in ("title", "rest", "home", "head"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("run", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("exact", tokenizer_name="raw", index_option="basic")
    add_columns(builder)
    return builder.build()


def entry(listing: ListingDocument, title: Analysis, fields: tantivy.Schema) -> tantivy.Document:
    """The listing as the index takes it, with its title analysed."""
    told = _told(listing, title) | {"document": listing.to_json().encode()}
    return tantivy.Document.from_dict(told, fields)


def line(listing: ListingDocument, title: Analysis) -> str:
    """The same as a line of JSON: another process may make it than the one that writes the index."""
    told = _told(listing, title) | {"document": b64encode(listing.to_json().encode()).decode()}
    return _template(tuple(told)) % spelled(told.values())


_template = cache(template)


def _told(listing: ListingDocument, title: Analysis) -> dict[str, Any]:
    words = {
        "public_id": listing.public_id,
        "exact": "".join(title.run),
        "title": " ".join(title.terms),
        "rest": " ".join(terms(listing.attributes) | _known(listing.category)),
        "home": _home(listing.factory, listing.belt_name, listing.province),
        "run": " ".join(title.run),
        "head": " ".join((*title.heads, *(ASIDE + word for word in title.aside))),
    }
    return words | columns(listing)


@lru_cache(maxsize=32_768)  # what makes many listings
def _home(*names: str) -> str:
    return " ".join(frozenset[str]().union(*map(terms, names)))
