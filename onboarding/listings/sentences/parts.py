"""The pieces of a sentence between separators, in runs of what is listed together."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from onboarding.listings.sentences.figures import CHINESE

NEXT: Final = (
    r"出厂|批发|零售|代发|现货|库存|起批|起订|建议|一件|定做|订做|预售|吊牌|每色|每码|均码|各[0-9色码]"
    r"|可选|任选|可混|随机|齐全|都有|共[0-9]|单价|价|moq"
)
_LABELS: Final = "颜色|花色|尺码|码数|鞋码|身高"
_PARTS: Final = re.compile(
    rf"(?:{_LABELS})(?=[^\s:：])"
    rf"|[^\s、/,，|+;；。!！()（）【】\[\]:：\n]+?(?=[\s、/,，|+;；。!！()（）【】\[\]:：\n]|$|(?:{NEXT}"
    rf"|{_LABELS}))",
    re.IGNORECASE,
)
_LINKS: Final = re.compile(r"\s*[、/,，|+]\s*|\s+")
NUMBER: Final = rf"(?:[0-9]{{1,3}}|{CHINESE})"
_LABEL: Final = re.compile(
    r"(?P<color>颜色|花色|色系)(?:有|分|分为|可选)?|(?P<size>尺码|身高|码数|鞋码|码段|号码|尺寸|寸|大小"
    r"|sizes?)(?:有|分|分为|可选)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """A piece of the sentence between separators, and how it is tied to the one before: 、 or a space."""

    text: str
    start: int
    end: int
    link: str


def with_label(text: str, start: int) -> int:
    """Where the word stands that names what is listed from `start` on, 颜色：; `start` itself without one."""
    before = re.search(rf"(?<![0-9.])(?:{_LABEL.pattern})\s*[:：]?\s*$", text[:start], re.IGNORECASE)
    return before.start() if before else start


def parts_of(text: str) -> list[Part]:
    """The parts in their order."""
    parts: list[Part] = []
    end = 0
    for match in _PARTS.finditer(text):
        between = text[end : match.start()]
        link = between.strip() if parts and _LINKS.fullmatch(between) else "stop"
        parts.append(Part(match[0], match.start(), match.end(), link if between or not parts else "glued"))
        end = match.end()
    return parts


def runs_of(parts: list[Part], is_one: Callable[[Part], bool]) -> list[list[Part]]:
    """Parts next to each other that are all such; one of a list tied by 、 or / to something else is none of it."""
    runs: list[list[Part]] = []
    for before, part in pairwise([Part("", 0, 0, "stop"), *parts]):
        if not is_one(part):
            if runs and runs[-1] and runs[-1][-1] is before and part.link in {"、", "/", "+"}:
                runs.pop()
            runs.append([])
        elif runs and runs[-1] and part.link != "stop":
            runs[-1].append(part)
        elif before.text and part.link in {"、", "/", "+"} and not (runs and runs[-1]):
            continue
        else:
            runs.append([part])
    return [run for run in runs if run]
