"""A table described once: what an address may ask of it, and the file it makes."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from kernel.csv_file import csv_text
from kernel.errors import DomainError, InvalidInputError
from kernel.tables import EXPORTED, Column, Filter, Listed, Table, ask, exportable
from kernel.text import lazy


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    fen: int | None = None
    at: datetime | None = None
    day: date | None = None


TABLE: Table[Row] = Table(
    name="rows",
    title=lazy("打款记录"),
    key=lambda row: row.key,
    size=50,
    columns=(
        Column("name", lazy("名称"), lambda row: row.name, sort=True),
        Column("fen", lazy("金额"), lambda row: row.fen, "money"),
        Column("at", lazy("时间"), lambda row: row.at, "moment"),
        Column("day", lazy("结算日"), lambda row: row.day, "day"),
        Column("state", lazy("状态"), lambda _row: lazy("已到账"), "badge"),
        Column("seen", lazy("原因"), lambda _row: "x", only="page"),
    ),
    filters=(
        Filter("state", lazy("状态"), options=(("paid", lazy("已到账")),), start="paid"),
        Filter("q", lazy("名称"), "words"),
        Filter("since", lazy("从哪天"), "day"),
    ),
)
ROW = Row("po_1", "丹阳厂", -5, datetime(2026, 3, 9, 16, 0, tzinfo=UTC), date(2026, 3, 10))


def cells(*rows: Row) -> list[list[str]]:
    text = "".join(csv_text(TABLE, Listed(rows), sorting={"by": None, "down": False}))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_plain_numbers_and_moments_of_shanghai() -> None:
    assert cells(ROW) == [
        ["编号", "名称", "金额", "时间", "结算日", "状态"],
        ["po_1", "丹阳厂", "-0.05", "2026-03-10T00:00:00+08:00", "2026-03-10", "已到账"],
    ]


def test_the_file_speaks_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        head, line = cells(ROW)
    assert head[1] == "Name"
    assert line[1:2] + line[5:] == ["丹阳厂", "Paid out"]


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1"])
def test_no_cell_is_a_formula(evil: str) -> None:
    assert cells(Row(evil, evil))[1][:3] == [f"'{evil}", f"'{evil}", ""]


def test_commas_quotes_and_lines_stay_in_their_cell() -> None:
    name = '围巾, "双面"\n驼色'
    assert cells(Row("a", name))[1][1] == name


def test_a_file_that_nobody_reads_is_refused() -> None:
    with pytest.raises(DomainError, match=r"export\.too_many"):
        exportable(Listed([ROW] * (EXPORTED + 1)))


def test_an_address_asks_for_filters_a_column_and_a_page() -> None:
    asked = ask(TABLE, {"q": " 丹阳 ", "state": "", "sort": "-name", "page": "3", "utm": "x"})
    assert (asked.values, asked.sort, asked.page) == ({"state": "", "q": "丹阳", "since": ""}, "-name", 3)
    assert ask(TABLE, {}).values["state"] == "paid"
    assert asked.but(page=4).endswith("&sort=-name&page=4")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "nothing"),
        ("q", "x" * 61),
        ("since", "soon"),
        ("sort", "fen"),
        ("page", "0"),
        ("page", "201"),
        ("page", "٣"),
        ("page", "9" * 40),
        ("page", "000000001" + "9" * 40),
        ("since", "9999-12-31"),
        ("since", "0001-01-01"),
    ],
)
def test_what_it_cannot_mean_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        ask(TABLE, {name: value})
    assert list(refusal.value.fields) == [name]
