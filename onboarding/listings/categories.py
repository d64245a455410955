"""The tree of factory goods, on the table `data/categories.toml`: which leaf a title speaks of, what is asked about it.

A category is a path of Chinese names, `眼镜/太阳镜`, or its first part alone where nobody said more.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILE: Final = Path(__file__).parent / "data" / "categories.toml"
# 茶叶罐 is no tea, 鞋架 no shoe: the goods are what holds, feeds or cleans them
_ANOTHER_THING: Final = re.compile(r"[罐盒架袋机筐桶刷液剂垫贴扣布支配清收专挂用]|套(?!装)|店|模型|图案|款式?玩")


_OTHER: Final = "其他"
_BARE_NUMBER: Final = re.compile(r"[0-9]+([.][0-9]+)?")


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something asked about goods: `text`, a `number` of a unit, or a `choice` of these (Chinese → English)."""

    key: str
    zh: str
    en: str
    kind: str
    unit: str
    choices: Mapping[str, str]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """A kind of certificate that goods of these leaves need, unless an attribute (Chinese name) says one of these."""

    kind: str
    of: frozenset[str]
    unless: Mapping[str, frozenset[str]]

    def applies(self, leaf: str, attributes: Mapping[str, str]) -> bool:
        """Whether goods of a leaf need it; whoever says nothing about the attribute does."""
        excused = any(attributes.get(name) in told for name, told in self.unless.items())
        return (not self.of or leaf in self.of) and not excused


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the first row: its leaves (Chinese → English), and what is asked of its goods."""

    zh: str
    en: str
    leaves: Mapping[str, str]
    attributes: Sequence[Attribute]
    more: Mapping[str, Sequence[Attribute]]
    requires: Sequence[Requirement]


def guess_category(title: str, said: str = "") -> str | None:
    """The path of a title as far as it tells it, within what its sheet `said` of it; None when nothing tells."""
    told, spoken = known(said), _by_words(title)
    if told:
        return spoken if spoken and spoken.startswith(told) and top_of(spoken) == top_of(told) else told
    return spoken or _by_words(said)


def goods_named(text: str) -> str | None:
    """The last word in the first part of a text that names goods, `围巾`; None when it names another thing."""
    for part in re.split(r"[\s(（/,，]+", text.lower()):
        told, reached, another = "", 0, 0
        for match in _pattern().finditer(part):
            start, end = match.span(1)
            if _ANOTHER_THING.match(part, end):
                another = end
            elif end > reached and start >= another:
                told, reached = match[1], end
        if told:
            return told
    return None


@cache
def telling_words() -> frozenset[str]:
    """All words that tell what goods are."""
    return frozenset(_paths())


def known(path: str) -> str:
    """A path that stands in the tree as it is; empty for anything else."""
    top, _slash, leaf = path.partition("/")
    found = categories().get(top)
    return path if found and (leaf in found.leaves or path == top) else ""


def top_of(path: str) -> str:
    """The category of the first row in which a path lies."""
    return path.partition("/")[0]


def leaf_of(path: str) -> str:
    """The leaf a path names; empty for a category of the first row."""
    return path.partition("/")[2]


def paths_in(path: str) -> list[str]:
    """A path and all that lie in it."""
    found = categories().get(path)
    return [path, *(f"{path}/{leaf}" for leaf in found.leaves)] if found else [path]


def category_name(path: str, language: str) -> str:
    """A path in a language, `Eyewear / Sunglasses`; what is not of the tree stays as it is."""
    if not known(path):
        return path
    if language == "zh":
        return path.replace("/", " / ")
    found, leaf = categories()[top_of(path)], leaf_of(path)
    return f"{found.en} / {found.leaves[leaf]}" if leaf else found.en


def attributes_of(path: str) -> list[Attribute]:
    """What is asked about goods of a path; nothing of what is not of the tree."""
    if not known(path):
        return []
    found = categories()[top_of(path)]
    return [*found.attributes, *found.more.get(leaf_of(path), ())]


def answered(path: str, before: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """What stands on goods of a path once `told` (by key) is added to what stood there; an empty answer goes."""
    asked = {one.key: one for one in attributes_of(path)}
    after = dict(before)
    for key in [key for key in told if key in asked]:
        one, said = asked[key], told[key].strip()
        said += one.unit if one.kind == "number" and _BARE_NUMBER.fullmatch(said) else ""
        after[one.zh] = said
    return {name: said for name, said in after.items() if said or name not in {one.zh for one in asked.values()}}


def unanswered(path: str, attributes: Mapping[str, str]) -> list[Attribute]:
    """What must be said of goods of a path before they are handed in, and is not."""
    return [one for one in attributes_of(path) if one.required and not attributes.get(one.zh)]


def to_choose(language: str, now: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every path as `(path, name)` in groups under the names of the first row, that of the path `now` first."""
    tops = sorted(categories().values(), key=lambda one: one.zh != top_of(now))
    groups = [
        (category_name(one.zh, language), [(path, _last_name(path, language)) for path in paths_in(one.zh)])
        for one in tops
    ]
    return groups if known(now) or not now else [(now, [(now, now)]), *groups]


def to_answer(path: str, language: str) -> list[dict[str, Any]]:
    """What is asked of goods of a path, in the words of a language."""
    rows = []
    for one in attributes_of(path):
        choices = [(zh, zh if language == "zh" else en) for zh, en in one.choices.items()]
        named = {"name": one.zh if language == "zh" else one.en, "choices": choices, "required": one.required}
        rows.append({"key": one.key, "zh": one.zh, "unit": one.unit, **named})
    return rows


def said_in(language: str, name: str, value: str) -> tuple[str, str]:
    """An attribute as a language names it and its value; what a factory wrote itself stays as it is."""
    one = _by_name().get(name)
    return (one.en, one.choices.get(value, value)) if one and language != "zh" else (name, value)


def every_attribute() -> list[str]:
    """The keys of all that is asked of any goods."""
    return [one.key for one in _by_name().values()]


def required_kinds(path: str, attributes: Mapping[str, str]) -> list[str]:
    """The kinds of certificates that goods of a path with these attributes need."""
    if not known(path):
        return []
    needed = categories()[top_of(path)].requires
    return sorted({one.kind for one in needed if one.applies(leaf_of(path), attributes)})


def is_too_wide(path: str) -> bool:
    """Whether a path without a leaf leaves open which certificates its goods need."""
    return bool(known(path)) and not leaf_of(path) and any(one.of for one in categories()[path].requires)


def is_vague(path: str) -> bool:
    """Whether a path says of goods no more than that they are none of the others."""
    return not known(path) or leaf_of(path) in {"", _OTHER}


@cache
def categories() -> Mapping[str, Category]:
    """The categories of the first row by their Chinese names, as the table has them."""
    table = _table()
    attributes = {key: _attribute(key, row) for key, row in table["attributes"].items()}
    return {row["zh"]: _category(row, attributes) for row in table["categories"]}


def is_asked_of_goods(name: str) -> bool:
    """Whether something of that Chinese name is asked about goods of any category."""
    return name in _by_name()


@cache
def _by_name() -> Mapping[str, Attribute]:
    return {row["zh"]: _attribute(key, row) for key, row in _table()["attributes"].items()}


def _last_name(path: str, language: str) -> str:
    """The name of a leaf alone; of a category the whole of it, as who is not sure."""
    found = categories()[top_of(path)]
    leaf = leaf_of(path)
    return (leaf or found.zh) if language == "zh" else found.leaves.get(leaf, found.en)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _attribute(key: str, row: Mapping[str, Any], *, required: bool = False) -> Attribute:
    choices = dict(row.get("choices", ()))
    return Attribute(key, row["zh"], row["en"], row["kind"], row.get("unit", ""), choices, required)


def _category(row: Mapping[str, Any], attributes: Mapping[str, Attribute]) -> Category:
    required = row.get("required", ())
    asked = {key: _attribute(key, _table()["attributes"][key], required=key in required) for key in row["attributes"]}
    more = {leaf: [attributes[key] for key in keys] for leaf, keys in row.get("more", {}).items()}
    names = {key: one.zh for key, one in attributes.items()}
    needed = [_requirement(one, names) for one in row.get("requires", ())]
    leaves = {zh: en for zh, en, _words in row["leaves"]}
    return Category(row["zh"], row["en"], leaves, list(asked.values()), more, needed)


def _requirement(row: Mapping[str, Any], names: Mapping[str, str]) -> Requirement:
    unless = {names[key]: frozenset(choices) for key, choices in row.get("unless", {}).items()}
    return Requirement(row["kind"], frozenset(row.get("of", ())), unless)


def _by_words(text: str) -> str | None:
    """The path of what a text names."""
    word = goods_named(text)
    return None if word is None else _for_whom(_paths()[word], text.lower())


def _for_whom(path: str, title: str) -> str:
    """The leaf for children instead of the one for all, where the title says so."""
    top, leaf = top_of(path), leaf_of(path)
    row = next(row for row in _table()["categories"] if row["zh"] == top).get("instead")
    told = row and leaf in row.get("of", [leaf]) and any(word in title for word in row["words"].split())
    return f"{top}/{row['leaf']}" if told else path


@cache
def _pattern() -> re.Pattern[str]:
    """Every word where it begins, the longest first; words may overlap: 压榨菜籽油 is no 榨菜."""
    return re.compile(f"(?=({'|'.join(sorted(map(re.escape, _paths()), key=len, reverse=True))}))")


@cache
def _paths() -> Mapping[str, str]:
    """Which path each word tells."""
    found: dict[str, str] = {}
    for row in _table()["categories"]:
        found |= dict.fromkeys(row.get("words", "").lower().split(), row["zh"])
        for leaf, _english, words in row["leaves"]:
            found |= dict.fromkeys(words.lower().split(), f"{row['zh']}/{leaf}")
    return found
