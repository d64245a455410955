"""The listing index: one process writes it, any number read it, each sees a commit at its next search.

The directory holds one index for each shape (fields and word lists): code that expects another shape
starts an empty one beside the old and says so by `needs_rebuild`, while older processes read on.
"""

import fcntl
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import tantivy

from storefront.search.answering import answered
from storefront.search.fields import entry, schema, shape
from storefront.search.rules import MOST_PER_PAGE, ListingDocument, Match, Query, Result

BUILT: Final = "built"
WRITER_BYTES: Final = 64_000_000
MOST_ANSWERS: Final = 256  # kept in memory, about 20 kB each

_WALKED_PAGES: Final = 10


class IndexLockedError(RuntimeError):
    """Another process is writing this index; only one may."""


class Index(Protocol):
    """Where listings are found. `put`, `remove` and `rebuild` show to readers at `commit`."""

    @property
    def needs_rebuild(self) -> bool:
        """Whether this index was never filled by `rebuild` in its present shape."""

    def put(self, documents: Iterable[ListingDocument]) -> None:
        """Add documents, each in place of one with the same public id."""

    def remove(self, public_ids: Iterable[str]) -> None:
        """Take listings out; unknown ids are no error, since a fact may come twice."""

    def commit(self) -> None:
        """Show what was put and removed since the last commit."""

    def rebuild(self, documents: Iterable[ListingDocument]) -> None:
        """Replace everything and commit; readers see the old content until then."""

    def search(self, query: Query) -> Result:
        """Find listings; any text in `query.q` will do."""

    def count(self) -> int:
        """How many listings the index holds."""


class _View(NamedTuple):
    """One commit as seen from here, and what has been asked of it. Threads swap it whole."""

    stamp: tuple[int, ...]
    searcher: tantivy.Searcher
    answers: dict[Query, Result]


def all_hits(index: Index, words: str) -> tuple[list[str], Match]:
    """The first thousand listings (public ids) that the words find, best first, and how they match.

    For pages that show only some of what the index holds; who finds more had better narrow the words.
    """
    found: list[str] = []
    for number in range(1, _WALKED_PAGES + 1):
        result = index.search(Query(q=words, page=number, per_page=MOST_PER_PAGE))
        found += result.hits
        if len(found) >= result.total or not result.hits:
            break
    return found, result.match


class TantivyIndex:
    """The index in a directory of this machine. Reading takes no lock; the first write does."""

    def __init__(self, path: Path, *, answers: int = MOST_ANSWERS) -> None:
        self._home = path / shape()
        self._home.mkdir(parents=True, exist_ok=True)
        with (path / "opening").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)  # two first comers would both write an empty index
            self._index = tantivy.Index(schema(), str(self._home))
        self._index.config_reader(reload_policy="manual")
        self._schema = self._index.schema
        self._writer: tantivy.IndexWriter | None = None
        self._most_answers = answers
        self._seen = _View((), self._index.searcher(), {})

    @property
    def needs_rebuild(self) -> bool:
        """Whether this index was never filled by `rebuild` in its present shape."""
        return not (self._home / BUILT).exists()

    def put(self, documents: Iterable[ListingDocument]) -> None:
        """Add documents, each in place of one with the same public id."""
        writer = self._writing()
        for document in documents:
            writer.delete_documents_by_term("public_id", document.public_id)
            writer.add_document(entry(document, self._schema))

    def remove(self, public_ids: Iterable[str]) -> None:
        """Take listings out; unknown ids are no error, since a fact may come twice."""
        for public_id in public_ids:
            self._writing().delete_documents_by_term("public_id", public_id)

    def commit(self) -> None:
        """Show what was put and removed since the last commit."""
        self._writing().commit()

    def rebuild(self, documents: Iterable[ListingDocument]) -> None:
        """Replace everything and commit; readers see the old content until then. Older shapes go."""
        writer = self._writing()
        writer.rollback()
        writer.delete_documents_by_query(tantivy.Query.all_query())
        try:
            self.put(documents)
        except BaseException:
            writer.rollback()  # or the next commit would empty the index
            raise
        self.commit()
        (self._home / BUILT).touch()
        for other in self._home.parent.glob("v*-*"):
            if other != self._home:
                shutil.rmtree(other, ignore_errors=True)

    def search(self, query: Query) -> Result:
        """Find listings; any text in `query.q` will do. The same query is answered once a commit."""
        view = self._view()
        answer = view.answers.get(query)
        if answer is None:
            answer = answered(view.searcher, self._schema, query)
            if len(view.answers) >= self._most_answers:
                view.answers.clear()
            if self._most_answers:
                view.answers[query] = answer
        return answer

    def count(self) -> int:
        """How many listings the index holds."""
        return self._view().searcher.num_docs

    def close(self) -> None:
        """Let another process write. What was not committed is lost."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer.wait_merging_threads()
            self._writer = None

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(WRITER_BYTES, 1)
            except ValueError as refusal:
                if "LockBusy" not in str(refusal):
                    raise
                raise IndexLockedError(str(self._home)) from refusal
        return self._writer

    def _view(self) -> _View:
        """The newest commit. A commit replaces meta.json: looking whether it did costs 2 µs."""
        try:
            stat = (self._home / "meta.json").stat()
        except FileNotFoundError:  # newer code has swept this shape away: what is open still serves
            return self._seen
        stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if stamp != self._seen.stamp:
            self._index.reload()
            self._seen = _View(stamp, self._index.searcher(), {})
        return self._seen
