"""An application on one screen: the photo beside the fields, what is found by itself, and who may look at it."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.files import Files
from onboarding.accounts.models import PastOwner
from onboarding.licences.models import Licence
from onboarding.moderation.evidence import Dossier, dossier
from onboarding.moderation.models import Case
from onboarding.verification.models import Application
from onboarding.verification.operations import hand_in
from onboarding.verification.queries import factory as factory_named
from onboarding.verification.rules import Papers
from tests.cast import BO, TAN, WEI, YU, Person
from tests.onboarding.people import CODES, QINGHE, begun, factory, merchant, noon, operator, post, said, sign_in, user
from tests.support.purses import DIGITS, NUMBER, give

ADDRESS = "江苏省丹阳市开发区眼镜城路8号"
PAPERS = Papers(legal_representative="魏国强", address=ADDRESS, sort="有限责任公司")
URLS = ["/ops/cases/{}", "/ops/cases/{}/licence", "/ops/cases/{}/licence/crops/name"]


def field(value: str, confidence: float = 0.99) -> dict[str, Any]:
    return {"value": value, "confidence": confidence, "box": [10, 10, 200, 40]}


@pytest.fixture
def case(app: Flask) -> str:
    """Wei's application, with a photo that says another name and shows its code badly."""
    factory_with(
        app, WEI, name="丹阳明视眼镜厂", read={"name": field("丹阳市明示眼镜厂"), "uscc": field(CODES[0], 0.5)}
    )
    return session().scalars(select(Case.public_id)).one()


def factory_with(app: Flask, owner: Person, *, name: str, uscc: str = CODES[0], read: dict[str, Any]) -> None:
    begun(owner)
    photo = BytesIO()
    Image.new("RGB", (400, 300), "white").save(photo, "JPEG")
    key = app.extensions["ports"].get(Files).put(photo.getvalue())
    reading = {"is_licence": True, "fields": read, "warnings": [], "turned": 0}
    with transaction():
        newest = session().scalars(select(Licence.id).order_by(Licence.id.desc())).first()
        values = {"photo_key": key, "state": "read", "reading": reading, "read_at": noon()}
        session().execute(update(Licence).where(Licence.id == newest).values(**values))
    hand_in(actor=user(owner), said=said(name=name, uscc=uscc, papers=PAPERS), now=noon())


def codes_of(found: Dossier) -> dict[str, tuple[str, ...]]:
    return {finding.code: finding.who for finding in found.findings}


def looked_at(owner: Person) -> Dossier:
    """What an operator is shown of somebody's factory."""
    mine = factory_named(user(owner).memberships[0].organisation)
    assert mine
    return dossier(operator(TAN), mine, today=business_date(noon()))


def test_the_photo_stands_beside_what_was_said_and_read(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    page = client.get(f"/ops/cases/{case}").text
    for part in (f'src="/ops/cases/{case}/licence"', "丹阳市明示眼镜厂", ADDRESS, "crops/name", "把握 99%"):
        assert part in page
    for url in URLS[1:]:
        answer = client.get(url.format(case))
        assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert client.get(f"/ops/cases/{case}/licence/crops/address").status_code == 404


@pytest.mark.parametrize("person", [WEI, YU, TAN])
def test_no_stranger_and_no_desk_of_elsewhere_sees_the_photo(client: FlaskClient, case: str, person: Person) -> None:
    if person is TAN:
        operator(TAN, scope_kind="region", scope_value="浙江省")
    sign_in(client, person)
    assert {client.get(url.format(case)).status_code for url in URLS} == {404}


def test_what_the_photo_says_otherwise_is_found(case: str) -> None:
    found = codes_of(looked_at(WEI))
    assert "name.differs" in found
    assert "code.taken" not in found


def test_the_same_code_representative_and_a_like_name_elsewhere_are_found(app: Flask, case: str) -> None:
    with transaction():
        session().execute(update(Application).values(uscc=CODES[2]))
    factory_with(app, BO, name="丹阳市明视光学眼镜有限公司", read={})
    with transaction():
        session().execute(update(Application).values(uscc=CODES[0], state="refused", reason="因为"))
        session().execute(update(Application).where(Application.id == 1).values(state="approved", reason=""))
    wei, found = user(WEI).memberships[0].organisation, codes_of(looked_at(BO))
    assert [found[code] for code in ("code.taken", "representative.shared", "name.confusable")] == [(wei,)] * 3


def test_a_shop_of_ones_own_under_the_same_code_is_no_finding(case: str) -> None:
    merchant(WEI, uscc=CODES[0])
    assert "code.taken" not in codes_of(looked_at(WEI))


def test_a_payout_account_of_somebody_else_too_is_found_and_never_shown(client: FlaskClient, case: str) -> None:
    bo = merchant(BO).public_id
    give(user(WEI).memberships[0].organisation)
    assert "bank.shared" not in codes_of(looked_at(WEI))
    give(bo)
    assert codes_of(looked_at(WEI))["bank.shared"] == (bo,)
    operator(TAN)
    sign_in(client, TAN)
    page = client.get(f"/ops/cases/{case}").text
    assert "收款账户和别家用过的是同一个" in page
    assert not any(digits in page for digits in (DIGITS, NUMBER, DIGITS[-4:]))


def test_two_shops_of_one_owner_may_be_paid_together(case: str) -> None:
    shop = merchant(WEI).public_id
    for party in {user(WEI).memberships[0].organisation, shop}:
        give(party)
    assert "bank.shared" not in codes_of(looked_at(WEI))


def test_a_factory_is_held_against_a_bounded_number_of_names(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from onboarding.moderation import evidence

    monkeypatch.setattr(evidence, "SAME_NAMED", 0)
    factory(BO, uscc=CODES[1], belt=QINGHE)
    assert looked_at(WEI).others == {}


def test_named_fields_are_asked_to_be_corrected(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    here, url = f"/ops/cases/{case}", f"/ops/cases/{case}/correction"
    answer = post(client, url, page=here, fields=["name"], words="x")
    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert post(client, url, page=here, words="名称写全").status_code == 422
    assert post(client, url, page=here, fields=["name", "belt"], words="名称写全").status_code == 302
    application = session().scalars(select(Application)).one()
    assert (application.state, application.asked, application.reason) == ("correction", "name belt", "名称写全")


def test_a_usual_reason_is_sent_as_it_stands(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    usual = "营业执照已经过期，请上传有效的执照。"
    assert f'value="{usual}"' in client.get(f"/ops/cases/{case}").text
    post(client, f"/ops/cases/{case}/refusal", page=f"/ops/cases/{case}", reason="", usual=usual)
    assert session().scalars(select(Case.reason)).one() == usual


def test_who_looks_at_a_case_is_seen_on_it_and_in_the_queue(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    assert case not in client.get("/ops?taken=me").text
    assert post(client, f"/ops/cases/{case}/taking", page=f"/ops/cases/{case}").status_code == 303
    assert "您在看" in client.get(f"/ops/cases/{case}").text
    assert case in client.get("/ops?taken=me").text
    assert case not in client.get("/ops?taken=nobody").text
    assert session().scalars(select(Application.state)).one() == "in_review"


@pytest.mark.parametrize("who", ["left_it", "left_the_new_one"])
def test_leaving_a_house_washes_no_record(app: Flask, case: str, who: str) -> None:
    wei = user(WEI).memberships[0]
    with transaction():
        session().execute(update(Application).values(state="refused", reason="因为", uscc=CODES[2]))
    factory(BO, uscc=CODES[0], belt=QINGHE)
    bo = user(BO).memberships[0]
    times = {"owner_since": noon() - timedelta(days=9), "owner_until": noon()}
    assert "record.sanctioned" not in codes_of(looked_at(BO))
    person, home = (user(BO), wei) if who == "left_it" else (user(WEI), bo)
    with transaction():
        session().add(PastOwner(user_id=person.user_id, organisation_id=home.organisation_id, **times))
    assert codes_of(looked_at(BO))["record.sanctioned"] == (wei.organisation,)


def test_what_was_sanctioned_comes_before_what_is_alike(app: Flask, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from onboarding.moderation import evidence

    factory(BO, uscc=CODES[1], belt=QINGHE)
    merchant(WEI, uscc=CODES[0])
    bad = user(WEI).memberships[1]
    with transaction():
        session().execute(update(Application).values(legal_representative="魏国强"))
        shop = update(Application).where(Application.organisation_id == bad.organisation_id)
        session().execute(shop.values(state="suspended", reason="因为"))
    monkeypatch.setattr(evidence, "SAME_PAPERS", 1)
    assert codes_of(looked_at(WEI))["record.sanctioned"] == (bad.organisation,)
