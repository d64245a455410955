"""English words of the trades, and what Chinese listings call the thing."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

LONGEST_PHRASE = 4  # words
_LIST = Path(__file__).with_name("data") / "english_words.txt"


def in_chinese(word: str) -> tuple[str, ...]:
    """The Chinese words for a lower-case English one, singular or plural, or for several joined by `_`."""
    known = _glossary()
    return next((known[form] for form in _singulars(word) if form in known), ())


def spelled() -> frozenset[str]:
    """The English words that are known, for whoever mistypes one."""
    return frozenset(word for phrase in _glossary() for word in phrase.split("_") if word.isalpha())


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """Every English word and phrase as people write it, and the Chinese words for it."""
    return {phrase.replace("_", " "): chinese for phrase, chinese in _glossary().items()}


def _singulars(word: str) -> Iterator[str]:
    yield word
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending):
            yield word.removesuffix(ending) + instead


@cache
def _glossary() -> dict[str, tuple[str, ...]]:
    rows = (row.partition(" = ") for row in _LIST.read_text("utf-8").splitlines() if not row.startswith("#"))
    return {word: tuple(chinese.split()) for english, _, chinese in rows for word in english.split()}
