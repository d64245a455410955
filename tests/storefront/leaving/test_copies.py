"""A copy of one's own data: whole, readable, read back by our own reader, hers alone, gone after a week."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from commission.ledger.queries import balances
from commission.settlement.tasks import settle_due
from kernel import notify
from kernel.audit import AuditRow
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.files import Files
from kernel.permissions import SYSTEM, Actor, Role, Scope, StaffGrant
from kernel.work import drain
from onboarding.listings.models import Listing, SupplyTier, WayOfSelling
from onboarding.listings.sheets.reader import read_sheet
from onboarding.pictures.operations import show_waiting
from onboarding.tiers.operations import record_inspection
from onboarding.tiers.rules import FINDINGS, Seen, profile_mark
from onboarding.verification.queries import told_by
from storefront.jobs import PLAN
from storefront.leaving import tasks
from storefront.leaving.bundle import PARTS
from storefront.leaving.models import DataCopy
from storefront.leaving.operations import ask_copy, fetch_copy
from storefront.orders.operations import receive
from storefront.orders.tasks import complete_all
from storefront.shipments.operations import ship
from tests.cast import NOW, TAN, YU
from tests.storefront.conftest import browser_of
from tests.storefront.leaving.conftest import Proof, home
from tests.storefront.shop import Shop, make_person
from tests.support.goods import make_factory
from tests.support.pictures import jpeg, made


class Killed(BaseException):
    """The worker is gone."""


Copied = Callable[[Actor], ZipFile]


def rows(copy: ZipFile, name: str) -> list[dict[str, str]]:
    data = copy.read(name)
    assert data.startswith(b"\xef\xbb\xbf"), name
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def ask(actor: Actor, proof: Proof) -> str:
    return ask_copy(actor=actor, sid=proof(actor), organisation=home(actor), total=PARTS, now=NOW).public_id


def kept() -> DataCopy:
    session().rollback()
    return session().scalars(select(DataCopy).order_by(DataCopy.id.desc()).limit(1)).one()


def test_it_holds_everything_and_says_what_is_what(shop: Shop, bo: Actor, resale: list[str], copied: Copied) -> None:
    shop.bought({shop.offers[0]: 1})
    shop.bought({resale[0]: 2})
    copy = copied(shop.wei)
    letter = copy.read("README.txt").decode("utf-8-sig")
    told = {line.split(" ")[0] for line in letter.splitlines() if line}
    assert [name for name in copy.namelist() if not any(name.startswith(one) for one in told)] == ["README.txt"]
    assert {row["订单号"] for row in rows(copy, "orders.csv")} == {"Y1001-1", "Y1002-1"}
    [supplied] = rows(copy, "supply-orders.csv")
    assert (supplied["合作方"], supplied["供货款"]) == ("薄荷小店", "120.00")
    assert [row["名称"] if "名称" in row else row["内容"] for row in rows(copy, "application.csv")][1] == "魏国强羊绒厂"
    assert "pictures/scarf.svg" in copy.namelist()
    hers = copied(bo)
    assert {row["订单号"] for row in rows(hers, "orders.csv")} == {"Y1002-1"}
    assert rows(hers, "pick-ups.csv")[0]["品名"] == "羊绒围巾"


def test_photographs_are_called_by_the_codes_of_their_goods(shop: Shop, copied: Copied) -> None:
    picture = made(shop.app, shop.wei, shop.listing.public_id, jpeg())
    name = f"pictures/{shop.listing.code}-{picture.public_id}.webp"
    copy = copied(shop.wei)
    assert copy.read(name).startswith(b"RIFF")
    show_waiting(actor=SYSTEM, listing=shop.listing.public_id, now=NOW)
    assert [row["图片"] for row in rows(copied(shop.wei), "listings.csv")] == [name]


def test_visits_to_her_factory_are_told_without_who_went(shop: Shop, copied: Copied) -> None:
    tan = replace(make_person(TAN), staff=(StaffGrant(Role.OPERATOR, Scope()),))
    found = {**dict.fromkeys(FINDINGS, True), "in_order": False}
    home = shop.wei.memberships[0]
    told = {"note": "仓库漏雨", "profile": profile_mark(told_by(home.organisation_id))}
    seen = Seen(visited_on=business_date(NOW), found=found, pictures=("0" * 64,), **told)
    record_inspection(actor=tan, organisation=home.organisation, seen=seen, now=NOW)
    [kept] = rows(copied(shop.wei), "inspections.csv")
    assert (kept["验厂通过"], kept["补充说明"], kept["厂址和执照上的住所一致"]) == ("不是", "仓库漏雨", "是")
    assert TAN.name not in "".join(kept.values())


def test_our_own_reader_gives_the_same_goods(shop: Shop, copied: Copied) -> None:
    with transaction():
        found = session().get_one(Listing, shop.listing.id)
        found.title, found.attributes = "=1+1 围巾", {"材质": "羊绒", "克重": "180g"}
        found.ways.append(WayOfSelling(way="supply", min_quantity=2, drop_ship_price_fen=9_050))
        found.tiers.extend(
            SupplyTier(min_quantity=least, unit_price_fen=fen) for least, fen in ((2, 8_000), (50, 7_205))
        )
        found.skus[1].supply_price_fen, found.skus[1].made_to_order = 8_800, True
    reading = read_sheet(copied(shop.wei).read("goods.csv"), "goods.csv")
    assert [one.code for one in reading.problems] == []
    [goods] = reading.listings
    assert (goods.code, goods.title, goods.category) == (shop.listing.code, "=1+1 围巾", "服饰针织")
    assert (goods.retail_price_fen, goods.drop_ship_price_fen, goods.moq) == (12_800, 9_050, 2)
    assert [(tier.min_qty, tier.price_fen) for tier in goods.tiers] == [(2, 8_000), (50, 7_205)]
    assert dict(goods.attributes) == {"材质": "羊绒", "克重": "180g"}
    first, second = shop.listing.skus
    assert [dict(sku.options) for sku in goods.skus] == [first.options, second.options]
    assert [(sku.stock, sku.made_to_order, sku.price_fen) for sku in goods.skus] == [
        (10, False, None),
        (None, True, 8_800),
    ]


def test_the_statement_is_what_the_ledger_holds(shop: Shop, copied: Copied) -> None:
    orders = shop.bought({shop.offers[0]: 1}) + shop.bought({shop.offers[1]: 2})
    for order in orders[:1]:
        ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)
        receive(actor=shop.buyer, order=order, now=NOW)
    later = NOW + timedelta(days=12)
    complete_all(day=business_date(later), now=later)
    settle_due({}, ports=shop.ports, now=later)
    copy = copied(shop.wei)
    amounts = {row["编号"]: row["金额"] for row in rows(copy, "balance.csv")}
    book = balances(home(shop.wei), currency="CNY")
    assert amounts["due"] == f"{-book['payable'] / 100:.2f}" == rows(copy, "statement-settled.csv")[0]["到手"]
    assert amounts["held"] == f"{-book['held'] / 100:.2f}" == "256.00"
    assert sum(float(row["到手"]) for row in rows(copy, "statement-settled.csv")) == float(amounts["settled"])


def test_a_book_that_does_not_agree_is_not_handed_out(
    shop: Shop, proof: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(shop.wei, proof)
    monkeypatch.setattr("storefront.leaving.dealings.balances", lambda *_of, **_in: {"payable": -1})
    with pytest.raises(DomainError, match=r"copy\.untied"):
        tasks.write_copy({"copy": kept().public_id}, ports=shop.ports, now=NOW)
    assert kept().state == "waiting"


def test_a_second_run_or_a_late_one_makes_no_second_copy(
    shop: Shop, proof: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = {"copy": ask(shop.wei, proof)}
    late: list[str] = []

    def rival(*args: object, **said: object) -> str:
        late.append("once")
        if len(late) == 1:
            tasks.write_copy(copy, ports=shop.ports, now=NOW + timedelta(seconds=30))
        return written(*args, **said)

    written = tasks.write_bundle
    monkeypatch.setattr(tasks, "write_bundle", rival)
    tasks.write_copy(copy, ports=shop.ports, now=NOW)
    tasks.write_copy(copy, ports=shop.ports, now=NOW)
    assert len(late) == 2
    key = kept().file_key
    assert shop.ports.get(Files).get(key)
    assert [one.text for one in notify.latest() if "数据副本已备好" in one.text] == [notify.latest()[0].text]


def test_its_progress_is_seen_and_a_killed_run_begins_anew(
    shop: Shop, proof: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = {"copy": ask(shop.wei, proof)}

    def die(*_any: object, **_said: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr("storefront.leaving.bundle.write_licences", die)
        with pytest.raises(Killed):
            tasks.write_copy(copy, ports=shop.ports, now=NOW)
    assert (kept().state, kept().done, kept().total) == ("waiting", PARTS - 4, PARTS)
    tasks.write_copy(copy, ports=shop.ports, now=NOW)
    assert (kept().state, kept().done) == ("ready", PARTS)
    tasks.give_up_copy(copy, ports=shop.ports, now=NOW)
    assert kept().state == "ready"


@pytest.mark.parametrize("next_run", [tasks.write_copy, tasks.give_up_copy])
def test_killed_before_it_is_known_it_leaves_no_copy_behind(
    next_run: Callable[..., None], shop: Shop, proof: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = {"copy": ask(shop.wei, proof)}

    def die(**_said: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr("storefront.leaving.operations.record_copy", die)
        with pytest.raises(Killed):
            tasks.write_copy(copy, ports=shop.ports, now=NOW)
    session().rollback()
    next_run(copy, ports=shop.ports, now=NOW + timedelta(minutes=5))
    tasks.forget_copies({}, ports=shop.ports, now=NOW + timedelta(days=40))
    assert kept().state in {"gone", "failed"}
    folder = shop.ports.get(Files)._folder  # noqa: SLF001  whatever lies there
    assert [one for one in folder.rglob("*") if one.is_file() and one.read_bytes()[:2] == b"PK"] == []


def test_given_up_it_says_so(shop: Shop, proof: Proof) -> None:
    tasks.give_up_copy({"copy": ask(shop.wei, proof)}, ports=shop.ports, now=NOW)
    assert kept().state == "failed"
    assert "没有做成" in notify.latest()[0].text


def test_it_is_fetched_by_its_owner_with_a_proof_and_audited(
    app: Flask, shop: Shop, copied: Copied, proof: Proof
) -> None:
    copied(shop.wei)
    path = f"/leaving/{home(shop.wei)}/copies/{kept().public_id}/file"
    fetched = browser_of(app, shop.wei).post(path)
    assert ZipFile(BytesIO(fetched.data)).testzip() is None
    assert fetched.headers["Cache-Control"] == "no-store"
    assert session().scalars(select(AuditRow.operation).order_by(AuditRow.id.desc())).first() == "copy.fetch"
    proof(shop.wei, at=NOW - timedelta(hours=1))
    assert "/account/proof" in browser_of(app, shop.wei).post(path).location
    yu = make_factory(YU)
    proof(yu)
    assert browser_of(app, yu).post(path).status_code == 404
    assert browser_of(app, yu).post(path.replace(home(shop.wei), home(yu))).status_code == 404
    stranger = {"organisation": home(shop.wei), "copy": kept().public_id, "now": NOW}
    with pytest.raises(NotFoundError):
        fetch_copy(actor=shop.buyer, sid=proof(shop.buyer), **stranger)


def test_it_is_deleted_after_a_week(shop: Shop, copied: Copied, proof: Proof) -> None:
    copied(shop.wei)
    made, files, week = kept(), shop.ports.get(Files), NOW + timedelta(days=7)
    key, copy = made.file_key, made.public_id
    tasks.forget_copies({}, ports=shop.ports, now=week - timedelta(seconds=1))
    assert files.get(key)
    sid = proof(shop.wei, at=week)
    with pytest.raises(DomainError, match=r"copy\.gone"):
        fetch_copy(actor=shop.wei, sid=sid, organisation=home(shop.wei), copy=copy, now=week)
    for _twice in range(2):
        tasks.forget_copies({}, ports=shop.ports, now=week)
        assert (kept().state, kept().file_key) == ("gone", "")
        with pytest.raises(NotFoundError):
            files.get(key)


def test_a_few_a_day(app: Flask, shop: Shop, proof: Proof) -> None:
    for _each in range(3):
        ask(shop.wei, proof)
        if _each == 0:
            with pytest.raises(DomainError, match=r"copy\.waiting"):
                ask(shop.wei, proof)
        drain(PLAN, ports=app.extensions["ports"])
    with pytest.raises(DomainError, match=r"copy\.too_often"):
        ask(shop.wei, proof)


def test_the_page_leads_through_it(app: Flask, shop: Shop, proof: Proof, leave: Callable[[Actor], None]) -> None:
    wei = browser_of(app, shop.wei)
    shop.bought({shop.offers[0]: 1})
    shown = wei.get("/factory/leaving").text
    assert "还没有完成的订单" in shown
    proof(shop.wei)
    wei.post(f"/leaving/{home(shop.wei)}/copies")
    assert f"0 / {PARTS}" in wei.get("/factory/leaving").text
    refused = wei.post(f"/leaving/{home(shop.wei)}/announcement", data={"name": "别的名字"})
    assert refused.status_code == 422
    leave(shop.wei)
    assert "关店公示中，最早2026年4月2日关店" in wei.get("/factory/leaving").text
    wei.post(f"/leaving/{home(shop.wei)}/withdrawal")
    assert "我要关店" in wei.get("/factory/leaving").text
