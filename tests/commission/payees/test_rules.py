"""What can be an account number, whose account fits a licence, and when a change counts."""

from datetime import timedelta

import pytest

from commission.payees.rules import (
    Details,
    Registered,
    digits_of,
    holder_fits,
    masked,
    number_fault,
    read_shorthand,
    shorthand,
    usable_from,
)
from tests.cast import NOW

FIRM = Registered("义乌市（明光）制品厂", "王芳")
ALONE = Registered("清河县样绒制品店", "王芳", is_individual=True)


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


@pytest.mark.parametrize(
    ("known", "personal", "holder", "fits"),
    [
        (FIRM, False, "义乌市(明光)制品厂", True),
        (FIRM, False, "义乌市明光贸易行", False),
        (FIRM, True, "王芳", False),
        (ALONE, True, " 王芳", True),
        (ALONE, True, "王方", False),
        (Registered("", is_individual=True), True, "", False),
    ],
)
def test_an_account_is_of_whom_the_licence_names(known: Registered, personal: bool, holder: str, fits: bool) -> None:  # noqa: FBT001
    assert holder_fits(Details(personal=personal, holder=holder, bank="icbc", number=""), known) is fits


def test_a_change_rests_and_a_first_account_does_not() -> None:
    assert usable_from(is_first=True, now=NOW) == NOW
    assert usable_from(is_first=False, now=NOW) == NOW + timedelta(hours=72)


def test_four_digits_are_shown() -> None:
    assert masked("icbc", "", "1234") == "工商银行 **** 1234"
    assert read_shorthand(shorthand("icbc", "", "1234")) == ("工商银行", "1234")
    assert read_shorthand(shorthand("other", "Bank of Ice", "1234")) == ("Bank of Ice", "1234")
