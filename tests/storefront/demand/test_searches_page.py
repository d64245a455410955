"""What operators read of searches: figures that agree with what was done, files that are safe, for them alone."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from kernel.clock import Clock, business_date
from kernel.db import session
from kernel.permissions import Role, Scope
from storefront.demand.journal import Journal
from storefront.demand.models import SearchClick, SearchKey, SearchNote, SearchSum
from storefront.demand.queries import Totals, popular, positions, sought, totals
from storefront.demand.rules import KEPT_DAYS, middle, stretches
from storefront.demand.tasks import tidy
from tests.attacks.town import staff
from tests.cast import FANG, NOW, TAN
from tests.storefront.conftest import browser_of
from tests.storefront.demand.conftest import Seek
from tests.support.statements import statements

TODAY = business_date(NOW)


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return browser_of(app, staff(TAN, Role.OPERATOR))


@pytest.fixture
def day(seek: Seek, journal: Journal, goods: str) -> None:
    """Four searches of three visitors, one of whom opens the scarf; one finds nothing; a page turned is none."""
    seek("围巾", 1, opens=goods)
    seek("围巾", 1, also="&page=2")
    seek("围巾", 2)
    seek("航天飞机", 2)
    seek("羊绒围巾 潜水艇", 3)
    journal.flush()


@pytest.mark.usefixtures("day")
def test_the_figures_are_those_of_what_was_done() -> None:
    assert totals(TODAY, TODAY) == Totals(searches=4, people=4, missed=1, relaxed=1, corrected=0, clicked=1)
    scarf, *_others = sought(TODAY, TODAY)
    assert (scarf.text, scarf.searches, scarf.people, scarf.hits) == ("围巾", 2, 2, 1)
    assert (scarf.click_bp, scarf.mean_tenths) == (5_000, 10)
    assert [one.text for one in sought(TODAY, TODAY, by="missed")] == ["航天飞机"]
    assert [one.text for one in sought(TODAY, TODAY, by="relaxed")] == ["羊绒围巾 潜水艇"]
    assert positions(TODAY, TODAY) == {1: 1}
    assert totals(TODAY - timedelta(days=9), TODAY - timedelta(days=1)).searches == 0


@pytest.mark.usefixtures("day")
def test_an_operator_reads_them_for_three_periods(desk: FlaskClient) -> None:
    for period in ("", "?period=today", "?period=week", "?period=month"):
        with statements() as asked:
            page = desk.get(f"/ops/searches{period}").text
        assert "航天飞机" in page
        assert "25%" in page
        assert "chart-bar" in page
        assert len(asked) <= 7, asked
    assert desk.get("/ops/searches?period=year").status_code == 422


def test_what_was_found_only_after_its_words_were_set_right_stands_apart(
    desk: FlaskClient, seek: Seek, journal: Journal
) -> None:
    for network in range(3):
        seek("羊容围斤", network)
    journal.flush()
    [slip] = sought(TODAY, TODAY, by="corrected")
    assert (slip.text, slip.corrected, slip.missed, slip.relaxed) == ("羊容围斤", 3, 0, 0)
    assert popular(TODAY, limit=9) == ()
    page = desk.get("/ops/searches?list=corrected").text
    assert 'href="/factory-goods?q=%E7%BE%8A%E5%AE%B9%E5%9B%B4%E6%96%A4"' in page
    assert "羊容围斤" not in desk.get("/ops/searches?list=missed").text
    assert desk.get("/ops/searches?list=all").status_code == 422


def test_a_long_list_has_pages(desk: FlaskClient, seek: Seek, journal: Journal) -> None:
    for number in range(12):
        seek(f"航天飞机{number}")
    journal.flush()
    first, second = (desk.get(f"/ops/searches?page={number}").text for number in (1, 2))
    assert (first.count('data-row="'), second.count('data-row="')) == (10, 2)
    assert desk.get("/ops/searches?page=x").status_code == 422


def test_before_anybody_searched_it_says_so(desk: FlaskClient) -> None:
    assert "这段时间还没有人搜索" in desk.get("/ops/searches").text


def test_a_helper_of_one_belt_does_not_read_the_whole_channel(app: Flask) -> None:
    hua = browser_of(app, staff(TAN, Role.OPERATOR, Scope("belt", "danyang-glasses")))
    assert hua.get("/ops/searches").status_code == 404
    assert browser_of(app, staff(FANG, Role.FINANCE)).get("/ops/searches").status_code == 404


def test_a_file_runs_no_formula(desk: FlaskClient, seek: Seek, journal: Journal) -> None:
    seek("=HYPERLINK(1)")
    journal.flush()
    text = desk.get("/ops/searches?csv=searched").get_data(as_text=True)
    [_heads, line] = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert line[1] == "'=hyperlink(1)"


@pytest.mark.usefixtures("day")
def test_days_are_summed_once_and_few_texts_kept(app: Flask, desk: FlaskClient, seek: Seek, journal: Journal) -> None:
    seek("围巾", 3)
    journal.flush()
    for hours in (0, 24, 25, 26):
        _tidy(app, NOW + timedelta(hours=hours))
    kept = session().scalars(select(SearchSum).order_by(SearchSum.text)).all()
    assert [(one.text, one.searches, one.people) for one in kept] == [("", 5, 5), ("围巾", 3, 3)]
    rows = list(csv.reader(io.StringIO(desk.get("/ops/searches?csv=days").get_data(as_text=True))))
    assert rows[1][2:] == ["5", "5", "20%", "20%", "20%"]


@pytest.mark.parametrize(("days", "left"), [(KEPT_DAYS - 1, 4), (KEPT_DAYS, 0)])
@pytest.mark.usefixtures("day")
def test_single_searches_are_forgotten_after_ninety_days(app: Flask, days: int, left: int) -> None:
    _tidy(app, NOW + timedelta(days=days))
    assert _count(SearchNote) == left
    assert _count(SearchClick) == min(left, 1)
    assert _count(SearchKey) == 0
    assert _count(SearchSum) == 1


def test_the_median_and_the_stretches_of_positions() -> None:
    assert middle({1: 3, 4: 1}) == 1.0
    assert middle({1: 1, 2: 1}) == 1.5
    assert middle({}) is None
    assert stretches({1: 2, 3: 1, 90: 5}, (1, 4)) == [(1, 1, 2), (2, 4, 1), (5, None, 5)]


def _tidy(app: Flask, now: object) -> None:
    app.extensions["ports"].get(Clock).moment = now
    tidy({}, ports=app.extensions["ports"], now=now)  # type: ignore[arg-type]
    session().rollback()


def _count(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0
