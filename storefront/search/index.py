"""The listing index: one process writes it, any number read it, each sees a commit at its next search.

The directory holds one index for each shape (fields and word lists): code that expects another shape
starts an empty one beside the old and says so by `needs_rebuild`, while older processes read on.
"""

import fcntl
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import tantivy

from storefront.search.fields import entry, schema, shape
from storefront.search.ranking import TIERS, Ranking
from storefront.search.rules import (
    DEEPEST,
    MOST_PER_PAGE,
    Facets,
    ListingDocument,
    Match,
    PriceBand,
    Query,
    Result,
    price_bands,
)
from storefront.search.text import words

BUILT: Final = "built"
WRITER_BYTES: Final = 64_000_000
MOST_ANSWERS: Final = 256  # kept in memory, about 20 kB each

_WALKED_PAGES: Final = 10
_MOST_VALUES: Final = 1_000  # of a facet
_ORDER: Final = {
    "price": ("by_price", tantivy.Order.Asc),
    "-price": ("by_price_down", tantivy.Order.Desc),
    "newest": ("by_age", tantivy.Order.Desc),
}
_COUNTED: Final[dict[str, Any]] = {
    "belt": {"terms": {"field": "belt", "size": _MOST_VALUES}},
    "category": {"terms": {"field": "category", "size": _MOST_VALUES}},
    "price": {
        "range": {
            "field": "price_fen",
            "ranges": [
                ({"from": low} if low else {}) | ({} if high is None else {"to": high + 1})
                for low, high in price_bands()
            ],
        }
    },
}


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
            answer = _answer(view.searcher, Ranking(self._schema, view.searcher), query)
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


def _answer(searcher: tantivy.Searcher, ranking: Ranking, query: Query) -> Result:
    """The strictest way of matching that finds anything, judged before any filter: facets stay whole."""
    filters = ranking.filters(query)
    for match, text in _ways(ranking, query):
        documents, total = _page(searcher, _narrowed(text, filters), query)
        if total or match == "none" or searcher.search(text, limit=1, count=False).hits:
            break
    return Result(
        hits=tuple(str(document.get_first("public_id")) for document in documents),
        total=total,
        facets=_facets(searcher, ranking, text, query),
        match=match,
        stored=tuple(bytes(document["document"][0]) for document in documents),
    )


def _ways(ranking: Ranking, query: Query) -> Iterator[tuple[Match, tantivy.Query]]:
    if not query.q.strip():
        yield "all", tantivy.Query.all_query()
    asked = words(query.q)
    for tier in TIERS if asked else ():
        yield tier, ranking.text(asked, tier)
    yield "none", tantivy.Query.empty_query()


def _narrowed(text: tantivy.Query, filters: list[tantivy.Query]) -> tantivy.Query:
    if not filters:
        return text
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in (text, *filters)])


def _page(searcher: tantivy.Searcher, found: tantivy.Query, query: Query) -> tuple[list[tantivy.Document], int]:
    """The documents of the page asked for (none beyond the deepest), and how many are found in all."""
    start = (query.page - 1) * query.per_page
    limit = min(query.per_page, max(DEEPEST - start, 0))
    by = query.sort if query.q.strip() or query.sort != "relevance" else "newest"
    how: dict[str, Any] = {"weight_by_field": "weight"}
    if by != "relevance":
        column, order = _ORDER[by]
        how = {"order_by_field": column, "order": order}
    page: Any = searcher.search(found, max(limit, 1), offset=min(start, DEEPEST), **how)
    return [searcher.doc(address) for _, address in page.hits[:limit]], page.count


def _facets(searcher: tantivy.Searcher, ranking: Ranking, text: tantivy.Query, query: Query) -> Facets:
    """One pass for the facets nothing is chosen in, one more for each other, without its own choice."""
    priced = query.price_min_fen is not None or query.price_max_fen is not None
    chosen = {"belt": bool(query.belts), "category": bool(query.categories), "price": priced}
    plain = {facet: _COUNTED[facet] for facet, made in chosen.items() if not made}
    counts: dict[str, Any] = {}
    if plain:
        counts = searcher.aggregate(_narrowed(text, ranking.filters(query)), plain)
    for facet in chosen.keys() - plain.keys():
        others = _narrowed(text, ranking.filters(query, without=facet))
        counts |= searcher.aggregate(others, {facet: _COUNTED[facet]})
    priced_at = {each.get("from", 0): each["doc_count"] for each in counts["price"]["buckets"]}
    return Facets(
        belts={each["key"]: each["doc_count"] for each in counts["belt"]["buckets"]},
        categories={each["key"]: each["doc_count"] for each in counts["category"]["buckets"]},
        prices=tuple(PriceBand(low, high, priced_at.get(low, 0)) for low, high in price_bands()),
    )
