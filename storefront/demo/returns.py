"""What shoppers and sellers do about money back, from asking to the parcel's return; done once, however often asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from kernel.db import session
from storefront.after_sales import operations as after_sales
from storefront.after_sales.models import Refund
from storefront.demo.fates import Fate

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from storefront.demo.deeds import Market
    from storefront.demo.trade import Purchase
    from storefront.orders.models import Order

_REASONS: Final = (
    ("not_as_shown", "颜色比图片深一些，想退货。"),
    ("quality", "收到有一处线头脱开，麻烦处理。"),
    ("unwanted", "尺寸拍大了，没有用过，想退。"),
    ("missing", "少发了一件，请补退这一件的钱。"),
)
_CALLED_OFF: Final = ("mistake", "地址拍错了，我重新下单。")
_ANSWER: Final = "商品已使用且吊牌已剪，不支持退货；可以给您补寄一份配件，请联系我们。"


class AfterSales:
    """The counter at which goods come back."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def deeds(self) -> dict[str, Callable[..., None]]:
        """Each step by its name."""
        return {
            "ask": self.ask,
            "agree": self.agree,
            "refuse": self.refuse,
            "withdraw": self.withdraw,
            "confirm": self.confirm,
        }

    def ask(self, purchase: Purchase, *, now: datetime) -> None:
        """Ask for all of an order, or for one piece of it."""
        orders = self._market.orders(purchase, "paid", "packed", "shipped", "delivered", "completed")
        for order in orders[:1]:
            if not _refunds(order):
                why, words = _CALLED_OFF if purchase.fate is Fate.CALLED_OFF else _REASONS[order.id % len(_REASONS)]
                after_sales.ask_refund(
                    actor=self._market.buyer(purchase),
                    order=order.public_id,
                    pieces=_pieces(order, whole=order.id % 2 == 0),
                    why=why,
                    words=words,
                    now=now,
                )

    def agree(self, purchase: Purchase, *, now: datetime) -> None:
        """The seller of record agrees."""
        for order, refund in self._open(purchase, "asked"):
            after_sales.agree(actor=self._market.owner(order.seller), refund=refund, now=now)

    def refuse(self, purchase: Purchase, *, now: datetime) -> None:
        """The seller of record would rather not."""
        for order, refund in self._open(purchase, "asked"):
            after_sales.refuse(actor=self._market.owner(order.seller), refund=refund, answer=_ANSWER, now=now)

    def withdraw(self, purchase: Purchase, *, now: datetime) -> None:
        """The shopper keeps it after all."""
        for _order, refund in self._open(purchase, "asked"):
            after_sales.withdraw(actor=self._market.buyer(purchase), refund=refund, now=now)

    def confirm(self, purchase: Purchase, *, now: datetime) -> None:
        """Who shipped has it back."""
        for order, refund in self._open(purchase, "agreed"):
            after_sales.confirm_return(actor=self._market.owner(order.shipper), refund=refund, now=now)

    def _open(self, purchase: Purchase, state: str) -> list[tuple[Order, str]]:
        return [(order, refund) for order in self._market.orders(purchase) for refund in _refunds(order, state)]


def _refunds(order: Order, *states: str) -> list[str]:
    """The refunds (public ids) of an order, in these states or in any."""
    query = select(Refund.public_id).where(Refund.order_id == order.id)
    return list(session().scalars(query.where(Refund.state.in_(states)) if states else query))


def _pieces(order: Order, *, whole: bool) -> dict[int, int]:
    if whole:
        return {line.id: line.quantity for line in order.lines}
    return {order.lines[0].id: 1}
