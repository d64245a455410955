"""Why a listing stands where it stands: the parts of its score, by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import tantivy

from storefront.search.filters import limited
from storefront.search.hearing import heard
from storefront.search.meaning import words
from storefront.search.ranking import Ranking
from storefront.search.ways import set_right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storefront.search.rules import Query
    from storefront.search.usage import Usage


def explained(
    searcher: tantivy.Searcher, schema: tantivy.Schema, usage: Usage, query: Query, public_ids: Sequence[str]
) -> dict[str, dict[str, float]]:
    """What each of some hits owes to each word and to each lift; `word:围巾`, `about`, `home:服饰/围巾`, `weight`."""
    asked = heard(words(limited(query)[0].q), usage)
    ranking = Ranking(schema, usage)
    parts = list(ranking.parts(set_right(asked, ranking, usage)[0])) if asked else []
    return {public_id: _owed(searcher, schema, parts, public_id) for public_id in public_ids}


def _owed(
    searcher: tantivy.Searcher, schema: tantivy.Schema, parts: Sequence[tuple[str, tantivy.Query]], public_id: str
) -> dict[str, float]:
    this = tantivy.Query.term_query(schema, "public_id", public_id)
    owed = {}
    for name, part in parts:
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, this), (tantivy.Occur.Must, part)])
        if found := searcher.search(both, 1, count=False).hits:
            owed[name] = round(float(json.loads(part.explain(searcher, found[0][1]).to_json())["value"]), 2)
    return owed
