"""Long seeded sweeps over credit codes: every slip in a thousand, and a second opinion on ten thousand."""

from collections.abc import Iterator
from random import Random

from stdnum.cn import uscc

from onboarding.licences.credit_code import ALPHABET, LENGTH, check_digit, fault, inner_check_digit

SEED = 32100
DIGITS = ALPHABET[:10]


def codes(count: int, *, seed: int = SEED) -> list[str]:
    """Valid codes: authority, kind and region in digits, the organisation in any signs, both checks right."""
    chance = Random(seed)  # noqa: S311  a sweep, not a secret
    return [
        _sealed("".join(chance.choices(DIGITS, k=8)) + "".join(chance.choices(ALPHABET, k=8))) for _ in range(count)
    ]


def slips(code: str) -> Iterator[str]:
    """Every change of one character and every swap of two different neighbours."""
    for place, right in enumerate(code):
        head, tail = code[:place], code[place + 1 :]
        yield from (head + wrong + tail for wrong in ALPHABET if wrong != right)
        if tail and tail[0] != right:
            yield head + tail[0] + right + tail[1:]


def edited(code: str, chance: Random) -> str:
    """One character changed, left out, put in, or swapped with its neighbour; never the code itself."""
    place, sign = chance.randrange(LENGTH), chance.choice(ALPHABET)
    head, tail = code[:place], code[place + 1 :]
    turned = head + tail[:1] + code[place] + tail[1:]
    edits = [head + sign + tail, head + tail, head + sign + code[place:], turned]
    return chance.choice([edit for edit in edits if edit != code])


def holds_gb_32100(code: str) -> bool:
    """The check of the whole alone, whatever stands inside."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET) and check_digit(code) == code[-1]


def _sealed(body: str, *, inner: str = "") -> str:
    inside = body + (inner or inner_check_digit(body + "00"))
    return inside + check_digit(inside)


def test_every_slip_in_a_thousand_codes_is_refused() -> None:
    tried, passed = 0, []
    for code in codes(1_000):
        wrong = list(slips(code))
        tried += len(wrong)
        passed += [slip for slip in wrong if fault(slip) is None]
    assert (tried, passed) == (555_976, [])


def test_five_thousand_codes_hold_by_a_second_implementation() -> None:
    found = [(fault(code) is None, uscc.is_valid(code)) for code in codes(5_000, seed=5)]
    assert (len(found), set(found)) == (5_000, {(True, True)})


def test_five_thousand_edited_codes_are_judged_alike() -> None:
    chance = Random(SEED)  # noqa: S311
    tried = [edited(code, chance) for code in codes(5_000, seed=7)]
    apart = [code for code in tried if holds_gb_32100(code) != uscc.is_valid(code)]
    assert (len(tried), apart, sum(map(uscc.is_valid, tried))) == (5_000, [], 0)


def test_a_wrong_digit_inside_is_seen_by_ours_alone() -> None:
    chance, ours, theirs = Random(SEED), 0, 0  # noqa: S311
    for code in codes(1_000, seed=11):
        other = chance.choice([sign for sign in "0123456789X" if sign != code[16]])
        forged = _sealed(code[:16], inner=other)
        ours += fault(forged) == ("field.uscc.inside", {})
        theirs += uscc.is_valid(forged)
    assert (ours, theirs) == (1_000, 1_000)
    assert uscc.is_valid("91440300708461137X") is holds_gb_32100("91440300708461137X") is True
    assert fault("91440300708461137X") == ("field.uscc.inside", {})
