"""The deeds of a resold order that may be killed anywhere: one supply order, and the right money on every leg."""

from dataclasses import dataclass

from sqlalchemy import func, select

from commission.ledger.proof import trial_balance
from commission.settlement.models import SaleRow
from commission.settlement.operations import settle
from kernel.clock import business_date
from kernel.db import session
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.models import StockMovement, StockReservation
from storefront.after_sales.models import Refund
from storefront.after_sales.operations import agree, ask_refund
from storefront.orders.models import Order, OrderGroup
from storefront.orders.operations import receive
from storefront.supply.models import SupplyOrder
from tests.faults.deeds import Deed, Scene, do_pay, do_ship, do_work, entries, state_of, texts, verify_ship

RETAIL, SUPPLY = 9_900, 6_000
WHY = {"why": "other", "words": "多买了"}


@dataclass
class ResoldScene(Scene):
    """The scene with a merchant who resells Wei's goods."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.bo: Actor = self.shop.merchant()
        listing = self.shop.put_on_sale(self.shop.wei, stock=(5_000,))
        [self.offer] = self.shop.resell(self.bo, listing, price_fen=RETAIL, supply_fen=SUPPLY)
        self.at_shop = self._browser(self.bo)

    def two_paid(self) -> str:
        """An order of two pieces that waits for its parcel."""
        payment = self.shop.order({self.offer: 2}, now=self.clock.now())
        self.shop.pay(payment, now=self.clock.now())
        return self.shop.orders(payment)[0]

    def two_due(self) -> str:
        """An order of two pieces whose money is due today on both legs."""
        order = self.two_paid()
        self.post(self.wei, f"/factory/orders/{order}/shipment", carrier="sf", tracking="SF1234567890123")
        receive(actor=self.shop.buyer, order=order, now=self.clock.now())
        self.let_pass(days=9)
        return order

    def asked(self) -> str:
        """A refund of one of two pieces that have not left, asked for."""
        return self._ask(self.two_paid())

    def agreed(self) -> str:
        """A refund of one of two pieces that were settled: agreed, the piece is on its way back."""
        order = self.two_due()
        settle(day=business_date(self.clock.now()), actor=SYSTEM, now=self.clock.now())
        refund = self._ask(order)
        agree(actor=self.bo, refund=refund, now=self.clock.now())
        return refund

    def _ask(self, order: str) -> str:
        line = session().scalars(select(Order).where(Order.public_id == order)).one().lines[0].id
        now = self.clock.now()
        return ask_refund(actor=self.shop.buyer, order=order, pieces={line: 1}, **WHY, now=now)


def verify_pay(scene: Scene, payment: str) -> None:
    charges = [one for one in scene.shop.rail.charges() if one.counterpart == payment]
    assert [one.state for one in charges] == ["ok"]
    [order] = scene.shop.orders(payment)
    assert state_of(order) == "paid"
    [supply] = supplies(order)
    assert (supply.goods_fen, supply.refunded_fen) == (SUPPLY, 0)
    assert (entries("sale.paid", order), entries("supply.ordered", supply.public_id)) == (1, 1)
    group = select(OrderGroup.public_id).join(Order).where(Order.public_id == order)
    sold = select(func.sum(StockMovement.pieces)).where(StockMovement.source == group.scalar_subquery())
    assert session().scalar(sold) == -1


def verify_supply_ship(scene: Scene, order: str) -> None:
    verify_ship(scene, order)
    assert len(supplies(order)) == 1


def do_agree(scene: Scene, refund: str) -> None:
    assert isinstance(scene, ResoldScene)
    scene.post(scene.at_shop, f"/refunds/{refund}/agreement")


def do_return(scene: Scene, refund: str) -> None:
    scene.post(scene.wei, f"/refunds/{refund}/return")


def verify_refund_before(scene: Scene, refund: str) -> None:
    verify_refund(scene, refund)
    back = select(StockMovement.pieces).where(StockMovement.source == refund)
    assert session().scalars(back).all() == [1]


def verify_refund(scene: Scene, refund: str) -> None:
    """Once on each leg, once at the rail, and the rail's answer is known."""
    row = session().scalars(select(Refund).where(Refund.public_id == refund)).one()
    assert (row.state, row.paid_at is not None) == ("refunded", True)
    order = session().get_one(Order, row.order_id)
    [supply] = supplies(order.public_id)
    assert (order.lines[0].refunded_quantity, supply.refunded_fen) == (1, SUPPLY)
    assert [entries(fact, refund) for fact in ("sale.refunded", "supply.refunded", "refund.paid")] == [1, 1, 1]
    legs = session().scalars(select(SaleRow).where(SaleRow.order_ref.in_([order.public_id, supply.public_id])))
    assert {leg.way: leg.refunded_goods_fen for leg in legs} == {"merchant": RETAIL, "supply": SUPPLY}


def do_receive(scene: Scene, order: str) -> None:
    scene.post(scene.lin, f"/orders/{order}/receipt")


def verify_receive(scene: Scene, order: str) -> None:
    assert state_of(order) == "delivered"
    legs = session().scalars(select(SaleRow).where(SaleRow.order_ref.in_([order, supplies(order)[0].public_id])))
    assert len({leg.release_on for leg in legs} - {None}) == 1


def do_settle(scene: Scene, order: str) -> None:
    settle(day=business_date(scene.clock.now()), actor=SYSTEM, now=scene.clock.now())


def verify_settle(scene: Scene, order: str) -> None:
    [supply] = supplies(order)
    assert (entries("sale.settled", order), entries("sale.settled", supply.public_id)) == (1, 1)
    assert sum(row.debit - row.credit for row in trial_balance()) == 0


def do_cancel(scene: Scene, payment: str) -> None:
    scene.post(scene.lin, f"/pay/{payment}/cancellation")


def verify_cancel(scene: Scene, payment: str) -> None:
    assert scene.shop.states(payment) == ["cancelled"]
    group = select(OrderGroup.public_id).join(Order).where(Order.public_id == scene.shop.orders(payment)[0])
    held = select(StockReservation.state).where(StockReservation.holder == group.scalar_subquery())
    assert session().scalars(held).all() == ["released"]


def verify_work(scene: Scene, order: str) -> None:
    assert [texts(scene, order, words) for words in ("代发订单", "您的店铺卖出一单")] == [1, 1]


def supplies(order: str) -> list[SupplyOrder]:
    """The supply orders behind an order, as the database has them now."""
    query = select(SupplyOrder).join(Order, Order.id == SupplyOrder.order_id).where(Order.public_id == order)
    return list(session().scalars(query.execution_options(populate_existing=True)))


RESOLD_DEEDS = (
    Deed("pay a merchant", Scene.placed, do_pay, verify_pay),
    Deed("ship a supply order", Scene.paid, do_ship, verify_supply_ship),
    Deed("refund before shipping", ResoldScene.asked, do_agree, verify_refund_before),
    Deed("receive a supply order", Scene.shipped, do_receive, verify_receive),
    Deed("settle both legs", ResoldScene.two_due, do_settle, verify_settle),
    Deed("refund after settlement", ResoldScene.agreed, do_return, verify_refund),
    Deed("tell both sellers", Scene.paid, do_work, verify_work),
    Deed("cancel unpaid", Scene.placed, do_cancel, verify_cancel),
)
