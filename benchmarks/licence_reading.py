"""Read photographs of licences on one core: how many fields are right, how long it takes, how much memory it needs.

python -m benchmarks.licence_reading [FOLDER]     a folder of specimens with their truth.json is read, too

The photographs are drawn, in a process of their own: every way of spoiling in both layouts, each of another firm.
Exit 1 below the targets; time is the processor's, which on a core that nobody else uses is the clock's.
"""

import json
import os
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from kernel.photos import take_photo
from onboarding.licences.ocr.dates import dates
from onboarding.licences.ocr.reader import read_licence
from onboarding.licences.ocr.reading import FIELDS
from tests.support.licence_shots import all_ways, shot

TARGETS = dict.fromkeys(FIELDS, 95.0) | {"uscc": 98.0, "name": 98.0}
SECONDS = 3.0
SPECIMENS = Path(__file__).parent.parent / "tests" / "data" / "licences"
TOLD = {"rep": "legal_representative", "addr": "address", "date": "established_on"}


def main(folder: Path) -> int:
    """Print what went wrong, then the table; 1 when a target is missed."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    right: dict[str, list[bool]] = defaultdict(list)
    seconds: list[tuple[float, float]] = []
    for name, jpeg, truth in photographs(folder):
        began = perf_counter(), process_time()
        reading = read_licence(take_photo(jpeg).jpeg)
        seconds.append((process_time() - began[1], perf_counter() - began[0]))
        for field, told in truth.items():
            read = reading.fields[field].value if field in reading.fields else ""
            right[field].append(read == told)
            if read != told:
                print(f"{name}: {field} {read!r}, not {told!r}")
    return report(right, seconds)


def report(right: dict[str, list[bool]], seconds: list[tuple[float, float]]) -> int:
    """The table, and whether every target was met; the first photograph also loads the models."""
    print(f"\n{'field':<22}{'right':>12}{'%':>8}{'target':>8}")
    percent = {field: 100 * sum(told) / len(told) for field, told in right.items()}
    for field, told in right.items():
        print(f"{field:<22}{sum(told):>7}/{len(told):<4}{percent[field]:>8.1f}{TARGETS[field]:>8.0f}")
    worked, waited = ([one[which] for one in seconds] for which in (0, 1))
    usual, slow = median(worked), quantiles(worked, n=20)[-1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{len(seconds)} photographs on one core: median {usual:.2f} s, 95th percentile {slow:.2f} s")
    print(f"by the clock, with whatever else ran: median {median(waited):.2f} s; peak memory {peak:.0f} MB")
    missed = [field for field in percent if percent[field] < TARGETS[field]]
    return int(bool(missed) or usual > SECONDS)


def photographs(folder: Path) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Name, bytes and true fields of each: the specimens first, then the drawn ones."""
    truths = json.loads((folder / "truth.json").read_text(encoding="utf-8")) if folder.exists() else {}
    for name, told in truths.items():
        truth = {TOLD.get(field, field): value for field, value in told.items() if field != "note"}
        truth["established_on"] = dates(truth["established_on"])[0].isoformat()
        yield name, (folder / name).read_bytes(), truth
    with ProcessPoolExecutor(1, get_context("spawn")) as studio:
        for way, layout in all_ways():
            taken = studio.submit(shot, way, layout).result()
            yield f"{way}, {layout}", taken.jpeg, {field: getattr(taken.facts, field) for field in FIELDS}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SPECIMENS))
