"""The index of what pictures look like: each place of a picture as a few words, found like the words of a text.

One process writes it (the worker of the queue `index`), any number read. It holds the names of pictures and these words
and nothing else; it is filled from the database whenever it is new.
"""

from __future__ import annotations

import fcntl
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import numpy as np
import tantivy

from storefront.photos.features import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from storefront.photos.features import Features

BUILT: Final = "built"
_WRITER_BYTES: Final = 20_000_000
_PARTS: Final = 16
"""Two views of one place seldom have the same code, but often the same 16 bits in one of its sixteen parts."""


class PhotoIndex:
    """The index in a directory of this machine. Reading takes no lock; the first write does."""

    def __init__(self, path: Path) -> None:
        self._home = path / f"v{VERSION}-{_PARTS}"
        self._home.mkdir(parents=True, exist_ok=True)
        with (path / "opening").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)  # two first comers would both write an empty index
            self._index = tantivy.Index(_schema(), str(self._home))
        self._index.config_reader(reload_policy="manual")
        self._writer: tantivy.IndexWriter | None = None

    @property
    def needs_rebuild(self) -> bool:
        """Whether this index was never filled by `rebuild` in its present shape."""
        return not (self._home / BUILT).exists()

    def replace(self, listing: str, pictures: Iterable[tuple[str, Features]]) -> None:
        """Keep these pictures (public ids) of a listing and no other ones; readers see it at once."""
        writer = self._writing()
        writer.delete_documents_by_term("listing", listing)
        self._add(writer, ((listing, *one) for one in pictures))
        writer.commit()

    def rebuild(self, pictures: Iterable[tuple[str, str, Features]]) -> None:
        """Replace everything by `(listing, picture, features)`; readers see the old content until then."""
        writer = self._writing()
        writer.rollback()
        writer.delete_documents_by_query(tantivy.Query.all_query())
        try:
            self._add(writer, pictures)
        except BaseException:
            writer.rollback()  # or the next commit would empty the index
            raise
        writer.commit()
        (self._home / BUILT).touch()
        for other in self._home.parent.glob("v*-*"):
            if other != self._home:
                shutil.rmtree(other, ignore_errors=True)

    def candidates(self, asked: Features, *, limit: int) -> list[str]:
        """Pictures (public ids) that have most to do with the one asked about, the best first; none is compared yet."""
        if not len(asked):
            return []
        schema = self._index.schema
        terms = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "words", word)) for word in _words(asked)]
        searcher = self._newest()
        found = searcher.search(tantivy.Query.boolean_query(terms), limit, count=False).hits
        return [str(searcher.doc(address).get_first("picture")) for _score, address in found]

    def count(self) -> int:
        """How many pictures the index holds."""
        return self._newest().num_docs

    def close(self) -> None:
        """Let another process write. What was not committed is lost."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer.wait_merging_threads()
            self._writer = None

    def _newest(self) -> tantivy.Searcher:
        """What was committed last."""
        with suppress(ValueError, OSError):  # newer code has swept this shape away: what is open still serves
            self._index.reload()
        return self._index.searcher()

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_WRITER_BYTES, 1)
        return self._writer

    def _add(self, writer: tantivy.IndexWriter, pictures: Iterable[tuple[str, str, Features]]) -> None:
        for listing, picture, features in pictures:
            entry = {"listing": listing, "picture": picture, "words": " ".join(_words(features))}
            writer.add_document(tantivy.Document.from_dict(entry, self._index.schema))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("listing", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("picture", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def _words(features: Features) -> list[str]:
    """Every code as sixteen words: which of its parts, and the sixteen bits of it; each word once."""
    parts = features.codes.view(">u2").astype(np.uint32) + (np.arange(_PARTS, dtype=np.uint32) << np.uint32(16))
    return [f"{word:05x}" for word in np.unique(parts).tolist()]
