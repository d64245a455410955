"""Commands that say what is understood of what is handed in: sheets, licences, sentences, texts. They write nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kernel.clock import SystemClock, business_date
from kernel.errors import DomainError, InvalidInputError
from kernel.i18n import coded_text, error_text
from kernel.photos import take_photo
from onboarding.compliance.lint import lint
from onboarding.licences.ocr.report import as_text as licence_text
from onboarding.listings.sentences.lines import read_lines
from onboarding.listings.sheets.reader import read_sheet
from onboarding.listings.sheets.report import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def sheet() -> None:
    """Price sheets."""


@sheet.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def sheet_read(file: Path, *, as_json: bool) -> None:
    """Say what is understood of a price sheet; writes nothing."""
    try:
        reading = read_sheet(file.read_bytes(), file.name)
    except DomainError as error:
        refuse(error, as_json=as_json)
    click.echo(json_text(reading.as_json()) if as_json else as_text(reading))


@click.group()
def listings() -> None:
    """Goods."""


@listings.command("parse")
def listings_parse() -> None:
    """Read one sentence a line from standard input; print what is understood of it, JSON a line. Writes nothing."""
    for reading in read_lines(sys.stdin.buffer):
        sys.stdout.buffer.write(json.dumps(reading.as_json(), ensure_ascii=False).encode() + b"\n")
        sys.stdout.buffer.flush()


@click.group()
def licence() -> None:
    """Business licences."""


@licence.command("read")
@click.argument("image", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def licence_read(image: Path, *, as_json: bool) -> None:
    """Say what a photograph of a business licence says; writes nothing."""
    from onboarding.licences.ocr.reader import read_licence  # noqa: PLC0415  no other command waits for the models

    try:
        reading = read_licence(take_photo(image.read_bytes()).jpeg, today=business_date(SystemClock().now()))
    except DomainError as error:
        refuse(error, as_json=as_json)
    click.echo(json_text(reading.as_json()) if as_json else licence_text(reading))


@click.command(name="lint-text")
@click.option("--json", is_flag=True, expose_value=False, help="Print JSON, which is the only form.")
def lint_text() -> None:
    """Read texts of goods against the advertising law, one a line of standard input; one line of JSON each."""
    for answer in _linted(sys.stdin.buffer):
        click.echo(answer)
        sys.stdout.flush()


def _linted(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Answers as UTF-8; bytes that are none become U+FFFD, of which `start` counts one each."""
    for line in lines:
        read = lint(line.decode(errors="replace").rstrip("\r\n"))
        told = {"text": read.text, "verdict": read.verdict, "findings": [one.as_json() for one in read.findings]}
        yield json.dumps(told, ensure_ascii=False).encode()


def json_text(value: object) -> str:
    """A value as people and scripts read it."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def refuse(error: DomainError, *, as_json: bool) -> None:
    """Say what was refused and why, and end with 1."""
    said = error.fields if isinstance(error, InvalidInputError) else {}
    fields = {name: coded_text(*why) for name, why in said.items()}
    body = {"error": {"code": error.code, "message": error_text(error), "fields": fields}}
    click.echo(json_text(body) if as_json else "\n".join([error_text(error), *fields.values()]), err=not as_json)
    sys.exit(1)
