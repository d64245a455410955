"""The notes of a process: written in batches, never lost while the database rests, never in the way of a page."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from kernel.audit import AuditRow
from kernel.db import session
from storefront.demand import journal as written
from storefront.demand.journal import BATCH, Journal
from storefront.demand.models import SearchKey, SearchNote
from storefront.demand.rules import Search
from storefront.search.schemas import chosen
from tests.cast import NOW
from tests.support.crowd import crowd


def search(number: int) -> Search:
    return Search(NOW, f"network 203.0.113.{number % 50}", chosen({"q": [f"围巾{number}"]}), 1, "all")


def noted() -> list[str]:
    session().rollback()
    return list(session().scalars(select(SearchNote.text).order_by(SearchNote.id)))


def test_many_processes_note_all_and_share_one_key(app: Flask) -> None:
    journals = [Journal(app) for _ in range(4)]
    tasks: list[Callable[[], int]] = []
    for place, one in enumerate(journals):
        for number in range(60):
            one.note(search(place * 60 + number))
        tasks.append(one.flush)
    assert crowd(app, tasks) == [60] * 4
    assert sorted(noted()) == sorted(f"围巾{number}" for number in range(240))
    assert session().scalar(select(func.count()).select_from(SearchKey)) == 1
    assert len(set(session().scalars(select(SearchNote.visitor)))) == 50


def test_threads_note_while_it_is_written_and_none_is_lost_or_doubled(app: Flask) -> None:
    journal = Journal(app)

    def take(first: int) -> int:
        for number in range(first, first + 200):
            journal.note(search(number))
        return journal.flush()

    written_by_each = crowd(app, [partial(take, place * 200) for place in range(5)])
    assert sum(written_by_each) + journal.flush() == 1_000
    assert len(noted()) == len(set(noted())) == 1_000


def test_a_batch_is_one_statement_and_leaves_no_trail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, sizes = Journal(app), list[int]()
    real = written.note_batch

    def counted(*, searches: list[dict[str, Any]], **rest: Any) -> None:  # noqa: ANN401
        sizes.append(len(searches))
        real(searches=searches, **rest)

    monkeypatch.setattr(written, "note_batch", counted)
    for number in range(BATCH + 20):
        journal.note(search(number))
    journal.flush()
    assert sizes == [BATCH, 20]
    assert session().scalar(select(func.count()).where(AuditRow.operation.like("search.%"))) == 0


def test_what_finds_no_room_drives_out_the_oldest_and_is_counted(app: Flask) -> None:
    journal = Journal(app, most=3)
    for number in range(5):
        journal.note(search(number))
    assert (journal.waiting, journal.dropped) == (3, 2)
    journal.flush()
    assert sorted(noted()) == ["围巾2", "围巾3", "围巾4"]


def test_what_cannot_be_written_now_waits_in_its_place(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(app, most=3)
    for number in range(3):
        journal.note(search(number))
    with monkeypatch.context() as broken:
        broken.setattr(written, "note_batch", _fails(OperationalError("insert", None, Exception("locked"))))
        with pytest.raises(OperationalError):
            journal.flush()
    assert (journal.waiting, journal.dropped) == (3, 0)
    journal.note(search(3))
    journal.flush()
    assert sorted(noted()) == ["围巾1", "围巾2", "围巾3"]


def test_what_can_never_be_written_keeps_nothing_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(app)
    journal.note(search(0))
    with monkeypatch.context() as broken:
        broken.setattr(written, "note_batch", _fails(ProgrammingError("insert", None, Exception("no"))))
        with pytest.raises(ProgrammingError):
            journal.flush()
    assert journal.dropped == 1
    journal.note(search(1))
    journal.flush()
    assert noted() == ["围巾1"]


def test_the_end_of_a_process_writes_what_is_left(app: Flask) -> None:
    journal = Journal(app)
    journal.note(search(0))
    journal.close()
    assert noted() == ["围巾0"]


def _fails(error: Exception) -> Callable[..., None]:
    def fail(**_rest: object) -> None:
        raise error

    return fail
