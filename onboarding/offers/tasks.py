"""What the worker does for offers: tell merchants what left their shelf."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from kernel.audit import operation
from kernel.csv_file import plain_yuan
from kernel.errors import TooManyError
from kernel.limits import hit
from kernel.permissions import SYSTEM
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.offers.pick_ups import held_goods, resellers
from onboarding.offers.pricing import BELOW_COST, BELOW_FLOOR, NOT_ADMITTED, TAKEN_DOWN

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from kernel.ports import Ports
    from onboarding.offers.pick_ups import HeldGoods

_ONE_TEXT: Final = (1, timedelta(minutes=10))


def tell_merchant_held(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text the owners of a merchant what was held, why, and what to do; runs after `offer.held`.

    A factory that changes fifty goods at once holds fifty pick-ups: one text tells of them all. The end of an
    admission has a text of its own.
    """
    found = held_goods(payload["pick_up"], payload["reason"])
    if found is None or payload["reason"] == NOT_ADMITTED:
        return
    try:
        hit([(f"held:{payload['organisation']}:{payload['reason']}:{found.factory_id}", *_ONE_TEXT)], now=now)
    except TooManyError:
        return
    _tell(goods=found, reason=payload["reason"], actor=SYSTEM, now=now)


def tell_merchants_rests(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text the owners of every merchant who resells a factory's goods that it rests; runs after `factory.rests`."""
    _tell_resellers(factory=payload["organisation"], until=payload["until"], actor=SYSTEM, now=now)


def tell_merchants_reopened(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text them that it sells again before the day; runs after `factory.reopened`."""
    _tell_resellers(factory=payload["organisation"], until="", actor=SYSTEM, now=now)


@operation("offer.tell_resellers")
def _tell_resellers(*, factory: str, until: str, actor: Actor, now: datetime) -> None:
    for merchant_id, factory_name in resellers(factory):
        tell(owners_of(merchant_id), _rest_words(factory_name, until), actor=actor, now=now)


def _rest_words(factory: str, until: str) -> Words:
    if until:
        return Words(
            "%(factory)s 休息，%(day)s 恢复发货。这段时间您店里它的商品不能下单，已付款的订单照常发货，您不用做什么。",
            {"factory": factory, "day": until},
        )
    return Words("%(factory)s 提前恢复营业，您店里它的商品现在可以下单了。", {"factory": factory})


@operation("offer.tell_merchant_held")
def _tell(*, goods: HeldGoods, reason: str, actor: Actor, now: datetime) -> None:
    tell(owners_of(goods.merchant_id), _words(goods, reason), actor=actor, now=now)


def _words(goods: HeldGoods, reason: str) -> Words:
    told = {"title": goods.title, "factory": goods.factory_name}
    if reason == BELOW_COST:
        return Words(
            "您铺的“%(title)s”等 %(num)s 款，售价已不够付供货价和平台费用，自动暂停销售。"
            "请到“我的商品”提高加价或售价，改好马上恢复。",
            told,
            count=goods.count,
        )
    if reason == TAKEN_DOWN:
        return Words(
            "平台下架了您铺的“%(title)s”等 %(num)s 款，已自动暂停销售，已付款的订单照常发货。"
            "恢复后自动接着卖，您不用做什么。",
            told,
            count=goods.count,
        )
    if reason == BELOW_FLOOR:
        return Words(
            "您铺的“%(title)s”等 %(num)s 款，售价低于工厂定的最低售价（“%(title)s”是 ¥%(floor)s），自动暂停销售。"
            "请到“我的商品”提高加价或售价，改好马上恢复。",
            told | {"floor": plain_yuan(goods.floor_fen or 0)},
            count=goods.count,
        )
    return Words(
        "%(factory)s 暂停供货“%(title)s”等 %(num)s 款，已自动暂停销售，已付款的订单照常发货。"
        "工厂恢复供货后自动恢复，您不用做什么。",
        told,
        count=goods.count,
    )
