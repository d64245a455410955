"""What the seven-day rule says of goods: whether they can be sent back without a reason, and in which condition.

The law: 消费者权益保护法 (Consumer Protection Law), article 25, and 网络购买商品七日无理由退货暂行办法 (Interim
Measures for seven-day returns of goods bought online). Outside the rule stand goods made to order and what perishes
(article 25 (1) and (2); measures, article 6). What may be harmed by opening (article 7) could be kept out too, but only
where the buyer confirms that at each purchase; our checkout asks for no such word, so these goods can be sent back
while their seal is whole (measures, article 9 (1)). What was worn or cut is not whole (article 9 (3)), nor is a device
that was taken apart (article 9 (2)). Whatever is wrong with goods can always be claimed: none of this touches that.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class SendBack(StrEnum):
    """How goods are taken back without a reason."""

    MADE_TO_ORDER = "made_to_order"
    PERISHABLE = "perishable"
    SEALED = "sealed"
    UNWORN = "unworn"
    INTACT = "intact"

    @property
    def is_free(self) -> bool:
        """Whether they are taken back at all when nothing is wrong with them."""
        return self not in {SendBack.MADE_TO_ORDER, SendBack.PERISHABLE}


PERISHABLE: Final = ("生鲜食品", "鲜花绿植")
SEALED: Final = (
    *("休闲食品", "方便食品", "粮油", "调味品", "酒类", "茶叶", "滋补", "美妆个护", "医护用品", "清洁纸品"),
    *("服饰/内衣内裤", "服饰针织/秋衣秋裤", "眼镜/隐形眼镜", "日用百货/牙刷", "小家电/电动牙刷"),
)
UNWORN: Final = ("服饰", "服饰针织", "鞋靴", "箱包皮具", "家纺", "玩具童车")
"""Beginnings of paths in the tree of categories; whatever none of them names comes back intact."""


def send_back(category: str, *, sold_to_order: bool) -> SendBack:
    """What holds of goods of a category (path): the narrowest beginning that the lists name decides."""
    if sold_to_order:
        return SendBack.MADE_TO_ORDER
    for kind, beginnings in (
        (SendBack.PERISHABLE, PERISHABLE),
        (SendBack.SEALED, SEALED),
        (SendBack.UNWORN, UNWORN),
    ):
        if any(category == start or category.startswith(f"{start}/") for start in beginnings):
            return kind
    return SendBack.INTACT
