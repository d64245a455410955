"""The listing index: one process writes it, any number read it, each sees a commit at its next search.

The directory holds one home for each shape (fields and word lists): code that expects another shape
starts an empty one beside the old and says so by `needs_rebuild`, while older processes read on.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final, NamedTuple, Protocol

import tantivy

from storefront.search.answering import answered
from storefront.search.completing import LONGEST_START, continued
from storefront.search.explaining import explained
from storefront.search.fields import shape
from storefront.search.filters import Filters
from storefront.search.generations import Home
from storefront.search.rules import MOST_PER_PAGE, ListingDocument, Query, Result
from storefront.search.shelf import Again, IndexLockedError, Shelf
from storefront.search.usage import Usage

__all__ = ["Index", "IndexLockedError", "TantivyIndex", "all_hits"]

MOST_ANSWERS: Final = 500  # kept in memory, about 20 kB each

_WALKED_PAGES: Final = 10


def _nothing(_public_ids: Sequence[str]) -> Iterable[ListingDocument]:
    return ()


class Index(Protocol):
    """Where listings are found. `put`, `remove` and `rebuild` show to readers at `commit`."""

    @property
    def needs_rebuild(self) -> bool:
        """Whether this index was never filled by `rebuild` in its present shape."""

    def turn(self) -> AbstractContextManager[None]:
        """Hold back all others who write, in other threads and processes; what fails within is not kept."""

    def put(self, documents: Iterable[ListingDocument]) -> None:
        """Add documents, each in place of one with the same public id."""

    def remove(self, public_ids: Iterable[str]) -> None:
        """Take listings out; unknown ids are no error, since a fact may come twice."""

    def commit(self) -> None:
        """Show what was put and removed since the last commit."""

    def rebuild(self, documents: Iterable[ListingDocument], again: Again = _nothing) -> None:
        """Replace everything; readers see the old content until then. `again` reads what was changed meanwhile."""

    def search(self, query: Query) -> Result:
        """Find listings; any text in `query.q` will do."""

    def suggest(self, text: str, *, limit: int) -> tuple[str, ...]:
        """The words of goods that begin with a text, with its sound or with its initials; the most used first."""

    def explain(self, query: Query) -> Mapping[str, Mapping[str, float]]:
        """What the score of each hit (public id) is made of, by name."""

    def count(self) -> int:
        """How many listings the index holds."""

    def held(self, keys: range | None = None) -> Iterator[tuple[str, bytes]]:
        """The listings of the last commit, all or those with these keys: public id and document."""


class _View(NamedTuple):
    """One commit as seen from here, and what has been asked of it. Threads swap it whole."""

    generation: tuple[int, ...]
    commit: tuple[int, ...]
    shelf: Shelf
    searcher: tantivy.Searcher
    usage: Usage
    answers: dict[Query, Result]


def all_hits(index: Index, words: str, *, exact: bool = False) -> tuple[list[str], Result]:
    """The first thousand listings (public ids) that the words find, best first, and how they were understood.

    For pages that show only some of what the index holds; who finds more had better narrow the words. Prices said in
    them are left alone: they may be those of supply, which the index has not.
    """
    found: list[str] = []
    for number in range(1, _WALKED_PAGES + 1):
        result = index.search(Query(q=words, exact=exact, page=number, per_page=MOST_PER_PAGE, unlimited=True))
        found += result.hits
        if len(found) >= result.total or not result.hits:
            break
    return found, result


class TantivyIndex:
    """The index in a directory of this machine. Reading takes no lock; writing does."""

    def __init__(self, path: Path, *, answers: int = MOST_ANSWERS) -> None:
        self._home = Home(path / shape())
        self._most_answers = answers
        self._open: Shelf | None = None
        self._lock, self._turn = RLock(), ExitStack()
        self._touched: list[str] = []
        self._holds = False
        self._seen = self._look(None)

    @property
    def needs_rebuild(self) -> bool:
        """Whether this index was never filled by `rebuild` in its present shape."""
        return not self._home.is_built

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold back all others who write, in other threads and processes; what fails within is not kept."""
        with self._lock:
            try:
                self._begin_turn()
                yield
            finally:
                if self._touched:
                    self.close()
                self._end_turn()

    def put(self, documents: Iterable[ListingDocument]) -> None:
        """Add documents, each in place of one with the same public id."""
        for document in documents:
            self._written(document.public_id).put(document)

    def remove(self, public_ids: Iterable[str]) -> None:
        """Take listings out; unknown ids are no error, since a fact may come twice."""
        for public_id in public_ids:
            self._written(public_id).remove(public_id)

    def commit(self) -> None:
        """Show what was put and removed since the last commit."""
        if self._open and self._touched:
            self._open.commit()
            self._home.touch(self._touched)
        self._end_turn()

    def rebuild(self, documents: Iterable[ListingDocument], again: Again = _nothing) -> None:
        """Build anew beside what is in use, do again what was changed meanwhile (`again`), and put it in its place."""
        with self._lock:
            self.close()
        with self._home.building() as place:
            shelf = Shelf(place)
            try:
                shelf.fill(documents)
                with self._home.writing():
                    shelf.replace(self._home.touched(), again)
                    shelf.commit()
                    self._home.use(place)
            finally:
                shelf.close()
        for other in self._home.path.parent.glob("v*-*"):
            if other != self._home.path:
                shutil.rmtree(other, ignore_errors=True)

    def search(self, query: Query) -> Result:
        """Find listings; any text in `query.q` will do. The same query is answered once a commit."""
        view = self._view()
        answer = view.answers.get(query)
        if answer is None:
            answer = answered(view.searcher, view.shelf.schema, view.usage, query)
            if len(view.answers) >= self._most_answers:
                view.answers.clear()
            if self._most_answers:
                view.answers[query] = answer
        return answer

    def suggest(self, text: str, *, limit: int) -> tuple[str, ...]:
        """The words of goods that begin with a text, with its sound or with its initials; the most used first."""
        view, start = self._view(), text[:LONGEST_START]
        return tuple(continued(view.usage, view.searcher, view.shelf.schema, start, finds=self._finds, limit=limit))

    def explain(self, query: Query) -> Mapping[str, Mapping[str, float]]:
        """What the score of each hit (public id) is made of, by name."""
        hits, view = self.search(query).hits, self._view()
        return explained(view.searcher, view.shelf.schema, view.usage, query, hits)

    def count(self) -> int:
        """How many listings the index holds."""
        return self._view().searcher.num_docs

    def held(self, keys: range | None = None) -> Iterator[tuple[str, bytes]]:
        """The listings of the last commit, all or those with these keys: public id and document."""
        view = self._view()
        searcher, asked = view.searcher, tantivy.Query.all_query()
        if keys is not None:
            asked = Filters(view.shelf.schema).among(keys)
        every: Any = searcher.search(asked, max(searcher.num_docs, 1), count=False)
        for _, address in every.hits:
            document = searcher.doc(address)
            yield str(document.get_first("public_id")), bytes(document["document"][0])

    def close(self) -> None:
        """Let another process write. What was not committed is lost."""
        if self._open is not None:
            self._open.close()
            self._open = None
        self._end_turn()

    def _finds(self, text: str) -> bool:
        """Whether goods have all the words of a text, as they are typed."""
        found = self.search(Query(q=text, per_page=1))
        return found.match == "all" and not (found.relaxed or found.suggestion or found.limits)

    def _written(self, public_id: str) -> Shelf:
        """The generation in use, to be written; no other takes its place before the commit."""
        self._begin_turn()
        self._touched.append(public_id)
        place = self._home.current()
        if self._open is None or self._open.path != place:
            if self._open is not None:
                self._open.close()
            self._open = Shelf(place)
        return self._open

    def _begin_turn(self) -> None:
        if not self._holds:
            self._turn.enter_context(self._home.writing())
            self._holds = True

    def _end_turn(self) -> None:
        self._touched, self._holds = [], False
        self._turn.close()

    def _view(self) -> _View:
        """The newest commit of the generation in use; what is open still serves when newer code swept it away."""
        seen = self._seen
        if self._home.stamp() != seen.generation or seen.shelf.stamp() != seen.commit:
            if seen.generation and not self._home.is_built:  # lost: what is open serves until it is built anew
                return seen
            try:
                self._seen = self._look(seen.shelf)
            except (FileNotFoundError, ValueError):  # swept away while it was opened: the next search looks again
                return seen
        return self._seen

    def _look(self, open_now: Shelf | None) -> _View:
        with self._home.opening():
            stamp, place = self._home.stamp(), self._home.current()
            shelf = open_now if open_now and open_now.path == place else Shelf(place)
            commit, searcher = shelf.stamp(), shelf.reload()
            return _View(stamp, commit, shelf, searcher, Usage(searcher, shelf.schema, shelf.words), {})
