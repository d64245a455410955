"""What the styles of a workbook add to its cells: `$`, `元/斤`, `%`, leading noughts, and a line through them.

A person reads 12.5 formatted `"$"0.00` as dollars, and 7 formatted `000` as the code 007. Formats that scale,
choose by condition or write dates add nothing here: the number itself is what counts.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from onboarding.listings.sheets.markup import Handler, is_on, parse, whole

_PERCENT_FORMATS: Final = {9: "0%", 10: "0.00%"}
_YEN: Final = "411"  # Japan's locale: its ¥ is no yuan
_TOKEN: Final = re.compile(
    r"""(?P<literal>"[^"]*")|[\\!](?P<escaped>.)|\[\$(?P<currency>[^\]-]*)(?:-(?P<locale>[0-9A-Fa-f]+))?\]
    |(?P<condition>\[[<>=][^\]]*\])|(?P<skipped>\[[^\]]*\]|[_*].)|(?P<number>[0#?][0#?,.]*|general)|(?P<percent>%)
    |(?P<date>e[+-]|[ymdhsegb/@])|(?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Look:
    """What a style adds to a number: words before and after it, noughts up to a width, per cent; or a strike."""

    before: str = ""
    after: str = ""
    width: int = 0
    percent: bool = False
    struck: bool = False

    def shown(self, number: str) -> str:
        """A stored number as a person sees it; empty when the style adds nothing, or it is no number."""
        if not (self.before or self.after or self.width or self.percent):
            return ""
        try:
            text = f"{float(number):.15g}"
        except ValueError:
            return ""
        if self.percent and "e" not in text:
            text = f"{(Decimal(text) * 100).normalize():f}%"
        return self.before + (text.zfill(self.width) if text.isdigit() else text) + self.after


def looks(xml: bytes) -> dict[int, Look]:
    """Style number of a cell → what it adds; one that adds nothing is missing. Raises `sheet.damaged`, `sheet.bomb`."""
    walker = _Styles()
    parse(xml, walker)
    found = {}
    for number, (form, font) in enumerate(walker.cells):
        code = walker.formats.get(form) or _PERCENT_FORMATS.get(form, "")
        look = look_of(code, struck=font in walker.struck)
        if look != Look():
            found[number] = look
    return found


def look_of(code: str, *, struck: bool = False) -> Look:
    """What a number format adds, by its section for positive numbers."""
    before, after, number, percent = "", "", "", False
    for token in _TOKEN.finditer(_first_section(code)):
        kind, text = token.lastgroup, token[0]
        if kind in {"condition", "date"} or (kind == "escaped" and text[1:] in ".,"):
            return Look(struck=struck)
        if kind == "number":
            if number or text.endswith(","):
                return Look(struck=struck)
            number = text
        elif kind == "percent":
            percent = True
        elif said := _literal(token):
            before, after = (before, after + said) if number else (before + said, after)
    if not number:
        return Look(struck=struck)
    noughts = number.replace(",", "").count("0") if "." not in number else 0
    return Look(before.strip(), after.strip(), noughts if noughts > 1 else 0, percent, struck)


def _first_section(code: str) -> str:
    sections = re.match(r'(?:"[^"]*"|[\\!].|[^;"\\!])*', code, re.DOTALL)
    return sections[0] if sections else ""


def _literal(token: re.Match[str]) -> str:
    if token["literal"]:
        return token["literal"][1:-1]
    if token["escaped"]:
        return "" if token["escaped"] in "()-+" else token["escaped"]
    if token["currency"] is not None:
        return "JPY" if (token["locale"] or "").endswith(_YEN) else token["currency"]
    other = token["other"] or ""
    return "" if other in "()-+:;" else other


class _Styles(Handler):
    """Formats by number, fonts that strike, and the (format, font) of each style."""

    def __init__(self) -> None:
        self.formats: dict[int, str] = {}
        self.struck: set[int] = set()
        self.cells: list[tuple[int, int]] = []
        self._inside = ""
        self._fonts = -1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in {"fonts", "cellXfs", "cellStyleXfs", "dxfs"}:
            self._inside = tag
        elif tag == "numFmt" and self._inside != "dxfs":
            self.formats[whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif tag == "font" and self._inside == "fonts":
            self._fonts += 1
        elif tag == "strike" and self._inside == "fonts" and is_on(attributes.get("val", "1")):
            self.struck.add(self._fonts)
        elif tag == "xf" and self._inside == "cellXfs":
            self.cells.append((whole(attributes.get("numFmtId", "")), whole(attributes.get("fontId", ""))))
