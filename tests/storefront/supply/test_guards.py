"""What the database itself refuses of the supply leg, whoever writes it; and what the self-check finds of the rest."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from onboarding.offers.models import Offer
from storefront.checks import self_check
from tests.storefront.after_sales.desk import ask
from tests.storefront.resale import Desk

GUARDS = {
    "ck_admissions_not_own": "update admissions set merchant_id = factory_id",
    "ck_admissions_state": "update admissions set state = 'x'",
    "ck_admissions_reason": "update admissions set state = 'ended'",
    "ck_admissions_decided_at": "update admissions set decided_at = null",
    "ck_pick_ups_not_own": "update pick_ups set organisation_id = factory_id",
    "ck_pick_ups_state": "update pick_ups set state = 'x'",
    "ck_pick_ups_markup": "update pick_ups set markup_bp = -1",
    "ck_offers_pick_up": "update offers set pick_up_id = null where kind = 'resale'",
    "ck_offers_supply_price": "update offers set supply_price_fen = 1 where kind = 'own'",
    "ck_offers_above_cost": "update offers set supply_price_fen = price_fen where kind = 'resale'",
    "ck_offers_held_reason": "update offers set state = 'held' where kind = 'resale'",
    "ck_orders_way": "update orders set way = 'supply'",
    "ck_orders_shipper": "update orders set shipper_id = organisation_id",
    "ck_orders_paid_at": "update orders set paid_at = null",
    "ck_orders_refunded": "update orders set state = 'cancelled', cancel_reason = 'buyer', cancelled_at = placed_at",
    "ck_order_lines_supply_price": "update order_lines set supply_price_fen = unit_price_fen",
    "ck_order_lines_refunded_quantity": "update order_lines set refunded_quantity = quantity + 1",
    "ck_supply_orders_not_own": "update supply_orders set merchant_id = organisation_id",
    "ck_supply_orders_goods": "update supply_orders set goods_fen = 0",
    "ck_supply_orders_refunded": "update supply_orders set refunded_fen = goods_fen + 1",
    "ck_sales_supply": "update sales set supply_fen = goods_fen + 1 where way = 'merchant'",
    "ck_sales_supplied": "update sales set supply_fen = 1 where way = 'supply'",
    "ck_sales_refunded_supply": "update sales set refunded_supply_fen = supply_fen + 1",
    "ck_sales_serves": "update sales set serves = null where way = 'supply'",
    "ck_refunds_state": "update refunds set state = 'x'",
    "ck_refunds_goods": "update refunds set goods_fen = 0, supply_fen = 0",
    "ck_refunds_supply": "update refunds set supply_fen = goods_fen",
    "ck_refunds_answer": "update refunds set state = 'refused'",
    "ck_refunds_refunded_at": "update refunds set state = 'refunded'",
    "ck_refunds_paid_at": "update refunds set paid_at = asked_at",
    "ck_refund_lines_quantity": "update refund_lines set quantity = 0",
}


@pytest.fixture
def order(desk: Desk) -> str:
    """One of Bo's, paid, with a refund asked of it."""
    desk.picked()
    hers = select(Offer.public_id).where(Offer.listing_id == desk.scarf.id, Offer.kind == "resale")
    offer = session().scalars(hers.order_by(Offer.sku_id)).first() or ""
    [order] = desk.shop.bought({offer: 2})
    ask(desk.shop, order)
    return order


@pytest.mark.parametrize("guard", GUARDS)
def test_no_hand_writes_what_cannot_be(order: str, guard: str) -> None:
    with pytest.raises(IntegrityError, match=rf"\b{guard}\b"), transaction():
        session().execute(text(GUARDS[guard]))


@pytest.mark.parametrize(
    "deed",
    [
        "update supply_orders set goods_fen = goods_fen + 1",
        "update supply_orders set refunded_fen = 1",
        "update order_lines set supply_price_fen = supply_price_fen - 1",
        "update order_lines set refunded_quantity = 1",
        "update supply_orders set organisation_id = merchant_id, merchant_id = organisation_id",
        "delete from supply_orders",
    ],
)
def test_a_supply_order_that_is_wrong_is_found(desk: Desk, order: str, deed: str) -> None:
    assert self_check() == []
    with transaction():
        session().execute(text(deed))
    assert any("supply order of Y" in found for found in self_check())
