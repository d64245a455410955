"""Budgets of length: what does not fit on a few screens is two things."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.laws.places import PACKAGES, files, trees

MODULE, FUNCTION, TEST, TEMPLATE, FACE = 300, 40, 25, 120, 150
CODE = (*PACKAGES, "tests", "benchmarks")


def too_long(root: Path) -> list[str]:
    """Complain about files and functions over their budget."""
    return [*_files(root), *_functions(root)]


def _files(root: Path) -> Iterator[str]:
    kinds = ((".py", CODE, MODULE), (".html", PACKAGES, TEMPLATE), (".css .js", ("static",), FACE))
    for suffixes, folders, budget in kinds:
        for path in files(root, suffixes, folders):
            lines = path.read_text(encoding="utf-8").count("\n")
            if lines > budget:
                yield f"{path.relative_to(root)}: {lines} lines, at most {budget}"


def _functions(root: Path) -> Iterator[str]:
    for name, tree in trees(root, CODE):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                budget = TEST if node.name.startswith("test_") else FUNCTION
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > budget:
                    yield f"{name}:{node.lineno} {node.name}: {lines} lines, at most {budget}"
