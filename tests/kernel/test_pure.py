"""Money, time, text, ids, lifecycles and permissions: rules without a framework."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import business_date, start_of
from kernel.errors import DomainError
from kernel.ids import public_id
from kernel.money import CurrencyMismatchError, Money, allocate, share
from kernel.permissions import Actor, Membership, Permission, Role, Scope, StaffGrant
from kernel.states import Lifecycle, Step
from kernel.text import clause, clean, export_cell, masked_phone, slugify


@pytest.mark.parametrize(("fen", "commission"), [(1, 0), (99, 0), (100, 1), (10_001, 50), (-100, -1), (0, 0)])
def test_half_a_percent_is_rounded_half_up(fen: int, commission: int) -> None:
    assert share(fen, 50) == commission


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=9).filter(any))
def test_parts_sum_to_the_whole_and_differ_from_fair_by_less_than_a_fen(amount: int, weights: list[int]) -> None:
    parts = allocate(amount, weights)
    assert sum(parts) == amount
    assert all(
        abs(part * sum(weights) - amount * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


def test_money_mixes_with_nothing_but_its_own_currency() -> None:
    assert Money(100) + Money(1) == Money(101)
    with pytest.raises(TypeError):
        Money(100) + 1
    with pytest.raises(CurrencyMismatchError):
        Money(100) + Money(1, "USD")
    with pytest.raises(TypeError):
        Money(1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, 999_999, UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, 0, 0, UTC), date(2026, 3, 2)),
        (datetime(1988, 7, 1, 15, 30, tzinfo=UTC), date(1988, 7, 2)),  # China had summer time then
    ],
)
def test_the_business_day_is_that_of_shanghai(moment: datetime, day: date) -> None:
    assert business_date(moment) == day
    assert business_date(start_of(day)) == day


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [("  羊绒\u202e围巾\u200b ", "羊绒围巾"), ("a\x00b", "a b"), ("e\u0301", "é"), ("行\n行", "行 行")],
)
def test_text_enters_without_what_cannot_be_seen(given_text: str, kept: str) -> None:
    assert clean(given_text) == kept


@pytest.mark.parametrize("said", ["图片不清楚", "图片不清楚。", "图片不清楚。\n", "图片不清楚；"])
def test_words_inside_a_sentence_bring_no_stop_of_their_own(said: str) -> None:
    assert clause(said) == "图片不清楚"


def test_slugs_read_chinese_as_pinyin() -> None:
    assert slugify("羊绒围巾 200*70cm") == "yang-rong-wei-jin-200-70cm"
    assert slugify("！！") == ""


@pytest.mark.parametrize("head", ["=", "+", "-", "@", "\t", "＝"])
def test_no_exported_cell_is_a_formula(head: str) -> None:
    assert export_cell(f"{head}1+1") == f"'{head}1+1"


def test_a_phone_is_shown_in_part_and_ids_do_not_repeat() -> None:
    assert masked_phone("+8613800138001") == "138****8001"
    assert len({public_id("lst") for _ in range(1000)}) == 1000


def test_a_lifecycle_refuses_what_its_table_does_not_hold() -> None:
    step = Step("shut", Permission.ACCOUNT_SELF_USE)
    door = Lifecycle("door", "open", {("open", "shut"): step}, {"open": "开", "shut": "关"})
    assert door.step("open", "shut") is step
    assert door.actions("open") == ("shut",)
    with pytest.raises(DomainError, match=r"door\.state"):
        door.step("shut", "shut")


def test_a_lifecycle_labels_every_state_it_knows_and_no_other() -> None:
    steps = {("open", "shut"): Step("shut", Permission.ACCOUNT_SELF_USE)}
    labels = {"open": "开", "shut": "关"}
    for wrong in ({"labels": {"open": "开"}}, {"labels": labels | {"ajar": "虚掩"}}, {"tones": {"ajar": "warn"}}):
        with pytest.raises(ValueError, match="'door' do not agree"):
            Lifecycle(**{"name": "door", "start": "open", "steps": steps, "labels": labels, **wrong})


def test_staff_reach_as_far_as_their_scope() -> None:
    hua = Actor(user_id=1, staff=(StaffGrant(Role.OPERATOR, Scope("belt", "danyang-glasses")),))
    assert hua.may(Permission.OPS_CASES_VIEW, belt="danyang-glasses", region="江苏省")
    assert not hua.may(Permission.OPS_CASES_VIEW, belt="qinghe-cashmere", region="河北省")
    mei = Actor(user_id=2, memberships=(Membership(7, "fac_x", "厂", "factory", Role.CLERK),))
    assert mei.may(Permission.FACTORY_ORDERS_SHIP, organisation_id=7)
    assert not mei.may(Permission.FACTORY_ORDERS_SHIP, organisation_id=8)
    assert not mei.holds(Permission.FACTORY_STATEMENT_VIEW)


def test_permissions_are_alphabetical_and_well_shaped() -> None:
    names = list(Permission.__members__)
    assert names == sorted(names)
    assert all(permission.count(":") == 2 for permission in Permission)
