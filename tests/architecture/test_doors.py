"""Imports: the contracts of setup.cfg hold, and contexts are entered by their front doors."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from tests.support.laws.doors import by_the_window
from tests.support.laws.places import PACKAGES, ROOT

WINDOWS = [
    ("storefront.orders.operations", "onboarding.listings.models"),
    ("storefront.cart.views", "onboarding.offers.views"),
    ("onboarding.offers.queries", "onboarding.listings.tasks"),
]
FRONT_DOORS = [
    ("storefront.orders.operations", "onboarding.listings.operations"),
    ("storefront.search.queries", "onboarding.listings.models"),
    ("storefront.app", "storefront.orders.views"),
    ("storefront.orders.views", "kernel.web"),
    ("storefront.orders.views", "storefront.orders.models"),
    ("onboarding.verification.operations", "onboarding.accounts.credit_code"),
]


def test_contexts_are_entered_by_their_doors() -> None:
    complaints = by_the_window(_imports())
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_is_told(window: tuple[str, str]) -> None:
    assert len(by_the_window([window])) == 1


@pytest.mark.parametrize("door", FRONT_DOORS)
def test_a_door_is_open(door: tuple[str, str]) -> None:
    assert by_the_window([door]) == []


def test_the_contracts_hold() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_a_street_walked_backwards_is_told(tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text('"""Sample."""\n')
    (tmp_path / "kernel" / "db.py").write_text("import storefront\n")
    layers = "\n".join(f"    {name}" for name in reversed(PACKAGES))
    contract = f"[importlinter:contract:packages]\nname = One way\ntype = layers\nlayers =\n{layers}\n"
    (tmp_path / "setup.cfg").write_text(f"[importlinter]\nroot_packages =\n{layers}\n{contract}")
    assert "kernel.db -> storefront" in _lint(tmp_path).stdout


def _imports() -> Iterator[tuple[str, str]]:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            yield importer, imported


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c()"
    command = [sys.executable, "-c", code, "--no-cache", "--config", "setup.cfg"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
