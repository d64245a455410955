"""The life of an order, said in one table."""

import re
from datetime import date, timedelta

import pytest

from kernel.errors import DomainError
from storefront.orders.models import Order
from storefront.orders.rules import (
    CANCEL_REASONS,
    HOLD_FOR,
    ORDER,
    PAY_WITHIN,
    PROVINCES,
    TABS,
    Address,
    group_number,
    order_number,
    received_before,
    shipped_before,
)

ACTIONS = sorted({action for _state, action in ORDER.steps})


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", ORDER.states)
def test_every_state_takes_an_action_or_refuses_it(state: str, action: str) -> None:
    step = ORDER.steps.get((state, action))
    if step is None:
        with pytest.raises(DomainError, match=r"order\.state"):
            ORDER.step(state, action)
    else:
        assert ORDER.step(state, action).to in ORDER.states


def test_what_is_over_is_never_left() -> None:
    assert [state for state in ORDER.states if not ORDER.actions(state)] == ["completed", "cancelled"]


def test_every_state_is_reached() -> None:
    assert {step.to for step in ORDER.steps.values()} == set(ORDER.states) - {ORDER.start}


def test_the_table_knows_every_state() -> None:
    check = next(c for c in Order.__table__.constraints if c.name == "ck_orders_state")
    assert tuple(re.findall(r"'(\w+)'", str(check.sqltext))) == ORDER.states


def test_lists_show_every_state_once() -> None:
    shown = [state for _label, states in TABS.values() for state in states]
    assert sorted(shown) == sorted(ORDER.states)
    assert set(CANCEL_REASONS) == {"buyer", "expired", "late", "taken_down", "returned", "refunded"}


def test_stock_is_held_longer_than_one_may_take_to_pay() -> None:
    assert PAY_WITHIN + timedelta(minutes=15) <= HOLD_FOR


def test_numbers_are_said_on_the_phone() -> None:
    assert (group_number(1), order_number(1, 2)) == ("Y1001", "Y1001-2")


def test_days_are_counted_in_shanghai() -> None:
    day = date(2026, 3, 12)
    assert shipped_before(day).isoformat() == "2026-03-01T16:00:00+00:00"
    assert received_before(day).isoformat() == "2026-03-04T16:00:00+00:00"  # received on the 4th: complete on the 12th


def test_an_address_is_masked_and_kept() -> None:
    home = Address("林晓晓", "+8613800138001", "浙江省", "杭州市", "西湖区", "文三路 1 号", "放门口")
    assert Address.from_json(home.to_json()) == home
    hidden = home.masked()
    assert (hidden.name, hidden.phone, hidden.place, hidden.note) == (
        "林**",
        "138****8001",
        "浙江省杭州市西湖区****",
        "",
    )


def test_parcels_go_to_the_whole_mainland() -> None:
    assert len(PROVINCES) == len(set(PROVINCES)) == 31


@pytest.mark.parametrize(
    ("province", "city", "place"),
    [("上海市", "上海市", "上海市徐汇区漕溪北路 18 号"), ("浙江省", "杭州市", "浙江省杭州市徐汇区漕溪北路 18 号")],
)
def test_a_municipality_is_said_once(province: str, city: str, place: str) -> None:
    assert Address("林晓", "+8613800138001", province, city, "徐汇区", "漕溪北路 18 号").place == place
