"""Ask the judged queries of the judged titles: nDCG@10 over all and by kind, the share that finds nothing, the misses.

python -m benchmarks.relevance [SET] [--held]

SET is a folder or a JSON file as `judged.load` reads them. Queries are drawn apart: the misses of those
held back are listed only when asked for, so that nobody writes a rule after them. Exit 1 below the targets.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.relevance.judged import HOME, load
from benchmarks.relevance.measuring import Answer, answers, by_kind, figures, parts

NDCG, NOTHING = 0.90, 0.02  # at least, below
MISS = 0.6


def main(place: Path, *, held: bool) -> int:
    """Print figures of both parts, then of each kind, then the misses; 1 when a target is missed."""
    judged = load(place)
    print(f"{len(judged.titles):,} titles, {len(judged.queries)} queries")
    with tempfile.TemporaryDirectory() as folder:
        found = answers(judged, Path(folder))
    drawn = parts(found)
    for name, some in {"all": found, **drawn, **dict(by_kind(found))}.items():
        told = figures(some)
        print(f"{name:<12}{told.count:>5} queries  nDCG@10 {told.ndcg:.3f}  nothing found {told.nothing:.1%}")
    misses(found if held else drawn["learn"])
    told = figures(found)
    print(f"targets: nDCG@10 {NDCG:.2f} at least, nothing found below {NOTHING:.0%}")
    return int(told.ndcg < NDCG or told.nothing >= NOTHING)


def misses(found: list[Answer]) -> None:
    """List the queries that went badly, the worst first, with what came first."""
    bad = sorted((one for one in found if one.value < MISS), key=lambda one: (one.value, one.asked.query))
    print(f"{len(bad)} of {len(found)} below {MISS}:")
    for one in bad:
        print(f"  {one.value:.2f}  [{one.asked.kind}] {one.asked.query}  →  {' | '.join(one.first) or 'nothing'}")


if __name__ == "__main__":
    named = [word for word in sys.argv[1:] if word != "--held"]
    sys.exit(main(Path(named[0]) if named else HOME, held="--held" in sys.argv))
