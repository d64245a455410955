"""Workbooks with pictures made part by part, as Excel and WPS write them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from tests.onboarding.listings.sheets.made import workbook

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
NAMES = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
SHEET = "xl/worksheets/sheet1.xml"
POINT = 12_700
PNG = b"\x89PNG\r\n\x1a\n"


def with_parts(parts: Mapping[str, bytes | None], data: bytes) -> bytes:
    """The archive with these parts, in place of its own of the same names; None takes one away."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry not in parts:
                new.writestr(entry, old.read(entry))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return packed.getvalue()


def part(data: bytes, name: str) -> str:
    """A part of an archive as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def relations(targets: Sequence[str], kind: str = "image") -> bytes:
    """rId1, rId2, … → these targets; `http…` lies outside the file."""
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="http://x/relationships/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if target.startswith('http') else ''}/>"
        for number, target in enumerate(targets, 1)
    )
    return f"{XML}<Relationships>{lines}</Relationships>".encode()


def floating(
    *anchors: str,
    rows: Sequence[Sequence[object]],
    media: Sequence[str] = (),
    heights: Mapping[int, float] | None = None,
) -> bytes:
    """A workbook of one worksheet with these anchors; `heights` are points by row from 1."""
    data = workbook(rows)
    sheet = part(data, SHEET).replace("</worksheet>", f'<drawing {NAMES} r:id="rId1"/></worksheet>')
    for row, height in (heights or {}).items():
        hidden = ' hidden="1"' if not height else ""
        sheet = sheet.replace(f'<row r="{row}">', f'<row r="{row}" ht="{height}" customHeight="1"{hidden}>')
    files = media or ["../media/image1.png", "../media/image2.png", "../media/image3.png"]
    inside = [name for name in files if not name.startswith("http")]
    parts: dict[str, bytes | None] = {f"xl/media/{name.rpartition('/')[2]}": PNG for name in inside}
    parts[SHEET] = sheet.encode()
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(["../drawings/drawing1.xml"], "drawing")
    parts["xl/drawings/drawing1.xml"] = f"{XML}<xdr:wsDr {NAMES}>{''.join(anchors)}</xdr:wsDr>".encode()
    parts["xl/drawings/_rels/drawing1.xml.rels"] = relations(files)
    return with_parts(parts, data)


def pic(number: int, *, y: int = 0, cy: int = 0) -> str:
    """A picture of the relation of this number; `y` and `cy` are its place in a group."""
    return (
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{number}" name="图片 {number}"/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip r:embed="rId{number}"/></xdr:blipFill>'
        f'<xdr:spPr><a:xfrm><a:off x="0" y="{y}"/><a:ext cx="9" cy="{cy}"/></a:xfrm></xdr:spPr></xdr:pic>'
    )


def mark(tag: str, row: int, points: float) -> str:
    """A corner `points` below the top of a row (from 1)."""
    offset = round(points * POINT)
    return f"<xdr:{tag}><xdr:col>0</xdr:col><xdr:row>{row - 1}</xdr:row><xdr:rowOff>{offset}</xdr:rowOff></xdr:{tag}>"


def one_cell(content: str, row: int, points: float, *, below: float = 0) -> str:
    """`content`, so many points high, `below` the top of a row."""
    ext = f'<xdr:ext cx="9" cy="{round(points * POINT)}"/>'
    return f"<xdr:oneCellAnchor>{mark('from', row, below)}{ext}{content}<xdr:clientData/></xdr:oneCellAnchor>"


def two_cells(content: str, begin: tuple[int, float], end: tuple[int, float]) -> str:
    """`content` from (row, points below its top) to (row, points)."""
    return f"<xdr:twoCellAnchor>{mark('from', *begin)}{mark('to', *end)}{content}</xdr:twoCellAnchor>"


def absolute(content: str, y: float, points: float) -> str:
    """`content` at so many points from the top of the worksheet."""
    place = f'<xdr:pos x="0" y="{round(y * POINT)}"/><xdr:ext cx="9" cy="{round(points * POINT)}"/>'
    return f"<xdr:absoluteAnchor>{place}{content}</xdr:absoluteAnchor>"


def group(content: str, height: int) -> str:
    """Pictures in a group whose own coordinates reach from 0 to `height`."""
    own = f'<a:chOff x="0" y="0"/><a:chExt cx="9" cy="{height}"/>'
    frame = f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/>{own}</a:xfrm>'
    return f"<xdr:grpSp><xdr:nvGrpSpPr/><xdr:grpSpPr>{frame}</xdr:grpSpPr>{content}</xdr:grpSp>"


def _metadata(many: range) -> str:
    """Which rich value stands behind which number of a cell."""
    bks = "".join(f'<bk><extLst><ext uri="{{x}}"><x:rvb i="{n}"/></ext></extLst></bk>' for n in many)
    rcs = "".join(f'<bk><rc t="1" v="{n}"/></bk>' for n in many)
    types = '<metadataTypes><metadataType name="XLRICHVALUE"/></metadataTypes>'
    future = f'<futureMetadata name="XLRICHVALUE">{bks}</futureMetadata>'
    return f'<metadata xmlns:x="x">{types}{future}<valueMetadata>{rcs}</valueMetadata></metadata>'


def in_cells(rows: Sequence[Sequence[object]], values: Mapping[str, int], media: Sequence[str]) -> bytes:
    """A workbook with Excel's pictures in cells: `values` is cell → number of the picture (from 1)."""
    data = workbook(rows)
    sheet = part(data, SHEET)
    for cell, number in values.items():
        row = cell.lstrip("ABCDEFG")
        shown = f'<c r="{cell}" t="e" vm="{number}"><v>#VALUE!</v></c>'
        sheet = sheet.replace(f'<row r="{row}">', f'<row r="{row}">{shown}')
    many = range(len(media))
    parts = {
        SHEET: sheet,
        "xl/metadata.xml": _metadata(many),
        "xl/richData/rdrichvalue.xml": "<rvData>"
        + "".join(f'<rv s="0"><v>{n}</v><v>5</v></rv>' for n in many)
        + "</rvData>",
        "xl/richData/rdrichvaluestructure.xml": '<rvStructures><s t="_localImage">'
        '<k n="_rvRel:LocalImageIdentifier" t="i"/><k n="CalcOrigin" t="i"/></s></rvStructures>',
        "xl/richData/richValueRel.xml": f"<richValueRels {NAMES}>"
        + "".join(f'<rel r:id="rId{n + 1}"/>' for n in many)
        + "</richValueRels>",
    }
    made: dict[str, bytes | None] = {name: text.encode() for name, text in parts.items()}
    made["xl/richData/_rels/richValueRel.xml.rels"] = relations(media)
    made |= {f"xl/media/{name.rpartition('/')[2]}": PNG for name in media if not name.startswith("http")}
    return with_parts(made, data)
