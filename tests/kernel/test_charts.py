"""Where bars stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernel.charts import BOTTOM, TOP, bars_of, ceiling


@pytest.mark.parametrize(("value", "top"), [(0, 100), (100, 100), (101, 200), (201, 500), (402_300, 500_000)])
def test_a_scale_ends_on_a_round_amount(value: int, top: int) -> None:
    assert ceiling(value) == top


@given(some.lists(some.integers(0, 10**12), max_size=40))
def test_every_bar_stays_in_its_frame(values: list[int]) -> None:
    drawn = bars_of(values)
    for bar, value in zip(drawn.bars, values, strict=True):
        assert TOP <= bar.y <= BOTTOM
        assert 0 <= bar.x < bar.x + bar.width <= 100
        assert (bar.height > 0) == (value > 0)
    assert TOP <= drawn.average_y <= BOTTOM


def test_a_day_that_sold_little_is_still_seen() -> None:
    assert bars_of([1, 10**9]).bars[0].height == 2
