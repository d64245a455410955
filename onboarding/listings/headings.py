"""The columns of a sheet as their form shows them: the head as it stands, some values, what it may mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kernel.i18n import gettext as _
from onboarding.listings.sheets.scan import column_index
from onboarding.listings.sheets.unheaded import LEFT_ALONE, NO_HEAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onboarding.listings.plan import Reading


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column: the `name` of its field, its head and values, `offered` as (meaning, text), the one that holds."""

    name: str
    letter: str
    head: str
    samples: list[str]
    pictures: int
    offered: list[tuple[str, str]]
    meaning: str
    told: str


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The columns of one table; the worksheet is named when there are several.

    Where nobody knows its heads its first `rows` are shown, with their numbers, to choose from.
    """

    worksheet: str
    row: int
    columns: list[ColumnLine]
    rows: list[tuple[int, list[str]]]
    head: HeadChoice | None

    @property
    def is_doubtful(self) -> bool:
        """Whether its columns should be looked at: nobody knows its heads, or what she said before."""
        return self.is_unread or any(column.told == "remembered" for column in self.columns)

    @property
    def is_unread(self) -> bool:
        """Whether nothing was read of it yet: nobody has said where its heads are."""
        return self.head is not None and not self.head.said


@dataclass(frozen=True, slots=True)
class HeadChoice:
    """In which row of a table the heads stand, to be said: the `name` of the field, answers, the one that holds."""

    name: str
    offered: list[tuple[str, str]]
    chosen: str
    said: bool


def field_name(table: int, letter: str) -> str:
    """What the field of a column is called in the form of all of them."""
    return f"column_{table}_{letter}"


def column_tables(reading: Reading) -> list[TableColumns]:
    """Every table of a reading; none of one that was said in sentences."""
    return [
        TableColumns(
            worksheet=table["worksheet"],
            row=next(iter(table["header_rows"][-1:]), 1),
            columns=[
                ColumnLine(
                    name=field_name(number, column["letter"]),
                    letter=column["letter"],
                    head=column["head"],
                    samples=column["samples"],
                    pictures=column.get("pictures", 0),
                    offered=[(one, _offered_text(one, column)) for one in column["offered"]],
                    meaning=column["meaning"],
                    told=column["told"],
                )
                for column in table["seen"]
            ],
            rows=_rows(table),
            head=_head_choice(number, table, several=len(reading["tables"]) > 1) if table.get("first_rows") else None,
        )
        for number, table in enumerate(reading.get("tables", []))
    ]


def _offered_text(meaning: str, column: Mapping[str, Any]) -> str:
    """A meaning, and of one that becomes an attribute whether buyers get to read it."""
    text = meaning_text(meaning)
    if not meaning.startswith("attribute:"):
        return text
    if column.get("private") and meaning == column["inferred"]:
        return _("%(name)s（不公开）", name=text)
    return _("%(name)s（商品参数，顾客看得到）", name=text)


def _rows(table: Mapping[str, Any]) -> list[tuple[int, list[str]]]:
    """The first rows, of the columns that are asked about."""
    places = [column_index(column["letter"]) for column in table["seen"]]
    first = table.get("first_rows", ())
    return [(row, [cells[place] if place < len(cells) else "" for place in places]) for row, cells in first]


def head_name(table: int) -> str:
    """What the field is called that says in which row of a table the heads stand."""
    return f"header_{table}"


def head_rows(table: Mapping[str, Any], *, several: bool) -> list[int]:
    """What may be said of it: a row (from 1), 0 for none; of several tables also -1, that one is no table of goods."""
    return [*(row for row, _cells in table["first_rows"]), NO_HEAD, *([LEFT_ALONE] if several else [])]


def _head_choice(number: int, table: Mapping[str, Any], *, several: bool) -> HeadChoice:
    told = {NO_HEAD: _("没有表头，第一行就是商品"), LEFT_ALONE: _("这张工作表不是价目表，不用")}
    rows = head_rows(table, several=several)
    likely = next(iter(table["header_rows"]), NO_HEAD)
    chosen = likely if table["head_row"] is None else table["head_row"]
    offered = [(str(row), told.get(row) or _("第 %(row)s 行", row=row)) for row in rows]
    return HeadChoice(head_name(number), offered, str(chosen), said=table["head_row"] is not None)


def meaning_text(meaning: str) -> str:
    """What a column means, in the language of the page."""
    name, _colon, detail = meaning.partition(":")
    known = {
        "index": _("序号"),
        "code": _("货号"),
        "title": _("品名"),
        "category": _("类目"),
        "color": _("颜色"),
        "size": _("尺码"),
        "trade_price": _("供货价"),
        "tier": _("供货价（%(least)s 件起）", least=detail),
        "retail_price": _("建议零售价"),
        "drop_ship_price": _("代发价"),
        "ladder": _("阶梯价"),
        "option": _("规格 %(name)s", name=detail),
        "stock": _("库存"),
        "moq": _("起订量"),
        "picture": _("图片"),
        "attribute": detail or _("公开成商品参数，顾客看得到"),
        "total": _("合计（不读入）"),
        "discount": _("折扣"),
        "packs": _("按箱或打的价格（不读入）"),
        "internal": _("内部信息（不读入）"),
        "hidden": _("隐藏的列（不读入）"),
        "ignored": _("不用这一列"),
        "unnamed": _("没有表头（不读入）"),
    }
    return f"{known[name]} {detail}" if name in {"color", "size"} and detail else known.get(name, meaning)
