"""The careless owner and the broken machine: a sheet always ends with a word to its owner, old rows are swept."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.jobs import ATTEMPTS, Job
from kernel.work import drain, relay
from onboarding.listings import tasks
from onboarding.listings.models import SheetImport
from storefront.jobs import PLAN, tidy
from tests.attacks.town import Town
from tests.cast import NOW
from tests.support.goods import price_sheet, send_sheet

MACRO = b"PK\x03\x04" + b"vbaProject.bin" * 9


def _broken(*_given: object) -> object:
    raise MemoryError("more than there is")


def _waiting(town: Town) -> tuple[FlaskClient, str]:
    browser = town.browser("wei")
    place = send_sheet(browser, price_sheet("A1,围巾,驼色,20,59,10,1")).headers["Location"]
    return browser, place


def test_a_reader_that_breaks_every_time_ends_with_a_word(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.reader, "read_sheet", _broken)
    browser, place = _waiting(town)
    for _ in range(ATTEMPTS):
        _due_again(state="ready")
        drain(PLAN, ports=town.shop.ports)
    assert "我们的程序读不了" in browser.get(place).text


def test_a_sheet_that_kills_every_worker_is_given_up_and_others_are_read(town: Town) -> None:
    browser, place = _waiting(town)
    drain_relay(town)
    with transaction():
        dying = {"state": "running", "attempts": ATTEMPTS, "lease_by": "dead", "lease_until": NOW - timedelta(1)}
        session().execute(update(Job).where(Job.name == "listings.read_sheet").values(**dying))
    _, second = _waiting(town)
    drain(PLAN, ports=town.shop.ports)
    assert "我们的程序读不了" in browser.get(place).text
    assert "读出 1 款商品" in browser.get(second).text


def test_what_is_done_is_swept(town: Town) -> None:
    drain(PLAN, ports=town.shop.ports)
    assert _jobs("done")
    tidy({}, ports=town.shop.ports, now=NOW + timedelta(days=30))
    assert not _jobs("done")


def test_no_file_and_two_files_are_told(town: Town) -> None:
    browser = town.browser("wei")
    two = [(BytesIO(price_sheet("A1,围巾,驼色,20,59,10,1")), f"{number}.csv") for number in range(2)]
    before = len(session().scalars(select(SheetImport.id)).all())
    answers = [browser.post("/factory/sheets", data={"sheet": two}), browser.post("/factory/sheets", data={})]
    assert {answer.status_code for answer in answers} == {422}
    assert "一次只能传一份" in answers[0].text
    assert len(session().scalars(select(SheetImport.id)).all()) == before


@pytest.mark.parametrize("name", ["价目表.xlsm", "../../etc/passwd", "x" * 300 + ".xlsx", "a.xlsx\x00.exe", "图.png"])
def test_a_file_that_is_none_is_told(town: Town, name: str) -> None:
    browser = town.browser("wei")
    place = send_sheet(browser, MACRO, name).headers["Location"]
    drain(PLAN, ports=town.shop.ports)
    shown = browser.get(place)
    assert shown.status_code == 200
    assert "重新上传" in shown.text


def drain_relay(town: Town) -> None:
    """Turn facts into jobs without running any."""
    relay(PLAN, ports=town.shop.ports)


def _due_again(*, state: str) -> None:
    with transaction():
        session().execute(update(Job).where(Job.state == state).values(run_at=NOW))


def _jobs(state: str) -> list[Job]:
    session().rollback()
    return list(session().scalars(select(Job).where(Job.state == state)))
