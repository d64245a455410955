"""The values of fields, as licences write them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from onboarding.licences.ocr.dates import dates, last_day

_HAN: Final = "\u3400-\u9fff"
_WIDE: Final = "，。、；：？！（）“”‘’《》·—【】"
# Between Chinese characters a space is the printer's; between Latin words it is a space.
_PRINTED_SPACE: Final = re.compile(rf"(?<=[{_HAN}{_WIDE}\d])\s+(?=\S)|(?<=\S)\s+(?=[{_HAN}{_WIDE}])")
_TO_HALF: Final = str.maketrans("（）", "()")
_TO_FULL: Final = str.maketrans("()", "（）")
_BRACKET: Final = {"(": ")", "（": "）"}
_EDGES: Final = " :：.,，、·-—_|丨/\\;；'\"`"
_EDGES_OF_A_SENTENCE: Final = " :：_|丨"


def clean_value(field: str, text: str) -> str:
    """A value in its standard form: dates ISO, names with full-width brackets, types with half-width ones.

    Empty when the text is no value of this field: nothing but dots and strokes, no date, a term without end.
    """
    if field == "established_on":
        found = dates(text)
        return found[0].isoformat() if found else ""
    if field == "expires_on":
        until = last_day(text)
        return until.isoformat() if until else ""
    plain = _PRINTED_SPACE.sub("", _half_width(text))
    if field == "business_scope":
        return _paired(plain.strip(_EDGES_OF_A_SENTENCE))
    plain = plain.strip(_EDGES)
    if field == "name":
        return plain.translate(_TO_FULL)
    if field in {"type", "form"}:
        return plain.translate(_TO_HALF)
    return _paired(plain) if field == "address" else plain


def _half_width(text: str) -> str:
    """Letters and digits half-width, Chinese punctuation as it is."""
    return "".join(char if char in _WIDE else unicodedata.normalize("NFKC", char) for char in text)


def _paired(text: str) -> str:
    """A bracket closes as wide as it was opened."""
    closing = ""
    out = []
    for char in text:
        if char in _BRACKET:
            closing = _BRACKET[char]
        out.append(closing if closing and char in _BRACKET.values() else char)
        closing = "" if char in _BRACKET.values() else closing
    return "".join(out)
