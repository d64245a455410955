"""What the page of components shows: goods, people and figures as they come, written by nobody in particular."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from kernel.text import lazy

_TODAY: Final = date(2026, 3, 10)
_SOLD: Final = (86_400, 12_900, 0, 125_800, 43_000, 0, 22_050, 68_000, 151_600, 402_300, 366_500, 96_800)

SPECIMENS: Final[dict[str, Any]] = {
    "card": {
        "url": "#product_card",
        "image_url": "img/goods/scarf.svg",
        "title": "羊绒围巾 水波纹 200×70cm 六色可选",
        "price_fen": 11_800,
        "factory_name": "清河样绒羊绒制品厂",
        "factory_url": "#factory_card",
        "verified": True,
        "belt_label": "河北 · 清河羊绒",
    },
    "resold": {
        "url": "#product_card",
        "image_url": "img/goods/dinner-set.svg",
        "title": "釉下彩餐具",
        "price_fen": 8_990,
        "price_to_fen": 26_800,
        "verified": False,
    },
    "factory": {
        "url": "#factory_card",
        "name": "丹阳样镜光学眼镜有限公司",
        "belt_label": "江苏 · 丹阳眼镜",
        "verified": True,
        "says": "镜架、太阳镜、老花镜，自有车房",
        "facts": [("月产", "8 万副"), ("统一社会信用代码", "91321181MA1EXAMPLE")],
    },
    "shop": {"url": "#factory_card", "name": "薄利杂货铺", "belt_label": "浙江 · 义乌", "verified": False},
    "goods": {
        "image": "img/goods/cardigan-women.svg",
        "title": "山羊绒开衫 女 100% 纯山羊绒",
        "options": "雾霾蓝 / M",
        "number": "Y1268-1",
    },
    "pictures": [
        ("img/goods/scarf.svg", "围巾"),
        ("img/goods/cardigan-women.svg", "开衫"),
        ("img/goods/blanket-wool.svg", "毛毯"),
        ("img/goods/dinner-set.svg", "餐具"),
    ],
    "looks": [
        ("img/goods/cardigan-women.svg", "全图"),
        ("img/goods/cardigan-women.svg#svgView(viewBox(120,120,160,160))", "近看"),
        ("img/goods/cardigan-women.svg#svgView(viewBox(90,175,190,190))", "下半部分"),
    ],
    "asked": {"q": "羊绒", "sort": "-sum"},
    "orders": [
        {
            "number": "Y1268-1",
            "goods": "山羊绒开衫 女 100% 纯山羊绒",
            "state": "待发货",
            "tone": "go",
            "day": _TODAY,
            "pieces": 2,
            "sum": 53_600,
            "reason": None,
        },
        {
            "number": "Y1271-1",
            "goods": "釉下彩餐具",
            "state": "已取消",
            "tone": "bad",
            "day": _TODAY,
            "pieces": 10,
            "sum": 98_000,
            "reason": "图片里有别家的商标，请换一张。",
        },
        {
            "number": "Y1272-1",
            "goods": "羊绒围巾 水波纹 200×70cm 六色可选",
            "state": "已收货",
            "tone": "good",
            "day": None,
            "pieces": 1,
            "sum": 0,
            "reason": None,
        },
    ],
    "lifecycle": {
        "labels": {"placed": "待付款", "paid": "待发货", "delivered": "已收货", "cancelled": "已取消"},
        "tones": {"placed": "go", "paid": "warn", "delivered": "good"},
    },
    "tiers": [(10, 9_800), (50, 9_260), (200, 8_840)],
    "sold": [(_TODAY - timedelta(days=len(_SOLD) - 1 - place), fen) for place, fen in enumerate(_SOLD)],
    "unsold": [(_TODAY - timedelta(days=back), 0) for back in range(11, -1, -1)],
    "changed": [
        {
            "label": lazy("品名"),
            "kind": "words",
            "parts": [("same", "羊绒"), ("gone", "围巾"), ("new", "披肩 加厚"), ("same", " 水波纹")],
        },
        {
            "label": lazy("零售价"),
            "option": "驼色",
            "kind": "price",
            "before": 11_800,
            "after": 16_800,
            "moved_bp": 4_237,
        },
        {"label": lazy("参数"), "option": "材质", "kind": "whole", "before": "", "after": "山羊绒 100%"},
    ],
    "knitwear": "服饰针织",
    "scarves": "服饰针织/围巾披肩",
    "clothing": "服饰",
    "person": {
        "name": "魏国强",
        "place": "河北省邢台市清河县羊绒小镇 8 号",
        "reason": "图片里有别家的商标，请换一张。",
        "code": "SF1390418866275",
    },
}
