"""Sheets made at random whose truth is known: order of columns, words of heads, titles, layout."""

import contextlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import DomainError
from onboarding.listings.sheets.reader import read_sheet
from tests.onboarding.listings.sheets.made import workbook

HEADS = {
    "code": ["货号", "款号", "型号", "编号", "SKU"],
    "title": ["品名", "产品名称", "名称", "商品名称", "标题"],
    "price": ["单价", "出厂价", "批发价(元)", "供货价", "拿货价（元/件）"],
    "retail": ["建议零售价", "零售价", "吊牌价"],
    "moq": ["起订量", "起批", "MOQ"],
    "stock": ["库存", "现货", "库存数"],
    "color": ["颜色", "花色"],
    "size": ["尺码", "码数"],
    "material": ["成分", "面料", "材质"],
}
COLORS = ["黑色", "白色", "驼色", "藏青", "酒红", "灰"]
# Letters, shoe sizes, heights: a sheet does not mix them.
SIZES = [["S", "M", "L", "XL", "均码"], ["35", "36", "37", "38"], ["100", "110", "120"]]
NAMES = ["毛衣", "台灯", "茶杯", "扳手", "毛巾", "运动鞋 男", "玩具熊"]
PRICE_FORMS = [
    lambda fen: fen / 100,
    lambda fen: f"￥{fen // 100:,}.{fen % 100:02d}",
    lambda fen: f"{fen // 100}.{fen % 100:02d}元",
]


@st.composite
def goods(draw: st.DrawFn, number: int) -> dict[str, Any]:
    fen = draw(st.integers(1, 5_000_000))
    form = draw(st.sampled_from(PRICE_FORMS))
    colors = draw(st.lists(st.sampled_from(COLORS), min_size=1, max_size=4, unique=True))
    family = draw(st.sampled_from(SIZES))
    sizes = draw(st.lists(st.sampled_from(family), min_size=1, max_size=3, unique=True))
    mark = draw(st.sampled_from(["/", "、", ",", "，"]))
    truth = {
        "fen": fen,
        "moq": draw(st.integers(1, 500)),
        "stock": draw(st.integers(1, 9999)),
        "skus": len(colors) * len(sizes),
    }
    cells = {
        "code": f"K-{number}",
        "title": f"{draw(st.sampled_from(NAMES))} {number}号",
        "price": form(fen),
        "retail": fen / 50,
        "moq": truth["moq"],
        "stock": truth["stock"],
        "color": mark.join(colors),
        "size": mark.join(sizes),
        "material": "100%棉",
    }
    return {"cells": cells, **truth}


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[list[object]], list[dict[str, Any]]]:
    keys = draw(st.permutations(list(HEADS)))
    rows: list[list[object]] = [["某某制品厂 报价单"], ["联系人：王经理 2026年"]][: draw(st.integers(0, 2))]
    rows += [[]] * draw(st.integers(0, 1))
    rows.append([draw(st.sampled_from(HEADS[key])) for key in keys])
    truths = [draw(goods(number)) for number in range(draw(st.integers(1, 5)))]
    rows += [[truth["cells"][key] for key in keys] for truth in truths]
    return rows, truths


@settings(max_examples=40, deadline=None)
@given(sheets())
def test_any_tidy_sheet_is_read_completely(made: tuple[list[list[object]], list[dict[str, Any]]]) -> None:
    rows, truths = made
    reading = read_sheet(workbook(rows), "x.xlsx")
    assert len(reading.listings) == len(truths)
    for listing, truth in zip(reading.listings, truths, strict=True):
        assert (listing.code, listing.title) == (truth["cells"]["code"], truth["cells"]["title"])
        assert [(tier.min_qty, tier.price_fen) for tier in listing.tiers] == [(truth["moq"], truth["fen"])]
        assert (listing.retail_price_fen, len(listing.skus)) == (truth["fen"] * 2, truth["skus"])
        assert listing.skus[0].stock == (truth["stock"] if truth["skus"] == 1 else None)
    assert {problem.code for problem in reading.problems} <= {"stock_ambiguous"}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(), st.text(max_size=8), st.floats(), st.sampled_from([h for v in HEADS.values() for h in v])
            ),
            max_size=8,
        ),
        max_size=12,
    )
)
def test_no_table_of_rubbish_crashes(rows: list[list[object]]) -> None:
    text = "\n".join(",".join(str(cell or "").replace("\n", " ").replace(",", "") for cell in row) for row in rows)
    with contextlib.suppress(DomainError):
        read_sheet(text.encode("utf-8", "ignore"), "x.csv").as_json()


@st.composite
def matrices(draw: st.DrawFn) -> tuple[list[list[object]], list[str], list[list[list[int]]]]:
    """One row per colour, sizes as columns, code and name merged downwards: rows, merged areas, truth."""
    sizes = draw(st.sampled_from([["S", "M", "L"], ["35", "36", "37", "38"], [100, 110, 120], ["XL", "2XL"]]))
    counts = st.lists(st.integers(0, 500), min_size=len(sizes), max_size=len(sizes))
    truth = draw(st.lists(st.lists(counts, min_size=1, max_size=4), min_size=1, max_size=4))
    rows: list[list[object]] = [["报价单"], ["款号", "品名", "颜色", *sizes, "单价"]]
    merged = []
    for number, colors in enumerate(truth):
        top = len(rows) + 1
        for color, stock in zip(COLORS, colors, strict=False):
            own = [f"M{number}", f"衣服{number}", 9.9] if len(rows) + 1 == top else [None] * 3
            rows.append([own[0], own[1], color, *stock, own[2]])
        price = chr(ord("D") + len(sizes))
        merged += [f"{letter}{top}:{letter}{len(rows)}" for letter in ("A", "B", price) if len(rows) > top]
    return rows, merged, truth


@settings(max_examples=40, deadline=None)
@given(made=matrices(), keeps_merges=st.booleans())
def test_any_matrix_of_colours_and_sizes_is_read(
    *, made: tuple[list[list[object]], list[str], list[list[list[int]]]], keeps_merges: bool
) -> None:
    rows, merged, truth = made
    reading = read_sheet(workbook(rows, merged=merged if keeps_merges else ()), "x.xlsx")
    found = [[sku.stock for sku in listing.skus] for listing in reading.listings]
    assert found == [[count for stock in colors for count in stock] for colors in truth]
    assert not reading.problems
