"""Opens one .xls in a process of its own: bytes on standard input, JSON on standard output.

The old format cannot be looked through beforehand as XML can, and a hostile file may ask for gigabytes or
make the reader abort; here that ends this process alone. Run by path, so it imports no package of ours.
"""

import datetime as dt
import io
import json
import resource
import sys

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
DATES = (dt.date, dt.time, dt.timedelta)


def main() -> None:
    """Print `{"error": code}` or `{"sheets": [{name, rows, merged, dates}]}`; numbers come as text."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    max_rows, max_columns = (int(number) for number in sys.argv[1:3])
    json.dump(_read(sys.stdin.buffer.read(), max_rows, max_columns), sys.stdout)


def _read(data: bytes, max_rows: int, max_columns: int) -> dict[str, object]:
    import python_calamine  # noqa: PLC0415 - only after the limits are set

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
    except python_calamine.PasswordError:
        return {"error": "sheet.encrypted"}
    sheets = []
    for meta in book.sheets_metadata:
        if meta.visible != python_calamine.SheetVisibleEnum.Visible:
            continue
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.end is not None and sheet.end[0] >= max_rows:
            return {"error": "sheet.too_many_rows"}
        if sheet.end is not None and sheet.end[1] >= max_columns:
            return {"error": "sheet.too_many_columns"}
        cells = sheet.to_python(skip_empty_area=False)
        rows = [[_text(cell) for cell in row] for row in cells]
        dates = [(r, c) for r, row in enumerate(cells) for c, cell in enumerate(row) if isinstance(cell, DATES)]
        sheets.append({"name": meta.name, "rows": rows, "merged": sheet.merged_cell_ranges or [], "dates": dates})
    return {"sheets": sheets}


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)


if __name__ == "__main__":
    main()
