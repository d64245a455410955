"""Whole catalogues: what a line may say, what becomes of it, and that a second time changes nothing."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kernel.audit import AuditRow
from kernel.clock import Clock
from kernel.db import session
from kernel.errors import DomainError, ForbiddenError, InvalidInputError
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM, Actor
from onboarding.accounts.models import Organisation
from onboarding.licences import credit_code
from onboarding.listings import loading
from onboarding.listings.catalogue import LINE_CAP_BYTES, Goods, read_goods
from onboarding.listings.loading import Outcome, Seen, Terms, load_goods
from onboarding.listings.models import Listing, Sku, StockMovement, WayOfSelling
from onboarding.listings.stock import imbalances, reserve
from onboarding.listings.takedowns import take_down
from onboarding.offers.models import Offer
from onboarding.verification.models import Application
from storefront.loading import Report, load_file
from storefront.reference import prepare
from storefront.search.queries import cards
from tests.cast import NOW

SHORT = {"code": "A1", "title": "羊绒围巾 女", "price_fen": 9_900, "stock": 12}
TOLD = SHORT | {
    "belt": "清河羊绒",
    "factory": "样线羊绒厂",
    "supply_price_fen": 5_000,
    "moq": 5,
    "attributes": {"材质": "羊绒"},
}
LONG = {
    "code": None,
    "title": "羊绒帽子",
    "category": "帽子",
    "attributes": {},
    "tiers": [{"min_qty": 10, "price_fen": 3_000}, {"min_qty": 100, "price_fen": 2_500}],
    "retail_price_fen": None,
    "drop_ship_price_fen": 3_200,
    "moq": 10,
    "skus": [
        {"options": {"颜色": "黑色"}, "stock": 5, "made_to_order": False, "price_fen": None},
        {"options": {"颜色": "驼色"}, "stock": None, "made_to_order": True, "price_fen": 3_100},
    ],
    "row": 7,
    "pictures": 0,
}
TERMS = Terms("qinghe-cashmere", markup_bp=5_000)


def line(told: object) -> bytes:
    return json.dumps(told).encode()


def read(*told: dict[str, Any]) -> list[Goods]:
    return [read_goods(line(one), number) for number, one in enumerate(told, start=1)]


@pytest.fixture
def put_in(app: Flask) -> Callable[..., Outcome]:
    """Loads lines, each call as a load of its own."""
    prepare(app)

    def put_in(*told: dict[str, Any], seen: Seen | None = None) -> Outcome:
        loads = session().scalar(select(func.count()).select_from(AuditRow))
        return load_goods(
            actor=SYSTEM, some=read(*told), terms=TERMS, seen=seen or Seen(), source=f"lod_{loads}", now=NOW
        )

    return put_in


def test_goods_that_are_loaded_can_be_bought_and_merchants_may_sell_them(put_in: Callable[..., Outcome]) -> None:
    assert put_in(TOLD, LONG).made == 2
    listings = {one.title: one for one in session().scalars(select(Listing))}
    assert {one.state for one in listings.values()} == {"published"}
    found = cards([one.public_id for one in listings.values()])
    assert {card.title: (card.price_fen, card.belt) for card in found.values()} == {
        "羊绒围巾 女": (9_900, "qinghe-cashmere"),
        "羊绒帽子": (4_500, "qinghe-cashmere"),  # the trade price and half of it
    }
    ways = select(WayOfSelling.min_quantity, WayOfSelling.closed).where(WayOfSelling.way == "supply")
    assert sorted(map(tuple, session().execute(ways))) == [(5, False), (10, False)]
    assert imbalances() == []


def test_a_factory_that_nobody_knows_comes_in_approved_with_a_code_of_its_own(put_in: Callable[..., Outcome]) -> None:
    put_in(TOLD, TOLD | {"code": "A2"}, SHORT, TOLD | {"code": "A3", "factory": "样梭羊绒厂"})
    names = list(session().scalars(select(Organisation.name).order_by(Organisation.id)))
    assert sorted(names) == sorted(["样线羊绒厂", "清河羊绒联营工厂", "样梭羊绒厂"])
    known = {one.uscc: one.state for one in session().scalars(select(Application))}
    assert list(known.values()) == ["approved"] * 3
    assert [credit_code.fault(uscc) for uscc in known] == [None] * 3


def test_the_same_lines_again_change_nothing(put_in: Callable[..., Outcome]) -> None:
    put_in(TOLD, LONG)
    facts = session().scalar(select(func.count()).select_from(OutboxFact))
    again = put_in(TOLD, LONG)
    assert (again.made, again.changed, again.unchanged, again.refused) == (0, 0, 2, [])
    assert session().scalar(select(func.count()).select_from(OutboxFact)) == facts


def test_one_fact_and_one_audit_row_stand_for_all_of_a_transaction(put_in: Callable[..., Outcome]) -> None:
    put_in(*(TOLD | {"code": f"C{number}"} for number in range(50)))
    told = session().scalars(select(OutboxFact).where(OutboxFact.kind == "listings.loaded")).one()
    assert len(told.payload["listings"]) == 50
    rows = session().scalars(select(AuditRow.operation).where(AuditRow.operation == "listing.load")).all()
    assert len(rows) == 1


def test_what_a_line_changes_changes_and_what_it_does_not_say_stays(put_in: Callable[..., Outcome]) -> None:
    put_in(TOLD)
    changed = put_in({"code": "A1", "title": "羊绒围巾", "price_fen": 8_800, "stock": 3, "factory": "样线羊绒厂"})
    assert (changed.changed, changed.refused) == (1, [])
    listing, sku, offer = (session().scalars(select(table)).one() for table in (Listing, Sku, Offer))
    assert (listing.title, listing.attributes) == ("羊绒围巾", {"材质": "羊绒"})
    assert (sku.retail_price_fen, sku.on_hand, sku.supply_price_fen) == (8_800, 3, 5_000)
    assert (offer.price_fen, offer.state) == (8_800, "on")
    assert sorted(session().scalars(select(StockMovement.pieces))) == [-9, 12]


def test_stock_that_buyers_were_promised_stays_and_is_told(put_in: Callable[..., Outcome]) -> None:
    put_in(TOLD)
    sku = session().scalars(select(Sku)).one()
    _reserve(sku.id, 4)
    told = put_in(TOLD | {"stock": 3, "price_fen": 9_000})
    assert [(one.line, one.field, one.code) for one in told.refused] == [(1, "stock", "stock.below_reserved")]
    session().refresh(sku)
    assert (sku.on_hand, sku.retail_price_fen) == (12, 9_000)


def _reserve(sku: int, pieces: int) -> None:
    from kernel.db import transaction

    with transaction():
        reserve({sku: pieces}, holder="pay_1", buyer="lin", expires_at=NOW + timedelta(hours=1), now=NOW)


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        (TOLD, "code", "line.repeated"),
        (TOLD | {"code": "B", "belt": "月球"}, "belt", "line.belt"),
        (LONG | {"code": "B", "tiers": LONG["tiers"][::-1]}, "line", "listing.tiers_not_falling"),  # type: ignore[index]
    ],
)
def test_a_line_that_cannot_be_is_told_and_the_others_are_taken(
    put_in: Callable[..., Outcome], told: dict[str, Any], field: str, code: str
) -> None:
    outcome = put_in(TOLD, told, TOLD | {"code": "C"})
    assert [(one.line, one.field, one.code) for one in outcome.refused] == [(2, field, code)]
    assert outcome.made == 2


def test_a_code_of_an_earlier_line_is_refused_however_long_ago(put_in: Callable[..., Outcome]) -> None:
    seen = Seen()
    seen.add(put_in(TOLD, seen=seen).touched)
    later = put_in(TOLD | {"price_fen": 9_000}, seen=seen)
    assert [one.code for one in later.refused] == ["line.repeated"]
    assert session().scalars(select(Sku.retail_price_fen)).one() == 9_900


def test_what_an_operator_took_down_stays_down(put_in: Callable[..., Outcome]) -> None:
    put_in(TOLD)
    listing = session().scalars(select(Listing.public_id)).one()
    take_down(actor=SYSTEM, listing=listing, reason_code="other", told="不能卖的商品", internal="", now=NOW)
    assert [one.code for one in put_in(TOLD | {"price_fen": 9_000}).refused] == ["line.state"]
    assert cards([listing]) == {}


def test_a_stranger_loads_nothing(app: Flask) -> None:
    with pytest.raises(ForbiddenError):
        load_goods(actor=Actor(), some=[], terms=TERMS, seen=Seen(), source="lod_1", now=NOW)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (b"{", "line"),
        (b"[]", "line"),
        (b"\xff\xfe{}", "line"),
        (b"[" * 100_000, "line"),
        (b'{"title": ' * 5_000, "line"),
        (line(SHORT) + b" " * LINE_CAP_BYTES, "line"),
        (b'{"code":"a","title":"b","stock":1,"price_fen":' + b"9" * 6_000 + b"}", "line"),
        (b'{"code":"a","title":"b","stock":1,"price_fen":1e400}', "price_fen"),
        (b'{"code":"a","title":"b","stock":1,"price_fen":NaN}', "price_fen"),
        (line(SHORT | {"price_fen": -1}), "price_fen"),
        (line(SHORT | {"price_fen": 0}), "price_fen"),
        (line(SHORT | {"price_fen": True}), "price_fen"),
        (line(SHORT | {"price_fen": "9900"}), "price_fen"),
        (line(SHORT | {"stock": 1.5}), "stock"),
        (line(SHORT | {"stock": 10**9}), "stock"),
        (line(SHORT | {"title": ["x"]}), "title"),
        (line(SHORT | {"title": "\u202e\u0000 "}), "title"),
        (line(SHORT | {"title": "x" * 5_000}), "title"),
        (line(SHORT | {"attributes": {"a": {"b": "c"}}}), "attributes"),
        (line(SHORT | {"attributes": {str(one): "x" for one in range(2_000)}}), "attributes"),
        (line(SHORT | {"moq": 0}), "moq"),
        (line({"title": "x", "skus": []}), "skus"),
        (line({"title": "x", "skus": [1]}), "skus"),
        (line(LONG | {"tiers": [{"min_qty": 1}]}), "tiers"),
        (line({"title": "x"}), "code"),
    ],
)
def test_a_hostile_line_is_refused_in_words(told: bytes, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_goods(told, 1)
    assert field in refused.value.fields


def test_marks_that_nobody_sees_are_taken_out_of_a_line() -> None:
    told = read_goods(line(SHORT | {"title": "羊绒\u0000\u202e围巾\ud800", "attributes": {"材质": "羊\u200b绒"}}), 1)
    planned = told.planned(markup_bp=0, category="服饰针织")
    assert planned.title.replace(" ", "") == "羊绒围巾"
    assert planned.attributes == {"材质": "羊绒"}


@pytest.mark.parametrize(
    ("said", "category"),
    [("服饰针织/毛衣", "服饰针织/毛衣"), ("服饰针织", "服饰针织/围巾披肩"), ("没有的类目", "服饰针织/围巾披肩")],
)
def test_a_leaf_that_a_line_names_stands_and_else_the_title_tells(said: str, category: str) -> None:
    told = read_goods(line(SHORT | {"category": said}), 1)
    assert told.planned(markup_bp=0, category="日用百货").category == category


def file_of(tmp_path: Path, *lines: bytes, ending: bytes = b"\n") -> Path:
    place = tmp_path / "goods.jsonl"
    place.write_bytes(ending.join(lines) + ending)
    return place


def loaded(app: Flask, file: Path) -> Report:
    return load_file(file, TERMS, clock=app.extensions["ports"].get(Clock), to_people=False)


def test_a_file_is_loaded_whole_whatever_stands_in_some_of_its_lines(app: Flask, tmp_path: Path) -> None:
    prepare(app)
    huge = b'{"title":"' + b"x" * (3 * LINE_CAP_BYTES) + b'"}'
    lines = (b"\xef\xbb\xbf" + line(TOLD), b"", huge, b"{", line(TOLD | {"code": "A2", "colour": "red"}))
    report = loaded(app, file_of(tmp_path, *lines, ending=b"\r\n")).as_json()
    assert (report["lines"], report["made"], report["refused"]) == (4, 2, 2)
    assert [(one["line"], one["field"], one["code"]) for one in report["problems"]] == [
        (3, "line", "line.long"),
        (4, "line", "line.not_json"),
    ]
    assert report["ignored_fields"] == {"colour": 1}


def test_a_load_that_was_stopped_goes_on_where_it_stopped(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(app)
    monkeypatch.setattr("storefront.loading.AT_ONCE", 10)
    file = file_of(tmp_path, *(line(TOLD | {"code": f"C{number}"}) for number in range(35)))
    monkeypatch.setattr("storefront.loading.load_goods", _stopping_after(2))
    with pytest.raises(KeyboardInterrupt):
        loaded(app, file)
    assert session().scalar(select(func.count()).select_from(Listing)) == 20
    monkeypatch.setattr("storefront.loading.load_goods", load_goods)
    report = loaded(app, file)
    assert (report.counts["made"], report.counts["unchanged"], report.refused) == (15, 20, 0)
    assert session().scalar(select(func.count()).select_from(Offer)) == 35


def _stopping_after(times: int) -> Callable[..., Outcome]:
    done: list[Outcome] = []

    def load(**told: Any) -> Outcome:  # noqa: ANN401  as the operation takes it
        if len(done) == times:
            raise KeyboardInterrupt
        done.append(load_goods(**told))
        return done[-1]

    return load


def test_a_transaction_that_fails_leaves_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(app)
    monkeypatch.setattr(loading, "publish", _refusing)
    with pytest.raises(DomainError):
        load_goods(actor=SYSTEM, some=read(TOLD), terms=TERMS, seen=Seen(), source="lod_1", now=NOW)
    for table in (Listing, Sku, Organisation, Application, StockMovement):
        assert session().scalar(select(func.count()).select_from(table)) == 0


def _refusing(*_told: object, **_more: object) -> None:
    raise DomainError("stock.short")
