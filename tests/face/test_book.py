"""The book of pages: it shows what is there, and every page of it opens for whoever is before it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.book.contents import contents, picture_names
from tests.support.book.pages import LEAVES, addresses, owner_of
from tests.support.book.stage import cookie_of, opened
from tests.support.browser import PICTURES
from tests.support.visitor import Visitor

A_PAGE = 180_000  # bytes of all pictures of one page
LEAST_PAGES = 24


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with opened(tmp_path_factory.mktemp("book") / "demo") as app:
        app.test_client_class = Visitor
        yield app


def test_the_contents_list_exactly_the_pictures_that_are_there() -> None:
    listed = re.findall(r"\(([\w-]+\.webp)\)", (PICTURES / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in PICTURES.glob("*.webp")) == sorted(picture_names())
    assert (PICTURES / "README.md").read_text(encoding="utf-8") == contents()


def test_the_book_is_whole_and_small() -> None:
    assert len(LEAVES) >= LEAST_PAGES
    assert {path.suffix for path in PICTURES.iterdir()} == {".webp", ".md"}
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) <= A_PAGE * len(LEAVES)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_a_picture_shown_elsewhere_is_in_the_book(page: str) -> None:
    shown = re.findall(r"docs/screenshots/([\w.-]+\.webp)", (PICTURES.parents[1] / page).read_text(encoding="utf-8"))
    assert shown
    assert set(shown) <= set(picture_names())


@pytest.mark.slow
def test_every_page_opens_for_whoever_is_before_it(channel: Flask) -> None:
    places, answers = addresses(), {}
    for leaf in LEAVES:
        browser = channel.test_client()
        if cookie := cookie_of(channel, owner_of(leaf)):
            browser.set_cookie(channel.config["SESSION_COOKIE_NAME"], cookie)
        answers[leaf.name] = browser.get(places[leaf.name], follow_redirects=True)
    assert {name: answer.status_code for name, answer in answers.items()} == {leaf.name: leaf.status for leaf in LEAVES}
    assert [name for name, answer in answers.items() if answer.request.path.startswith("/sign-in")] == ["sign-in"]
