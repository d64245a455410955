"""What can be an account number, when a change counts, and who may still object to one."""

from datetime import datetime, timedelta

import pytest

from commission.payees.rules import (
    Left,
    digits_of,
    masked,
    may_object,
    number_fault,
    read_shorthand,
    shorthand,
    usable_from,
)
from tests.cast import NOW


@pytest.mark.parametrize(
    ("typed", "personal", "fault"),
    [
        ("3200 0188 0091", False, ""),
        ("３２００-0188 0091", False, ""),
        ("32000188009", False, "field.account_length"),
        ("1" * 30, False, ""),
        ("1" * 31, False, "field.account_length"),
        ("32000188009x", False, "field.account_digits"),
        ("٣٢٠٠٠١٨٨٠٠٩١", False, "field.account_digits"),
        ("", False, "field.account_digits"),
        ("4111 1111 1111 1111", True, ""),
        ("4111 1111 1111 1112", True, "field.card_check"),
        ("1411 1111 1111 1111", True, "field.card_check"),
        ("4111 1111 1111 111", True, "field.card_length"),
        ("41111111111111111110", True, "field.card_length"),
    ],
)
def test_a_number_is_judged_by_its_digits(typed: str, personal: bool, fault: str) -> None:  # noqa: FBT001  a table
    assert number_fault(digits_of(typed), personal=personal) == fault


def test_a_change_rests_and_a_first_account_does_not() -> None:
    assert usable_from(is_first=True, now=NOW) == NOW
    assert usable_from(is_first=False, now=NOW) == NOW + timedelta(hours=72)


def test_four_digits_are_shown() -> None:
    assert masked("icbc", "", "1234") == "工商银行 **** 1234"
    assert read_shorthand(shorthand("icbc", "", "1234")) == ("工商银行", "1234")
    assert read_shorthand(shorthand("other", "Bank of Ice", "1234")) == ("Bank of Ice", "1234")


LONG = timedelta(hours=72)


@pytest.mark.parametrize(
    ("left", "asked", "may"),
    [
        (None, NOW, False),
        (Left(NOW, "usr_thief", None), NOW, True),
        (Left(NOW, "usr_thief", NOW - 2 * LONG), NOW + LONG - timedelta(microseconds=1), True),
        (Left(NOW, "usr_thief", NOW - 2 * LONG), NOW + LONG, False),
        (Left(NOW, "usr_thief", NOW - 2 * LONG), NOW - LONG, True),
        (Left(NOW, "usr_honest", NOW - LONG, NOW - LONG), NOW, False),
        (Left(NOW, "usr_friend", NOW - LONG), NOW, True),
        (Left(NOW, "usr_friend", NOW - LONG, NOW - LONG + timedelta(microseconds=1)), NOW, True),
        (Left(NOW, "usr_honest", NOW - LONG + timedelta(microseconds=1), NOW - LONG), NOW, True),
        (Left(NOW, "usr_honest", None), NOW, True),
        (Left(NOW, "", NOW - LONG), NOW, True),
    ],
)
def test_who_left_objects_for_a_while_and_not_to_whom_she_owned_with(
    left: Left | None,
    asked: datetime,
    may: bool,  # noqa: FBT001
) -> None:
    assert may_object(left, asked_by="usr_thief", asked=asked) is may
