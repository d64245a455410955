"""What an agreement is, which version holds on a day, and how its packaged text reads. A version is its first day.

A text is a head (`title`, `published`, `changes`), a blank line, then paragraphs: `## ` begins a heading, `- ` an item.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from kernel.text import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS: Final = {"factory": lazy("工厂协议"), "merchant": lazy("商家协议")}
"""The kinds of agreements, which are those of organisations, and what links to them are called."""
LANGUAGES: Final = ("zh", "en")
NOTICE: Final = timedelta(days=7)  # E-commerce Law, article 34
_HEADING, _ITEM = "## ", "- "
_HEAD: Final = ("title", "published", "changes")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text: `heading`, `paragraph` (one line) or `list` (a line an item)."""

    shape: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """An agreement in one language."""

    title: str
    published: date
    changes: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of an agreement; `digest` is the SHA-256 of its texts, so that an acceptance proves to what."""

    kind: str
    version: str
    texts: Mapping[str, Text]
    digest: str

    @property
    def since(self) -> date:
        """The first day on which it holds."""
        return date.fromisoformat(self.version)

    @property
    def published(self) -> date:
        """When it could first be read."""
        return self.texts["zh"].published


@dataclass(frozen=True, slots=True)
class Unread:
    """A version to be read; one that `holds` has to be accepted, another may be thought about.

    It is `first` to who has accepted none yet, so that nothing is new about it.
    """

    agreement: Agreement
    holds: bool
    first: bool = False


def in_force(versions: Sequence[Agreement], on: date) -> Agreement:
    """The version that holds on a day, of all versions oldest first; before the first day, the first."""
    return next((one for one in reversed(versions) if one.since <= on), versions[0])


def to_read(versions: Sequence[Agreement], accepted: str | None, on: date) -> Unread | None:
    """What an owner who accepted a version has not read yet: the one in force, else one announced and to come."""
    holding = in_force(versions, on)
    if accepted != holding.version:
        return Unread(holding, holds=True, first=accepted is None)
    coming = next((one for one in versions if one.since > on >= one.published), None)
    return Unread(coming, holds=False) if coming else None


def agreement(kind: str, version: str, sources: Mapping[str, str]) -> Agreement:
    """A version from its texts by language. ValueError says what is wrong with them."""
    texts = {language: read_text(sources[language]) for language in LANGUAGES}
    digest = sha256("\0".join(sources[language] for language in LANGUAGES).encode()).hexdigest()
    return Agreement(kind, version, texts, digest)


def faults(versions: Sequence[Agreement]) -> list[str]:
    """What is wrong with the versions of one kind, oldest first: too short a notice, languages that differ in shape."""
    found = []
    for place, one in enumerate(versions):
        if place and one.since - one.published < NOTICE:
            found.append(f"{one.version}: published less than {NOTICE.days} days before")
        shapes = {tuple((block.shape, len(block.lines)) for block in text.blocks) for text in one.texts.values()}
        if len(shapes) > 1 or len({text.published for text in one.texts.values()}) > 1:
            found.append(f"{one.version}: its languages say different things")
    return found


def read_text(source: str) -> Text:
    """A packaged text. ValueError when its head lacks a line."""
    head, _blank, body = source.partition("\n\n")
    told = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    if missing := [name for name in _HEAD if not told.get(name)]:
        raise ValueError(f"the head lacks {', '.join(missing)}")
    return Text(told["title"], date.fromisoformat(told["published"]), told["changes"], _blocks(body))


def _blocks(body: str) -> tuple[Block, ...]:
    found: list[Block] = []
    for line in filter(None, (line.strip() for line in body.splitlines())):
        if line.startswith(_HEADING):
            found.append(Block("heading", (line.removeprefix(_HEADING),)))
        elif not line.startswith(_ITEM):
            found.append(Block("paragraph", (line,)))
        elif found and found[-1].shape == "list":
            found[-1] = Block("list", (*found[-1].lines, line.removeprefix(_ITEM)))
        else:
            found.append(Block("list", (line.removeprefix(_ITEM),)))
    return tuple(found)
