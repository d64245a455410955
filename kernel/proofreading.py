"""Marks what stands in Chinese on a page in another language, so that it is read and drawn as Chinese (WCAG 3.1.2).

Names, addresses and goods are authored in Chinese and shown as they are. One pass over the finished page finds them
all, whichever template wrote them; a page in Chinese is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from re import Match

_HAN = "\u3007\u4e00-\u9fff"
_TEXT = re.compile(rf"(<[^<>]*>)([^<>{_HAN}]*[{_HAN}][^<>]*)")
# What belongs to the Chinese around it: figures and signs, and short letters (`V领`, `200*30cm 素色`), no English word.
_BETWEEN = rf"[^<>{_HAN}A-Za-z&;]*(?:[A-Za-z]{{1,3}}[^<>{_HAN}A-Za-z&;]*)?"
_RUN = re.compile(rf"[{_HAN}]+(?:{_BETWEEN}[{_HAN}]+)*")
_UNMARKED = re.compile(r"<(?:script|style)\b|<[^>]*\slang=")
_PLAIN = re.compile(r"<(?:option|textarea|title|text|tspan)\b")  # these hold no markup: their own tag says it
_LANG = 'lang="zh-CN"'


def mark_chinese(page: str) -> str:
    """The page with every Chinese run of text in an element that says so."""
    return _TEXT.sub(_marked, page)


def _marked(found: Match[str]) -> str:
    tag, text = found.groups()
    if _UNMARKED.match(tag):
        return found[0]
    if _PLAIN.match(tag):
        return f"{tag[:-1]} {_LANG}>{text}"
    return tag + _RUN.sub(rf"<span {_LANG}>\g<0></span>", text)
