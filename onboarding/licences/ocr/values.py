"""The values of fields, as licences write them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import opencc

from onboarding.licences.ocr.dates import dates, last_day

_HAN: Final = "\u3400-\u9fff"
_WIDE: Final = "，。、；：？！（）“”‘’《》·—【】"
# Between Chinese characters a space is the printer's; between Latin words it is a space.
_PRINTED_SPACE: Final = re.compile(rf"(?<=[{_HAN}{_WIDE}\d])\s+(?=\S)|(?<=\S)\s+(?=[{_HAN}{_WIDE}])")
_TO_HALF: Final = str.maketrans("（）", "()")
_TO_FULL: Final = str.maketrans("()", "（）")
_BRACKET: Final = {"(": ")", "（": "）"}
_TYPES: Final = (
    *(
        "有限责任公司",
        "股份有限公司",
        "个人独资企业",
        "个体工商户",
        "普通合伙",
        "有限合伙",
        "合伙企业",
        "农民专业合作社",
    ),
    *("集体所有制", "全民所有制", "股份合作制", "外商投资", "外国法人", "台港澳"),
)
_NAME: Final = re.compile(
    rf"[{_HAN}（）()·A-Za-z0-9]{{3,}}(公司|厂|店|部|行|社|坊|中心|馆|院|所|场|铺|工作室|经营户|合作社)"
)
_ADDRESS: Final = re.compile(rf"[{_HAN}]{{2,}}(省|自治区|市|县|区).*([路街道巷村镇园城区幢栋楼室号]|\d)")
_DATE: Final = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月")
_NAMES_KEEP: Final = "昇於甯龢囍"
"""Traditional signs that names on the mainland may have; any other one is the reader's, not the printer's."""
_DOUBLED: Final = re.compile("（{2,}")
_EDGES: Final = " :：.,，、·-—_|丨/\\;；'\"`"
_EDGES_OF_A_SENTENCE: Final = " :：_|丨"


def clean_value(field: str, text: str) -> str:
    """A value in its standard form: dates ISO, names and scopes with full-width brackets, types with half-width ones.

    Empty when the text is no value of this field: nothing but dots and strokes, no date, a term without end.
    """
    if field == "established_on":
        found = dates(text)
        return found[0].isoformat() if found else ""
    if field == "expires_on":
        until = last_day(text)
        return until.isoformat() if until else ""
    plain = _simplified(_PRINTED_SPACE.sub("", _half_width(text)))
    if field == "business_scope":
        return _DOUBLED.sub("（", plain.strip(_EDGES_OF_A_SENTENCE).translate(_TO_FULL))
    plain = plain.strip(_EDGES)
    if field == "name":
        return plain.translate(_TO_FULL)
    if field in {"type", "form"}:
        return plain.translate(_TO_HALF)
    return _paired(plain) if field == "address" else plain


def can_only_be(field: str, text: str) -> bool:
    """Whether a line without a label tells by itself that it is this field's."""
    plain = clean_value("type", text)
    is_type = plain.startswith(_TYPES)
    if field == "type":
        return is_type
    if field == "name":
        return not is_type and bool(_NAME.fullmatch(plain))
    return bool(_ADDRESS.match(plain)) and not _NAME.fullmatch(plain)


def is_of_another(field: str, text: str) -> bool:
    """Whether a line cannot go on a value of this field, since it begins one of another."""
    if field in {"name", "legal_representative", "type"}:
        begins_type = field != "type" and clean_value("type", text).startswith(_TYPES)
        return begins_type or bool(_DATE.match(text))
    return False


def _half_width(text: str) -> str:
    """Letters and digits half-width, Chinese punctuation as it is."""
    return "".join(char if char in _WIDE else unicodedata.normalize("NFKC", char) for char in text)


def _simplified(text: str) -> str:
    """As licences are printed; what GB 2312 has is simplified already, or the same in both."""
    return "".join(char if _is_printed(char) else _converter().convert(char) for char in text)


def _is_printed(char: str) -> bool:
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return char in _NAMES_KEEP


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


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
