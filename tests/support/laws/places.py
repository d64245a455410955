"""Where the laws look."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("kernel", "commission", "onboarding", "storefront")
WITH_CONTEXTS = PACKAGES[1:]
WRITTEN_BY_HAND = (*PACKAGES, "tests", "benchmarks", "deploy", "docs", "migrations", "static")
GENERATED = ("migrations/versions/", "static/vendor/")


def files(root: Path, suffixes: str, folders: tuple[str, ...] = PACKAGES) -> Iterator[Path]:
    """Files with one of the suffixes (`".css .js"`) that people write."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root).as_posix()
            if path.suffix in suffixes.split() and path.is_file() and not inside.startswith(GENERATED):
                yield path


def trees(root: Path, folders: tuple[str, ...] = PACKAGES) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file as `(path from the root, syntax tree)`."""
    for path in files(root, ".py", folders):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def contexts(root: Path) -> Iterator[Path]:
    """The directories that are contexts."""
    for package in WITH_CONTEXTS:
        yield from sorted(init.parent for init in (root / package).glob("*/__init__.py"))
