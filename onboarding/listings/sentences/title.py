"""What the goods are called: the words before the figures, without greetings and promises."""

import re
from typing import Final

from onboarding.listings.categories import goods_named, guess_category
from onboarding.listings.sentences.phrases import GIVEN_ON_TOP, LEADS, NOISE, TRAILS
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import Token

_NOISE: Final = re.compile(rf"(?:{NOISE})")
_LEADS: Final = re.compile(rf"^(?:{LEADS})[:：\s]*(?=[^\s])")
_TRAILS: Final = re.compile(rf"(?<=[^\s]{{2}})(?:{TRAILS})$")


def read_title(sentence: Sentence, parts: list[Token]) -> str:
    """The title; other words are kept as 说明, so that nothing of what she wrote is lost."""
    chunks = [chunk for run in _chunks(parts) for chunk in run]
    useful = [chunk for chunk in chunks if chunk]
    first = _first(useful)
    for chunk in useful:
        if chunk is not first:
            sentence.keep("说明", chunk)
    return first or ""


def several_goods(parts: list[Token]) -> str:
    """The names of goods on both sides of an amount, 围巾 118元 帽子 58元; empty when there is but one.

    What is given on top, 送茶杯, is none of them.
    """
    runs = (next((word for chunk in run if (word := _goods_in(chunk))), None) for run in _chunks(parts))
    found = [word for word in runs if word]
    alike = all(one in found[0] or found[0] in one for one in found)
    return "" if alike else "、".join(found)


def _goods_in(chunk: str) -> str | None:
    return None if chunk.startswith(GIVEN_ON_TOP) else goods_named(chunk)


def _first(chunks: list[str]) -> str | None:
    """The first words that name goods of a category, else the first of all that are words."""
    named = next((chunk for chunk in chunks if chunk[0] not in "送赠" and guess_category(chunk)), None)
    return named or next((chunk for chunk in chunks if re.search(r"[^\W\d_]", chunk)), None)


def _chunks(parts: list[Token]) -> list[list[str]]:
    """The words between amounts, in pieces between stops, bare of noise."""
    runs: list[list[str]] = [[]]
    text = ""
    for part in [*parts, Token("used", "", 0, 0)]:
        if part.kind in {"used", "stop"}:
            runs[-1].append(_bare(text))
            text = ""
            if part.kind == "used":
                runs.append([])
        else:
            text += part.text
    return runs


def _bare(text: str) -> str:
    """The words of a piece that say something of the goods."""
    words = text.split()
    kept = [word for word in words if not _NOISE.fullmatch(word) and re.search(r"\w", word)]
    joined = " ".join(kept).strip(" -—–:：=+&*#@'’‘“”\"^`~?？。.")
    while (match := _LEADS.match(joined)) and match.end() < len(joined):
        joined = joined[match.end() :]
    joined = _TRAILS.sub("", joined)
    return "" if _NOISE.fullmatch(joined) else joined
