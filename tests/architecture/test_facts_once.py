"""Each fact stands once in the table of what follows from it: of two lines the second would hide the first."""

import ast
from collections import Counter
from pathlib import Path

TABLE = Path(__file__).parents[2] / "storefront" / "jobs.py"


def repeated(source: str) -> list[str]:
    """The keys that stand more than once in a dictionary of a module."""
    dicts = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Dict)]
    keys = [Counter(ast.unparse(key) for key in node.keys if key) for node in dicts]
    return [key for counted in keys for key, times in counted.items() if times > 1]


def test_each_fact_stands_once() -> None:
    assert repeated(TABLE.read_text(encoding="utf-8")) == []


def test_a_second_line_is_noticed() -> None:
    assert repeated("A = {a.B: 1, a.C: 2, a.B: 3}") == ["a.B"]
