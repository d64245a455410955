"""A price sheet of 20,000 rows from its bytes to draft listings: seconds and memory of each step, beside a reference.

python -m benchmarks.sheet_import [ROWS]

The reference is the same workbook opened by the library alone, cells laid out and nothing understood. Exit 1 above
the targets. Then a sheet of 200,000 rows: it has to be refused, in words, without taking the memory. `before` is what
the process had in memory when the application stood ready.
"""

from __future__ import annotations

import gc
import io
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import python_calamine

from kernel.db import db, session
from kernel.errors import DomainError
from kernel.files import Files
from onboarding.listings import operations, preview, tasks
from onboarding.listings.models import SheetImport
from onboarding.listings.sheets.reader import read_sheet
from storefront.app import create_app
from storefront.config import Config
from storefront.reference import prepare
from tests.cast import NOW
from tests.support.goods import make_factory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from kernel.permissions import Actor

ROWS = 20_000
TOO_MANY = 200_000
SECONDS = 60.0
MEGABYTES = 300
HEADS = ("货号", "品名", "颜色", "尺码", "材质", "出厂价", "建议零售价", "库存", "起订量", "备注")


def main(rows: int) -> int:
    """Print a line for each step; 1 when a target is missed."""
    with ProcessPoolExecutor(1, get_context("spawn")) as studio:  # making them needs more memory than reading them
        small, large = studio.submit(_workbook, rows).result(), studio.submit(_workbook, TOO_MANY).result()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(data_dir=Path(folder)))
        prepare(app)
        with app.app_context():
            owner = make_factory()
            gc.collect()
            before = _now_mb()
            print(f"{'before':<28}{before:>20.0f} MB")
            with _step("reference: cells laid out") as reference:
                python_calamine.load_workbook(io.BytesIO(small)).get_sheet_by_index(0).to_python()
            slower = max(_imported(app, owner, small, word) for word in ("", ", again"))
            peak = _peak_mb() - before
            with _step(f"{TOO_MANY} rows refused"):
                _refused(large)
    more = _peak_mb() - before
    print(f"\n{rows} rows, at worst: {slower:.1f} s, {slower / reference[0]:.0f} × the reference; {peak:.0f} MB more")
    print(f"with the sheet of {TOO_MANY} rows: {more:.0f} MB more")
    return int(slower > SECONDS or max(peak, more) > MEGABYTES)


def _imported(app: Flask, owner: Actor, data: bytes, word: str) -> float:
    """Seconds from the bytes to the listings: reading, the preview, writing."""
    ports = app.extensions["ports"]
    key = ports.get(Files).put(data)
    sheet = operations.upload_sheet(actor=owner, filename="报价.xlsx", file_key=key, now=NOW).public_id
    with _step(f"read{word}") as read:
        tasks.read_sheet({"sheet_import": sheet}, ports=ports, now=NOW)
    with _step(f"preview{word}") as shown, app.test_request_context():
        preview.preview(session().query(SheetImport).filter_by(public_id=sheet).one().reading)
    with _step(f"listings written{word}") as written:
        result = operations.import_listings(
            actor=owner, sheet_import=sheet, stock_meaning="total", markup_bp=5_000, now=NOW
        )
    print({name: result[name] for name in ("created", "updated", "unchanged", "skus")})
    db.session.remove()
    return read[0] + shown[0] + written[0]


def _refused(data: bytes) -> None:
    try:
        read_sheet(data, "x.xlsx")
    except DomainError as refusal:
        print(refusal.code, refusal.params)
    else:
        raise AssertionError("a sheet that large was read")


def _workbook(rows: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("报价")
    sheet.append(["某某羊绒制品厂 报价单"])
    sheet.append(HEADS)
    for row in range(rows):
        price = 20 + row % 90
        sheet.append(
            [f"G{row:06d}", f"羊绒围巾 {row} 号", "驼色", "均码", "100%羊绒", price, price * 2, row % 500, 2, "现货"]
        )
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@contextmanager
def _step(name: str) -> Iterator[list[float]]:
    began, seconds = time.perf_counter(), list[float]()
    yield seconds
    seconds.append(time.perf_counter() - began)
    print(f"{name:<28}{seconds[0]:>10.2f} s{_peak_mb():>8.0f} MB at most")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _now_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
