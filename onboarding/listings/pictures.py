"""Drawn pictures for goods without a photograph, chosen by the words of the title."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

from kernel.i18n import locale
from kernel.pictures import look

_TABLE: Final = Path(__file__).parent / "data" / "pictures.csv"
_OTHER: Final = "carton"


def picture_for(title: str, category: str = "") -> str:
    """The drawn picture whose longest word stands in the title, else in the category, else a carton."""
    return picture_path(_match(title) or _match(category) or _OTHER)


def picture_path(name: str) -> str:
    """The static path of a drawn picture."""
    return f"img/goods/{name}.svg"


def pictures() -> list[tuple[str, str, str]]:
    """`(static path, first word, English name)` of each drawn picture, for choosing one."""
    drawn = [*((name, words[0]) for name, words in _words()), (_OTHER, "纸箱")]
    return [(picture_path(name), word, name.replace("-", " ")) for name, word in drawn]


def drawn_choices(image: str, title: str) -> list[tuple[str, str]]:
    """The drawn pictures and the one it has; none to choose where a photograph stands for it."""
    if look(image):
        return []
    drawn = [(path, word if locale() == "zh" else name) for path, word, name in pictures()]
    return drawn if image in dict(drawn) else [(image, title), *drawn]


def _match(text: str) -> str | None:
    """The longest word wins; of equal ones the later in the text, where Chinese names the thing itself."""
    lowered, words = text.lower(), _by_first()
    found = [
        (len(word), place, name)
        for place, first in enumerate(lowered)
        for word, name in words.get(first, ())
        if lowered.startswith(word, place)
    ]
    return max(found)[2] if found else None


@cache
def _by_first() -> dict[str, list[tuple[str, str]]]:
    """Words with their pictures by the first letter: a price sheet asks for thousands of titles."""
    words: dict[str, list[tuple[str, str]]] = {}
    for name, told in _words():
        for word in map(str.lower, told):
            words.setdefault(word[0], []).append((word, name))
    return words


@cache
def _words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as source:
        return tuple((row["picture"], tuple(row["words"].split())) for row in csv.DictReader(source))
