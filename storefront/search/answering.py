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
_TOTAL: Final = {"total": {"value_count": {"field": "weight"}}}  # every document has one
_OF_ONE_CHOICE: Final = frozenset({"order", "stock", "new"})


class _Found(NamedTuple):
    """What matches the words, before any filter: `first` and `then`, step after step the best, and the `parts` of all.

    Filters go into each, so that only what passes them is looked at further. Goods of the first steps are in `then` as
    well: these are only asked for what lies beyond.
    """

    first: tuple[tantivy.Query, ...]
    parts: tuple[tantivy.Query, ...]
    then: tuple[tantivy.Query, ...] = ()

    def best(self, chosen: list[tantivy.Query]) -> tantivy.Query:
        """What the first steps find under the filters chosen, the first one first."""
        found = Ranking.one_after_another([_narrowed(each, chosen) for each in self.first])
        return Ranking.before(found) if self.then else found

    def beyond(self, chosen: list[tantivy.Query]) -> tantivy.Query:
        """The same of what only the others find."""
        steps = Ranking.one_after_another([_narrowed(each, chosen) for each in self.then])
        return Ranking.after(_apart(steps, Ranking.either(self.first)))

    def all(self, chosen: list[tantivy.Query]) -> tantivy.Query:
        """All of it, to be counted."""
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
        full = _count(searcher, found.all(chosen))
        if full or way.match == "none" or usage.holds(way.query):
            break
    if way.wide and full < ENOUGH and query.sort == "relevance":
        found, full = _widened(way.query, way.wide, full, lambda some: _count(searcher, _Found((), some).all(chosen)))
    facets, total = _facets(searcher, filters, found, query)
    hits = _page(searcher, found, chosen, seen, query) if total else []
    documents = [searcher.doc(address) for _, address in hits]
    return Result(
        hits=tuple(str(document.get_first("public_id")) for document in documents),
        total=total,
        facets=facets,
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
    least = -1 if wide.partly and wide.holds_all else 0  # the last part holds those before it
    beside = (wide.beside,) if count(first[least:]) < FEW else ()
    return _Found(first, (*parts[least:], *beside), (*beside, *last)), full or total


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
) -> list[tuple[Any, tantivy.DocAddress]]:
    """The hits of the page asked for; none beyond the deepest.

    Where some are passed over, the pages before this one are those: what they did not hold is still skipped.
    """
    start = max((query.page - 1) * query.per_page - len(query.seen), 0)
    limit = min(query.per_page, max(DEEPEST - start, 0))
    by = query.sort if query.q.strip() or query.sort != "relevance" else "newest"
    how: dict[str, Any] = {"weight_by_field": "weight"}
    if by != "relevance":
        column, order = _ORDER[by]
        how = {"order_by_field": column, "order": order}
    best: Any = searcher.search(_apart(found.best(chosen), seen), max(limit, 1), offset=start, **how)
    hits = list(best.hits[:limit])
    if found.then and len(hits) < limit:
        beyond = _apart(found.beyond(chosen), seen)
        hits += searcher.search(beyond, limit - len(hits), count=False, offset=max(start - best.count, 0), **how).hits
    return hits


def _apart(found: tantivy.Query, seen: tantivy.Query | None) -> tantivy.Query:
    if seen is None:
        return found
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, found), (tantivy.Occur.MustNot, seen)])


def _count(searcher: tantivy.Searcher, found: tantivy.Query) -> int:
    answer: Any = searcher.search(tantivy.Query.const_score_query(found, 0.0), limit=1)  # a third without scores
    return int(answer.count)


def _facets(searcher: tantivy.Searcher, filters: Filters, found: _Found, query: Query) -> tuple[Facets, int]:
    """One pass for the facets nothing is chosen in, one more for each other of several choices, without its own.

    The first tells as well how many are found in all.
    """
    plain = _FACETS - query.chosen
    answers: dict[str, dict[str, Any]] = {}
    whole = searcher.aggregate(found.all(filters.chosen(query)), aggregations(plain, query.today) | _TOTAL)
    answers |= dict.fromkeys(plain, whole)
    for facet in query.chosen & _FACETS - _OF_ONE_CHOICE:
        others = found.all(filters.chosen(query, without=facet))
        answers[facet] = searcher.aggregate(others, aggregations([facet], query.today))
    total = int(whole["total"]["value"])
    return facets_of(answers, dict.fromkeys(query.chosen & _OF_ONE_CHOICE, total)), total


def _without(searcher: tantivy.Searcher, filters: Filters, found: _Found, query: Query) -> dict[str, int]:
    """How many there would be without the choices of one facet."""
    return {facet: _count(searcher, found.all(filters.chosen(query, without=facet))) for facet in sorted(query.chosen)}
