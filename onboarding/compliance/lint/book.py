"""The book of rules: what `data/advertising/*.toml` says, read once and made ready for matching."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[1] / "data" / "advertising"
_OPENING: Final = re.compile(r"\(\?(?:P<\w+>|:)")
_BEHIND: Final = re.compile(r"^\(\?<[=!][^()]*\)")
_NAME: Final = re.compile(r"\{(\w*[a-z]\w*)\}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of saying something: the words, where they may stand, and what they are then.

    `before`, `after`, `clause` and `text` are what excuses them; a leading `needs_` is what they mean nothing without.
    `proof` in the text turns a refusal into a request for proof. `plain` entries excuse what begins inside them.
    """

    rule: str
    verdict: str
    reason: str
    say: tuple[re.Pattern[str], ...]
    excuses: tuple[tuple[str, re.Pattern[str]], ...]
    needs: tuple[tuple[str, re.Pattern[str]], ...]
    proof: re.Pattern[str] | None
    plainly: bool


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _filled(pattern: str, words: dict[str, str]) -> str:
    """A pattern with every `{name}` replaced by the words of that name."""
    while _NAME.search(pattern):
        pattern = _NAME.sub(lambda found: f"(?:{words[found[1]]})", pattern)
    return pattern


def _vocabulary(*names: str) -> dict[str, str]:
    lists: dict[str, Any] = {}
    for name in names:
        lists |= _read(name).get("words", {})
    return {name: "|".join(sorted(_listed(said), key=len, reverse=True)) for name, said in lists.items()}


def _listed(said: str | list[str]) -> list[str]:
    return (said if isinstance(said, str) else " ".join(said)).split()


_FILES: Final = (
    "absolute",
    "rank",
    "health",
    "symptoms",
    "nutrition",
    "claims",
    "bargains",
    "order",
    "contact",
    "everyday",
)
WORDS: Final = _vocabulary("words", *_FILES)
_ASKED: Final = re.compile(
    r"[^,。;!?]{0,8}\?(?:我们|本店|这|没|不|其实|只[卖是有]|本品|普通|它(?:只|不)|是(?![的我真它啊谁这咱]))"
    r"|(?:二字|两个?字|这[两三四]个字|这种话|这话|之类|一词|这?个?词|字眼|(?:的|这)说法|一说|之说|这样的[词话])[^。;!?]{0,8}(?:不|没)"
    r"|[^,。;!?]{0,4}(?:(?:我们|本店|这款|这个)?(?:没有?|未)(?:测|检测|送检|验证|申请|宣传)|不敢说[,。]|[说谈]不上[,。]|没做(?:[,。]|$))"
    r"|[^,。;!?]{0,14}(?:我们|我家|咱们?|本店|小厂|这里)(?:真的|可|都)?(?:不敢[说当写]|[说谈称]不上|做不到|没做|没测)(?=[,。!;]|$)"
)
_ANSWERED: Final = re.compile(
    r"(?:能不能|是不是|有没有|会不会|可不可以|算不算|是否|能否|谁是|问)[^。;!]{0,22}[,?:]"
    r"(?:答案是|我们|老实说|实话|答|都|一律|真的?|说实话){0,2}(?:不能|不是|没有|不会|不可以|不算|不行|不敢|不争|没那|写不|做不|不写)"
)
_UNSAID: Final = (
    r"(?<![得谁])(?:没有?|从?不|不会|不敢|不能|别)(?:写|说|标|讲|提|吹|宣称|宣传|声称|敢说|敢写)[^,。;!?]{0,6}"
)
"""What is asked and denied is not said: 高仿？我们不做；能不能降血压，不能；没有写能治病."""
_ENDS: Final = {"before": r"(?:%s)$", "after": r"(?:%s)"}


def _pattern(where: str, pattern: str | list[str]) -> re.Pattern[str]:
    said = pattern if isinstance(pattern, str) else "|".join(pattern)
    return re.compile(_ENDS.get(where, "%s") % _filled(said, WORDS))


def _entry(raw: dict[str, Any]) -> Entry:
    excuses = [(where, _pattern(where, raw[where])) for where in ("before", "after", "clause", "text") if where in raw]
    excuses += [("after", _ASKED), ("text", _ANSWERED), ("before", _pattern("before", _UNSAID))]
    needs = [(key[6:], _pattern(key[6:], raw[key])) for key in raw if key.startswith("needs_")]
    return Entry(
        rule=raw["rule"],
        verdict=raw["verdict"],
        reason=raw.get("why", ""),
        say=tuple(re.compile(_filled(one, WORDS)) for one in raw["say"]),
        excuses=tuple(excuses),
        needs=tuple(needs),
        proof=_pattern("text", raw["proof"]) if "proof" in raw else None,
        plainly=raw.get("plainly", False),
    )


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry, made ready when first asked for: of the processes of a deployment few ever read a text."""
    return tuple(_entry(raw) for name in _FILES for raw in _read(name)["entry"])


def _first(pattern: str) -> frozenset[str]:
    """The characters that a pattern can begin with; it begins with a character, a class or a group of words."""
    return frozenset().union(*(_head(_BEHIND.sub("", one)) for one in _alternatives(pattern)))


def _head(branch: str) -> frozenset[str]:
    if branch.startswith(("(?:", "(?P<")):
        inner, rest = _group(branch)
        optional = rest.startswith(("?", "{0,"))
        return _first(inner) | (
            _head(rest.lstrip("?") if rest[0] == "?" else rest.split("}", 1)[1]) if optional else frozenset()
        )
    if branch.startswith("["):
        inside, rest = branch[1:].split("]", 1)
        return _members(inside) | (_head(rest[1:]) if rest.startswith("?") else frozenset())
    if branch.startswith(r"\d"):
        return frozenset("0123456789")
    if not branch or branch[0] in ".(^{?":
        raise ValueError(f"begins with anything: {branch}")
    if branch[0] == "\\":
        return frozenset(branch[1])
    if branch[1:2] == "?":
        return frozenset(branch[0]) | _head(branch[2:])
    return frozenset(branch[0])


def _members(inside: str) -> frozenset[str]:
    ranges = re.findall(r"(.)-(.)", inside)
    between = (chr(code) for begin, end in ranges for code in range(ord(begin), ord(end) + 1))
    return frozenset(inside.replace("\\d", "0123456789").replace("\\", "")) | frozenset(between)


def _group(branch: str) -> tuple[str, str]:
    depth = 0
    for index, char in enumerate(branch):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return _OPENING.sub("", branch[:index], count=1), branch[index + 1 :]
    raise ValueError(branch)


def _alternatives(pattern: str) -> list[str]:
    found, depth, begun = [], 0, 0
    for index, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            found.append(pattern[begun:index])
            begun = index + 1
    return [*found, pattern[begun:]]


@cache
def heads() -> dict[str, list[tuple[Entry, re.Pattern[str]]]]:
    """By the character it begins with, what may stand at a place: most places begin nothing."""
    found: dict[str, list[tuple[Entry, re.Pattern[str]]]] = {}
    for entry in entries():
        for pattern in entry.say:
            for char in _first(pattern.pattern):
                found.setdefault(char, []).append((entry, pattern))
    return found


@cache
def gate(char: str) -> re.Pattern[str]:
    """Whatever begins with a character, as one pattern: what it does not match no entry matches."""
    branches = (one for _entry, say in heads()[char] for one in _alternatives(say.pattern) if char in _first(one))
    return re.compile("|".join(branches))


def _spellings(raw: dict[str, list[str]]) -> tuple[re.Pattern[str], dict[str, str]]:
    """`plain word = [ways it is disguised]` as one pattern with a named group for each word."""
    plain = {f"w{number}": word for number, word in enumerate(raw)}
    branches = [f"(?P<{name}>{'|'.join(_filled(one, WORDS) for one in raw[word])})" for name, word in plain.items()]
    return re.compile("|".join(branches)), plain


def _sooner(spellings: tuple[re.Pattern[str], dict[str, str]]) -> tuple[re.Pattern[str], dict[str, str]]:
    """The same, trying its many words only where one can begin."""
    pattern, plain = spellings
    begins = "".join(sorted(_first(pattern.pattern)))
    return re.compile(f"(?=[{re.escape(begins)}])(?:{pattern.pattern})"), plain


def _by_sound(raw: dict[str, str]) -> dict[str, list[str]]:
    """Words of which one syllable or more is written in Latin letters: `最佳 = "zui jia"`."""
    found: dict[str, list[str]] = {}
    for word, sound in raw.items():
        syllables = sound.split()
        mixed = r"[ .\-]?".join(f"(?:{char}|{said})" for char, said in zip(word, syllables, strict=True))
        found[word] = [rf"(?=[一-鿿]{{0,3}} ?[a-z])(?<![a-z]){mixed}(?![a-z])"]
    return found


_DISGUISES: Final = _read("disguises")
SIGNS: Final[dict[str, str]] = {char: said for said, chars in _DISGUISES["signs"].items() for char in chars}
SYLLABLES: Final = re.compile("|".join(sorted({one for said in _DISGUISES["spoken"].values() for one in said.split()})))


@cache
def disguises() -> tuple[re.Pattern[str], dict[str, str]]:
    """Words written otherwise, and what they mean."""
    return _sooner(_spellings(_DISGUISES["written"]))


@cache
def spelt() -> tuple[re.Pattern[str], dict[str, str]]:
    """Words spelt by their sound, and what they mean."""
    return _spellings(_by_sound(_DISGUISES["spoken"]))
