"""One index of listings in a directory, with the words that its goods use."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import tantivy

from storefront.search.counting import Counter
from storefront.search.fields import entry, schema
from storefront.search.filling import lines
from storefront.search.lexicon import Lexicon, entries
from storefront.search.rules import ListingDocument
from storefront.search.text import analyse

WRITER_BYTES: Final = 64_000_000
BUILDER_BYTES: Final = 150_000_000  # a million goods in seven parts or so, which eight would melt into one
Again = Callable[[Sequence[str]], Iterable[ListingDocument]]


class IndexLockedError(RuntimeError):
    """Another process is writing this index; only one may."""


class Shelf:
    """What is found, and the words it is found by; changes show to readers after `commit` and `reload`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        goods = path / "goods"
        goods.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(schema(), str(goods))
        self._index.config_reader(reload_policy="manual")
        self.schema = self._index.schema
        self.words = Lexicon(path / "words")
        self._writer: tantivy.IndexWriter | None = None
        self._titles: list[tuple[str, ...]] = []

    def stamp(self) -> tuple[int, ...]:
        """Another one after each commit, which replaces meta.json: looking whether it did costs 2 µs."""
        try:
            stat = (self.path / "goods" / "meta.json").stat()
        except FileNotFoundError:  # swept away: what is open still serves
            return ()
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def reload(self) -> tantivy.Searcher:
        """The newest commit."""
        self._index.reload()
        self.words.refresh()
        return self._index.searcher()

    def put(self, document: ListingDocument) -> None:
        """Add a listing in place of one with the same public id."""
        title = analyse(document.title)
        self._titles.append(title.cuts)
        self.remove(document.public_id)
        self._writing(WRITER_BYTES).add_document(entry(document, title, self.schema))

    def remove(self, public_id: str) -> None:
        """Take a listing out; an unknown id is no error."""
        self._writing(WRITER_BYTES).delete_documents_by_term("public_id", public_id)

    def commit(self) -> None:
        """Show what was put and removed, the new words with it."""
        self._writing(WRITER_BYTES).commit()
        self.words.learn(self._titles)
        self._titles = []

    def fill(self, documents: Iterable[ListingDocument]) -> None:
        """Take all listings into an index that is empty, and count their words."""
        writer, counter = self._writing(BUILDER_BYTES), Counter()
        with closing(lines(documents, counter)) as told:
            for each in told:
                writer.add_json(each)
        writer.commit()
        self.words.fill(entries(counter))

    def replace(self, public_ids: Sequence[str], again: Again) -> None:
        """Bring these listings up to date."""
        for public_id in public_ids:
            self.remove(public_id)
        for document in again(public_ids):
            self.put(document)

    def close(self) -> None:
        """Let another process write. What was not committed is lost."""
        self.words.close()
        if self._writer is not None:
            with suppress(ValueError):  # the directory may have been swept away
                self._writer.rollback()
            self._writer.wait_merging_threads()
            self._writer = None

    def _writing(self, size: int) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(size, 1)
            except ValueError as refusal:
                if "LockBusy" not in str(refusal):
                    raise
                raise IndexLockedError(str(self.path)) from refusal
        return self._writer
