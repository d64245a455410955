"""The judged set: titles with what the goods are, queries with selectors that say which goods answer them.

A grade follows from the kind and the facts of goods, never from the words of their title. A selector is
alternatives parted by ` / `, each a row of conditions that all must hold:

    围巾 material=羊绒|羊毛 audience!=儿童 / 披肩

A bare word is the kind; `|` parts values of which one will do; `!=` wants none of them; `category` holds for all
beneath it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

HOME = Path(__file__).parent
JUST_THAT, NEAR = 2, 1


@dataclass(frozen=True, slots=True)
class Goods:
    """One title; `made` is `hand` where a person wrote all of it, `made` where parts were put together."""

    id: str
    trade: str
    kind: str
    category: str
    made: str
    title: str
    facts: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, row: list[str]) -> Self:
        """A row of the table; its last field is `key=value,value key=value`."""
        parts = (part.partition("=") for part in row[6].split())
        return cls(*row[:6], {key: frozenset(values.split(",")) for key, _, values in parts})

    def values(self, key: str) -> frozenset[str]:
        """What is known of it under a key; empty where nothing is."""
        if key == "category":
            tops = self.category.split("/")
            return frozenset("/".join(tops[: i + 1]) for i in range(len(tops)))
        return frozenset({getattr(self, key)}) if key in {"kind", "trade"} else self.facts.get(key, frozenset())


@dataclass(frozen=True, slots=True)
class Condition:
    """That goods have one of the values under a key, or none of them."""

    key: str
    values: frozenset[str]
    wanted: bool

    @classmethod
    def read(cls, word: str) -> Self:
        """`key=value|value`, `key!=value` or a bare kind."""
        key, sign, values = word.partition("=") if "=" in word else ("kind", "=", word)
        return cls(key.rstrip("!"), frozenset(values.split("|")), not (sign and key.endswith("!")))

    def holds(self, goods: Goods) -> bool:
        """Whether it is so."""
        return bool(self.values & goods.values(self.key)) == self.wanted


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, its kind, and the selectors of what is just that and of what is near."""

    kind: str
    query: str
    just_that: str
    near: str

    def grades(self, goods: Iterable[Goods]) -> dict[str, int]:
        """The grade of each goods (by id) that has one; all others are 0."""
        best, second = selector(self.just_that), selector(self.near)
        found = {}
        for one in goods:
            if selects(best, one):
                found[one.id] = JUST_THAT
            elif selects(second, one):
                found[one.id] = NEAR
        return found


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """All titles and all queries."""

    titles: tuple[Goods, ...]
    queries: tuple[Asked, ...]


def load(place: Path = HOME) -> JudgedSet:
    """The set of a folder (`titles.tsv`, `queries.tsv`) or of one JSON file with the same rows under both names."""
    if place.is_dir():
        titles, queries = rows(place / "titles.tsv"), rows(place / "queries.tsv")
    else:
        told = json.loads(place.read_text("utf-8"))
        titles, queries = told["titles"], told["queries"]
    return JudgedSet(tuple(map(Goods.read, titles)), tuple(Asked(*row) for row in queries))


def rows(file: Path) -> Iterator[list[str]]:
    """The fields of each line that is no remark."""
    return (line.split("\t") for line in file.read_text("utf-8").splitlines() if not line.startswith("#"))


def selector(text: str) -> tuple[tuple[Condition, ...], ...]:
    """A selector, taken apart; empty text selects nothing."""
    ways = (way.split() for way in text.split(" / "))
    return tuple(tuple(map(Condition.read, words)) for words in ways if words)


def selects(ways: Iterable[Iterable[Condition]], goods: Goods) -> bool:
    """Whether goods fit one of the alternatives."""
    return any(all(condition.holds(goods) for condition in way) for way in ways)
