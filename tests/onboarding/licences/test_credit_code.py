"""The credit code: both checks, every slip caught, a second opinion."""

from collections.abc import Iterator
from random import Random

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

SWEPT, COMPARED = 1_000, 5_000
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


def generated(count: int) -> list[str]:
    """So many valid codes of kinds that are given out, always the same."""
    chance, made = Random(32100), list[str]()  # noqa: S311  no secret
    while len(made) < count:
        head = chance.choice(("91", "92", "93")) + "".join(chance.choices("0123456789", k=6))
        head += "MA" + "".join(chance.choices(ALPHABET, k=6))
        body = head + inner_check_digit(head)
        made.append(body + check_digit(body))
    return made


def slips(code: str) -> Iterator[str]:
    """The code with each single character changed to each other one, and with each two neighbours swapped."""
    for place, char in enumerate(code):
        yield from (code[:place] + other + code[place + 1 :] for other in ALPHABET if other != char)
    for place in range(len(code) - 1):
        if code[place] != code[place + 1]:
            yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


@pytest.mark.slow
def test_no_slip_of_a_thousand_codes_is_let_through() -> None:
    tried = [fault(slip) for code in generated(SWEPT) for slip in slips(code)]
    print(f"{len(tried):,} slips of {SWEPT:,} codes")  # noqa: T201
    assert None not in tried


def test_five_thousand_codes_and_as_many_slips_are_judged_as_others_judge_them() -> None:
    chance, codes = Random(11714), generated(COMPARED)  # noqa: S311
    assert [code for code in codes if fault(code) or not uscc.is_valid(code)] == []
    for slip in (chance.choice([*slips(code)]) for code in codes):
        outer = fault(slip) is None or check_digit(slip) == slip[17]
        assert outer == uscc.is_valid(slip), slip


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
