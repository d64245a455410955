"""Kinds of certificates: the forms of their numbers, the check digit, what is missing, what an operator should see."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from kernel.wording import catalogue
from onboarding.certificates.rules import (
    CERTIFICATE,
    KINDS,
    Told,
    faults,
    findings,
    holds_check,
    normalise,
    number_fault,
)
from onboarding.listings.categories import categories

TODAY = date(2026, 3, 10)
FACTORY = "安溪县样香茶业有限公司"
SC = Told("sc", "SC11435052400015", FACTORY, "", "茶叶及相关制品", date(2024, 1, 1), date(2029, 1, 1))
CCC = Told("ccc", "2023010805512345", "样光灯饰厂", "样光灯饰厂", "XD-1 XD-2", None, date(2028, 1, 1))
DIGITS = st.text("0123456789", min_size=2, max_size=20)


def licence(body: str) -> str:
    """A food production licence of these thirteen digits, with the check digit of the library."""
    return f"SC{body}{mod_11_10.calc_check_digit(body)}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_both_languages_a_law_and_an_example_of_its_form(kind: str) -> None:
    one = KINDS[kind]
    assert one.law.keys() == {"zh", "en"}
    assert str(one.name) != catalogue("en").ugettext(str(one.name))
    assert one.knows(normalise(one.example))
    assert number_fault(one.key, normalise(one.example)) is None
    assert one.needs <= {"holder", "factory", "scope", "valid_until"}


def test_the_tree_of_goods_needs_only_kinds_that_there_are() -> None:
    needed = {rule.kind for one in categories().values() for rule in one.requires}
    assert needed <= set(KINDS)
    assert needed == {"ccc", "sc", "cosmetics", "device", "disinfection"}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" sc 1143 5052 400015", "SC11435052400015"),
        ("ＳＣ114", "SC114"),
        ("豫卫消证字（2021）第0012号", "豫卫消证字(2021)第0012号"),
    ],
)
def test_a_number_is_compared_in_one_form(typed: str, number: str) -> None:
    assert normalise(typed) == number


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        ("sc", licence("1013505240001"), None),
        ("sc", "SC1013505240001", "field.certificate.form"),
        ("sc", "QS350505240001", "field.certificate.form"),
        ("sc", "", "field.certificate.number"),
        ("ccc", "2023010805512345", None),
        ("ccc", "CQC-123", None),
        ("ccc", "1" * 61, "field.certificate.number"),
        ("cosmetics", "粤G妆网备字2023012345", None),
        ("device", "豫械注准20212140123", None),
        ("device", "豫长械备20210012号", None),
    ],
)
def test_a_number_is_refused_only_where_its_form_is_fixed(kind: str, number: str, code: str | None) -> None:
    wrong = number_fault(kind, number)
    assert (wrong and wrong[0]) == code


@pytest.mark.parametrize(
    ("kind", "number", "known"),
    [
        ("ccc", "2023010805512345", True),
        ("ccc", "1823010805512345", False),
        ("ccc", "202301080551234", False),
        ("cosmetics", "粤G妆网备字2023012345", True),
        ("cosmetics", "国妆特字20230123", True),
        ("cosmetics", "国妆特进字20230123", True),
        ("cosmetics", "国妆网备进字(沪)2023012345", True),
        ("cosmetics", "粤G牙膏网备字2023012345", True),
        ("cosmetics", "粤妆20160001", False),
        ("device", "国械注进20143142110", True),
        ("device", "豫械注准2021214012", False),
        ("device", "苏械备20210012", True),
        ("disinfection", "粤卫消证字(2020)01第0123号", True),
        ("disinfection", "卫消2020", False),
        ("food_trade", "YB13505240001234", True),
        ("food_trade", "JY1350524000123", False),
    ],
)
def test_the_forms_of_numbers_are_known(kind: str, number: str, known: bool) -> None:  # noqa: FBT001
    assert KINDS[kind].knows(number) == known


@given(DIGITS)
def test_the_check_is_that_of_iso_7064(number: str) -> None:
    assert holds_check(number) == mod_11_10.is_valid(number)


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(2, 15), st.integers(1, 9))
def test_one_wrong_digit_of_a_food_licence_is_always_found(body: str, place: int, more: int) -> None:
    good = licence(body)
    wrong = good[:place] + str((int(good[place]) + more) % 10) + good[place + 1 :]
    assert number_fault("sc", good) is None
    assert number_fault("sc", wrong) == ("field.certificate.check", {})


@pytest.mark.parametrize("number", ["", "SC", "SC1", "４２", "没有数字"])
def test_a_number_without_digits_proves_nothing(number: str) -> None:
    assert not holds_check(number)


def test_what_is_missing_or_over_is_told_by_field() -> None:
    assert faults(CCC, today=TODAY) == {}
    told = replace(CCC, holder="", scope="", valid_until=None)
    assert {name: code for name, (code, _) in faults(told, today=TODAY).items()} == dict.fromkeys(
        ("holder", "scope", "valid_until"), "field.required"
    )
    over = faults(replace(CCC, valid_until=TODAY - timedelta(days=1)), today=TODAY)
    assert over == {"valid_until": ("field.certificate.over", {})}
    upside_down = replace(CCC, valid_from=date(2029, 1, 1))
    assert faults(upside_down, today=TODAY) == {"valid_until": ("field.certificate.period", {})}
    assert faults(replace(CCC, valid_until=TODAY), today=TODAY) == {}


@pytest.mark.parametrize(
    ("told", "factory", "others", "codes"),
    [
        (CCC, "样光灯饰厂", (), []),
        (CCC, "样光 灯饰厂", (), []),
        (CCC, "样暗灯饰厂", (), ["holder.differs", "factory.differs"]),
        (CCC, "样光灯饰厂", ("某灯厂",), ["number.elsewhere"]),
        (replace(CCC, number="CQC1"), "样光灯饰厂", (), ["number.form"]),
        (replace(CCC, valid_until=TODAY + timedelta(days=30)), "样光灯饰厂", (), ["valid.soon"]),
        (replace(CCC, valid_until=TODAY - timedelta(days=1)), "样光灯饰厂", (), ["valid.over"]),
        (SC, FACTORY, (), []),
    ],
)
def test_an_operator_sees_what_speaks_against_it(
    told: Told, factory: str, others: tuple[str, ...], codes: list[str]
) -> None:
    assert [one.code for one in findings(told, factory=factory, others=others, today=TODAY)] == codes


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        ("waiting", ("confirm", "refuse", "withdraw")),
        ("confirmed", ("revoke", "expire")),
        ("refused", ("hand_in",)),
        ("withdrawn", ("hand_in",)),
        ("revoked", ("hand_in",)),
        ("expired", ()),
    ],
)
def test_a_certificate_moves_as_its_table_says(state: str, actions: tuple[str, ...]) -> None:
    assert CERTIFICATE.actions(state) == actions
