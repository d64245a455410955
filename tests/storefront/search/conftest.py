import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storefront.search.index import TantivyIndex
from tests.storefront.search.listings import BELTS, Make, make_listing


@pytest.fixture
def make() -> Make:
    return make_listing


@pytest.fixture
def index(tmp_path: Path) -> Iterator[TantivyIndex]:
    opened = TantivyIndex(tmp_path / "index")
    yield opened
    opened.close()


@pytest.fixture
def goods(index: TantivyIndex, make: Make, request: pytest.FixtureRequest) -> TantivyIndex:
    """An index of the `GOODS` of a test's module: their titles and categories."""
    index.rebuild(
        make(number, title, category=category) for number, (title, category) in enumerate(request.module.GOODS)
    )
    return index


@pytest.fixture(scope="session")
def judged() -> dict[str, Any]:
    """Queries with the titles that must and must not be found; committed before the rules."""
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("judged.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="session")
def judged_index(judged: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    opened = TantivyIndex(tmp_path_factory.mktemp("judged"))
    opened.rebuild(
        make_listing(i, each["title"], belt=each["belt"], belt_name=BELTS.get(each["belt"], ""), category="")
        for i, each in enumerate(judged["titles"])
    )
    opened.close()
    return opened
