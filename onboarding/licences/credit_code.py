"""The unified social credit code (统一社会信用代码): GB 32100-2015 for the whole, GB 11714 for the part inside.

Positions: 1 authority, 2 kind, 3-8 region, 9-17 organisation code with its own check, 18 check of the whole.
"""

from __future__ import annotations

import unicodedata

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I O Z S V, which are taken for 1 0 2 5 U

_WEIGHTS = tuple(3**place % 31 for place in range(17))
_INNER = slice(8, 16)
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_TAKEN_FOR = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"}

Fault = tuple[str, dict[str, str | int]]


def normalise(text: str) -> str:
    """The code as typed or pasted, in its standard form: half-width capitals without spaces and hyphens."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char not in " -\u3000\t")


def fault(code: str) -> Fault | None:
    """What is wrong with a normalised code, as `(code of refusal, params)`; None when both checks hold."""
    if len(code) != LENGTH:
        return "field.uscc.length", {"count": len(code)}
    for position, char in enumerate(code, start=1):
        if char in _TAKEN_FOR:
            return "field.uscc.letter", {"position": position, "letter": char, "instead": _TAKEN_FOR[char]}
        if char not in ALPHABET:
            return "field.uscc.sign", {"position": position, "sign": char}
    outer_holds, inner_holds = check_digit(code) == code[17], inner_check_digit(code) == code[16]
    if outer_holds and inner_holds:
        return None
    # One wrong character in 1-8 or 18 leaves the inner check whole, so a broken one points inside.
    return ("field.uscc.check", {}) if inner_holds else ("field.uscc.inside", {})


def check_digit(code: str) -> str:
    """The 18th character by GB 32100-2015, from the first 17."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(code, _WEIGHTS, strict=False))
    return ALPHABET[-total % 31]


def inner_check_digit(code: str) -> str:
    """The 17th character by GB 11714, from positions 9-16, where letters count A=10 … Z=35."""
    total = sum(int(char, 36) * weight for char, weight in zip(code[_INNER], _INNER_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def region(code: str) -> str:
    """Where the code was given out, six digits of GB/T 2260; `100000` is the state itself."""
    return code[2:8]
