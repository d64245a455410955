"""The command line: naming staff, reading sheets, checking the books."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from storefront.cli import main
from storefront.demo.joining import SHEETS
from storefront.search.index import TantivyIndex
from tests.storefront.search.listings import make_listing
from tests.support import demo


@pytest.fixture
def say(tmp_path: Path) -> Callable[..., Result]:
    runner = CliRunner(env={"DATA_DIR": str(tmp_path), "YUANTOU_ENV": "development"})
    assert runner.invoke(main, ["migrate"]).exit_code == 0
    return lambda *words: runner.invoke(main, ["staff", "add", *words])


@pytest.mark.slow
def test_staff_are_named_with_a_scope_that_exists(say: Callable[..., Result]) -> None:
    assert say("13800138005", "谭敏", "--role", "operator").output == "13800138005 谭敏 operator channel\n"
    assert say("13800138006", "华军", "--role", "operator", "--scope", "belt:danyang-glasses").exit_code == 0
    assert say("13800138006", "华军", "--role", "operator", "--scope", "belt:nowhere").exit_code != 0
    refused = say("123", "谁", "--role", "finance")
    assert (refused.exit_code, "手机号" in refused.output) == (1, True)


@pytest.mark.parametrize(
    ("sheet", "listings"),
    [("qinghe-cashmere.xlsx", 8), ("shishi-garments.xlsx", 5), ("danyang-glasses.xlsx", 6)],
)
def test_a_sheet_is_read_from_the_shell_and_nothing_is_written(tmp_path: Path, sheet: str, listings: int) -> None:
    runner = CliRunner(env={"DATA_DIR": str(tmp_path / "none")})
    read = json.loads(runner.invoke(main, ["sheet", "read", str(SHEETS / sheet), "--json"]).output)
    assert len(read["listings"]) == listings
    assert set(read) >= {"header_rows", "columns", "listings", "problems", "notes"}
    assert set(read["listings"][0]) >= {"code", "title", "category", "attributes", "tiers", "skus", "row", "moq"}
    assert not (tmp_path / "none").exists()


def test_a_file_that_is_no_sheet_is_refused_in_words(tmp_path: Path) -> None:
    picture = tmp_path / "picture.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    answer = CliRunner().invoke(main, ["sheet", "read", str(picture), "--json"])
    assert (answer.exit_code, json.loads(answer.output)["error"]["code"]) == (1, "sheet.not_a_sheet")


def test_reindex_builds_beside_the_index_that_the_worker_holds(tmp_path: Path) -> None:
    runner = CliRunner(env={"DATA_DIR": str(tmp_path), "YUANTOU_ENV": "development"})
    assert runner.invoke(main, ["migrate"]).exit_code == 0
    writer = TantivyIndex(tmp_path / "index")
    writer.put([make_listing(1)])
    writer.commit()
    assert "1 left over" in runner.invoke(main, ["reindex", "--check"]).output
    assert runner.invoke(main, ["reindex"]).output == "0 listings indexed\n"
    assert runner.invoke(main, ["reindex", "--check"]).exit_code == 0
    assert writer.count() == 0
    writer.close()


@pytest.mark.slow
def test_books_tampered_with_behind_a_dropped_trigger_fail_the_check(tmp_path: Path) -> None:
    folder = shutil.copytree(demo.loaded(), tmp_path / "demo")
    runner = CliRunner(env={"DATA_DIR": str(folder), "YUANTOU_ENV": "development"})
    assert "13800138004  薄亮" in runner.invoke(main, ["demo"]).output
    sound = runner.invoke(main, ["ledger", "verify", "--json"])
    assert (sound.exit_code, json.loads(sound.output)["ok"]) == (0, True)
    assert runner.invoke(main, ["self-check"]).exit_code == 0
    with closing(sqlite3.connect(folder / "yuantou.db")) as books, books:
        books.execute("DROP TRIGGER ledger_postings_no_update")
        books.execute("UPDATE ledger_postings SET amount_fen = amount_fen + 1 WHERE entry_id = 1 AND amount_fen > 0")
    assert runner.invoke(main, ["ledger", "verify"]).exit_code == 1


def test_a_file_that_is_no_photograph_of_a_licence_is_refused_in_words(tmp_path: Path) -> None:
    paper = tmp_path / "licence.pdf"
    paper.write_bytes(b"%PDF-1.7\n")
    answer = CliRunner().invoke(main, ["licence", "read", str(paper), "--json"])
    error = json.loads(answer.output)["error"]
    assert (answer.exit_code, error["code"], "截一张屏" in error["message"]) == (1, "photo.pdf", True)
