"""How one search is answered against one state of the index: a page of hits, and the facets of the whole result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import tantivy

from storefront.search.facets import aggregations, facets_of
from storefront.search.filters import Filters
from storefront.search.ranking import TIERS, Ranking
from storefront.search.rules import DEEPEST, Facets, Match, Query, Result
from storefront.search.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator

_ORDER: Final = {
    "price": ("by_price", tantivy.Order.Asc),
    "-price": ("by_price_down", tantivy.Order.Desc),
    "newest": ("by_age", tantivy.Order.Desc),
    "sales": ("by_sales", tantivy.Order.Desc),
}
_FACETS: Final = frozenset({"belt", "category", "price", "least", "ships", "way", "verified", "order", "stock", "new"})
_OF_ONE_CHOICE: Final = frozenset({"order", "stock", "new"})


def answered(searcher: tantivy.Searcher, schema: tantivy.Schema, query: Query) -> Result:
    """The strictest way of matching that finds anything, judged before any filter: facets stay whole."""
    ranking, filters = Ranking(schema, searcher), Filters(schema)
    for match, text in _ways(ranking, query):
        found = _narrowed(text, filters.chosen(query))
        documents, total = _page(searcher, found, filters.seen(query.seen), query)
        if total or match == "none" or searcher.search(text, limit=1, count=False).hits:
            break
    return Result(
        hits=tuple(str(document.get_first("public_id")) for document in documents),
        total=total,
        facets=_facets(searcher, filters, text, query, total),
        match=match,
        stored=tuple(bytes(document["document"][0]) for document in documents),
        keys=tuple(int(str(document.get_first("key"))) for document in documents),
        without={} if total else _without(searcher, filters, text, query),
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


def _page(
    searcher: tantivy.Searcher, found: tantivy.Query, seen: tantivy.Query | None, query: Query
) -> tuple[list[tantivy.Document], int]:
    """The documents of the page asked for (none beyond the deepest), and how many are found in all.

    Where some are passed over, the pages before this one are those: what they did not hold is still skipped.
    """
    start = max((query.page - 1) * query.per_page - len(query.seen), 0)
    limit = min(query.per_page, max(DEEPEST - start, 0))
    by = query.sort if query.q.strip() or query.sort != "relevance" else "newest"
    how: dict[str, Any] = {"weight_by_field": "weight"}
    if by != "relevance":
        column, order = _ORDER[by]
        how = {"order_by_field": column, "order": order}
    left = found if seen is None else _apart(found, seen)
    page: Any = searcher.search(left, max(limit, 1), offset=min(start, DEEPEST), **how)
    total = page.count if seen is None else _count(searcher, found)
    return [searcher.doc(address) for _, address in page.hits[:limit]], total


def _apart(found: tantivy.Query, seen: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, found), (tantivy.Occur.MustNot, seen)])


def _count(searcher: tantivy.Searcher, found: tantivy.Query) -> int:
    answer: Any = searcher.search(found, limit=1)
    return int(answer.count)


def _facets(searcher: tantivy.Searcher, filters: Filters, text: tantivy.Query, query: Query, total: int) -> Facets:
    """One pass for the facets nothing is chosen in, one more for each other of several choices, without its own."""
    plain = _FACETS - query.chosen
    answers: dict[str, dict[str, Any]] = {}
    whole = searcher.aggregate(_narrowed(text, filters.chosen(query)), aggregations(plain, query.today))
    answers |= dict.fromkeys(plain, whole)
    for facet in query.chosen - _OF_ONE_CHOICE:
        others = _narrowed(text, filters.chosen(query, without=facet))
        answers[facet] = searcher.aggregate(others, aggregations([facet], query.today))
    return facets_of(answers, dict.fromkeys(query.chosen & _OF_ONE_CHOICE, total))


def _without(searcher: tantivy.Searcher, filters: Filters, text: tantivy.Query, query: Query) -> dict[str, int]:
    """How many there would be without the choices of one facet."""
    return {
        facet: _count(searcher, _narrowed(text, filters.chosen(query, without=facet))) for facet in sorted(query.chosen)
    }
