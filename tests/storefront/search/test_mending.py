"""The index finds its way back to the database by itself: a lost fact, a stray entry, a lost directory."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM
from kernel.ports import Ports
from kernel.work import drain
from onboarding.listings.models import Listing, Sku, WayOfSelling
from onboarding.offers.models import Offer
from onboarding.offers.operations import open_own_offers
from onboarding.verification.models import Application
from storefront.jobs import PLAN
from storefront.search import differences, documents, tasks
from storefront.search.index import Index, TantivyIndex
from storefront.search.rules import Query
from storefront.search.shelf import Shelf
from storefront.search.slices import everything
from tests.cast import NOW
from tests.support.goods import make_factory, make_listing, make_merchant, make_resale

GOODS = 12


@pytest.fixture
def ports(app: Flask) -> Iterator[Ports]:
    """A house with goods on sale, all in the index, every fact of theirs followed."""
    factory = make_factory()
    for number in range(GOODS):
        listing = make_listing(factory, title=f"羊绒围巾 {number}", supply_fen=9_000)
        open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    ports: Ports = app.extensions["ports"]
    drain(PLAN, ports=ports)
    tasks.rebuild(index=ports.get(Index))
    yield ports
    index_of(ports).close()


@pytest.fixture
def sliced(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a house so large that each slice holds some of its goods only."""
    monkeypatch.setattr(differences, "LEAST_KEYS", 3)
    monkeypatch.setattr(differences, "ROUND", 5)


def index_of(ports: Ports) -> TantivyIndex:
    found = ports.get(Index)
    assert isinstance(found, TantivyIndex)
    return found


def is_even(ports: Ports) -> bool:
    session().rollback()
    return differences.differences(index=index_of(ports)).is_even


def mend(ports: Ports, now: datetime = NOW) -> None:
    tasks.mend_index({}, ports=ports, now=now)
    drain(PLAN, ports=ports)


def lose(ports: Ports, number: int, **values: object) -> str:
    """Change a listing, and lose the fact that says so."""
    listing = session().scalars(select(Listing).order_by(Listing.id).offset(number)).first()
    assert listing
    with transaction():
        session().execute(update(Listing).where(Listing.id == listing.id).values(**values))
        session().execute(delete(OutboxFact).where(OutboxFact.relayed_at.is_(None)))
    drain(PLAN, ports=ports)
    assert not is_even(ports)
    return listing.public_id


def stray(ports: Ports, **values: object) -> None:
    """Put an entry into the index that the database knows nothing of."""
    index = index_of(ports)
    [one, *_] = everything()
    index.put([replace(one, **{"public_id": "lst_stray", **values})])  # type: ignore[arg-type]
    index.commit()
    assert not is_even(ports)


@pytest.mark.parametrize("values", [{"title": "真丝丝巾"}, {"state": "submitted"}])
def test_what_a_lost_fact_left_behind_is_mended(ports: Ports, values: dict[str, object]) -> None:
    listing = lose(ports, 4, **values)
    mend(ports)
    assert is_even(ports)
    told = session().scalars(select(AuditRow).where(AuditRow.operation == "search.enter_anew")).one()
    wrong = "changed" if "title" in values else "left_over"
    assert [(one["subject"], one["after"]) for one in told.changes] == [(f"listing:{listing}", {"index": wrong})]


def test_what_is_missing_is_entered(ports: Ports) -> None:
    index = index_of(ports)
    index.remove(index.search(Query()).hits[:2])
    index.commit()
    assert index.count() == GOODS - 2
    mend(ports)
    assert is_even(ports)


@pytest.mark.parametrize("key", [1, 5, 900_000])
def test_an_entry_that_should_not_be_there_goes(ports: Ports, key: int, sliced: None) -> None:
    stray(ports, id=key)
    mend(ports)
    assert is_even(ports)


def test_a_listing_that_stands_there_twice_stands_there_once_again(ports: Ports, tmp_path: Path) -> None:
    index = index_of(ports)
    [one, *_] = everything()
    shelf = Shelf(next(tmp_path.glob("index/v*/*/goods")).parent)
    shelf.fill([one])  # which takes nothing out before
    shelf.close()
    assert index.count() == GOODS + 1
    mend(ports)
    assert index.count() == GOODS
    assert is_even(ports)


def test_a_whole_round_meets_every_listing_once_a_day(ports: Ports, sliced: None) -> None:
    last = documents.last_key()
    for turn in (0, 7):
        met = [key for keys in differences.slices(turn) for key in range(keys.start, min(keys.stop, last + 1))]
        assert sorted(met) == list(range(1, last + 1))
    assert timedelta(days=1) > differences.ROUND * tasks.TURN


def test_each_turn_looks_at_another_slice_until_all_is_right(ports: Ports, sliced: None) -> None:
    lose(ports, 0, title="真丝丝巾")
    lose(ports, GOODS - 1, title="真丝丝巾")
    rights = []
    for turn in range(differences.ROUND):
        mend(ports, NOW + turn * tasks.TURN)
        rights.append(is_even(ports))
    assert (rights[0], rights[-1]) == (False, True)


def test_where_numbers_differ_all_is_looked_at_in_one_turn(ports: Ports, sliced: None) -> None:
    for number in (0, 5, GOODS - 1):
        lose(ports, number, state="submitted")
    mend(ports)
    assert is_even(ports)


def test_one_turn_has_an_end(ports: Ports, sliced: None, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[range] = []
    compare = tasks.differences_among

    def counted(keys: range, *, index: Index) -> differences.Differences:
        looked.append(keys)
        return compare(keys, index=index)

    monkeypatch.setattr(tasks, "differences_among", counted)
    monkeypatch.setattr(tasks, "MOST_SLICES", 2)
    mend(ports)
    lose(ports, 5, state="submitted")
    monkeypatch.setattr(tasks, "documents_told", lambda: GOODS + 1)  # a difference that nothing explains
    mend(ports)
    assert len(looked) == 1 + 2


def test_far_from_the_database_it_is_built_anew(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "FAR", 3)
    monkeypatch.setattr(tasks, "differences_among", None)
    index = index_of(ports)
    index.remove(index.search(Query()).hits[:5])
    index.commit()
    tasks.mend_index({}, ports=ports, now=NOW)
    assert is_even(ports)


def test_who_finds_it_being_built_leaves_it_alone(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "FAR", 3)
    index = index_of(ports)
    index.remove(index.search(Query()).hits[:5])
    index.commit()
    with index._home.building():  # noqa: SLF001  as by another process
        tasks.mend_index({}, ports=ports, now=NOW)
    assert index.count() == GOODS - 5


def test_an_index_that_was_emptied_is_filled_within_a_minute(ports: Ports) -> None:
    index = index_of(ports)
    index.rebuild([])
    assert (index.count(), index.needs_rebuild) == (0, False)
    tasks.ensure_index({}, ports=ports, now=NOW)
    assert is_even(ports)


def test_as_many_are_told_as_there_are_documents(ports: Ports) -> None:
    listing, other = session().scalars(select(Listing).order_by(Listing.id).limit(2)).all()
    make_resale(make_merchant(), listing)
    hidden: dict[str, object] = {"state": "off"}
    steps = [
        update(Offer).where(Offer.kind == "own", Offer.listing_id == listing.id).values(**hidden),
        update(WayOfSelling).where(WayOfSelling.listing_id == listing.id).values(resold_shown=False),
        update(Listing).where(Listing.id == other.id).values(state="submitted"),
        update(Sku).values(on_hand=0),
        update(Application).values(state="suspended", reason="停用"),
    ]
    told = []
    for step in steps:
        with transaction():
            session().execute(step)
        told.append(documents.documents_told())
        assert told[-1] == len(list(everything()))
    assert told == [GOODS, GOODS - 1, GOODS - 2, GOODS - 2, 0]


@pytest.mark.parametrize("lost", ["index", "index/v*", "index/v*/*/", "index/v*/*/goods"])
def test_a_lost_directory_is_filled_again_and_searched_meanwhile(ports: Ports, tmp_path: Path, lost: str) -> None:
    index, home = index_of(ports), tmp_path
    for place in list(home.glob(lost)):
        shutil.rmtree(place)
    assert index.search(Query(q="羊绒")).total == GOODS
    tasks.ensure_index({}, ports=ports, now=NOW)
    tasks.mend_index({}, ports=ports, now=NOW)
    drain(PLAN, ports=ports)
    assert is_even(ports)
    assert TantivyIndex(home / "index").search(Query(q="羊绒")).total == GOODS
