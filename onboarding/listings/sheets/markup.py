"""The XML of a workbook, streamed: no DOCTYPE, so no entities; nothing outside the part is ever fetched."""

import posixpath
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from kernel.errors import DomainError

_ON: Final = frozenset({"1", "true", "on"})


class Handler:
    """What the parser calls; tags come without their namespace prefix."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def end(self, tag: str) -> None:
        """An element closes."""

    def text(self, text: str) -> None:
        """Characters between tags."""


def parse(xml: bytes, handler: Handler) -> None:
    """Tell a part to its handler. Raises DomainError `sheet.damaged`, `sheet.bomb`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda tag, attributes: handler.start(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda tag: handler.end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = handler.text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise DomainError("sheet.damaged") from error


def _refuse_doctype(*_declaration: object) -> None:
    """No spreadsheet program writes a DOCTYPE; entities and their expansion come only with one."""
    raise DomainError("sheet.bomb")


def elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    """The attributes of every element of one tag. Raises DomainError `sheet.damaged`, `sheet.bomb`."""
    collector = _Collector(wanted)
    parse(xml, collector)
    return collector.found


class _Collector(Handler):
    def __init__(self, wanted: str) -> None:
        self.found: list[dict[str, str]] = []
        self._wanted = wanted

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self._wanted:
            self.found.append(attributes)


def attribute(attributes: dict[str, str], name: str) -> str:
    """The value of an attribute whatever its namespace prefix (`r:id`, `embed`); empty when it is not there."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def is_on(value: str) -> bool:
    """Whether a switch such as `hidden` is on."""
    return value.lower() in _ON


def whole(text: str) -> int:
    """A whole number as XML writes it; 0 for anything else."""
    digits = text.strip().removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else 0  # noqa: PLR2004 - EMU of any sheet


@dataclass(frozen=True)
class Relation:
    """Where one part points to: the other part's lower-case name; nothing when that lies outside the file."""

    kind: str
    target: str


def relations(parts: dict[str, bytes], part: str) -> dict[str, Relation]:
    """The relations of a part (lower-case name), by their ids; empty when it has none."""
    folder, name = posixpath.split(part)
    found = parts.get(f"{folder}/_rels/{name}.rels")
    if found is None:
        return {}
    return {one.get("Id", ""): _relation(folder, one) for one in elements(found, "Relationship")}


def _relation(folder: str, attributes: dict[str, str]) -> Relation:
    kind = attributes.get("Type", "").rpartition("/")[2]
    if attributes.get("TargetMode", "").lower() == "external":
        return Relation(kind, "")
    target = posixpath.normpath(posixpath.join("/" + folder, attributes.get("Target", "").replace("\\", "/")))
    return Relation(kind, target.lstrip("/").lower())
