"""A price sheet becomes drafts: all of it or nothing, once however often it is sent."""

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DatabaseError

from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.files import Files
from kernel.outbox import OutboxFact
from kernel.permissions import Actor
from onboarding.listings import imports, operations, stock
from onboarding.listings.models import Listing, SheetImport, Sku, SupplyTier
from onboarding.listings.tasks import read_sheet, write_sheet
from tests.cast import NOW
from tests.support.goods import make_factory, price_sheet, stock_of

SHEET = price_sheet(
    "A1,羊绒围巾,驼色,68.00,128.00,30,2",
    "A2,羊绒帽,黑/白,25.50,,40,5",
    "A3,羊绒手套,灰色,-3,59,10,1",
)


def read(app: Flask, actor: Actor, data: bytes = SHEET) -> str:
    key = app.extensions["ports"].get(Files).put(data)
    sheet = operations.upload_sheet(actor=actor, filename="价目表.csv", file_key=key, now=NOW)
    read_sheet({"sheet_import": sheet.public_id}, ports=app.extensions["ports"], now=NOW)
    return sheet.public_id


def bring_in(app: Flask, actor: Actor, data: bytes = SHEET, **answers: object) -> dict[str, object]:
    told = {"stock_meaning": "total", "markup_bp": 5_000} | answers
    sheet = read(app, actor, data)
    operations.import_listings(actor=actor, sheet_import=sheet, now=NOW, **told)
    return written(app, sheet)


def written(app: Flask, sheet: str) -> dict[str, object]:
    """What became of a sheet once the worker has written its goods."""
    write_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    session().rollback()
    found: dict[str, object] = session().scalars(select(SheetImport.result).where(SheetImport.public_id == sheet)).one()
    return found


def listing(code: str) -> Listing:
    session().expire_all()
    return session().scalars(select(Listing).where(Listing.code == code)).one()


def test_listings_variants_ways_and_tiers_are_made(app: Flask) -> None:
    result = bring_in(app, make_factory())
    assert (result["created"], result["skus"], result["left_out"]) == (2, 3, [])
    scarf, hat = listing("A1"), listing("A2")
    assert [(sku.retail_price_fen, sku.on_hand) for sku in scarf.skus] == [(12_800, 30)]
    assert [(sku.retail_price_fen, sku.on_hand) for sku in hat.skus] == [(3_830, 20), (3_830, 20)]
    assert {way.way: way.min_quantity for way in hat.ways} == {"direct": 1, "supply": 5}
    assert [(tier.min_quantity, tier.unit_price_fen) for tier in hat.tiers] == [(5, 2_550)]
    assert (scarf.state, scarf.category, scarf.image) == ("draft", "服饰针织/围巾披肩", "img/goods/scarf.svg")
    assert stock.imbalances() == []


@pytest.mark.parametrize(("meaning", "each"), [("per_sku", 40), ("total", 20)])
def test_shared_stock_means_what_the_owner_says(app: Flask, meaning: str, each: int) -> None:
    bring_in(app, make_factory(), stock_meaning=meaning)
    assert {sku.on_hand for sku in listing("A2").skus} == {each}


@pytest.mark.parametrize("missing", [{"stock_meaning": None}, {"markup_bp": None}])
def test_an_open_question_makes_nothing(app: Flask, missing: dict[str, None]) -> None:
    with pytest.raises(DomainError, match="unanswered"):
        bring_in(app, make_factory(), **missing)
    session().rollback()
    assert session().scalar(select(func.count()).select_from(Listing)) == 0


def test_the_form_sent_twice_answers_the_same(app: Flask) -> None:
    wei = make_factory()
    sheet = read(app, wei)
    answers = {"sheet_import": sheet, "stock_meaning": "total", "markup_bp": 5_000}
    for _ in range(2):
        operations.import_listings(actor=wei, now=NOW, **answers)
        assert written(app, sheet)["created"] == 2
    assert session().scalar(select(func.count()).select_from(Listing)) == 2


def test_a_sheet_that_says_less_than_the_owner_leaves_what_she_said(app: Flask) -> None:
    wei = make_factory()
    bring_in(app, wei, price_sheet("B1,一种新织物,驼色,20,59,10,1"))
    told = {"category": "服饰针织/毛衣", "attributes": {"季节": "冬"}}
    operations.edit_listing(actor=wei, listing=listing("B1").public_id, words=told, prices={}, stock={}, now=NOW)
    bring_in(app, wei, price_sheet("B1,一种新织物,驼色,20,69,10,1"))
    assert (listing("B1").category, listing("B1").attributes) == ("服饰针织/毛衣", {"季节": "冬"})
    assert [sku.retail_price_fen for sku in listing("B1").skus] == [6_900]


def test_the_same_sheet_again_changes_nothing_not_even_stock_sold_since(app: Flask) -> None:
    wei = make_factory()
    bring_in(app, wei)
    sku = listing("A1").skus[0].id
    with transaction():
        stock.set_on_hand(sku, 7, now=NOW)
    again = bring_in(app, wei)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert stock_of(sku) == (7, 0)


def test_a_new_sheet_updates_prices_stock_and_variants(app: Flask) -> None:
    wei = make_factory()
    bring_in(app, wei)
    changed = price_sheet("A1,羊绒围巾,驼色/红色,70.00,138.00,50,2", "A2,羊绒帽,黑/白,25.50,,40,5")
    result = bring_in(app, wei, changed)
    assert (result["created"], result["updated"], result["unchanged"]) == (0, 1, 1)
    assert [(sku.retail_price_fen, sku.on_hand) for sku in listing("A1").skus] == [(13_800, 25), (13_800, 25)]
    assert [tier.unit_price_fen for tier in listing("A1").tiers] == [7_000]
    assert stock.imbalances() == []


def test_a_count_below_what_was_sold_stays_and_is_told(app: Flask) -> None:
    wei = make_factory()
    bring_in(app, wei)
    with transaction():
        session().execute(update(Listing).values(state="published", published_at=NOW))
        sku = listing("A1").skus[0].id
    with transaction():
        stock.reserve({sku: 9}, holder="grp_1", buyer="usr_lin", expires_at=NOW, now=NOW)
    result = bring_in(app, wei, price_sheet("A1,别的名字,驼色,68.00,118.00,3,2"))
    told = session().scalars(select(OutboxFact.payload).where(OutboxFact.kind == "listing.changed")).all()
    assert (result["kept_stock"], told) == (["A1"], [{"listing": listing("A1").public_id}])
    assert (listing("A1").title, stock_of(sku)) == ("羊绒围巾", (30, 9))


def test_a_failure_half_way_leaves_nothing_of_its_step(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    wei, true = make_factory(), imports.open_stock
    monkeypatch.setattr(imports, "open_stock", lambda *_args, **_kwargs: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        bring_in(app, wei)
    monkeypatch.setattr(imports, "open_stock", true)
    session().rollback()
    assert session().scalar(select(func.count()).select_from(Sku)) == 0
    sheet = session().scalars(select(SheetImport.public_id).where(SheetImport.state == "importing")).one()
    assert written(app, sheet)["created"] == 2


def test_two_thousand_rows_with_thirty_bad_ones(app: Flask) -> None:
    rows = [f"R{n},羊毛衫{n},黑色,{'abc' if n % 67 == 1 else '50.00'},99,10,2" for n in range(2_000)]
    wei = make_factory()
    result = bring_in(app, wei, price_sheet(*rows))
    assert (result["created"], result["skus"]) == (1_970, 1_970)
    told = session().scalars(select(SheetImport.reading)).one()["problems"]
    assert [(one["row"], one["column"], one["code"]) for one in told] == [
        (n + 2, "D", "price_unreadable") for n in range(2_000) if n % 67 == 1
    ]
    again = bring_in(app, wei, price_sheet(*rows))
    assert (len(told), again["created"], again["unchanged"]) == (30, 0, 1_970)


def test_goods_without_a_code_need_names_of_their_own(app: Flask) -> None:
    rows = price_sheet(",螺丝,,0.50,,10,", ",螺母,,0.40,,10,", ",螺丝,,0.90,,10,")
    result = bring_in(app, make_factory(), rows)
    assert [(one["row"], one["code"], one["params"]) for one in result["left_out"]] == [
        (4, "sheet.goods_repeated", {"first": 2})
    ]
    assert result["created"] == 2


def test_reading_twice_keeps_the_first_reading(app: Flask) -> None:
    wei = make_factory()
    sheet = read(app, wei)
    operations.record_reading(actor=wei, sheet_import=sheet, error=DomainError("sheet.empty"), now=NOW)
    read_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    assert session().scalar(select(SheetImport.state)) == "read"


def test_the_database_refuses_a_ladder_that_does_not_fall(app: Flask) -> None:
    bring_in(app, make_factory())
    tier = {"listing_id": listing("A1").id, "min_quantity": 10, "unit_price_fen": 6_800, "currency": "CNY"}
    with pytest.raises(DatabaseError, match="fall strictly"), transaction():
        session().execute(insert(SupplyTier).values(tier))
