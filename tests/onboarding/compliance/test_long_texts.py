"""A text as long as anybody may send keeps the checker no longer than its length asks for."""

import time

import pytest

from onboarding.compliance.lint import lint

UNITS = [
    "最",
    "1",
    "治",
    "a",
    " ",
    "最 ",
    "比同行",
    "原价1",
    "全国",
    "1a最",
    "加+",
    "zui",
    "免 ",
    "第\u200b",
    "a ",
    "(v)",
    "最，",
    "好评1",
]


@pytest.mark.parametrize("unit", UNITS)
def test_the_time_grows_with_the_length_alone(unit: str) -> None:
    short, long = (_spent(unit * (length // len(unit))) for length in (10_000, 80_000))
    assert long < 24 * max(short, 0.01)  # eight times is even growth, sixty-four times what squares


def _spent(text: str) -> float:
    """Seconds of the processor that a text takes."""
    began = time.process_time()
    lint(text)
    return time.process_time() - began
