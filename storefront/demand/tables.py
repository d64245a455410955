"""What an operator takes along of searches as files, and the columns of her page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from kernel.i18n import number, percent
from kernel.tables import Column, Table
from kernel.text import lazy
from storefront.demand.rules import share_bp
from storefront.search.schemas import Choice

if TYPE_CHECKING:
    from storefront.demand.models import SearchSum
    from storefront.demand.rules import Sought

_TEXT: Column[Sought] = Column(
    "text", lazy("搜索词"), lambda line: line.text, "authored", link=lambda line: Choice(q=line.text).url()
)
_SEARCHES: Column[Sought] = Column("searches", lazy("搜索次数"), lambda line: line.searches, "number")
_PEOPLE: Column[Sought] = Column("people", lazy("人次"), lambda line: line.people, "number")
_HITS: Column[Sought] = Column("hits", lazy("最多搜到"), lambda line: line.hits, "number")
_SHARE: Column[Sought] = Column("share", lazy("点击率"), lambda line: percent(line.click_bp), "number")
_MEAN: Column[Sought] = Column("mean", lazy("平均点击位置"), lambda line: tenths(line.mean_tenths), "number")
_NOTHING: Column[Sought] = Column("missed", lazy("没搜到的次数"), lambda line: line.missed, "number")
_CORRECTED: Column[Sought] = Column("corrected", lazy("改了字才有的次数"), lambda line: line.corrected, "number")
_RELAXED: Column[Sought] = Column("relaxed", lazy("放宽后才有的次数"), lambda line: line.relaxed, "number")


def tenths(value: int | None) -> str | None:
    """Tenths as people write them: 35 → 3.5."""
    return None if value is None else f"{value // 10}.{value % 10}"


def _place(line: Sought) -> str:
    return number(line.place)


_sought = partial(Table, key=_place, size=10)  # on a phone each line is a card
TOP: Table[Sought] = _sought(
    name="searched", title=lazy("搜得最多的词"), columns=(_TEXT, _SEARCHES, _PEOPLE, _HITS, _SHARE, _MEAN)
)
MISSED: Table[Sought] = _sought(name="missed", title=lazy("没搜到的词"), columns=(_TEXT, _NOTHING, _SEARCHES, _PEOPLE))
CORRECTED: Table[Sought] = _sought(
    name="corrected", title=lazy("改了字才有的词"), columns=(_TEXT, _CORRECTED, _SEARCHES, _PEOPLE, _SHARE)
)
RELAXED: Table[Sought] = _sought(
    name="relaxed", title=lazy("放宽后才有的词"), columns=(_TEXT, _RELAXED, _SEARCHES, _PEOPLE, _SHARE)
)


def _share(part: str, whole: str) -> Any:  # noqa: ANN401  a reader of lines
    return lambda line: percent(share_bp(getattr(line, part), getattr(line, whole)))


DAYS: Table[SearchSum] = Table(
    name="days",
    title=lazy("每天的搜索"),
    key=lambda line: line.day.isoformat(),
    columns=(
        Column("day", lazy("日期"), lambda line: line.day, "day"),
        Column("searches", lazy("搜索次数"), lambda line: line.searches, "number"),
        Column("people", lazy("人次"), lambda line: line.people, "number"),
        Column("missed", lazy("没搜到的比例"), _share("missed", "searches")),
        Column("relaxed", lazy("放宽的比例"), _share("relaxed", "searches")),
        Column("clicked", lazy("有点击的比例"), _share("clicked", "people")),
    ),
)
