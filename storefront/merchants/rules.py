"""What a merchant is told of her goods and orders: why something is not on sale, how her list of orders is cut."""

from __future__ import annotations

from typing import Final

from kernel.text import lazy

HELD_REASONS: Final = {
    "below_cost": lazy("这个价扣掉供货价和手续费就不赚钱了，已暂停售卖。改个价就能接着卖。"),
    "below_floor": lazy("这个价低于工厂定的最低售价，已暂停售卖。改个价就能接着卖。"),
    "not_admitted": lazy("工厂结束了合作，已暂停售卖。恢复合作后自动接着卖。"),
    "taken_down": lazy("平台下架了这款商品，已暂停售卖。恢复后自动接着卖，已付款的订单照常发货。"),
    "not_supplied": lazy("工厂暂时不供货给商家，已暂停售卖。恢复供货后自动接着卖。"),
}
"""Why an offer is held, and what helps."""
STATES: Final = {"on": (lazy("在售"), "good"), "held": (lazy("已暂停"), "warn"), "off": (lazy("已停售"), "")}
TABS: Final = {
    "": (lazy("全部"), ()),
    "to-ship": (lazy("待工厂发货"), ("paid", "packed")),
    "on-the-way": (lazy("待收货"), ("shipped",)),
    "done": (lazy("已完成"), ("delivered", "completed")),
    "cancelled": (lazy("退款/取消"), ("cancelled",)),
}
"""How her list of orders is cut: the address, its label, the states in it."""
