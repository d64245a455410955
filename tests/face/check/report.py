"""How figures are printed: tables, faults grouped so that one cause is one line, and the last word."""

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tests.face.check.look import Fault

MOST_PLACES = 4
BY_CHANCE = re.compile(r"“[^”]*”|\d+|/assets/\S+")  # what differs between faults of one cause


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def table(rows: Sequence[Mapping[str, object]]) -> None:
    """Print rows under their names."""
    if not rows:
        return
    cells = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        say("  " + "  ".join(" " * (width - _width(cell)) + cell for cell, width in zip(line, widths, strict=True)))


def grouped(faults: Iterable[Fault]) -> list[str]:
    """One line per kind and cause, with an example, how often and where."""
    causes: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        causes[fault.kind, BY_CHANCE.sub("", fault.text)].append(fault)
    ordered = sorted(causes.items(), key=lambda item: (item[0][0], -len(item[1])))
    return [f"{kind}: {found[0].text}  ({len(found)} ×: {_where(found)})" for (kind, _cause), found in ordered]


def close(short: Mapping[str, Sequence[str]], *, seconds: int) -> int:
    """Print what falls short, and whether anything does."""
    for part, complaints in short.items():
        for one in complaints:
            say(f"{part}: {one}")
    total = sum(map(len, short.values()))
    verdict = f"{total} complaints" if total else "the face keeps its promises"
    say(f"\n{verdict} after {seconds // 60} min {seconds % 60} s")
    return min(total, 1)


def _where(found: Sequence[Fault]) -> str:
    seen = list(dict.fromkeys(f"{fault.rule} [{fault.shown}]" for fault in found))
    more = f" and {len(seen) - MOST_PLACES} more" if len(seen) > MOST_PLACES else ""
    return "; ".join(seen[:MOST_PLACES]) + more


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
