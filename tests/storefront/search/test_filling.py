"""An index is filled by many processes as by one, and whatever happens to them, the one in use stays."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.permissions import SYSTEM
from onboarding.listings.models import Listing
from onboarding.offers.operations import open_own_offers
from storefront import finding
from storefront.search import filling, queries, slices, tasks
from storefront.search.counting import Counter
from storefront.search.differences import differences
from storefront.search.filling import HelperDiedError, helpers_for
from storefront.search.generations import Home
from storefront.search.index import Index, TantivyIndex
from storefront.search.rules import Query
from storefront.search.slices import everything
from storefront.search.spelling import spelled, template
from storefront.search.tasks import rebuild
from storefront.search.text import analyse, terms
from tests.cast import NOW
from tests.storefront.search.listings import make_listing as make_document
from tests.support.goods import make_factory, make_listing

TITLES = ("羊绒围巾女", "加厚 羊绒毛衣", "iPhone 15 手机壳", "T恤 纯棉 短袖", "羊绒围巾男")
TYPED = st.text(
    st.sampled_from("羊绒围巾女 iPhone15×x*-_.'Σσ 　\t\u200b＊ｘ８") | st.characters(codec="utf-8"), max_size=40
)


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """One listing a slice, and two helpers however few there are."""
    monkeypatch.setattr(slices, "BATCH", 1)
    monkeypatch.setattr(filling, "WORTH_A_HELPER", 1)
    monkeypatch.setattr(filling, "MOST_HELPERS", 2)
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {0, 1})


@pytest.fixture
def index(app: Flask) -> TantivyIndex:
    """The index of the application, empty; five goods are on sale."""
    factory = make_factory()
    for title in TITLES:
        listing = make_listing(factory, title=title)
        open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    found: TantivyIndex = app.extensions["ports"].get(Index)
    return found


def start_another(monkeypatch: pytest.MonkeyPatch, code: str) -> list["subprocess.Popen[bytes]"]:
    """Helpers run this instead; those that were started."""
    started: list[subprocess.Popen[bytes]] = []

    def start(line: int) -> "subprocess.Popen[bytes]":
        started.append(subprocess.Popen([sys.executable, "-c", code, str(line)], pass_fds=[line]))
        return started[-1]

    monkeypatch.setattr(filling, "_started", start)
    return started


def change(listing: Listing, **values: object) -> None:
    with transaction():
        session().execute(update(Listing).where(Listing.id == listing.id).values(**values))


def place(index: TantivyIndex) -> Path:
    return index._home.path.parent  # noqa: SLF001  the application alone knows where it lies


def homes(index: TantivyIndex) -> list[str]:
    """The directories of all generations of the index."""
    return sorted(path.name for path in place(index).glob("*/*") if path.is_dir())


@pytest.mark.usefixtures("small_slices")
def test_helpers_fill_an_index_as_one_process_does(index: TantivyIndex) -> None:
    index.rebuild(list(everything()))
    alone, words = dict(index.held()), index.suggest("羊绒", limit=9)
    heard: list[tuple[int, int]] = []
    assert helpers_for(everything()) == 2
    assert rebuild(index=index, tell=lambda done, of: heard.append((done, of))) == len(TITLES)
    assert dict(index.held()) == alone
    assert index.suggest("羊绒", limit=9) == words != ()
    assert differences(index=index).is_even
    assert heard == [(done, len(TITLES)) for done in range(1, len(TITLES) + 1)]


DYING = {
    "at once": "",
    "before it sends": "line.recv()",
    "killed at work": "line.recv(); line.recv(); line.send(([], ({}, {}, {}))); os.kill(os.getpid(), 9)",
}


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("way", DYING)
def test_a_helper_that_dies_fails_the_building_and_leaves_nothing(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    rebuild(index=index)
    before = homes(index)
    opened = "import os, sys; from multiprocessing.connection import Connection; line = Connection(int(sys.argv[1])); "
    started = start_another(monkeypatch, opened + DYING[way])
    with pytest.raises(HelperDiedError):
        rebuild(index=index)
    assert homes(index) == before != []
    assert index.count() == len(TITLES)
    assert started
    assert all(process.returncode is not None for process in started)


@pytest.mark.usefixtures("small_slices")
def test_a_command_whose_helper_died_says_so(index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    start_another(monkeypatch, "")
    monkeypatch.setattr(finding, "create_app", lambda: app)
    answer = CliRunner().invoke(finding.reindex)
    assert (answer.exit_code, "The index in use stays" in answer.output) == (1, True)


def test_long_work_tells_how_far_it_is(index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setattr(slices, "BATCH", 2)
    monkeypatch.setattr(finding, "_TELL_SECONDS", -1)
    monkeypatch.setattr(finding, "create_app", lambda: app)
    answer = CliRunner().invoke(finding.reindex)
    assert [line.split(" % ")[0] for line in answer.output.splitlines()] == ["33", "66", "100", "5 listings indexed"]


def test_what_was_changed_while_all_was_read_is_read_as_it_is_then(index: TantivyIndex, app: Flask) -> None:
    rebuild(index=index)
    worker = TantivyIndex(place(index))
    first = session().query(Listing).order_by(Listing.id).first()
    assert first

    def meanwhile(_done: int, _of: int) -> None:
        with app.app_context():
            change(first, title="真丝围巾")
        worker.put([make_document(1, public_id=first.public_id)])
        worker.commit()

    rebuild(index=index, tell=meanwhile)
    worker.close()
    assert index.search(Query(q="真丝")).hits == (first.public_id,)


def test_goods_that_come_on_sale_as_the_building_begins_are_not_missed(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    last, begin = session().scalars(select(Listing).order_by(Listing.id.desc())).first(), Home.building
    assert last
    change(last, state="submitted")
    rebuild(index=index)
    worker = TantivyIndex(place(index))

    @contextmanager
    def building(home: Home) -> Iterator[Path]:
        change(last, state="published")
        worker.put(queries.documents([last.public_id]))
        worker.commit()
        with begin(home) as found:
            yield found

    monkeypatch.setattr(Home, "building", building)
    rebuild(index=index)
    worker.close()
    assert index.count() == len(TITLES)


def test_what_was_changed_meanwhile_is_asked_for_a_batch_at_a_time(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ask = [], queries.documents
    monkeypatch.setattr(tasks, "_AT_ONCE", 2)
    monkeypatch.setattr(queries, "documents", lambda some: asked.append(len(some)) or ask(some))
    monkeypatch.setattr(Home, "touched", lambda _home: list(session().scalars(select(Listing.public_id))))
    assert rebuild(index=index) == len(TITLES)
    assert asked == [2, 2, 1]


def test_few_goods_and_goods_of_no_database_are_not_worth_a_helper(index: TantivyIndex) -> None:
    assert helpers_for(everything()) == 0
    assert helpers_for([make_document(1)]) == 0


def test_counts_of_processes_add_up() -> None:
    alone, together = Counter(), Counter()
    for title in TITLES:
        cuts, apart = analyse(title).cuts, Counter()
        alone.add(cuts)
        apart.add(cuts)
        together.take(apart.told())
    assert together.told() == alone.told()


@given(TYPED)
@example("10 x 5 ＊ 3cm")
@example("A6565-0 新疆棉 0.5 iPhone-15")
@example("0-0")
@example("0-0 M")
def test_terms_alone_are_those_of_the_whole_analysis(text: str) -> None:
    assert terms(text) == analyse(text).terms


@given(
    st.dictionaries(
        st.text(),
        st.text()
        | st.integers()
        | st.booleans()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.lists(st.text()),
    )
)
def test_what_is_spelled_is_the_json_of_python(facts: dict[str, Any]) -> None:
    assert json.loads(template(facts) % spelled(facts.values())) == facts
    assert template(facts) % spelled(facts.values()) == json.dumps(facts, ensure_ascii=False)
