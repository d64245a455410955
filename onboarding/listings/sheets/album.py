"""All pictures of a workbook: which worksheet and which cells each stands on, and where its bytes lie."""

from collections.abc import Iterator, Mapping
from typing import Final

from kernel.errors import DomainError
from kernel.photos import PHOTO_CAP_BYTES
from onboarding.listings.sheets.archive import Unpacked
from onboarding.listings.sheets.cell_pictures import rich_pictures, wps_pictures
from onboarding.listings.sheets.drawing import MAX_PICTURES, Picture, Rows, floating
from onboarding.listings.sheets.markup import Relation, relations
from onboarding.listings.sheets.scan import SheetScan

MISSING: Final = "picture_missing"
TOO_LARGE: Final = "picture_too_large"
UNREADABLE: Final = "pictures_unreadable"
_NOWHERE: Final = Relation("", "")


class Album:
    """The pictures of one workbook. A part about them that is damaged loses its pictures, never a row."""

    def __init__(self, unpacked: Unpacked) -> None:
        self._parts = unpacked.around
        self._media = unpacked.media
        self._damaged = False
        try:
            self._named, self._rich = wps_pictures(self._parts), rich_pictures(self._parts)
        except DomainError:
            self._named, self._rich, self._damaged = {}, {}, True

    def of_worksheet(self, path: str, scan: SheetScan) -> tuple[Picture, ...]:
        """The pictures of a worksheet (lower-case path) from top to bottom, those of equal rows from left to right."""
        found = [*self._in_cells(scan)]
        try:
            found += self._floating(path, scan)
        except DomainError:
            found.append(Picture("", 0, 0, {}, whole=False, fault=UNREADABLE))
        if self._damaged and (scan.named or scan.rich):
            found.append(Picture("", 0, 0, {}, whole=False, fault=UNREADABLE))
        return tuple(sorted(found, key=lambda picture: (picture.row, picture.column))[:MAX_PICTURES])

    def _in_cells(self, scan: SheetScan) -> Iterator[Picture]:
        if not self._damaged:
            for (row, column), name in scan.named.items():
                yield self._picture(self._named.get(name, _NOWHERE), row, column, {row: 1}, whole=True)
        for (row, column), number in scan.rich.items():
            if number in self._rich:
                yield self._picture(self._rich[number], row, column, {row: 1}, whole=True)

    def _floating(self, path: str, scan: SheetScan) -> Iterator[Picture]:
        drawing = relations(self._parts, path).get(scan.drawing, _NOWHERE).target if scan.drawing else ""
        if drawing not in self._parts:
            return
        targets = relations(self._parts, drawing)
        for one in floating(self._parts[drawing], Rows(scan.default_height, scan.heights)):
            target = targets.get(one.relation, _NOWHERE)
            yield self._picture(target, one.row, one.column, one.covers, whole=one.whole)

    def _picture(self, where: Relation, row: int, column: int, covers: Mapping[int, int], *, whole: bool) -> Picture:
        size = self._media.get(where.target)
        if size is None:
            return Picture("", row, column, covers, whole, MISSING)
        if size > PHOTO_CAP_BYTES:
            return Picture("", row, column, covers, whole, TOO_LARGE)
        return Picture(where.target, row, column, covers, whole)
