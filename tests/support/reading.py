"""Reads a page as a screen reader does: which words it says, and in which language it believes them to be."""

import re
from html.parser import HTMLParser

CHINESE = re.compile("[\u4e00-\u9fff]")
_EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "source", "wbr"}
_SPOKEN = ("alt", "aria-label", "aria-description", "placeholder", "title")


class Reader(HTMLParser):
    """The words of a page, each with its language (BCP 47, by the nearest `lang`), one place of text a line."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(page)
        self.close()

    @property
    def language(self) -> str:
        """The language of where the reader stands."""
        return self._open[-1][1] if self._open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Step in, and say what is said of the element itself."""
        given = dict(attrs)
        language = given.get("lang") or self.language
        self.words += [(language, text) for name in _SPOKEN if (text := given.get(name))]
        if tag not in _EMPTY:
            self._open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Say what is said of an element without content."""
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Step out, of what was left open inside too."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Say a text."""
        if data.strip() and self._open and self._open[-1][0] not in {"script", "style"}:
            self.words.append((self.language, data.strip()))


def misread(page: str) -> list[str]:
    """The Chinese words of a page that are read as if they were of another language.

    A title of a page or a label may mix a name in: nothing inside them could be marked.
    """
    words = Reader(page).words
    return [text for language, text in words if not language.startswith("zh") and _is_chinese(text)]


def _is_chinese(text: str) -> bool:
    """Whether a text has Chinese and no English word beside it."""
    return bool(CHINESE.search(text)) and not re.search("[A-Za-z]{4,}", text)
