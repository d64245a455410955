"""How one search is answered against one state of the index: a page of hits, and the facets of the whole result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import tantivy

from storefront.search.facets import aggregations, facets_of
from storefront.search.filters import Filters, limited
from storefront.search.meaning import words
from storefront.search.ranking import Ranking
from storefront.search.rules import DEEPEST, Facets, Query, Result
from storefront.search.ways import ways

if TYPE_CHECKING:
    from collections.abc import Callable

    from storefront.search.usage import Usage
    from storefront.search.ways import Wide

ENOUGH, FEW = 40, 40  # matches; with fewer, what matches in part follows, then what lies beside
_ORDER: Final = {
    "price": ("by_price", tantivy.Order.Asc),
    "-price": ("by_price_down", tantivy.Order.Desc),
    "newest": ("by_age", tantivy.Order.Desc),
    "sales": ("by_sales", tantivy.Order.Desc),
}
_FACETS: Final = frozenset({"belt", "category", "price", "least", "ships", "way", "verified", "order", "stock", "new"})
_OF_ONE_CHOICE: Final = frozenset({"order", "stock", "new"})


class _Found(NamedTuple):
    """What matches the words, before any filter: step after step the best first, and the `parts` it is made of.

    Filters go into each, so that only what passes them is looked at further.
    """

    steps: tuple[tantivy.Query, ...]
    parts: tuple[tantivy.Query, ...]

    def ranked(self, chosen: list[tantivy.Query]) -> tantivy.Query:
        """All of it under the filters chosen, the first step first."""
        return Ranking.one_after_another([_narrowed(each, chosen) for each in self.steps])

    def all(self, chosen: list[tantivy.Query]) -> tantivy.Query:
        """The same, to be counted."""
        parts = [_narrowed(each, chosen) for each in self.parts]
        return parts[0] if len(parts) == 1 else Ranking.either(parts)


def answered(searcher: tantivy.Searcher, schema: tantivy.Schema, usage: Usage, query: Query) -> Result:
    """The strictest way of matching that finds anything, judged before any filter: facets stay whole.

    Where it finds little, what matches in part follows after it.
    """
    query, said = limited(query)
    ranking = Ranking(schema, usage)
    filters = Filters(schema, [ranking.unwanted(thing, words(query.q)) for thing in query.unwanted])
    chosen, seen = filters.chosen(query), filters.seen(query.seen)
    for way in ways(query.q, ranking, usage, exact=query.exact):
        found = _Found((way.query,), (way.query,))
        hits, total = _page(searcher, found, chosen, seen, query)
        if total or way.match == "none" or usage.holds(way.query):
            break
    full = total
    if way.wide and total < ENOUGH and query.sort == "relevance":
        found, full = _widened(way.query, way.wide, total, lambda some: _count(searcher, _Found((), some).all(chosen)))
        hits, total = _page(searcher, found, chosen, seen, query)
    documents = [searcher.doc(address) for _, address in hits]
    return Result(
        hits=tuple(str(document.get_first("public_id")) for document in documents),
        total=total,
        facets=_facets(searcher, filters, found, query, total),
        match=way.match,
        stored=tuple(bytes(document["document"][0]) for document in documents),
        scores=tuple(float(score) for score, _ in hits),
        keys=tuple(int(str(document.get_first("key"))) for document in documents),
        without={} if total else _without(searcher, filters, found, query),
        relaxed=way.relaxed,
        suggestion=way.suggestion,
        full=full,
        limits=said,
    )


def _widened(
    text: tantivy.Query, wide: Wide, total: int, count: Callable[[tuple[tantivy.Query, ...]], int]
) -> tuple[_Found, int]:
    """What follows where little matches, and how many come first: the things themselves before what names them."""
    parts = (text, *filter(None, (wide.made, wide.partly)))
    things, others = (tuple(map(each, parts)) if each else () for each in (wide.thing, wide.other))
    full = count(things[:1]) if things else 0
    first, last = (things, others) if full else (parts, ())
    beside = (wide.beside,) if count(first) < FEW else ()
    return _Found((*first, *beside, *last), (*parts, *beside)), full or total


def _narrowed(text: tantivy.Query, filters: list[tantivy.Query]) -> tantivy.Query:
    if not filters:
        return text
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in (text, *filters)])


def _page(
    searcher: tantivy.Searcher,
    found: _Found,
    chosen: list[tantivy.Query],
    seen: tantivy.Query | None,
    query: Query,
) -> tuple[list[tuple[Any, tantivy.DocAddress]], int]:
    """The hits of the page asked for (none beyond the deepest), and how many are found in all.

    Where some are passed over, the pages before this one are those: what they did not hold is still skipped.
    """
    start = max((query.page - 1) * query.per_page - len(query.seen), 0)
    limit = min(query.per_page, max(DEEPEST - start, 0))
    by = query.sort if query.q.strip() or query.sort != "relevance" else "newest"
    how: dict[str, Any] = {"weight_by_field": "weight"}
    if by != "relevance":
        column, order = _ORDER[by]
        how = {"order_by_field": column, "order": order}
    left = found.ranked(chosen) if seen is None else _apart(found.ranked(chosen), seen)
    page: Any = searcher.search(left, max(limit, 1), offset=min(start, DEEPEST), **how)
    total = page.count if seen is None else _count(searcher, found.all(chosen))
    return list(page.hits[:limit]), total


def _apart(found: tantivy.Query, seen: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, found), (tantivy.Occur.MustNot, seen)])


def _count(searcher: tantivy.Searcher, found: tantivy.Query) -> int:
    answer: Any = searcher.search(tantivy.Query.const_score_query(found, 0.0), limit=1)  # a third without scores
    return int(answer.count)


def _facets(searcher: tantivy.Searcher, filters: Filters, found: _Found, query: Query, total: int) -> Facets:
    """One pass for the facets nothing is chosen in, one more for each other of several choices, without its own."""
    plain = _FACETS - query.chosen
    answers: dict[str, dict[str, Any]] = {}
    whole = searcher.aggregate(found.all(filters.chosen(query)), aggregations(plain, query.today))
    answers |= dict.fromkeys(plain, whole)
    for facet in query.chosen & _FACETS - _OF_ONE_CHOICE:
        others = found.all(filters.chosen(query, without=facet))
        answers[facet] = searcher.aggregate(others, aggregations([facet], query.today))
    return facets_of(answers, dict.fromkeys(query.chosen & _OF_ONE_CHOICE, total))


def _without(searcher: tantivy.Searcher, filters: Filters, found: _Found, query: Query) -> dict[str, int]:
    """How many there would be without the choices of one facet."""
    return {facet: _count(searcher, found.all(filters.chosen(query, without=facet))) for facet in sorted(query.chosen)}
