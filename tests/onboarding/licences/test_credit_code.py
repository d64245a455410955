"""The credit code: both checks, every slip caught, a second opinion."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from onboarding.licences.credit_code import (
    ALPHABET,
    check_digit,
    fault,
    inner_check_digit,
    normalise,
)

VALID = (
    "91440300708461136T",
    "914403001922038216",
    "91440300192317458F",
    "91440606722473344C",
    "9152000071430580XT",
    "91100000100003962T",
    "91310115MA1K35J59M",
    "91330201MA2AF5T26N",
    "92440101MA59ABCD1A",
)


@st.composite
def codes(draw: st.DrawFn) -> str:
    region = draw(st.text("0123456789", min_size=8, max_size=8))
    head = region + draw(st.text(ALPHABET, min_size=8, max_size=8))
    body = head + inner_check_digit(head + "00")
    return body + check_digit(body)


@pytest.mark.parametrize("code", VALID)
def test_codes_in_use_hold(code: str) -> None:
    assert fault(code) is None


@given(codes())
def test_a_second_implementation_agrees(code: str) -> None:
    assert fault(code) is None
    assert uscc.is_valid(code)
    assert uscc.calc_check_digit(code[:17]) == code[17]


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_change_of_one_character_is_refused(code: str, place: int, other: str) -> None:
    assume(code[place] != other)
    assert fault(code[:place] + other + code[place + 1 :]) is not None


@given(codes(), st.integers(0, 16))
def test_every_swap_of_neighbours_is_refused(code: str, place: int) -> None:
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert fault(swapped) is not None


@given(codes(), st.sampled_from([*range(8), 17]), st.sampled_from(ALPHABET))
def test_a_slip_outside_is_never_blamed_on_the_inside(code: str, place: int, other: str) -> None:
    assume(code[place] != other)
    assert fault(code[:place] + other + code[place + 1 :]) == ("field.uscc.check", {})


@pytest.mark.parametrize(
    ("code", "said", "params"),
    [
        ("", "field.uscc.length", {"count": 0}),
        ("91440300708461136", "field.uscc.length", {"count": 17}),
        ("91440300708461136TT", "field.uscc.length", {"count": 19}),
        ("9144O300708461136T", "field.uscc.letter", {"position": 5, "letter": "O", "instead": "0"}),
        ("I1440300708461136T", "field.uscc.letter", {"position": 1, "letter": "I", "instead": "1"}),
        ("9144030070846113-T", "field.uscc.sign", {"position": 17, "sign": "-"}),
        ("91350100M000100Y4Z", "field.uscc.letter", {"position": 18, "letter": "Z", "instead": "2"}),
        ("91350100M000100Y43", None, {}),
        ("91440300708461136X", "field.uscc.check", {}),
        ("91440300708461137T", "field.uscc.inside", {}),
    ],
)
def test_what_is_wrong_is_said(code: str, said: str | None, params: dict[str, object]) -> None:
    assert fault(code) == ((said, params) if said else None)


def test_a_code_is_read_as_people_paste_it() -> None:
    assert normalise(" ９１４４０３００-7084 6113 6t\t") == "91440300708461136T"
