"""The list of goods as operators read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.i18n import locale
from kernel.tables import Column, Filter, Table
from kernel.text import lazy
from onboarding.listings.categories import category_name
from onboarding.listings.rules import LISTING
from onboarding.moderation.goods import GOODS_SORTS

if TYPE_CHECKING:
    from onboarding.moderation.goods import GoodsLine

_STATES = tuple((state, lazy(label)) for state, label in LISTING.labels.items() if state != "draft")
GOODS: Table[GoodsLine] = Table(
    name="goods",
    title=lazy("商品"),
    key=lambda line: line.listing,
    columns=(
        Column(
            "title",
            lazy("品名"),
            lambda line: line.title,
            "authored",
            sort=GOODS_SORTS["title"],
            link=lambda line: f"/ops/goods/{line.listing}",
        ),
        Column(
            "state",
            lazy("状态"),
            lambda line: lazy(LISTING.labels[line.state]),
            "badge",
            tone=lambda line: LISTING.tones.get(line.state, ""),
            note=lambda line: line.reason,
        ),
        Column("code", lazy("货号"), lambda line: line.code, "codes"),
        Column("category", lazy("类目"), lambda line: category_name(line.category, locale())),
        Column("factory", lazy("工厂"), lambda line: line.factory, "authored", sort=GOODS_SORTS["factory"]),
        Column(
            "belt",
            lazy("所属产业带"),
            lambda line: (line.belt if locale() == "zh" else line.belt_en) or None,
            only="csv",
        ),
        Column("published", lazy("上架时间"), lambda line: line.published_at, "moment", sort=GOODS_SORTS["published"]),
    ),
    filters=(
        Filter("state", lazy("状态"), options=_STATES),
        Filter("region", lazy("省份")),
        Filter("belt", lazy("所属产业带")),
        Filter("q", lazy("品名、工厂、货号或编号"), "words"),
    ),
)
