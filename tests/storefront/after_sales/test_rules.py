"""The life of a refund in one table, and its arithmetic."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernel.errors import DomainError, NotFoundError
from storefront.after_sales.models import Refund
from storefront.after_sales.rules import (
    IN_VAIN,
    OPEN,
    REFUND,
    Part,
    amounts,
    check_pieces,
    is_within_seven_days,
    may_ask,
)
from storefront.orders.rules import ORDER
from tests.cast import NOW

ACTIONS = sorted({action for _state, action in REFUND.steps})
LINE = some.tuples(some.integers(2, 10**9), some.integers(1, 9_999), some.integers(0, 100))


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", REFUND.states)
def test_every_state_takes_an_action_or_refuses_it(state: str, action: str) -> None:
    if (state, action) in REFUND.steps:
        assert REFUND.step(state, action).to in REFUND.states
    else:
        with pytest.raises(DomainError, match=r"refund\.state"):
            REFUND.step(state, action)


def test_what_is_over_stays_and_the_rest_is_open() -> None:
    assert tuple(state for state in REFUND.states if REFUND.actions(state)) == OPEN
    assert set(REFUND.states) == {*OPEN, *IN_VAIN, "refunded"}


def test_the_table_knows_every_state() -> None:
    check = next(c for c in Refund.__table__.constraints if c.name == "ck_refunds_state")
    assert all(f"'{state}'" in str(check.sqltext) for state in REFUND.states)


def test_pieces_come_to_their_own_prices() -> None:
    assert amounts([Part(12_800, None, 2), Part(99, None, 1)]) == (25_699, 0)
    assert amounts([Part(12_800, 9_000, 2), Part(5_000, 4_999, 3)]) == (40_600, 32_997)


@given(some.lists(LINE, min_size=1, max_size=8))
def test_part_and_rest_are_the_whole(lines: Sequence[tuple[int, int, int]]) -> None:
    def of(share: int) -> tuple[int, int]:
        counted = [pieces * share // 100 for _price, pieces, _percent in lines]
        return amounts(Part(line[0], line[0] - 1, count) for line, count in zip(lines, counted, strict=True))

    rest = amounts(Part(price, price - 1, pieces - pieces * 37 // 100) for price, pieces, _percent in lines)
    part, whole = of(37), of(100)
    assert (part[0] + rest[0], part[1] + rest[1]) == whole
    assert whole[1] < whole[0]


@given(
    some.dictionaries(some.integers(1, 9), some.integers(0, 50)),
    some.dictionaries(some.integers(1, 9), some.integers(-5, 60)),
)
def test_pieces_asked_are_pieces_left(left: dict[int, int], wanted: dict[int, int]) -> None:
    fits = all(line in left and 0 <= pieces <= left[line] for line, pieces in wanted.items())
    if fits and any(wanted.values()):
        assert check_pieces(left, wanted) == {line: pieces for line, pieces in wanted.items() if pieces}
    else:
        with pytest.raises((DomainError, NotFoundError)):
            check_pieces(left, wanted)


@pytest.mark.parametrize("state", ORDER.states)
def test_one_asks_for_what_is_paid(state: str) -> None:
    assert may_ask(state, received_at=None, now=NOW) == (state not in {"placed", "cancelled"})


@pytest.mark.parametrize(("after", "may"), [(timedelta(days=90, seconds=-1), True), (timedelta(days=90), False)])
def test_one_asks_within_ninety_days_of_receipt(after: timedelta, may: bool) -> None:  # noqa: FBT001  a case
    assert may_ask("completed", received_at=NOW, now=NOW + after) == may


@pytest.mark.parametrize(
    ("received", "asked", "within"),
    [
        (None, "2026-03-02T04:00+00:00", True),
        ("2026-03-02T04:00+00:00", "2026-03-09T15:59+00:00", True),  # the end of the seventh day in Shanghai
        ("2026-03-02T04:00+00:00", "2026-03-09T16:00+00:00", False),
        ("2026-03-02T16:30+00:00", "2026-03-10T15:59+00:00", True),  # received on the third, by the clock there
    ],
)
def test_seven_days_run_from_the_day_after(received: str | None, asked: str, within: bool) -> None:  # noqa: FBT001
    at = datetime.fromisoformat(received) if received else None
    assert is_within_seven_days(at, datetime.fromisoformat(asked)) == within
