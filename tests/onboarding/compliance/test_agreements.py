"""Agreements: their texts, which version holds, who accepted which, and that nobody can change that afterwards."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from commission.rates.rules import FIRST_RATES
from commission.settlement.rules import RELEASE_AFTER
from kernel.audit import AuditRow
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from onboarding.accounts.models import Organisation
from onboarding.compliance import queries
from onboarding.compliance.models import AgreementAcceptance
from onboarding.compliance.operations import accept
from onboarding.compliance.queries import accepted, version_of, versions
from onboarding.compliance.rules import (
    KINDS,
    LANGUAGES,
    Agreement,
    Unread,
    agreement,
    faults,
    in_force,
    read_text,
    to_read,
)
from onboarding.verification.models import Application
from tests.cast import BO, MEI, WEI, YU
from tests.onboarding.people import CODES, begun, clerk, factory, merchant, noon, post, shop_begun, sign_in, user, wait
from tests.support.crowd import crowd

FIRST = "2025-01-01"
# A text that somebody accepted may not change: a change is a new version.
DIGESTS = {
    ("factory", FIRST): "3339498e199669d7634355d8342086ed01ddb746d6a88e61c2ff4a5dc95c1b07",
    ("merchant", FIRST): "9fa2578d77ef209d2e28307d3fd31116283babb8cb501b8851705ca87e55c2b9",
}
SOURCE = "title: 协议\npublished: {published}\nchanges: 佣金\n\n## 一\n话\n- 甲\n- 乙\n"


def version(first_day: str, published: str, kind: str = "factory") -> Agreement:
    return agreement(kind, first_day, dict.fromkeys(("zh", "en"), SOURCE.format(published=published)))


@pytest.fixture
def house(app: Flask) -> str:
    begun(WEI)
    return session().scalars(select(Organisation.public_id)).one()


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agreement]:
    """A version for factories that takes effect in ten days, packaged beside those that are there."""
    today = business_date(noon())
    name = (today + timedelta(days=10)).isoformat()
    monkeypatch.setattr(queries, "TEXTS", shutil.copytree(queries.TEXTS, tmp_path / "agreements"))
    for language in LANGUAGES:
        packaged = SOURCE.format(published=today.isoformat())
        (tmp_path / "agreements" / "factory" / f"{name}.{language}.txt").write_text(packaged, encoding="utf-8")
    versions.cache_clear()
    yield version_of("factory", name)
    versions.cache_clear()


def rows() -> int:
    return session().scalar(select(func.count(AgreementAcceptance.id))) or 0


def agree(house: str, *, version: str = FIRST, kind: str = "factory", now: datetime | None = None) -> None:
    accept(actor=user(WEI), organisation=house, kind=kind, version=version, now=now or noon())


def test_texts_in_force_never_change() -> None:
    assert {(kind, one.version): one.digest for kind in KINDS for one in versions(kind)} == DIGESTS


@pytest.mark.parametrize("kind", KINDS)
def test_the_packaged_versions_are_sound(kind: str) -> None:
    assert faults(versions(kind)) == []


@pytest.mark.parametrize(("kind", "ways"), [("factory", ("direct", "supply")), ("merchant", ("merchant",))])
def test_the_first_text_says_what_rates_and_settlement_do(kind: str, ways: tuple[str, ...]) -> None:
    told = "".join(line for block in version_of(kind, FIRST).texts["zh"].blocks for line in block.lines)
    assert told.count("佣金，运费不算") + told.count("%，运费不算") == len(ways)
    assert all(f"{FIRST_RATES[way] / 100:g}%" in told for way in ways)
    assert "签收满 7 天，第二天结算" in told
    assert timedelta(days=7 + 1) == RELEASE_AFTER


def test_the_version_of_a_day_is_the_last_that_began() -> None:
    known = [version("2025-01-01", "2025-01-01"), version("2026-03-01", "2026-02-01")]
    days = {"2024-06-01": 0, "2025-01-01": 0, "2026-02-28": 0, "2026-03-01": 1, "2030-01-01": 1}
    assert {day: known.index(in_force(known, date.fromisoformat(day))) for day in days} == days


def test_a_change_without_seven_days_of_notice_is_a_fault() -> None:
    assert faults([version("2025-01-01", "2025-01-01"), version("2026-03-01", "2026-02-22")]) == []
    assert "less than 7 days" in faults([version("2025-01-01", "2025-01-01"), version("2026-03-01", "2026-02-23")])[0]


def test_a_text_reads_as_headings_paragraphs_and_lists() -> None:
    found = read_text(SOURCE.format(published="2026-01-01"))
    assert [(block.shape, block.lines) for block in found.blocks] == [
        ("heading", ("一",)),
        ("paragraph", ("话",)),
        ("list", ("甲", "乙")),
    ]
    with pytest.raises(ValueError, match="changes"):
        read_text("title: 协议\npublished: 2026-01-01\n\n话")


def test_an_owner_accepts_and_twice_is_once(house: str) -> None:
    organisation = session().scalars(select(Organisation.id)).one()
    assert accepted(organisation, "factory") is None
    for _again in range(2):
        agree(house)
    assert (rows(), accepted(organisation, "factory"), accepted(organisation, "merchant")) == (1, FIRST, None)
    audit = session().scalars(select(AuditRow).where(AuditRow.operation == "agreement.accept")).first()
    assert audit
    assert audit.changes[0]["after"]["agreement"] == FIRST
    assert audit.changes[0]["subject"] == f"factory:{house}"


def test_two_taps_at_once_are_one_acceptance(app: Flask, house: str) -> None:
    owner = user(WEI)
    asked = partial(accept, actor=owner, organisation=house, kind="factory", version=FIRST, now=noon())
    crowd(app, [asked] * 4)
    noted = session().scalars(select(AuditRow.changes).where(AuditRow.operation == "agreement.accept")).all()
    assert (rows(), sum(map(len, noted))) == (1, 1)


def test_only_the_version_in_force_is_accepted(house: str, newer: Agreement) -> None:
    for not_in_force in (newer.version, "2024-01-01", ""):
        with pytest.raises(DomainError) as refused:
            agree(house, version=not_in_force)
        assert (refused.value.code, refused.value.params) == ("agreement.outdated", {"version": FIRST})
    assert rows() == 0


def test_a_version_is_to_be_read_when_announced_and_accepted_when_it_holds(newer: Agreement) -> None:
    known, announced = versions("factory"), newer.published
    assert to_read(known, None, announced) == Unread(known[0], holds=True, first=True)
    assert to_read(known, FIRST, announced - timedelta(days=1)) is None
    assert to_read(known, FIRST, newer.since - timedelta(days=1)) == Unread(newer, holds=False)
    assert to_read(known, FIRST, newer.since) == Unread(newer, holds=True)
    assert to_read(known, newer.version, newer.since) is None


def test_an_owner_is_led_from_her_day_to_a_version_announced(client: FlaskClient, newer: Agreement) -> None:
    factory(WEI)
    sign_in(client, WEI)
    day = client.get("/factory").text
    assert (day.count(f'href="/agreements/factory/{newer.version}"'), "协议有新版，请您确认" in day) == (1, False)
    assert 'name="agreement"' not in client.get("/agreements/factory").text


def test_an_owner_agrees_to_a_new_version_on_its_page(app: Flask, client: FlaskClient, newer: Agreement) -> None:
    factory(WEI)
    sign_in(client, WEI)
    wait(app, days=10)
    assert "协议有新版，请您确认" in client.get("/factory").text
    given = [post(client, "/agreements/factory", agreement=version) for version in ("", FIRST, newer.version)]
    assert [answer.status_code for answer in given] == [422, 422, 303]
    assert "协议有新版，请您确认" not in client.get("/factory").text
    assert rows() == 2


def test_the_page_asks_for_a_house_by_its_name(app: Flask, client: FlaskClient, newer: Agreement) -> None:
    factory(WEI)
    sign_in(client, WEI)
    wait(app, days=10)
    assert "请“丹阳明视眼镜厂”确认" in client.get("/agreements/factory").text


def test_nothing_is_new_to_whoever_never_agreed(client: FlaskClient) -> None:
    shop = shop_begun(BO)
    with transaction():  # as shops stand that opened before they were asked for anything
        trades = {"state": "approved", "uscc": CODES[1], "submitted_at": noon()}
        session().execute(update(Application).where(Application.id == shop.id).values(**trades))
    sign_in(client, BO)
    day, page = client.get("/merchant").text, client.get("/agreements/merchant").text
    assert ("请阅读并同意《商家入驻协议》" in day, "新版" in day) == (True, False)
    assert ("还没有同意过这份协议" in page, "这一版生效了" in page) == (True, False)
    assert post(client, "/agreements/merchant", agreement=FIRST).status_code == 303
    assert "请阅读并同意" not in client.get("/merchant").text


def test_a_clerk_is_not_asked_and_a_merchant_has_no_factory_to_bind(client: FlaskClient) -> None:
    factory(WEI)
    clerk(MEI, WEI)
    sign_in(client, MEI)
    assert 'name="agreement"' not in client.get("/agreements/factory").text
    assert post(client, "/agreements/factory", agreement=FIRST).status_code == 404


@pytest.mark.parametrize("kind", ["merchant", "shopper"])
def test_an_agreement_of_another_kind_is_not_there(house: str, kind: str) -> None:
    with pytest.raises(NotFoundError):
        agree(house, kind=kind)


def test_strangers_and_clerks_cannot_bind_a_house(house: str) -> None:
    for somebody in (user(YU), clerk(MEI, WEI)):
        with pytest.raises(NotFoundError):
            accept(actor=somebody, organisation=house, kind="factory", version=FIRST, now=noon())
    assert rows() == 0


def test_a_merchant_accepts_hers(app: Flask) -> None:
    shop = merchant(BO)
    accept(actor=user(BO), organisation=shop.public_id, kind="merchant", version=FIRST, now=noon())
    assert accepted(shop.id, "merchant") == FIRST


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agreement_acceptances SET version = '2030-01-01'",
        "UPDATE agreement_acceptances SET accepted_at = '2030-01-01'",
        "DELETE FROM agreement_acceptances",
    ],
)
def test_the_database_keeps_what_was_accepted(house: str, statement: str) -> None:
    agree(house)
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session().execute(text(statement))
    assert rows() == 1


@pytest.mark.parametrize("wrong", [{}, {"kind": "shopper"}, {"version": "first"}, {"digest": "short"}])
def test_the_table_refuses_what_operations_would_not_write(house: str, wrong: dict[str, str]) -> None:
    agree(house)
    known = session().execute(select(AgreementAcceptance.__table__)).mappings().one()
    row = {**known, "id": 99, "version": "2026-01-01" if wrong else known["version"], **wrong}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(AgreementAcceptance).values(row))
    assert rows() == 1


@pytest.mark.only_on("sqlite")
def test_replacing_is_no_way_round(house: str) -> None:
    agree(house)
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session().execute(text("REPLACE INTO agreement_acceptances SELECT * FROM agreement_acceptances"))


@pytest.mark.only_on("postgresql")
def test_truncating_is_no_way_round(house: str) -> None:
    agree(house)
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session().execute(text("TRUNCATE agreement_acceptances"))


@pytest.mark.parametrize(("language", "title"), [("zh", "工厂入驻协议"), ("en", "Factory agreement")])
def test_everybody_may_read_every_version(client: FlaskClient, newer: Agreement, language: str, title: str) -> None:
    page = client.get("/agreements/factory", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'<h1 class="page-title">{title}</h1>' in page.text
    assert f"/agreements/factory/{newer.version}" in page.text
    coming = client.get(f"/agreements/factory/{newer.version}", headers={"Accept-Language": language})
    assert FIRST in coming.text
    assert "佣金" in coming.text


@pytest.mark.parametrize(
    "path", ["/agreements/shopper", "/agreements/factory/2020-01-01", "/agreements/factory/..%2fx"]
)
def test_what_was_never_published_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_page_of_the_shop_leads_there(client: FlaskClient) -> None:
    foot = client.get("/belts").text
    assert 'href="/agreements/factory"' in foot
    assert 'href="/agreements/merchant"' in foot
