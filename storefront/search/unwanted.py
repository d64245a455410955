"""What a line says is unwanted: 不要羊毛, 除了羊毛, -羊毛, without wool. 不含糖, 无糖 and 免洗 are what goods are."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from storefront.search.english import in_chinese
from storefront.search.sayings import either, sayings
from storefront.search.text import HAN, cut

MOST: Final = 8  # things unwanted at once

_END: Final = r"(?=[\s,;:.!?。()]|$)"
_THING: Final = r"(?P<thing>[^\s,;:.!?。()的]{1,12}?)"
_SEVERAL = re.compile(r"(?<=.)(?:和|与|或者|或|、|/)(?=.)")


class Unwanted(NamedTuple):
    """Where a line says what is unwanted, and what."""

    start: int
    end: int
    things: tuple[str, ...]


def unwanted(line: str) -> Iterator[Unwanted]:
    """What is unwanted in a normalised line."""
    left = MOST
    for pattern in _patterns():
        for found in pattern.finditer(line):
            thing, end = _named(found)
            things = tuple(filter(None, map(_thing, _SEVERAL.split(thing))))[:left]
            if things and not thing.startswith(sayings("no_thing")):
                yield Unwanted(found.start(), end, things)
                line = line[: found.start()] + " " * (end - found.start()) + line[end:]
                left -= len(things)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    again = rf"(?={either('unwanted')}|{either('besides')})"
    wants = rf"(?:的话|的|(?:只|就|我|想)?要|都行|都可以|{again}|{_END})"
    besides = rf"(?:(?:{either('besides_after')})的?|外(?=[\s,的都还]|$)的?|的|都行|都可以|还有什么|{again}|{_END})"
    return (
        re.compile(rf"(?:{either('besides')})\s?{_THING}{besides}(?:,?\s?(?:都行|都可以|还有什么))?"),
        re.compile(rf"除{_THING}(?:{either('besides_after')})的?"),
        re.compile(rf"(?<![要是])(?:{either('unwanted')})\s?{_THING}{wants}"),
        re.compile(rf"(?:(?<=\s)|^)-(?P<thing>[{HAN}][^\s,;]{{0,11}}|[a-z][a-z\d]{{1,19}}){_END}"),
        re.compile(
            rf"(?<![\w-])(?:{either('unwanted_english')})\s+(?:(?:any|a|an|the)\s+)?"
            rf"(?P<thing>[{HAN}]{{1,12}}|[a-z][a-z'-]{{1,19}}(?:\s[a-z]{{2,20}}){{0,2}})"
        ),
    )


def _named(found: re.Match[str]) -> tuple[str, int]:
    """The thing and where it ends; of several English words those that are one thing together, else the first."""
    thing = found["thing"]
    parts = thing.split()
    for length in range(len(parts), 1, -1):
        if in_chinese("_".join(parts[:length])):
            break
    else:
        length = 1
    if length == len(parts):
        return thing, found.end()
    thing = thing[: re.match(rf"\S+(?:\s\S+){{{length - 1}}}", thing).end()]  # type: ignore[union-attr]
    return thing, found.start("thing") + len(thing)


def _thing(text: str) -> str:
    """What is not wanted: 帽子 of 带帽子, 带鱼 itself; nothing where it is no word."""
    first, *others = cut(text) or [""]
    thing = "".join(others) if others and first in sayings("of_it") else text
    return thing if any(sign.isalpha() for sign in thing) else ""
