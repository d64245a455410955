"""Pictures that are the content of a cell: Excel's rich values, and WPS's DISPIMG with its cellimages part."""

import re
from typing import Final

from onboarding.listings.sheets.markup import Handler, Relation, attribute, elements, parse, relations, whole

_CELL_IMAGES: Final = "xl/cellimages.xml"
_RICH: Final = "xl/richdata/"
_METADATA: Final = "xl/metadata.xml"
_LOCAL_IMAGE: Final = "_rvRel:LocalImageIdentifier"
_DISPIMG: Final = re.compile(r"DISPIMG\s*\(\s*[\"“”]([^\"“”]{1,100})[\"“”]", re.IGNORECASE)


def dispimg_id(formula: str) -> str:
    """The id that a WPS picture formula names; empty for any other formula."""
    match = _DISPIMG.search(formula)
    return match[1] if match else ""


def wps_pictures(parts: dict[str, bytes]) -> dict[str, Relation]:
    """Id of DISPIMG → where its picture lies. Raises DomainError `sheet.damaged`, `sheet.bomb`."""
    told = (one.target for one in relations(parts, "xl/workbook.xml").values() if one.kind.lower() == "cellimage")
    part = next(told, _CELL_IMAGES)
    if part not in parts:
        return {}
    targets = relations(parts, part)
    walker = _CellImages()
    parse(parts[part], walker)
    return {name: targets.get(relation, Relation("", "")) for name, relation in walker.found.items()}


class _CellImages(Handler):
    """Name → id of the relation."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._name = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "cNvPr":
            self._name = attribute(attributes, "name")
        elif tag == "blip" and self._name:
            self.found.setdefault(self._name, attribute(attributes, "embed"))


def rich_pictures(parts: dict[str, bytes]) -> dict[int, Relation]:
    """`vm` of a cell (from 1) → where its picture lies; rich values of other kinds are missing.

    Raises DomainError `sheet.damaged`, `sheet.bomb`.
    """
    needed = (_METADATA, f"{_RICH}rdrichvalue.xml", f"{_RICH}rdrichvaluestructure.xml", f"{_RICH}richvaluerel.xml")
    if not all(name in parts for name in needed):
        return {}
    metadata, values, structures = _Metadata(), _Values(), _Structures()
    for name, walker in zip(needed, (metadata, values, structures), strict=False):
        parse(parts[name], walker)
    pictures = [attribute(one, "id") for one in elements(parts[needed[3]], "rel")]
    targets = relations(parts, needed[3])
    found: dict[int, Relation] = {}
    for number, value in metadata.rich_values().items():
        picture = _picture_of(value, values.found, structures.found)
        if picture is not None and picture < len(pictures):
            found[number] = targets.get(pictures[picture], Relation("", ""))
    return found


def _picture_of(value: int, values: list[tuple[int, list[str]]], structures: list[list[str]]) -> int | None:
    """The index of the picture that a rich value shows, if it shows one of this file."""
    if not 0 <= value < len(values):
        return None
    structure, fields = values[value]
    keys = structures[structure] if 0 <= structure < len(structures) else []
    index = keys.index(_LOCAL_IMAGE) if _LOCAL_IMAGE in keys else len(fields)
    return whole(fields[index]) if index < len(fields) and not fields[index].startswith("-") else None


class _Metadata(Handler):
    """What the `vm` of cells stands for: kinds, rich values by kind, and the records that cells name."""

    def __init__(self) -> None:
        self._kinds: list[str] = []
        self._values: dict[str, list[int]] = {}
        self._records: list[tuple[int, int]] = []
        self._kind = ""
        self._in_records = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "metadataType":
            self._kinds.append(attribute(attributes, "name"))
        elif tag == "futureMetadata":
            self._kind = attribute(attributes, "name")
        elif tag == "valueMetadata":
            self._in_records = True
        elif tag == "bk" and self._kind:
            self._values.setdefault(self._kind, []).append(-1)
        elif tag == "rvb" and self._values.get(self._kind):
            self._values[self._kind][-1] = whole(attribute(attributes, "i"))
        elif tag == "rc" and self._in_records:
            self._records.append((whole(attribute(attributes, "t")), whole(attribute(attributes, "v"))))

    def end(self, tag: str) -> None:
        if tag == "futureMetadata":
            self._kind = ""
        elif tag == "valueMetadata":
            self._in_records = False

    def rich_values(self) -> dict[int, int]:
        """`vm` → index of a rich value."""
        found = {}
        for number, (kind, index) in enumerate(self._records, 1):
            known = self._values.get(self._kinds[kind - 1], []) if 1 <= kind <= len(self._kinds) else []
            if 0 <= index < len(known):
                found[number] = known[index]
        return found


class _Values(Handler):
    """Rich values: the index of the structure, and the fields."""

    def __init__(self) -> None:
        self.found: list[tuple[int, list[str]]] = []
        self._in_field = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "rv":
            self.found.append((whole(attribute(attributes, "s")), []))
        elif tag == "v" and self.found:
            self._in_field = True
            self.found[-1][1].append("")

    def text(self, text: str) -> None:
        if self._in_field:
            self.found[-1][1][-1] += text

    def end(self, tag: str) -> None:
        self._in_field = self._in_field and tag != "v"


class _Structures(Handler):
    """The names of the fields of each structure."""

    def __init__(self) -> None:
        self.found: list[list[str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "s":
            self.found.append([])
        elif tag == "k" and self.found:
            self.found[-1].append(attribute(attributes, "n"))
