"""What the things are called that an operator reads of; a test knows when one has no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.text import lazy

if TYPE_CHECKING:
    from kernel.text import Message

THINGS: Final = {
    "admission": lazy("合作"),
    "appeal": lazy("申诉"),
    "belts": lazy("产业带"),
    "block": lazy("封存块"),
    "copy": lazy("数据副本"),
    "case": lazy("审核单"),
    "check": lazy("执照复核"),
    "claim": lazy("代码认领"),
    "factory": lazy("工厂"),
    "filter": lazy("筛选"),
    "group": lazy("订单组"),
    "intent": lazy("通道请求"),
    "help": lazy("代办授权"),
    "job": lazy("任务"),
    "licence": lazy("营业执照"),
    "list": lazy("列表"),
    "listing": lazy("商品"),
    "merchant": lazy("商家"),
    "offer": lazy("报价"),
    "order": lazy("订单"),
    "organisation": lazy("店铺或工厂"),
    "payee": lazy("收款账户"),
    "payment": lazy("付款单"),
    "payout": lazy("打款单"),
    "pick_up": lazy("铺货"),
    "rate_card": lazy("费率表"),
    "refund": lazy("退款单"),
    "sale": lazy("账上订单"),
    "session": lazy("登录"),
    "settlement": lazy("结算日"),
    "sheet": lazy("价目表"),
    "shipment": lazy("包裹"),
    "supply_order": lazy("供货单"),
    "user": lazy("用户"),
}


def thing(subject: str) -> tuple[Message | str, str]:
    """What kind of thing a subject such as `case:cas_x` is, and which."""
    kind, _colon, which = subject.partition(":")
    return THINGS.get(kind, kind), which
