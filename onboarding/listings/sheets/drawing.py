"""Pictures that float over a worksheet (DrawingML): which rows each of them covers, and how much of them.

Heights are EMU (914,400 to the inch, 12,700 to the point). Anchors come in three kinds, pictures may stand in
groups or in the branches of an AlternateContent; of these the first that has a picture counts.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from kernel.errors import DomainError
from onboarding.listings.sheets.markup import Handler, attribute, is_on, parse, whole

MAX_PICTURES: Final = 20_000  # on one worksheet
_MAX_NODES: Final = 20_000  # of one anchor
_MAX_DEPTH: Final = 60
_MAX_SPAN: Final = 300  # rows; what covers more is a background, no picture of goods
_NUMBER_CHARS: Final = 20
_POINT: Final = 12_700
_ANCHORS: Final = frozenset({"oneCellAnchor", "twoCellAnchor", "absoluteAnchor"})
_HOLDERS: Final = frozenset({"pic", "sp"})
_EVEN: Final = 0.05


@dataclass(frozen=True)
class Picture:
    """One picture: its media part (lower-case name) or, without one, the problem's code; its top left cell.

    `covers` is row → height; `whole` says that it covers the row of its top left corner from end to end.
    """

    media: str
    row: int
    column: int
    covers: Mapping[int, int]
    whole: bool
    fault: str = ""


@dataclass(frozen=True)
class Floating:
    """A picture as a drawing names it, by the id of its relation; without an id it is only linked."""

    relation: str
    row: int
    column: int
    covers: Mapping[int, int]
    whole: bool


class Rows:
    """The heights of a worksheet's rows, to find the row under a place."""

    def __init__(self, default: float, heights: Mapping[int, float]) -> None:
        self._default = round(default * _POINT)
        self._rows = sorted(heights)
        self._heights = {row: round(heights[row] * _POINT) for row in self._rows}
        extra = (self._heights[row] - self._default for row in self._rows)
        self._extra = [0, *accumulate(extra)]

    def height(self, row: int) -> int:
        """How high a row is; 0 when it is hidden."""
        return self._heights.get(row, self._default)

    def top(self, row: int) -> int:
        """How far below the first row's top a row begins."""
        return row * self._default + self._extra[bisect_left(self._rows, row)]

    def at(self, place: int) -> int:
        """The row at a height."""
        low, high = 0, 1 << 20
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.top(middle) <= place else (low, middle - 1)
        return low


@dataclass
class _Node:
    tag: str
    attributes: dict[str, str]
    children: list["_Node"] = field(default_factory=list)
    text: str = ""

    def child(self, *path: str) -> "_Node | None":
        node: _Node | None = self
        for tag in path:
            node = next((one for one in node.children if one.tag == tag), None) if node else None
        return node

    def number(self, *path: str) -> int:
        node = self.child(*path)
        return whole(node.text) if node else 0


@dataclass(frozen=True)
class _Span:
    """From where to where something reaches."""

    top: float
    bottom: float


def floating(xml: bytes, rows: Rows) -> list[Floating]:
    """The pictures of a drawing. Raises DomainError `sheet.damaged`, `sheet.bomb`."""
    walker = _Walker(rows)
    parse(xml, walker)
    return walker.found


class _Walker(Handler):
    """Builds the tree of one anchor at a time, and forgets it when its pictures are known."""

    def __init__(self, rows: Rows) -> None:
        self.found: list[Floating] = []
        self._rows = rows
        self._stack: list[_Node] = []
        self._nodes = 0
        self._before = 0  # pictures found before an AlternateContent around whole anchors
        self._passed_over = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._stack and tag not in _ANCHORS:
            self._before = len(self.found) if tag == "AlternateContent" else self._before
            self._passed_over = tag == "Fallback" and len(self.found) > self._before
            return
        self._nodes = self._nodes + 1 if self._stack else 0
        if self._nodes > _MAX_NODES or len(self._stack) > _MAX_DEPTH:
            raise DomainError("sheet.damaged")
        node = _Node(tag, attributes)
        if self._stack:
            self._stack[-1].children.append(node)
        self._stack.append(node)

    def text(self, text: str) -> None:
        if self._stack:
            self._stack[-1].text = (self._stack[-1].text + text)[:_NUMBER_CHARS]

    def end(self, tag: str) -> None:
        if not self._stack:
            self._passed_over = self._passed_over and tag != "Fallback"
            return
        anchor = self._stack.pop()
        if not self._stack and not self._passed_over and len(self.found) < MAX_PICTURES:
            self.found.extend(_pictures(anchor, self._rows))


def _pictures(anchor: _Node, rows: Rows) -> Iterator[Floating]:
    row, column, span = _place(anchor, rows)
    for content in _branches(anchor):
        if content.tag in {*_HOLDERS, "grpSp"}:
            for relation, part in _inside(content, span):
                first = row if part == span else rows.at(round(part.top))
                yield _floating(relation, first, column, part, rows)


def _place(anchor: _Node, rows: Rows) -> tuple[int, int, _Span]:
    """The top left cell of an anchor, and from where to where it reaches."""
    if anchor.tag == "absoluteAnchor":
        top = whole(attribute(position.attributes, "y")) if (position := anchor.child("pos")) else 0
        row, column = rows.at(top), 0
    else:
        row, column = max(0, anchor.number("from", "row")), max(0, anchor.number("from", "col"))
        top = rows.top(row) + min(anchor.number("from", "rowOff"), rows.height(row))
    if anchor.tag == "twoCellAnchor":
        last = anchor.number("to", "row")
        bottom = rows.top(last) + min(anchor.number("to", "rowOff"), rows.height(last))
    else:
        bottom = top + (whole(attribute(size.attributes, "cy")) if (size := anchor.child("ext")) else 0)
    return row, column, _Span(top, max(top, bottom))


def _branches(node: _Node) -> Iterator[_Node]:
    """The children of a node; of an AlternateContent those of its first branch that has a picture."""
    for child in node.children:
        if child.tag != "AlternateContent":
            yield child
            continue
        branch = next((one for one in child.children if any(_blips(one))), None)
        yield from _branches(branch) if branch else ()


def _blips(node: _Node) -> Iterator[_Node]:
    if node.tag == "blip":
        yield node
    for child in node.children:
        yield from _blips(child)


def _inside(content: _Node, span: _Span) -> Iterator[tuple[str, _Span]]:
    """The pictures of a shape or of a group, each with its own part of the span; hidden ones are not there."""
    named = next((one.child("cNvPr") for one in content.children if one.tag.startswith("nv")), None)
    if named and is_on(named.attributes.get("hidden", "")):
        return
    if content.tag in _HOLDERS:
        yield from ((attribute(blip.attributes, "embed"), span) for blip in list(_blips(content))[:1])
        return
    frame = content.child("grpSpPr", "xfrm")
    for child in _branches(content):
        if child.tag in {*_HOLDERS, "grpSp"}:
            yield from _inside(child, _part(child, frame, span))


def _part(child: _Node, frame: _Node | None, span: _Span) -> _Span:
    """Where a child of a group lies, by the group's own coordinates."""
    own = child.child("spPr", "xfrm") or child.child("grpSpPr", "xfrm")
    if frame is None or own is None:
        return span
    begin, length = _measure(frame, "chOff", "y"), _measure(frame, "chExt", "cy")
    if length <= 0:
        return span
    scale = (span.bottom - span.top) / length
    top = span.top + (_measure(own, "off", "y") - begin) * scale
    return _Span(top, top + max(0, _measure(own, "ext", "cy")) * scale)


def _measure(frame: _Node, tag: str, name: str) -> int:
    node = frame.child(tag)
    return whole(attribute(node.attributes, name)) if node else 0


def _floating(relation: str, row: int, column: int, span: _Span, rows: Rows) -> Floating:
    if not rows.height(row):
        return Floating(relation, row, column, {}, whole=False)  # it went out of sight with its row
    covers: dict[int, int] = {}
    last = rows.at(max(round(span.bottom) - 1, round(span.top)))
    for number in range(row, last + 1 if last - row < _MAX_SPAN else row):
        begin = rows.top(number)
        height = min(span.bottom, begin + rows.height(number)) - max(span.top, begin)
        if height > 0:
            covers[number] = round(height)
    even = covers.get(row, 0) >= rows.height(row) * (1 - _EVEN)
    return Floating(relation, row, column, covers, even)
