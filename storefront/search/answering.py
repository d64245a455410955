"""How one search is answered against one state of the index: a page of hits, and the facets of the whole result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import tantivy

from storefront.search.filters import Filters
from storefront.search.ranking import Ranking
from storefront.search.rules import DEEPEST, Facets, PriceBand, Query, Result, price_bands
from storefront.search.ways import ways

if TYPE_CHECKING:
    from storefront.search.usage import Usage

ENOUGH, FEW = 40, 20  # matches; with fewer, what matches in part follows, then what lies beside
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


def answered(searcher: tantivy.Searcher, schema: tantivy.Schema, usage: Usage, query: Query) -> Result:
    """The strictest way of matching that finds anything, judged before any filter: facets stay whole.

    Where it finds little, what matches in part follows after it.
    """
    ranking, filters = Ranking(schema, usage), Filters(schema)
    chosen = filters.chosen(query)
    for way in ways(query.q, ranking, usage):
        documents, total = _page(searcher, _narrowed(way.query, chosen), query)
        if total or way.match == "none" or usage.holds(way.query):
            break
    text, full = way.query, total
    for wider, enough in zip(way.wider, (ENOUGH, FEW), strict=False):
        if total < enough and query.sort == "relevance":
            text = ranking.followed(text, wider)
            documents, total = _page(searcher, _narrowed(text, chosen), query)
    return Result(
        hits=tuple(str(document.get_first("public_id")) for document in documents),
        total=total,
        facets=_facets(searcher, filters, text, query),
        match=way.match,
        stored=tuple(bytes(document["document"][0]) for document in documents),
        relaxed=way.relaxed,
        suggestion=way.suggestion,
        full=full,
    )


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


def _facets(searcher: tantivy.Searcher, filters: Filters, text: tantivy.Query, query: Query) -> Facets:
    """One pass for the facets nothing is chosen in, one more for each other, without its own choice."""
    priced = query.price_min_fen is not None or query.price_max_fen is not None
    chosen = {"belt": bool(query.belts), "category": bool(query.categories), "price": priced}
    plain = {facet: _COUNTED[facet] for facet, made in chosen.items() if not made}
    counts: dict[str, Any] = {}
    if plain:
        counts = searcher.aggregate(_narrowed(text, filters.chosen(query)), plain)
    for facet in chosen.keys() - plain.keys():
        others = _narrowed(text, filters.chosen(query, without=facet))
        counts |= searcher.aggregate(others, {facet: _COUNTED[facet]})
    priced_at = {each.get("from", 0): each["doc_count"] for each in counts["price"]["buckets"]}
    return Facets(
        belts={each["key"]: each["doc_count"] for each in counts["belt"]["buckets"]},
        categories={each["key"]: each["doc_count"] for each in counts["category"]["buckets"]},
        prices=tuple(PriceBand(low, high, priced_at.get(low, 0)) for low, high in price_bands()),
    )
