"""The choices a searcher made, as queries of the index; they narrow a result and add nothing to a score."""

from collections.abc import Iterable
from typing import Final

import tantivy

from storefront.search.rules import Query

_FAR: Final = 1 << 62


class Filters:
    """Builds the filters of one search."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def chosen(self, asked: Query, *, without: str = "") -> list[tantivy.Query]:
        """The choices made, those of the facet `without` left out; they add nothing to a score."""
        in_stock = tantivy.Query.term_query(self._schema, "in_stock", field_value=True)
        chosen = {
            "belt": self._one_of("belt", asked.belts),
            "category": self._one_of("category", asked.categories),
            "price": self._price(asked.price_min_fen, asked.price_max_fen),
            "stock": in_stock if asked.in_stock else None,
        }
        kept = (query for facet, query in chosen.items() if query is not None and facet != without)
        return [tantivy.Query.const_score_query(query, 0.0) for query in kept]

    def _one_of(self, field: str, values: Iterable[str]) -> tantivy.Query | None:
        spelled = [value.encode("utf-8", "ignore").decode() for value in values]
        return tantivy.Query.term_set_query(self._schema, field, spelled) if spelled else None

    def _price(self, lowest: int | None, highest: int | None) -> tantivy.Query | None:
        if lowest is None and highest is None:
            return None
        low, high = _within(lowest, -_FAR), _within(highest, _FAR)
        if low > high:
            return tantivy.Query.empty_query()
        return tantivy.Query.range_query(
            self._schema, "price_fen", tantivy.FieldType.Integer, lower_bound=low, upper_bound=high
        )


def _within(bound: int | None, default: int) -> int:
    return default if bound is None else min(max(bound, -_FAR), _FAR)
