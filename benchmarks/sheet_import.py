"""A price sheet of 20,000 rows handed in and made drafts of, end to end: web pages here, all the work in a worker.

python -m benchmarks.sheet_import [ROWS]

The worker is a process of its own, as in a deployment, and so is its memory: `idle` is what it needs before, the peak
is what the sheet costs it. The reference is the same workbook opened by the library alone, cells laid out and nothing
understood. Exit 1 above the targets. Then a sheet of 200,000 rows: it has to be refused, in words, without taking the
memory.
"""

from __future__ import annotations

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
from sqlalchemy import select

from kernel.db import session
from kernel.work import drain
from onboarding.listings.models import SheetImport
from storefront.app import create_app
from storefront.config import Config
from storefront.jobs import PLAN
from storefront.reference import prepare
from tests.support.goods import make_factory, send_sheet, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

ROWS = 20_000
TOO_MANY = 200_000
SECONDS = 60.0
MEGABYTES = 300
HEADS = ("货号", "品名", "颜色", "尺码", "材质", "出厂价", "建议零售价", "库存", "起订量", "备注")


def main(rows: int) -> int:
    """Print a line for each step; 1 when a target is missed."""
    with ProcessPoolExecutor(1, get_context("spawn")) as studio:  # making them needs more memory than reading them
        small, large = studio.submit(_workbook, rows).result(), studio.submit(_workbook, TOO_MANY).result()
    spawn = get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, spawn) as worker:
        app = create_app(Config(data_dir=Path(folder)))
        prepare(app)
        with app.app_context():
            browser = signed_in(app, make_factory())
            idle = worker.submit(_work, folder).result()
            print(f"{'worker, idle':<28}{idle:>20.0f} MB")
            with _step("reference: cells laid out") as reference:
                python_calamine.load_workbook(io.BytesIO(small)).get_sheet_by_index(0).to_python()
            slower = max(_imported(browser, worker, folder, small, word) for word in ("", ", again"))
            peak = worker.submit(_peak_mb).result() - idle
            with _step(f"{TOO_MANY} rows refused"):
                _refused(browser, worker, folder, large)
            more = worker.submit(_peak_mb).result() - idle
    print(f"\n{rows} rows, at worst: {slower:.1f} s, {slower / reference[0]:.0f} × the reference; {peak:.0f} MB more")
    print(f"with the sheet of {TOO_MANY} rows: {more:.0f} MB more")
    return int(slower > SECONDS or max(peak, more) > MEGABYTES)


def _work(folder: str) -> float:
    """In the worker's process: do all that waits; the most memory it ever had."""
    app = create_app(Config(data_dir=Path(folder)))
    with app.app_context():
        drain(PLAN, ports=app.extensions["ports"])
    return _peak_mb()


def _imported(browser: FlaskClient, worker: ProcessPoolExecutor, folder: str, data: bytes, word: str) -> float:
    """Seconds from handing the sheet in to the page that says what became of it."""
    with _step(f"handed in{word}") as sent:
        place = send_sheet(browser, data, "报价.xlsx").headers["Location"]
    with _step(f"read by the worker{word}") as read:
        worker.submit(_work, folder).result()
    with _step(f"page to look through{word}") as shown:
        assert browser.get(place).status_code == 200
    with _step(f"asked for{word}") as asked:
        assert browser.post(f"{place}/listings", data={"markup_percent": "50"}).status_code == 303
    with _step(f"written by the worker{word}") as written:
        worker.submit(_work, folder).result()
    session().rollback()
    result = session().scalars(select(SheetImport.result).order_by(SheetImport.id.desc())).first() or {}
    print({name: result[name] for name in ("created", "updated", "unchanged", "skus")})
    return sum(step[0] for step in (sent, read, shown, asked, written))


def _refused(browser: FlaskClient, worker: ProcessPoolExecutor, folder: str, data: bytes) -> None:
    send_sheet(browser, data, "太长.xlsx")
    worker.submit(_work, folder).result()
    session().rollback()
    newest = select(SheetImport.error_code, SheetImport.error_params).order_by(SheetImport.id.desc())
    code, params = session().execute(newest).first() or ("", {})
    print(code, params)
    if not code:
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


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
