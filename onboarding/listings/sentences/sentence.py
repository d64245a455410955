"""A sentence on its way: its text with what was understood blanked out, what was found beside, what is to be asked."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kernel.errors import Param
from kernel.text import clean
from onboarding.listings.sheets.reading import Problem

_KEYCAP: Final = re.compile("[0-9#*]\ufe0f?\u20e3")
_MARKS: Final = re.compile("[\ufe00-\ufe0f\u20e3]")
_PICTOGRAMS: Final = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]+")
_MONEY_BAGS: Final = re.compile("[💰💵💴]\ufe0f?(?=\\s*[0-9０-９])")
_SAID_CHARS: Final = 40


@dataclass
class Sentence:
    """`text` keeps its length while parts are taken out of it; `row` is the line it stands in, from 1."""

    text: str
    row: int
    problems: list[Problem] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def take(self, start: int, end: int) -> str:
        """What stands there, which nobody else will read; a stop is left in its place."""
        said = self.text[start:end]
        self.text = self.text[:start] + "\n" * (end - start) + self.text[end:]
        return said.strip()

    def take_all(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Every match of a pattern, taken out."""
        for match in list(pattern.finditer(self.text)):
            self.take(*match.span())
            yield match

    def tell(self, code: str, text: str = "", **params: Param) -> None:
        """Ask or tell the owner about a part of what she wrote."""
        said = {"text": text.strip()[:_SAID_CHARS]} if text else {}
        problem = Problem(code, self.row, None, {**said, **params})
        if problem not in self.problems:
            self.problems.append(problem)

    def keep(self, name: str, value: str) -> None:
        """An attribute; a second value of the same name stands beside the first."""
        known = self.attributes.get(name)
        if known is None:
            self.attributes[name] = value
        elif value not in known.split("；"):
            self.attributes[name] = f"{known}；{value}"


def narrow(text: str) -> str:
    """The text in one line with narrow figures; pictograms part what they stand between, `，` parts no thousands."""
    text = _MONEY_BAGS.sub("¥", text)
    marked = _PICTOGRAMS.sub("！", _MARKS.sub("", _KEYCAP.sub("！", text)))
    return "".join(map(_narrowed, clean(marked)))


def _narrowed(char: str) -> str:
    if char == "￥":
        return "¥"
    full_width = "\uff01" <= char <= "\uff5e" and char not in "，；！（）"
    return unicodedata.normalize("NFKC", char) if full_width else char
