"""What columns of price sheets mean, as the owner says it: on one sheet, and remembered for those to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import note, operation
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError
from kernel.outbox import publish
from onboarding.listings.facts import SheetUploaded
from onboarding.listings.headings import field_name, head_name, head_rows
from onboarding.listings.models import ColumnChoice, SheetImport
from onboarding.listings.queries import own_sheet
from onboarding.listings.sheets.chosen import KEYS, ONLY_ONE, Chosen, head_keys, place_key
from onboarding.listings.sheets.scan import column_letter
from onboarding.listings.sheets.unheaded import LEFT_ALONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from kernel.permissions import Actor

Choices = dict[int, dict[str, str]]
_ROWS: Final = "rows"
"""Beside what is said of columns, by the number of a table: in which row its heads stand."""


def chosen_for(sheet: SheetImport) -> Chosen:
    """What is said of the columns of a sheet: here, and of sheets of this factory before it."""
    mine = ColumnChoice.organisation_id == sheet.organisation_id
    remembered = session().execute(select(ColumnChoice.head, ColumnChoice.meaning).where(mine))
    here = {int(number): said for number, said in sheet.chosen.items() if number != _ROWS}
    rows = {int(number): row for number, row in sheet.chosen.get(_ROWS, {}).items()}
    return Chosen(here, dict(tuple[str, str](row) for row in remembered), rows)


@operation("sheet.choose_columns")
def choose_columns(*, actor: Actor, sheet_import: str, told: Mapping[str, str], now: datetime) -> None:
    """Say what every column of a read sheet means, by the names of `field_name`; the worker reads it again so.

    What differs from what was inferred is remembered for the factory's next sheets. Raises `sheet.not_read`, or
    refuses fields: a meaning that is not offered, one that only one column can have, a table without code and name.
    """
    sheet = _read_sheet(actor, sheet_import)
    tables = sheet.reading.get("tables", [])
    _check(tables, told)
    choices: Choices = {
        number: {column["key"]: told[field_name(number, column["letter"])] for column in table["seen"] if column["key"]}
        for number, table in enumerate(tables)
    }
    rows = {number: int(told[head_name(number)]) for number, table in enumerate(tables) if table.get("first_rows")}
    for key, label, inferred in _agreed(tables, choices, rows):
        _remember(sheet.organisation_id, key, label if label != inferred else "", now)
    chosen: dict[str, Any] = {str(number): said for number, said in choices.items()}
    _read_again(
        sheet, chosen | ({_ROWS: {str(number): row for number, row in rows.items()}} if rows else {}), actor, now
    )


@operation("sheet.forget_columns")
def forget_columns(*, actor: Actor, sheet_import: str, now: datetime) -> None:
    """Forget what was said of the columns of this sheet, here and for others, and have it read as it stands."""
    sheet = _read_sheet(actor, sheet_import)
    for table in sheet.reading.get("tables", []):
        keys = _memory_keys(table, table.get("head_row"))
        for column in table["seen"]:
            _remember(sheet.organisation_id, keys.get(column["key"], column["key"]), "", now)
    _read_again(sheet, {}, actor, now)


def _read_sheet(actor: Actor, sheet_import: str) -> SheetImport:
    sheet = own_sheet(actor, sheet_import, lock=True)
    if sheet.state != "read" or not sheet.reading.get("tables"):
        raise DomainError("sheet.not_read")
    return sheet


def _check(tables: list[dict[str, Any]], told: Mapping[str, str]) -> None:
    refused: dict[str, tuple[str, dict[str, str | int]]] = {}
    for number, table in enumerate(tables):
        row = told.get(head_name(number), "")
        if table.get("first_rows") and row not in map(str, head_rows(table, several=len(tables) > 1)):
            refused[head_name(number)] = ("field.choice", {})
        if row == str(LEFT_ALONE):
            continue
        refused |= _faults(number, table, told)
    left = [told.get(head_name(number)) == str(LEFT_ALONE) for number in range(len(tables))]
    if not refused and all(left):
        refused[head_name(0)] = ("sheet.nothing_left", {})
    if refused:
        raise InvalidInputError(refused)


def _faults(number: int, table: dict[str, Any], told: Mapping[str, str]) -> dict[str, tuple[str, dict[str, str | int]]]:
    refused: dict[str, tuple[str, dict[str, str | int]]] = {}
    seen: dict[str, str] = {}
    for column in table["seen"]:
        name = field_name(number, column["letter"])
        meaning = told.get(name, "")
        if meaning not in column["offered"]:
            refused[name] = ("field.choice", {})
        elif meaning in ONLY_ONE and meaning in seen:
            refused[name] = ("sheet.column_twice", {"column": seen[meaning]})
        seen.setdefault(meaning, column["letter"])
    if not KEYS & seen.keys():
        refused[field_name(number, table["seen"][0]["letter"])] = ("sheet.columns_nameless", {})
    return refused


def _agreed(tables: list[dict[str, Any]], choices: Choices, rows: Mapping[int, int]) -> Iterator[tuple[str, str, str]]:
    """Key, meaning and what was inferred, of heads that mean the same in every table of the sheet."""
    said: dict[str, set[tuple[str, str]]] = {}
    for number, table in enumerate(tables):
        if rows.get(number) == LEFT_ALONE:
            continue
        keys = _memory_keys(table, rows.get(number))
        for column in table["seen"]:
            if column["key"]:
                told = (choices[number][column["key"]], "" if keys else column["inferred"])
                said.setdefault(keys.get(column["key"], column["key"]), set()).add(told)
    for key, meanings in said.items():
        if len({label for label, _inferred in meanings}) == 1:
            label, inferred = min(meanings)
            yield key, label, inferred if len(meanings) == 1 else ""


def _memory_keys(table: dict[str, Any], row: int | None) -> dict[str, str]:
    """Where only the owner knows the heads: the place of a column → what it is remembered by, its head, if any."""
    heads = next((cells for number, cells in table.get("first_rows", ()) if number == row), ())
    return {place_key(column_letter(index)): key for index, key in enumerate(head_keys(heads)) if key}


def _remember(organisation_id: int, head: str, meaning: str, now: datetime) -> None:
    """What a head means from now on; nothing, when it means what is inferred."""
    mine = (ColumnChoice.organisation_id == organisation_id) & (ColumnChoice.head == head)
    if not meaning:
        session().execute(delete(ColumnChoice).where(mine))
        return
    row = {"organisation_id": organisation_id, "head": head, "meaning": meaning, "chosen_at": now}
    dialect = sqlite if is_sqlite() else postgresql
    new = dialect.insert(ColumnChoice).values(**row)
    again = {"meaning": meaning, "chosen_at": now}
    session().execute(new.on_conflict_do_update(index_elements=["organisation_id", "head"], set_=again))


def _read_again(sheet: SheetImport, chosen: dict[str, Any], actor: Actor, now: datetime) -> None:
    sheet.state, sheet.chosen = "waiting", chosen
    note(f"sheet:{sheet.public_id}", before={"state": "read"}, after={"state": "waiting", "columns": len(chosen)})
    publish(SheetUploaded(sheet.public_id), actor=actor, now=now)
