"""How shoppers say limits: the word list, and patterns of its words."""

import re
from functools import cache

from storefront.search.text import rows


@cache
def sayings(kind: str) -> tuple[str, ...]:
    """The words of one kind."""
    told = (row.split() for row in rows("limit_words"))
    return tuple(word.replace("_", " ") for name, *words in told if name == kind for word in words)


@cache
def either(kind: str) -> str:
    """A pattern of any word of a kind, the longest first; letters must stand apart from others."""
    return "|".join(_pattern(word) for word in sorted(sayings(kind), key=len, reverse=True))


def _pattern(word: str) -> str:
    pattern = r"\s+".join(map(re.escape, word.split()))
    return rf"(?<![a-z]){pattern}(?![a-z])" if word.isascii() and word[0].isalpha() else pattern
