"""Which trades and categories a company's name and business scope speak of, by the words of `data/trades.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parent / "data" / "trades.toml"
OTHER: Final = "other"
_IN_NAME: Final = 3
_IN_FRONT: Final = 2  # the first things a scope lists are the main business (企业经营范围登记管理规定)
_FRONT: Final = 16
_SHARE: Final = 0.5


@dataclass(slots=True)
class Spoken:
    """How strongly something is spoken of, and the words, those of the name first."""

    weight: int = 0
    in_name: list[str] = field(default_factory=list)
    in_scope: list[str] = field(default_factory=list)


def trades_in(name: str, scope: str) -> dict[str, Spoken]:
    """The trades spoken of, however slightly; `OTHER` is what no belt makes."""
    return _spoken(name, scope, "trades")


def category_in(name: str, scope: str) -> str:
    """The category most spoken of; empty when none is, or when something that no belt makes is spoken of far more."""
    spoken = main(_spoken(name, scope, "categories"))
    return max((group for group in spoken if group != OTHER), key=lambda group: spoken[group].weight, default="")


@cache
def words() -> frozenset[str]:
    """Every word that tells of a trade or category which belts make."""
    return frozenset(word for table in ("trades", "categories") for word in _words(table))


def main(spoken: dict[str, Spoken]) -> dict[str, Spoken]:
    """What is spoken of at least half as strongly as the strongest."""
    most = max((one.weight for one in spoken.values()), default=0)
    return {group: one for group, one in spoken.items() if one.weight >= most * _SHARE}


def _spoken(name: str, scope: str, table: str) -> dict[str, Spoken]:
    found: dict[str, Spoken] = defaultdict(Spoken)
    words, pattern = _words(table), _pattern(table)
    for word, _start in _occurrences(pattern, name):
        for group in words[word]:
            found[group].weight += _IN_NAME
            found[group].in_name.append(word)
    for word, start in _occurrences(pattern, scope):
        for group in words[word]:
            found[group].weight += _IN_FRONT if start < _FRONT else 1
            found[group].in_scope.append(word)
    return dict(found)


def _occurrences(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, int]]:
    """Each word once, where it first stands."""
    seen: set[str] = set()
    for match in pattern.finditer(unicodedata.normalize("NFKC", text).upper()):
        if match[0] not in seen:
            seen.add(match[0])
            yield match[0], match.start()


@cache
def _words(table: str) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    packaged = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for group, words in [*packaged[table].items(), (OTHER, packaged[OTHER]["words"])]:
        for word in words:
            groups[word].append(group)
    return {word: tuple(meant) for word, meant in groups.items()}


@cache
def _pattern(table: str) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _words(table)), key=len, reverse=True)))
