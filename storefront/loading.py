"""The command that loads a whole catalogue: one JSON object a line, some hundred lines in one transaction."""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click
from sqlalchemy.exc import IntegrityError

from kernel.clock import Clock
from kernel.db import db
from kernel.errors import DomainError, InvalidInputError
from kernel.i18n import coded_text
from kernel.ids import public_id
from kernel.permissions import SYSTEM
from onboarding.belts.queries import belt_by_slug
from onboarding.listings.catalogue import LINE_CAP_BYTES, Goods, read_goods
from onboarding.listings.loading import AT_ONCE, Outcome, Refused, Seen, Terms, load_goods
from storefront.app import create_app
from storefront.readings import as_json, json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_TOLD: Final = 1_000
"""Refusals that a report lists; the others are counted."""
_BOM: Final = b"\xef\xbb\xbf"
_TRIES: Final = 3
_TELL_SECONDS: Final = 1.0
_MOST_NAMES: Final = 100
_MOST_BYTES: Final = 8_000_000
"""Of the lines of one transaction."""


@click.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--belt", default="yiwu-smallwares", show_default=True, help="Belt of lines that name none.")
@click.option("--factory", default="", help="Factory of lines that name none; one for each belt by default.")
@click.option(
    "--markup", default=50, show_default=True, help="Percent on a supply price where no retail price is told."
)
@as_json
def load(file: Path, belt: str, factory: str, markup: int, *, as_json: bool) -> None:
    """Put a whole catalogue on sale, as approved: FILE holds one JSON object a line.

    A line is a listing as `sheet read --json` prints it, with `factory` and `belt`, or the short form {"code", "title",
    "category", "belt", "factory", "price_fen", "supply_price_fen", "moq", "stock", "attributes"}, of which code, title,
    price_fen and stock must be there. Factories that nobody knows are made. Goods are known by factory and code: run
    again, the same file changes nothing, and a load that was stopped goes on. Exit 1 when a line was refused.
    """
    app = create_app()
    with app.app_context():
        try:
            belt_by_slug(belt)
        except DomainError:
            raise click.BadParameter(f"there is no belt {belt!r}", param_hint="--belt") from None
        terms = Terms(belt, factory, markup * 100)
        report = load_file(file, terms, clock=app.extensions["ports"].get(Clock), to_people=not as_json)
    click.echo(json_text(report.as_json()) if as_json else report.as_text())
    sys.exit(1 if report.refused else 0)


@dataclass
class Report:
    """What became of a file."""

    size: int
    began: float = field(default_factory=time.monotonic)
    done_bytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    problems: list[Refused] = field(default_factory=list)
    refused: int = 0

    def add(self, outcome: Outcome) -> list[Refused]:
        """Count what became of some lines; returns the refusals that are told."""
        self.counts.update(made=outcome.made, changed=outcome.changed, unchanged=outcome.unchanged)
        self.refused += len({one.line for one in outcome.refused})
        told = sorted(outcome.refused)[: MOST_TOLD - len(self.problems)]
        self.problems += told
        return told

    def ignore(self, names: Iterable[str]) -> None:
        """Count fields that mean nothing here, of the first hundred names."""
        for name in names:
            if name in self.ignored or len(self.ignored) < _MOST_NAMES:
                self.ignored[name] += 1

    def progress(self) -> str:
        """How far it is, how fast, and how long it will take."""
        seconds = max(time.monotonic() - self.began, 0.001)
        left = (self.size - self.done_bytes) * seconds / max(self.done_bytes, 1)
        lines = self.counts["lines"]
        return (
            f"{lines} lines, {self.done_bytes * 100 // max(self.size, 1)} %, {lines / seconds:.0f}/s, {left:.0f} s left"
        )

    def as_json(self) -> dict[str, Any]:
        """The report as scripts read it."""
        seconds = time.monotonic() - self.began
        problems = [
            {"line": one.line, "field": one.field, "code": one.code, "reason": reason(one)} for one in self.problems
        ]
        counts = {name: self.counts[name] for name in ("lines", "made", "changed", "unchanged")}
        speed = {"seconds": round(seconds, 2), "per_second": round(self.counts["lines"] / max(seconds, 0.001))}
        return {**counts, "refused": self.refused, **speed, "problems": problems, "ignored_fields": dict(self.ignored)}

    def as_text(self) -> str:
        """The report as people read it."""
        told = self.as_json()
        names = ("lines", "made", "changed", "unchanged", "refused")
        lines = [", ".join(f"{told[name]} {name}" for name in names), f"{told['seconds']} s, {told['per_second']}/s"]
        lines += [f"ignored: {name} (in {count})" for name, count in self.ignored.items()]
        return "\n".join(lines)


def reason(one: Refused) -> str:
    """Why a line was refused, in words."""
    return coded_text(one.code, one.params)


def load_file(file: Path, terms: Terms, *, clock: Clock, to_people: bool) -> Report:
    """Load a file some hundred lines at a time, with what is wrong said at once where people look on."""
    source, seen, report = public_id("lod"), Seen(), Report(file.stat().st_size)
    told = report.began
    with file.open("rb") as lines:
        for some, refused in _batches(lines):
            outcome = _write(some, terms, seen, source, clock) if some else Outcome()
            outcome.refused += refused
            report.counts["lines"] += len(some) + len({one.line for one in refused})
            report.ignore(name for goods in some for name in goods.unknown)
            report.done_bytes = lines.tell()
            shown = report.add(outcome)
            if to_people:
                _say(shown)
            if to_people and time.monotonic() - told > _TELL_SECONDS:
                told = time.monotonic()
                click.echo(report.progress(), err=True)
    return report


def _say(refused: list[Refused]) -> None:
    for one in refused:
        click.echo(f"line {one.line}, {one.field}: {reason(one)}", err=True)


def _write(some: list[Goods], terms: Terms, seen: Seen, source: str, clock: Clock) -> Outcome:
    """Write some lines; another who loads the same goods at this moment makes it try again."""
    for _time in range(_TRIES - 1):
        with suppress(IntegrityError):
            return _written(some, terms, seen, source, clock)
    return _written(some, terms, seen, source, clock)


def _written(some: list[Goods], terms: Terms, seen: Seen, source: str, clock: Clock) -> Outcome:
    outcome = load_goods(actor=SYSTEM, some=some, terms=terms, seen=seen, source=source, now=clock.now())
    seen.add(outcome.touched)
    db.session.remove()  # a million goods leave nothing in memory
    return outcome


def _batches(lines: BinaryIO) -> Iterator[tuple[list[Goods], list[Refused]]]:
    """What some lines at a time say, and what is wrong with others of them."""
    some: list[Goods] = []
    refused: list[Refused] = []
    size = 0
    for number, line in _lines(lines):
        size += len(line)
        try:
            some.append(read_goods(line, number))
        except InvalidInputError as why:
            refused += [Refused(number, name, code, dict(params)) for name, (code, params) in why.fields.items()]
        if len(some) + len(refused) >= AT_ONCE or size > _MOST_BYTES:
            yield some, refused
            some, refused, size = [], [], 0
    if some or refused:
        yield some, refused


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines by number, without the empty ones; of one that is too long no more than shows that it is."""
    number = 0
    while line := file.readline(LINE_CAP_BYTES + 1):
        number += 1
        rest = line
        while len(rest) > LINE_CAP_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(LINE_CAP_BYTES + 1)
        if number == 1:
            line = line.removeprefix(_BOM)
        if line.strip():
            yield number, line
