"""Pinyin typed in one run, told apart into syllables."""

import re
from functools import lru_cache
from typing import Final

_SYLLABLE: Final = re.compile(
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])"
    "(?:iang|iong|uang|ueng|ang|eng|ong|ing|ian|iao|uai|uan|van|ai|ei|ao|ou|an|en|in|un|vn|ia|ie|iu|ua|uo|ui|ue|ve"
    "|[aeiouv])"
    "|ang|eng|ai|ei|ao|ou|an|en|er|[aeo]"
)


@lru_cache(maxsize=4_096)
def syllables(run: str) -> tuple[str, ...]:
    """`yang rong shan` of `yangrongshan`, the longest syllables first; nothing when it is no pinyin throughout."""
    if found := _SYLLABLE.match(run):
        for end in range(found.end(), 0, -1):
            if _SYLLABLE.fullmatch(run, 0, end) is None:
                continue
            rest = syllables(run[end:])
            if rest or end == len(run):
                return (run[:end], *rest)
    return ()
