"""Names as people begin to type them: in characters, in English words, as they sound, in initials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kernel.text import slugify
from storefront.search.english import in_chinese
from storefront.search.text import normalise, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PLURAL: Final = ("", "s", "es")


@dataclass(frozen=True, slots=True)
class Name:
    """Something with a name: how it is spelt in Chinese and English, how it sounds from each syllable on."""

    key: str
    spelt: str
    words: tuple[str, ...]
    sounds: tuple[str, ...]
    initials: tuple[str, ...]
    chinese: str = ""
    english: str = ""
    province: str = ""


@lru_cache(maxsize=65_536)  # every factory is named again each minute, and how it sounds takes a tenth of a millisecond
def named(key: str, chinese: str, english: str = "", *, province: str = "") -> Name:
    """A name with all that it is found by."""
    syllables = [part for part in slugify(chinese).split("-") if part]
    return Name(
        key=key,
        spelt=squeeze(normalise(chinese)),
        words=tuple(normalise(english).split()),
        sounds=tuple("".join(syllables[start:]) for start in range(len(syllables))),
        initials=tuple("".join(part[0] for part in syllables[start:]) for start in range(len(syllables))),
        chinese=chinese,
        english=english,
        province=province,
    )


class Starts:
    """Names by the letters they begin with, so that nobody goes through fifteen thousand factories for a search."""

    def __init__(self, names: Iterable[Name], least: int) -> None:
        self._least = least
        self._held: dict[str, list[tuple[str, Name]]] = {}
        for name in names:
            for whole in {name.spelt, squeeze(normalise(name.english))}:
                self._held.setdefault(whole[:least], []).append((whole, name))

    def named(self, asked: str) -> list[Name]:
        """The names that a squeezed text begins, or goes on from the whole of; none for fewer letters than tell one."""
        begun = self._held.get(asked[: self._least], ()) if len(asked) >= self._least else ()
        return [name for whole, name in begun if whole.startswith(asked) or asked.startswith(whole)]


def best(names: Iterable[Name], text: str, limit: int) -> list[Name]:
    """The names that go with a text: those that begin so, then that hold it, then that sound so; short ones first.

    An English word that is known is a word: `sock` begins no socket. It is asked for in Chinese as well.
    """
    line = normalise(text)
    asked = squeeze(line)
    if not asked:
        return []
    meant = [squeeze(each) for each in in_chinese("_".join(line.split()))]
    typed = squeeze(slugify(text)) if any(sign.isascii() for sign in asked) and not meant else ""
    ranked = ((_rank(name, line, [asked, *meant], typed), len(name.spelt), at, name) for at, name in enumerate(names))
    return [name for *_order, name in sorted((one for one in ranked if one[0]), key=lambda one: one[:3])[:limit]]


def _rank(name: Name, line: str, asked: list[str], typed: str) -> int:
    """1 is best; 0 goes not with it at all."""
    if any(name.spelt.startswith(one) for one in asked) or _begins(name.words, line, whole=len(asked) > 1):
        return 1
    if any(one in name.spelt for one in asked if len(one) > 1 or not one.isascii()):
        return 2
    return _heard(name, typed) if typed else 0


def _begins(words: tuple[str, ...], line: str, *, whole: bool) -> bool:
    """Whether an English name has the typed words side by side; unless they are `whole`, the last may be only begun."""
    asked = squeeze(line)
    if not asked.isascii():
        return False
    return any(
        _is_one(squeeze(part), asked) if whole else squeeze(part).startswith(asked)
        for part in _parts(words, line, whole=whole)
    )


def _parts(words: tuple[str, ...], line: str, *, whole: bool) -> Iterator[str]:
    """The name from each of its words on, or each run of as many words as were typed."""
    many = len(line.split()) if whole else len(words)
    return (" ".join(words[start : start + many]) for start in range(len(words)))


def _is_one(word: str, asked: str) -> bool:
    """One word, whichever of both is the plural."""
    return any(word == asked + ending or asked == word + ending for ending in _PLURAL)


def _heard(name: Name, typed: str) -> int:
    """How well it sounds like what is typed: from its first syllable on, or from a later one."""
    ways = (name.sounds, name.initials) if len(typed) > 1 else (name.sounds,)
    for rank, syllables in enumerate(ways, 3):
        if syllables and syllables[0].startswith(typed):
            return rank
    return 5 if any(one.startswith(typed) for syllables in ways for one in syllables) else 0
