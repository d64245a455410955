"""The application as far as listings and offers go, on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from onboarding.listings.views import blueprint
from tests.support.databases import Database
from tests.support.part import part


@pytest.fixture
def app(bare_database: Database, tmp_path: Path) -> Iterator[Flask]:
    with part(blueprint, database_url=bare_database.url, folder=tmp_path / "files") as built:
        yield built
