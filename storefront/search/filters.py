"""The choices a searcher made, as queries of the index; they narrow a result and add nothing to a score."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import tantivy

from storefront.search.facets import MARKS, first_new
from storefront.search.limits import Limits, limits
from storefront.search.rules import Query

_FAR: Final = 1 << 62


def limited(asked: Query) -> tuple[Query, Limits]:
    """The query with what its words say of price and of what is unwanted as choices, and that; a chosen price wins."""
    said = Limits(asked.q) if asked.exact or asked.unlimited else limits(asked.q)
    if not said:
        return asked, said
    if "price" not in asked.chosen:
        low, high = said.bounds
        asked = replace(asked, price_min_fen=low, price_max_fen=high)
    return replace(asked, q=said.words, unwanted=(*asked.unwanted, *said.unwanted)), said


class Filters:
    """Builds the filters of one search; `unwanted` are queries of what is."""

    def __init__(self, schema: tantivy.Schema, unwanted: Sequence[tantivy.Query] = ()) -> None:
        self._schema = schema
        self._unwanted = unwanted

    def chosen(self, asked: Query, *, without: str = "") -> list[tantivy.Query]:
        """The choices made, those of the facet `without` left out; they add nothing to a score."""
        kept = (self._of(facet, asked) for facet in sorted(asked.chosen - {without}))
        return [tantivy.Query.const_score_query(query, 0.0) for query in kept]

    def seen(self, keys: Iterable[int]) -> tantivy.Query | None:
        """What was shown before, or nothing."""
        known = [key for key in keys if abs(key) < _FAR]
        return tantivy.Query.term_set_query(self._schema, "key", known) if known else None

    def among(self, keys: range) -> tantivy.Query:
        """The goods with these keys."""
        kind = tantivy.FieldType.Integer
        return tantivy.Query.range_query(
            self._schema, "key", kind, lower_bound=keys.start, upper_bound=keys.stop, include_upper=False
        )

    def _of(self, facet: str, asked: Query) -> tantivy.Query:
        if facet == "unwanted":
            return _none_of(self._unwanted)
        if facet == "price":
            return self._price(asked.price_min_fen, asked.price_max_fen)
        if facet == "verified":
            return self._verified(asked)
        if facet == "new":
            return self._since("day", first_new(asked.today) if asked.today else _FAR)
        field, values = {
            "belt": ("belt", (*asked.belts, *asked.provinces)),
            "category": ("category", asked.categories),
            "least": ("least", asked.least),
            "ships": ("ships", asked.ships_from),
            "way": ("mark", [MARKS[way] for way in asked.ways if way in MARKS]),
            "order": ("mark", [MARKS["order"]]),
            "stock": ("mark", [MARKS["stock"]]),
        }[facet]
        return self._one_of(field, values)

    def _verified(self, asked: Query) -> tantivy.Query:
        ways = [self._one_of("mark", [MARKS["licence"]])] if "licence" in asked.verified else []
        if "inspected" in asked.verified and asked.today:
            ways.append(self._since("visited", asked.today.toordinal()))
        return _either(ways)

    def _since(self, field: str, first: int) -> tantivy.Query:
        kind = tantivy.FieldType.Integer
        return tantivy.Query.range_query(self._schema, field, kind, lower_bound=first, upper_bound=_FAR)

    def _one_of(self, field: str, values: Iterable[str]) -> tantivy.Query:
        """Never a set of terms: tantivy walks all that have one of them before it looks at the rest of the query."""
        terms = [tantivy.Query.term_query(self._schema, field, _spelled(value)) for value in dict.fromkeys(values)]
        return terms[0] if len(terms) == 1 else _either(terms)

    def _price(self, lowest: int | None, highest: int | None) -> tantivy.Query:
        low, high = _within(lowest, -_FAR), _within(highest, _FAR)
        if low > high:
            return tantivy.Query.empty_query()
        return tantivy.Query.range_query(
            self._schema, "price_fen", tantivy.FieldType.Integer, lower_bound=low, upper_bound=high
        )


def _either(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _none_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    left_out = [(tantivy.Occur.MustNot, query) for query in queries]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), *left_out])


def _spelled(value: str) -> str:
    return value.encode("utf-8", "ignore").decode()


def _within(bound: int | None, default: int) -> int:
    return default if bound is None else min(max(bound, -_FAR), _FAR)
