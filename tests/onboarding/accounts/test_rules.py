"""Phones as people write them."""

import pytest

from kernel.errors import InvalidInputError
from onboarding.accounts.rules import normalise_phone


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "１３８００１３８０００",
        "\u200e13800138000",
    ],
)
def test_one_number_however_written(written: str) -> None:
    assert normalise_phone(written) == "+8613800138000"


def test_a_number_of_another_country_keeps_its_country() -> None:
    assert normalise_phone("+852 5123 4567") == "+85251234567"


@pytest.mark.parametrize(
    "written", ["", "abc", "1380013800", "138001380000", "010-62345678", "110", "13800138000 ext 5"]
)
def test_what_cannot_read_a_text_is_refused(written: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        normalise_phone(written)
    assert refused.value.fields == {"phone": ("field.phone", {})}
