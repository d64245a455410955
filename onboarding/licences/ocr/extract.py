"""From lines to fields: every line belongs to the label left of it or above it, and a label's lines are its value."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from onboarding.licences.ocr import codes, values
from onboarding.licences.ocr.labels import (
    FALLBACK_TYPE,
    ISSUER,
    OTHER,
    half_label_of,
    is_other_title,
    is_title,
    label_of,
    short_label_of,
)
from onboarding.licences.ocr.lines import Placed, TextLine, flatten
from onboarding.licences.ocr.reading import ASKED, LicenceField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from onboarding.licences.ocr.reading import Box

# All lengths in heights of a usual line of the page.
_SAME_ROW: Final = 0.6
_SAME_COLUMN: Final = 2.5
_BESIDE: Final = 0.4
_EDGE: Final = 1.0
_NEXT_LINE: Final = 1.5
_NEXT_LINE_OF_A_FULL_ONE: Final = 2.4
_FULL: Final = 3.5
_BELOW: Final = 2.4

_LABELS_WITH_TITLE: Final = 3
_LABELS_WITHOUT: Final = 5
_REPAIRED: Final = 0.6
_INVALID: Final = 0.3
_GUESSED: Final = 0.8
_OF_A_PAGE: Final = frozenset(("name", "type", "legal_representative", "address", "established_on", "business_scope"))


@dataclass(slots=True)
class Mark:
    """A label on the page, what follows it in its line, and the lines that belong to it."""

    field: str
    place: Placed
    rest: str
    lines: list[Placed] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Extract:
    """What the lines of a page say, and whether they are a licence's."""

    is_licence: bool
    fields: Mapping[str, LicenceField]
    warnings: tuple[str, ...]


def extract(lines: Sequence[TextLine]) -> Extract:
    """The fields of a page of lines, upright but as crooked as the camera saw them."""
    placed = flatten(lines)
    labels = _marks(placed)
    marks = _first_halves(labels)
    _deal_out(placed, marks, besides={id(mark.place.line) for mark in labels})
    found: dict[str, LicenceField] = {}
    for mark in marks:
        if (value := _value(mark, marks)) and mark.field not in found:
            found[mark.field] = value
    if fallback := found.pop(FALLBACK_TYPE, None):
        found.setdefault("type", replace(fallback, confidence=round(fallback.confidence * _GUESSED, 3)))
    code = codes.find([one.text for one in placed])
    warnings: list[str] = []
    if code is not None:
        found["uscc"], warnings = _code_field(code[0], placed[code[1]])
    if not _is_licence(placed, marks, has_code=code is not None and code[0].is_valid):
        return Extract(is_licence=False, fields={}, warnings=("not_a_licence",))
    warnings += [f"{name}_missing" for name in ASKED if name not in found]
    return Extract(is_licence=True, fields=found, warnings=tuple(warnings))


def _marks(placed: Sequence[Placed]) -> list[Mark]:
    """The labels of a page: those that stand for themselves, and those that stand in a column with such."""
    named = [(one, label_of(one.text)) for one in placed]
    alone = [Mark(label[0], one, "") for one, label in named if label is not None and not label[1]]
    columns = _columns(alone)
    marks = list(alone)
    known = {mark.field for mark in marks}
    for one, label in named:
        if label is not None and label[1]:
            is_certain = label[0] not in known or any(column.begins(one) for column in columns)
            marks += [Mark(label[0], one, label[1])] if is_certain else []
        elif label is None:
            marks += _damaged(one, columns, known)
    return sorted(marks, key=lambda mark: mark.place.middle)


@dataclass(frozen=True, slots=True)
class Column:
    """Labels below each other."""

    left: float
    right: float

    def begins(self, one: Placed) -> bool:
        """Whether a line begins where its labels begin."""
        return abs(one.left - self.left) < _SAME_COLUMN

    def holds(self, one: Placed) -> bool:
        """Whether a line stands within the width of its labels."""
        return self.left - _EDGE < one.left and one.right < self.right + _EDGE


def _columns(marks: Sequence[Mark]) -> list[Column]:
    """The columns of labels that were read whole; one label alone makes none."""
    groups: list[list[Placed]] = []
    for place in sorted((mark.place for mark in marks if mark.field != "uscc"), key=lambda place: place.left):
        if groups and place.left - groups[-1][-1].left < _SAME_COLUMN:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [
        Column(min(one.left for one in group), max(one.right for one in group)) for group in groups if len(group) > 1
    ]


def _damaged(one: Placed, columns: Sequence[Column], known: set[str]) -> list[Mark]:
    """A label of which a character was misread or not seen, where only labels stand."""
    field = half_label_of(one.text) or short_label_of(one.text)
    column = next((column for column in columns if column.holds(one)), None)
    if field is None or column is None or field in known:
        return []
    return [Mark(field, replace(one, left=column.left), "")]


def _first_halves(marks: Sequence[Mark]) -> list[Mark]:
    """Of 名 and 称, read apart, one stands for both."""
    kept: list[Mark] = []
    for mark in marks:
        twin = any(one.field == mark.field and _in_row(one.place, mark.place) for one in kept)
        if not twin:
            kept.append(mark)
    return kept


def _deal_out(placed: Sequence[Placed], marks: Sequence[Mark], *, besides: set[int]) -> None:
    """Give every line to the label that it belongs to, besides the labels themselves."""
    for one in placed:
        if id(one.line) in besides or is_title(one.text):
            continue
        owner = _owner(one, marks)
        if owner is not None:
            owner.lines.append(one)


def _owner(one: Placed, marks: Sequence[Mark]) -> Mark | None:
    """Of the columns of labels that begin left of a line, the nearest; in it the last label that is not below."""
    above = [
        mark for mark in marks if mark.place.left < one.left - _BESIDE and mark.place.middle < one.middle + _SAME_ROW
    ]
    under = [mark for mark in marks if mark.field == "uscc" and abs(mark.place.left - one.left) < _SAME_COLUMN]
    if not above:
        return under[0] if under else None
    nearest = max(mark.place.left for mark in above)
    column = [mark for mark in above if nearest - mark.place.left < _SAME_COLUMN]
    return max(column, key=lambda mark: mark.place.middle)


def _value(mark: Mark, marks: Sequence[Mark]) -> LicenceField | None:
    if mark.field in {OTHER, ISSUER, "uscc"}:
        return None
    column = [one for one in marks if abs(one.place.left - mark.place.left) < _SAME_COLUMN]
    pieces = _pieces(mark, full=max((line.right for one in column for line in one.lines), default=0.0) - _FULL)
    if not pieces:
        return None
    text = values.clean_value(mark.field, "".join(piece for piece, _line in pieces))
    if not text:
        return None
    lines = [line for _piece, line in pieces]
    score = min(line.score for line in lines)
    return LicenceField(text, round(score, 3), _around(_box_of(mark, line) for line in lines))


def _pieces(mark: Mark, *, full: float) -> list[tuple[str, TextLine]]:
    """The texts of a value with their lines, in reading order; it ends where the lines do not follow closely.

    After a line that ends right of `full`, near the edge of its column, the next may be a little further away.
    """
    pieces = [(mark.rest, mark.place.line)] if mark.rest else []
    last = mark.place.middle if mark.rest else None
    ends = mark.place.right if mark.rest else 0.0
    for row in _rows(mark.lines):
        if last is None and not -_SAME_ROW <= row[0].middle - mark.place.middle <= _BELOW:
            break
        if last is not None and not _follows(row[0].middle - last, is_full=ends > full):
            break
        pieces += [(one.text, one.line) for one in row]
        last, ends = row[0].middle, row[-1].right
    return pieces


def _follows(step: float, *, is_full: bool) -> bool:
    return step <= (_NEXT_LINE_OF_A_FULL_ONE if is_full else _NEXT_LINE)


def _rows(lines: Sequence[Placed]) -> list[list[Placed]]:
    rows: list[list[Placed]] = []
    for one in sorted(lines, key=lambda one: one.middle):
        if rows and _in_row(rows[-1][0], one):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _in_row(first: Placed, second: Placed) -> bool:
    return abs(first.middle - second.middle) < _SAME_ROW


def _box_of(mark: Mark, line: TextLine) -> Box:
    """The place of a line, without the label that was read together with it."""
    left, top, right, bottom = line.box
    if line is not mark.place.line:
        return line.box
    share = len(mark.rest) / max(1, len(line.text.replace(" ", "")))
    return max(left, int(right - (right - left) * min(1.0, share + 0.05))), top, right, bottom


def _around(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _code_field(code: codes.Code, place: Placed) -> tuple[LicenceField, list[str]]:
    box, score = place.line.box, place.line.score
    if not code.is_valid:
        return LicenceField(code.value, round(min(score, _INVALID), 3), box), ["code_invalid"]
    if code.was_repaired:
        return LicenceField(code.value, round(min(score, _REPAIRED), 3), box), ["code_repaired"]
    return LicenceField(code.value, round(max(score, 0.99), 3), box), []


def _is_licence(placed: Sequence[Placed], marks: Sequence[Mark], *, has_code: bool) -> bool:
    """A title with some labels; without one (cut off, hidden by a thumb) nearly all labels, the issuer, a true code."""
    labels = {mark.field for mark in marks if mark.field in _OF_A_PAGE}
    if _has_title(placed):
        return len(labels) >= _LABELS_WITH_TITLE
    if any(is_other_title(one.text) for one in placed):
        return False
    issued = any(mark.field == ISSUER for mark in marks)
    return has_code and issued and len(labels) >= _LABELS_WITHOUT


def _has_title(placed: Sequence[Placed]) -> bool:
    if any(is_title(one.text) for one in placed):
        return True
    rows = _rows([one for one in placed if one.height > 1])
    return any(is_title(a.text + b.text) for row in rows for a, b in pairwise(row)) or any(
        is_title("".join(one.text for one in row)) for row in rows
    )
