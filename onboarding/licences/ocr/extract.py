"""From lines to fields: every line belongs to the label left of it or above it, and a label's lines are its value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from onboarding.licences.ocr import codes, values
from onboarding.licences.ocr.dates import is_endless
from onboarding.licences.ocr.labels import FALLBACK_TYPE, ISSUER, OTHER, is_other_title, is_title
from onboarding.licences.ocr.lines import Placed, TextLine, flatten
from onboarding.licences.ocr.marks import SAME_COLUMN, SAME_ROW, Mark, Page, in_row, page_of
from onboarding.licences.ocr.reading import ASKED, LicenceField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from onboarding.licences.ocr.reading import Box

# All lengths in heights of a usual line of the page.
_NEXT_LINE: Final = 1.5
_NEXT_LINE_OF_A_FULL_ONE: Final = 2.4
_FULL: Final = 3.5
_BELOW: Final = 0.9

_LABELS_WITH_TITLE: Final = 3
_LABELS_WITHOUT: Final = 5
_REPAIRED: Final = 0.6
_INVALID: Final = 0.3
_GUESSED: Final = 0.8
_NO_VALUE: Final = frozenset((OTHER, ISSUER, "uscc"))
_OF_A_PAGE: Final = frozenset(("name", "type", "legal_representative", "address", "established_on", "business_scope"))


@dataclass(frozen=True, slots=True)
class Extract:
    """What the lines of a page say, and whether they are a licence's."""

    is_licence: bool
    fields: Mapping[str, LicenceField]
    warnings: tuple[str, ...]


def extract(lines: Sequence[TextLine]) -> Extract:
    """The fields of a page of lines, upright but as crooked as the camera saw them."""
    placed = flatten(lines)
    page = page_of(placed)
    code = codes.find([one.text for one in placed])
    if not _is_licence(placed, page, has_code=code is not None and code[0].is_valid):
        return Extract(is_licence=False, fields={}, warnings=("not_a_licence",))
    found = _fields(page)
    warnings: list[str] = []
    if code is not None:
        found["uscc"], warnings = _code_field(code[0], placed[code[1]])
    warnings += [f"{name}_missing" for name in ASKED if name not in found]
    return Extract(is_licence=True, fields=found, warnings=tuple(warnings))


def _fields(page: Page) -> dict[str, LicenceField]:
    """Values by their labels; then what can only be one thing, though nobody saw its label."""
    found: dict[str, LicenceField] = {}
    used: set[int] = set()
    for mark in page.marks:
        pieces = [] if mark.field in _NO_VALUE else _pieces(mark, full=_edge_of(mark, page.marks) - _FULL)
        value = _value(mark, pieces)
        if value and mark.field not in found:
            found[mark.field] = value
            used |= {id(line) for _text, line in pieces}
    form = found.pop(FALLBACK_TYPE, None)
    left = [one for mark in page.marks if mark.field != "business_scope" for one in mark.lines]
    for field in ("name", "type", "address"):
        loose = (one for one in (*page.loose, *left) if id(one.line) not in used)
        guess = next((one for one in loose if values.can_only_be(field, one.text)), None)
        if field not in found and guess is not None:
            text = values.clean_value(field, guess.text)
            found[field] = LicenceField(text, round(guess.line.score * _GUESSED, 3), guess.line.box)
    if form is not None:
        found.setdefault("type", replace(form, confidence=round(form.confidence * _GUESSED, 3)))
    return found


def _edge_of(mark: Mark, marks: Sequence[Mark]) -> float:
    """Where the widest value of a label's column ends."""
    column = [one for one in marks if abs(one.place.left - mark.place.left) < SAME_COLUMN]
    return max((line.right for one in column for line in one.lines), default=0.0)


def _value(mark: Mark, pieces: Sequence[tuple[str, TextLine]]) -> LicenceField | None:
    written = "".join(piece for piece, _line in pieces)
    text = values.clean_value(mark.field, written)
    if not text and not (mark.field == "expires_on" and is_endless(written)):
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
        if last is None and not -SAME_ROW <= row[0].middle - mark.place.middle <= _BELOW:
            break
        if last is not None and not _follows(row[0].middle - last, is_full=ends > full):
            break
        if last is not None and values.is_of_another(mark.field, row[0].text):
            break
        pieces += [(one.text, one.line) for one in row]
        last, ends = row[0].middle, row[-1].right
    return pieces


def _follows(step: float, *, is_full: bool) -> bool:
    return step <= (_NEXT_LINE_OF_A_FULL_ONE if is_full else _NEXT_LINE)


def _rows(lines: Sequence[Placed]) -> list[list[Placed]]:
    rows: list[list[Placed]] = []
    for one in sorted(lines, key=lambda one: one.middle):
        if rows and in_row(rows[-1][0], one):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: one.left) for row in rows]


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


def _is_licence(placed: Sequence[Placed], page: Page, *, has_code: bool) -> bool:
    """A title with some labels; without one (cut off, hidden by a thumb) nearly all labels, the issuer, a true code."""
    labels = {mark.field for mark in page.marks if mark.field in _OF_A_PAGE}
    if _has_title(placed):
        return len(labels) >= _LABELS_WITH_TITLE
    if any(is_other_title(one.text) for one in placed):
        return False
    issued = any(mark.field == ISSUER for mark in page.marks)
    return has_code and issued and len(labels) >= _LABELS_WITHOUT


def _has_title(placed: Sequence[Placed]) -> bool:
    if any(is_title(one.text) for one in placed):
        return True
    rows = _rows([one for one in placed if one.height > 1])
    return any(is_title(a.text + b.text) for row in rows for a, b in pairwise(row)) or any(
        is_title("".join(one.text for one in row)) for row in rows
    )
