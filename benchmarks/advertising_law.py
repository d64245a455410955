"""Read the judged sentences of tests/data/advertising: how many are caught, how many are caught for nothing, how fast.

python -m benchmarks.advertising_law [FOLDER]

Caught is what is not let pass. Misses are listed, but those of `unseen` never, so that nobody
writes a rule after them. Exit 1 below the targets, which hold for each file alone, or below the speed.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from onboarding.compliance.lint import lint

TARGET = 0.95
A_SECOND = 5_000
SENTENCES = Path(__file__).parent.parent / "tests" / "data" / "advertising"
FILES = ("frozen", "later", "learned", "further", "everyday", "unseen")
UNTOLD = {"unseen"}
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with the verdict it was given by a person and the one it is given here."""

    text: str
    due: str
    given: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How a file of sentences was judged."""

    count: int
    precision: float
    recall: float
    exact: float


def main(folder: Path) -> int:
    """Print figures and misses of each file, then the speed; 1 when a target is missed."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts: list[str] = []
    worst = 1.0
    for name in FILES:
        judged = list(judgements(folder / f"{name}.jsonl"))
        if not judged:
            continue
        texts += [one.text for one in judged]
        told = figures(judged)
        print(f"{name:<8}{told.count:>6} sentences", end="  ")
        print(f"precision {told.precision:.3f}  recall {told.recall:.3f}  exact {told.exact:.3f}")
        worst = min(worst, told.precision, told.recall)
        if name not in UNTOLD:
            for one in judged:
                if one.due != one.given:
                    print(f"  {one.due} -> {one.given}: {one.text}")
    speed = a_second(texts)
    print(f"{speed:,.0f} texts a second on one core (target {A_SECOND:,}), {TARGET} for precision and recall")
    return int(worst < TARGET or speed < A_SECOND)


def judgements(file: Path) -> Iterator[Judged]:
    """Every sentence of a file that is there."""
    if not file.exists():
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield Judged(case["text"], case["verdict"], lint(case["text"]).verdict)


def figures(judged: list[Judged]) -> Figures:
    """Precision and recall of what is not let pass, and the share of verdicts that are the same."""
    due = [one.due != "pass" for one in judged]
    caught = [one.given != "pass" for one in judged]
    both = sum(one and other for one, other in zip(due, caught, strict=True))
    exact = sum(one.due == one.given for one in judged)
    return Figures(len(judged), both / max(sum(caught), 1), both / max(sum(due), 1), exact / len(judged))


def a_second(texts: list[str]) -> float:
    """Texts read in a second of the processor, the best of a few rounds."""
    rounds = []
    for _round in range(ROUNDS):
        began = process_time()
        for text in texts:
            lint(text)
        rounds.append(process_time() - began)
    return len(texts) / min(rounds)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SENTENCES))
