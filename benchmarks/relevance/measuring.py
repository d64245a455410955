"""What the search makes of a judged set: nDCG@10 of each query, and how many queries find nothing."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from statistics import mean

from benchmarks.relevance.judged import Asked, Goods, JudgedSet
from storefront.search.index import TantivyIndex
from storefront.search.rules import ListingDocument, Query

DEPTH = 10
SEED, LEARN_SHARE = 20261123, 0.6  # the ranking may be looked at on the first part, the rest only judges
LISTED_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """How one query went: its value between 0 and 1, how many hits it had in all, the first titles."""

    asked: Asked
    value: float
    total: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Mean nDCG@10 and the share of queries that found nothing."""

    count: int
    ndcg: float
    nothing: float


def answers(judged: JudgedSet, place: Path) -> list[Answer]:
    """Ask every query of a fresh index of all titles, kept in an empty folder."""
    index = TantivyIndex(place)
    index.rebuild(map(listing, range(len(judged.titles)), judged.titles))
    found = [answer(index, asked, judged.titles) for asked in judged.queries]
    index.close()
    return found


def listing(number: int, goods: Goods) -> ListingDocument:
    """The goods as any factory lists them: title and category alone tell them apart."""
    return ListingDocument(
        id=number,
        public_id=goods.id,
        title=goods.title,
        factory="",
        belt="",
        belt_name="",
        province="",
        category=goods.category,
        price_fen=100_00,
        created_at=LISTED_AT,
    )


def answer(index: TantivyIndex, asked: Asked, titles: Sequence[Goods]) -> Answer:
    """Ask one query and value what stands on its first page."""
    grades = asked.grades(titles)
    result = index.search(Query(q=asked.query, per_page=DEPTH))
    first = tuple(document.title for document in result.documents()[:3])
    return Answer(asked, ndcg(result.hits, grades), result.total, first)


def ndcg(hits: Sequence[str], grades: Mapping[str, int]) -> float:
    """Discounted gain of the first ten against the best order of all that is graded; 1 is perfect."""
    best = _discounted(sorted(grades.values(), reverse=True))
    return _discounted(grades.get(hit, 0) for hit in hits) / best if best else 0.0


def _discounted(grades: Iterable[int]) -> float:
    firsts = zip(range(DEPTH), grades, strict=False)
    return sum((2**grade - 1) / log2(place + 2) for place, grade in firsts)


def parts(found: Sequence[Answer]) -> dict[str, list[Answer]]:
    """The answers drawn apart, the same each time: those to learn from and those held back."""
    drawn = sorted(found, key=lambda one: one.asked.query)
    random.Random(SEED).shuffle(drawn)  # noqa: S311 nothing secret, and the same each time
    cut = round(len(drawn) * LEARN_SHARE)
    return {"learn": drawn[:cut], "held": drawn[cut:]}


def by_kind(found: Iterable[Answer]) -> Iterator[tuple[str, list[Answer]]]:
    """The answers of each kind of query."""
    told = list(found)
    for kind in dict.fromkeys(one.asked.kind for one in told):
        yield kind, [one for one in told if one.asked.kind == kind]


def figures(found: Sequence[Answer]) -> Figures:
    """The means of some answers."""
    return Figures(len(found), mean(one.value for one in found), mean(one.total == 0 for one in found))
