"""Finds the labels of a page, also damaged ones, and gives every other line to the label that it belongs to."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from onboarding.licences.ocr.labels import ISSUER, half_label_of, is_title, label_of, short_label_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onboarding.licences.ocr.lines import Placed

# All lengths in heights of a usual line of the page.
SAME_ROW: Final = 0.6
SAME_COLUMN: Final = 2.5
_BESIDE: Final = 0.4
_EDGE: Final = 1.0
_SCRAP: Final = 3


@dataclass(slots=True)
class Mark:
    """A label on the page, what follows it in its line, and the lines that belong to it."""

    field: str
    place: Placed
    rest: str
    lines: list[Placed] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Column:
    """Labels below each other."""

    left: float
    right: float

    def begins(self, one: Placed) -> bool:
        """Whether a line begins where its labels begin."""
        return abs(one.left - self.left) < SAME_COLUMN

    def holds(self, one: Placed) -> bool:
        """Whether a line stands within the width of its labels."""
        return self.left - _EDGE < one.left and one.right < self.right + _EDGE


@dataclass(frozen=True, slots=True)
class Page:
    """The labels of a page with their lines, from top to bottom, and the lines that belong to none."""

    marks: Sequence[Mark]
    loose: Sequence[Placed]


def page_of(placed: Sequence[Placed]) -> Page:
    """The page that these lines make."""
    labels, columns = _labels(placed)
    marks = _first_halves(labels)
    besides = {id(mark.place.line) for mark in labels}
    loose: list[Placed] = []
    for one in placed:
        if id(one.line) in besides or is_title(one.text) or _is_in_the_way(one, columns):
            continue
        owner = _owner(one, marks)
        (loose if owner is None else owner.lines).append(one)
    return Page(marks, loose)


def in_row(first: Placed, second: Placed) -> bool:
    """Whether two lines stand side by side."""
    return abs(first.middle - second.middle) < SAME_ROW


def _labels(placed: Sequence[Placed]) -> tuple[list[Mark], list[Column]]:
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
    return sorted(marks, key=lambda mark: mark.place.middle), columns


def _columns(marks: Sequence[Mark]) -> list[Column]:
    """The columns of labels that were read whole."""
    groups: list[list[Placed]] = []
    places = [mark.place for mark in marks if mark.field not in {"uscc", ISSUER}]
    for place in sorted(places, key=lambda place: place.left):
        if groups and place.left - groups[-1][-1].left < SAME_COLUMN:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [Column(min(one.left for one in group), max(one.right for one in group)) for group in groups]


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
        twin = any(one.field == mark.field and in_row(one.place, mark.place) for one in kept)
        if not twin:
            kept.append(mark)
    return kept


def _is_in_the_way(one: Placed, columns: Sequence[Column]) -> bool:
    """A scrap of a label that could not be read: it is no value."""
    return len(one.text.strip()) < _SCRAP and any(column.holds(one) for column in columns)


def _owner(one: Placed, marks: Sequence[Mark]) -> Mark | None:
    """Of the columns of labels that begin left of a line, the nearest; in it the last label that is not below."""
    above = [
        mark for mark in marks if mark.place.left < one.left - _BESIDE and mark.place.middle < one.middle + SAME_ROW
    ]
    under = [mark for mark in marks if mark.field == "uscc" and abs(mark.place.left - one.left) < SAME_COLUMN]
    if not above:
        return under[0] if under else None
    nearest = max(mark.place.left for mark in above)
    column = [mark for mark in above if nearest - mark.place.left < SAME_COLUMN]
    return max(column, key=lambda mark: mark.place.middle)
