"""Build the index of a whole town from its database, then time what a search page asks of it; sizes beside each other.

python -m benchmarks.whole_index [LISTINGS ...] [--keep DIR] [--searches 300] [--database URL]

A town is made by `yuantou listings load` (a million takes minutes; `--keep` leaves it on disk for the next time) and
indexed by `yuantou reindex`, as an operator would. Memory is that of all its processes together: what they share is
counted once. The engine is asked in this process, for words, three filters and the counts of every facet.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Final

from benchmarks.town import materials, things_made, town
from storefront.search.index import TantivyIndex
from storefront.search.rules import Query
from tests.support.server import ROOT, Server

SIZES: Final = (10_000,)
_WARM: Final = 30
_EVERY_SECONDS: Final = 0.25


@dataclass(frozen=True)
class Figures:
    """What one size of town costs; `cpu` seconds of all processes, memory in megabytes, answers in milliseconds."""

    listings: int
    seconds: float
    cpu: float
    memory: float
    size: float
    p50: float
    p95: float
    hits: float


def main() -> None:
    """Print the figures of each size, and the last size's as multiples of the first's."""
    asked = argparse.ArgumentParser()
    asked.add_argument("listings", nargs="*", type=int, default=list(SIZES))
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--searches", type=int, default=300)
    asked.add_argument("--database")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = told.keep or Path(folder)
        rows = [measured(place / str(size), size, told.searches, told.database) for size in told.listings]
    first, last = rows[0], rows[-1]
    if first.listings < last.listings:
        names = ("seconds", "cpu", "memory", "size", "p50", "p95")
        ratios = [f"{name} ×{getattr(last, name) / getattr(first, name):.1f}" for name in names]
        print(f"{last.listings / first.listings:.0f} times the goods: {', '.join(ratios)}")


def measured(place: Path, size: int, searches: int, database: str | None) -> Figures:
    """Make a town of a size unless it is there, index it, ask the index, and print what that took."""
    server = Server(place / "data", database_url=database)
    if not (place / "loaded").exists():
        load(server, place, size)
    seconds, cpu, memory = build(server)
    index = TantivyIndex(place / "data" / "index", answers=0)
    p50, p95, hits = ask(index, searches)
    kept = sum(path.stat().st_size for path in (place / "data" / "index").rglob("*") if path.is_file()) / 1e6
    print(
        f"{size} listings: built in {seconds:.1f} s ({cpu:.1f} s CPU, {cpu / size * 1e6:.0f} µs each), "
        f"peak {memory:.0f} MB, {kept:.0f} MB on disk; words and 3 filters with all counts p50 {p50:.2f} "
        f"p95 {p95:.2f} ms, {hits:.0f} hits"
    )
    return Figures(size, seconds, cpu, memory, kept, p50, p95, hits)


def load(server: Server, place: Path, size: int) -> None:
    """Put a town on sale."""
    lines = place / "town.jsonl"
    lines.parent.mkdir(parents=True, exist_ok=True)
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(town(size))
    server.command("migrate")
    server.command("listings", "load", str(lines), "--json")
    lines.unlink()
    (place / "loaded").touch()


def build(server: Server) -> tuple[float, float, float]:
    """Build the index; seconds, CPU seconds and the most megabytes of all processes together."""
    began, most = time.monotonic(), 0
    command = [sys.executable, "-m", "storefront.cli", "reindex"]
    with subprocess.Popen(command, env=server.environment, cwd=ROOT, stdout=subprocess.DEVNULL) as builder:
        cpu: dict[int, float] = {}
        while builder.poll() is None:
            everybody = family(builder.pid)
            most = max(most, sum(memory_of(one) for one in everybody))
            cpu |= {one: cpu_of(one) for one in everybody}
            time.sleep(_EVERY_SECONDS)
    if builder.returncode:
        raise RuntimeError("the index could not be built")
    return time.monotonic() - began, sum(cpu.values()), most / 1_024


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [one for child in children.read_text().split() for one in family(int(child))]
    return found


def memory_of(pid: int) -> int:
    """The kilobytes of a process, its share of what it shares."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return 0


def cpu_of(pid: int) -> float:
    """The seconds that a process has worked; 100 ticks are one."""
    with suppress(OSError):
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / 100
    return 0.0


def ask(index: TantivyIndex, searches: int) -> tuple[float, float, float]:
    """The 50th and the 95th percentile of milliseconds, and the mean of hits; each query is another."""
    dice = random.Random(7)  # noqa: S311  the same queries each run
    today = index.search(Query(per_page=1)).documents()[0].created_at.date()
    provinces = sorted(index.search(Query(today=today)).facets.provinces.items(), key=lambda item: -item[1])
    things = [thing for thing, _path in things_made()]
    words = [stuff + thing for stuff in materials() for thing in things]
    queries = [
        Query(q=q, provinces=(dice.choice(provinces[:8])[0],), price_max_fen=100_00, in_stock=True, today=today)
        for q in dice.sample(words, searches + _WARM)
    ]
    walls, hits = [], 0
    for query in queries:
        began = time.perf_counter()
        hits += index.search(query).total
        walls.append((time.perf_counter() - began) * 1_000)
    cuts = quantiles(walls[_WARM:], n=20)
    return cuts[9], cuts[18], hits / len(queries)


if __name__ == "__main__":
    main()
