"""What the things are called that an operator reads of; a test knows when one has no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.text import lazy

if TYPE_CHECKING:
    from kernel.text import Message

AREAS: Final = (
    ("case.", lazy("审核")),
    ("factory.", lazy("入驻")),
    ("departure.", lazy("关店")),
    ("copy.", lazy("数据副本")),
    ("merchant.", lazy("商家开店")),
    ("appeal.", lazy("申诉")),
    ("claim.", lazy("代码认领")),
    ("check.", lazy("执照复核")),
    ("licence.", lazy("营业执照")),
    ("inspection.", lazy("验厂")),
    ("certificate.", lazy("商品证书")),
    ("notice.", lazy("知识产权通知")),
    ("report.", lazy("举报")),
    ("listing.", lazy("商品")),
    ("edit.", lazy("商品改动")),
    ("takedown.", lazy("商品下架")),
    ("picture.", lazy("商品图片")),
    ("sheet.", lazy("价目表")),
    ("offer.", lazy("报价和铺货")),
    ("admission.", lazy("商家合作")),
    ("price_group.", lazy("价格分组")),
    ("stock.", lazy("库存")),
    ("order.", lazy("订单")),
    ("search.", lazy("搜索")),
    ("shipment.", lazy("发货")),
    ("refund.", lazy("退款")),
    ("payment.", lazy("支付")),
    ("settlement.", lazy("结算和打款")),
    ("payee.", lazy("收款账户")),
    ("agreement.", lazy("协议")),
    ("account.", lazy("账号")),
    ("help.", lazy("代办")),
    ("team.", lazy("团队")),
    ("job.", lazy("后台任务")),
)
THINGS: Final = {
    "admission": lazy("合作"),
    "appeal": lazy("申诉"),
    "belts": lazy("产业带"),
    "block": lazy("封存块"),
    "copy": lazy("数据副本"),
    "case": lazy("审核单"),
    "certificate": lazy("商品证书"),
    "check": lazy("执照复核"),
    "claim": lazy("代码认领"),
    "factory": lazy("工厂"),
    "filter": lazy("筛选"),
    "edit": lazy("商品改动"),
    "group": lazy("订单组"),
    "load": lazy("整批装载"),
    "intent": lazy("通道请求"),
    "help": lazy("代办授权"),
    "job": lazy("任务"),
    "licence": lazy("营业执照"),
    "list": lazy("列表"),
    "listing": lazy("商品"),
    "merchant": lazy("商家"),
    "notice": lazy("知识产权通知"),
    "offer": lazy("报价"),
    "order": lazy("订单"),
    "organisation": lazy("店铺或工厂"),
    "payee": lazy("收款账户"),
    "payment": lazy("付款单"),
    "payout": lazy("打款单"),
    "picture": lazy("商品图片"),
    "pick_up": lazy("铺货"),
    "price_group": lazy("价格分组"),
    "rate_card": lazy("费率表"),
    "refund": lazy("退款单"),
    "report": lazy("举报"),
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
