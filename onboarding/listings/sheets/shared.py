"""The shared texts of a workbook: how long each is, and what is left where a part of it is struck through."""

from dataclasses import dataclass, field
from typing import Final

from kernel.errors import DomainError
from onboarding.listings.sheets.markup import Handler, is_on, parse

MAX_CELL_CHARS: Final = 32_767  # Excel's own limit for one cell
RUN_TAGS: Final = frozenset({"r", "strike"})


@dataclass
class SharedTexts:
    """Lengths in characters, by number; `struck` is what is left of a text without its struck parts."""

    lengths: list[int] = field(default_factory=list)
    struck: dict[int, str] = field(default_factory=dict)


def scan_shared_texts(xml: bytes) -> SharedTexts:
    """Walk the shared texts. Raises DomainError `sheet.bomb`, `sheet.damaged`."""
    counter = _Counter()
    parse(xml, counter)
    return counter.found


class Runs:
    """One text in runs of a look of their own, some of them struck through: `~~118~~ 98` is 98."""

    def __init__(self) -> None:
        self.left = ""
        self.is_struck = False
        self._struck_now = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A run begins, or says that it is struck."""
        self._struck_now = tag == "strike" and is_on(attributes.get("val", "1"))
        self.is_struck = self.is_struck or self._struck_now

    def text(self, text: str) -> None:
        """What the run says."""
        if not self._struck_now:
            self.left += text


class _Counter(Handler):
    def __init__(self) -> None:
        self.found = SharedTexts()
        self._runs = Runs()
        self._in_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.found.lengths.append(0)
            self._runs = Runs()
        elif tag in RUN_TAGS:
            self._runs.start(tag, attributes)
        self._in_text = tag == "t"

    def end(self, tag: str) -> None:
        self._in_text = False
        if tag == "si" and self._runs.is_struck:
            self.found.struck[len(self.found.lengths) - 1] = self._runs.left.strip()

    def text(self, text: str) -> None:
        lengths = self.found.lengths
        if lengths:
            lengths[-1] += len(text)
            if lengths[-1] > MAX_CELL_CHARS * 2:  # white space between tags counts too
                raise DomainError("sheet.bomb")
            if self._in_text:
                self._runs.text(text)
