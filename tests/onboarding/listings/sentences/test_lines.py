"""`yuantou listings parse`: a line in, a line out, at once; what is broken or endless is told in words."""

import json
import subprocess
import sys
from io import BytesIO

import pytest
from click.testing import CliRunner

from onboarding.listings.sentences.lines import read_lines
from storefront.cli import main
from tests.support.laws.places import ROOT

PRICES = ["tiers", "retail_price_fen", "drop_ship_price_fen", "moq"]
FIELDS = ["code", "title", "category", "attributes", "private", *PRICES, "skus", "row", "pictures", "problems"]


def test_every_line_has_one_answer_of_the_shape_of_a_sheet() -> None:
    typed = "纯羊绒围巾 6个颜色 出厂价118 起批5条 现货2400\n\n羊绒帽 58元\r\n".encode()
    printed = CliRunner().invoke(main, ["listings", "parse"], input=typed)
    scarf, nothing, cap = (json.loads(line) for line in printed.output.splitlines())
    assert (printed.exit_code, [list(one) for one in (scarf, nothing, cap)]) == (0, [FIELDS] * 3)
    assert (scarf["tiers"], scarf["moq"], scarf["row"]) == ([{"min_qty": 5, "price_fen": 11_800}], 5, 1)
    assert scarf["skus"] == [{"options": {}, "stock": 2400, "made_to_order": False, "price_fen": None}]
    assert [problem["code"] for problem in scarf["problems"]] == ["colours_unnamed"]
    assert ([problem["code"] for problem in nothing["problems"]], nothing["skus"], cap["row"]) == (
        ["line_empty"],
        [],
        3,
    )


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (b"\xff\xfe", ["line_not_text"]),
        ("围巾 出厂价1".encode() + b"\x80" + b"18", ["line_not_text"]),
        (b"\0", ["line_empty"]),
        ("\u202e 围巾 118元\u202c".encode(), []),
        ("\ufeff围巾 118元".encode(), []),
        ("围".encode() * 5000, ["line_too_long"]),
        (b"1" * 3_000_000, ["line_too_long"]),
    ],
)
def test_a_broken_line_is_told_and_the_next_is_read(line: bytes, codes: list[str]) -> None:
    broken, whole = read_lines(BytesIO(line + b"\n" + "帽 58元".encode()))
    assert [problem.code for problem in broken.problems] == codes
    assert (whole.listing.title, whole.listing.row, whole.listing.tiers[0].price_fen) == ("帽", 2, 5_800)


def test_it_prints_as_it_goes_and_ends_quietly_when_nobody_listens() -> None:
    command = [sys.executable, "-m", "storefront.cli", "listings", "parse"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write("围巾 118元\n".encode())
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["title"] == "围巾"
        running.stdout.close()
        running.stdin.write("帽 58元\n".encode() * 2)
        running.stdin.close()
        assert running.stderr.read() == b""
