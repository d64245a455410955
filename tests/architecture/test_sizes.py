"""Length is a budget."""

from pathlib import Path

import pytest

from tests.support.laws.places import ROOT
from tests.support.laws.sizes import too_long

SAMPLES = {
    "kernel/long.py": "x = 1\n" * 301,
    "kernel/deep.py": "def f():\n" + "    x = 1\n" * 40,
    "tests/kernel/test_long.py": "def test_f():\n" + "    x = 1\n" * 25,
    "kernel/templates/long.html": "<p>\n" * 121,
    "static/css/long.css": "a{}\n" * 151,
    "static/js/long.js": "f()\n" * 151,
}


def test_every_file_and_function_keeps_its_budget() -> None:
    complaints = too_long(ROOT)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_one_line_over_is_told(tmp_path: Path, name: str) -> None:
    sample = tmp_path / name
    sample.parent.mkdir(parents=True)
    sample.write_text(SAMPLES[name])
    assert len(too_long(tmp_path)) == 1


def test_vendored_files_have_no_budget(tmp_path: Path) -> None:
    (tmp_path / "static" / "vendor").mkdir(parents=True)
    (tmp_path / "static" / "vendor" / "htmx.js").write_text("f()\n" * 9000)
    assert too_long(tmp_path) == []
