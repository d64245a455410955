"""A credit code somebody else holds: claimed, judged once, moved whole; neither side learns of the other."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError
from kernel.permissions import Role
from onboarding.accounts.operations import add_member
from onboarding.licences.models import Licence
from onboarding.moderation.bulk import approve_cases
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case, ask_case, refuse_case
from onboarding.standing.models import Claim
from onboarding.standing.operations import claim
from onboarding.verification.models import Application
from onboarding.verification.operations import hand_in
from onboarding.verification.rules import Papers, Said
from tests.cast import BO, HUA, LIN, TAN, WEI, YU, Person
from tests.onboarding.people import (
    CODES,
    DANYANG,
    QINGHE,
    begun,
    factory,
    merchant,
    nobody_reads,
    noon,
    operator,
    post,
    said,
    shop_begun,
    sign_in,
    user,
    waiting,
)
from tests.support.crowd import crowd

MINE = "这是我厂 2015 年的执照"
WHY = "两边执照的登记日期和法定代表人都对过"
FORM = {"name": "清河样绒厂", "uscc": CODES[0], "belt": QINGHE, "ways": "both", "legal_representative": "薄亮"}


@pytest.fixture
def held(app: Flask) -> Application:
    """Wei holds the code that is Bo's."""
    found = factory(WEI)
    begun(BO)
    return found


def claimed() -> str:
    """Bo says that it is hers; the case of that."""
    claim(actor=user(BO), said=bos(), words=MINE, now=noon())
    return waiting(operator(TAN), "claim")[0].public_id


def bos(**told: str) -> Said:
    return said(**{"name": "清河样绒厂", "belt": QINGHE, **told}, papers=Papers(legal_representative="薄亮"))


def states() -> dict[str, tuple[str, str]]:
    session().rollback()
    rows = session().scalars(select(Application).order_by(Application.id))
    return dict(zip(("wei", "bo"), ((row.state, row.uscc) for row in rows), strict=True))


@pytest.mark.parametrize(("before", "after"), [("submitted", ("refused", CODES[0])), ("approved", ("suspended", ""))])
def test_granting_moves_the_code_and_hands_the_claimant_in(
    held: Application, before: str, after: tuple[str, str]
) -> None:
    if before == "approved":
        approve_case(actor=operator(TAN), case=waiting(operator(TAN), "factory")[0].public_id, now=noon())
    approve_case(actor=operator(TAN), case=claimed(), basis=WHY, now=noon())
    assert states() == {"wei": after, "bo": ("submitted", CODES[0])}
    assert [line.factory for line in waiting(operator(TAN), "factory")] == ["清河样绒厂"]
    told = {one.recipient[-4:]: one.text for one in notify.latest()[:2]}
    assert "清河样绒厂" not in told["8002"]
    assert "丹阳明视眼镜厂" not in told["8004"]


def test_dismissing_leaves_all_as_it_was(held: Application) -> None:
    refuse_case(actor=operator(TAN), case=claimed(), reason="照片看不清代码", now=noon())
    assert states()["wei"] == ("submitted", CODES[0])
    assert states()["bo"][0] == "draft"
    assert "照片看不清代码" in notify.latest()[0].text
    claimed()  # she may say so again


def test_the_holder_reads_why_in_her_language(client: FlaskClient, held: Application) -> None:
    case = claimed()
    approve_case(actor=operator(TAN), case=case, basis=WHY, now=noon())
    sign_in(client, WEI)
    assert "经核对执照" in client.get("/factory", headers={"Accept-Language": "zh"}).text
    client.post("/language", data={"lang": "en"})
    assert "经核对执照" not in client.get("/factory", headers={"Accept-Language": "en"}).text


def test_a_claim_is_judged_once(held: Application) -> None:
    case = claimed()
    approve_case(actor=operator(TAN), case=case, basis=WHY, now=noon())
    for decide in (approve_case, lambda **told: refuse_case(reason="因为所以", **told)):
        with pytest.raises(DomainError, match=r"case\.state"):
            decide(actor=operator(HUA), case=case, now=noon())


def test_a_claim_is_granted_on_a_basis_and_by_itself(client: FlaskClient, held: Application) -> None:
    case = claimed()
    together = approve_cases(actor=operator(TAN), cases=[case], now=noon())
    assert together.skipped[case].code == "case.singly"
    sign_in(client, TAN)
    here = f"/ops/cases/{case}"
    assert post(client, f"{here}/approval", page=here, basis=" ").status_code == 422
    assert states()["wei"] == ("submitted", CODES[0])
    assert post(client, f"{here}/approval", page=here, basis=WHY).status_code == 302
    shown = client.get("/ops").text
    assert ("已通过。" in shown, "商品已下架" in shown) == (True, False)
    assert WHY in session().scalars(select(AuditRow.reason)).all()


def test_one_claim_waits_at_a_time(held: Application) -> None:
    claimed()
    with pytest.raises(DomainError, match=r"claim\.open"):
        claim(actor=user(BO), said=bos(), words=MINE, now=noon())
    assert session().scalar(select(func.count(Claim.id))) == 1


@pytest.mark.parametrize("rival", [{"state": "open"}, {"holder_id": "organisation_id"}])
def test_the_table_says_so_again(held: Application, rival: dict[str, str]) -> None:
    claimed()
    row = session().scalars(select(Claim)).one()
    session().rollback()
    copied = {column.key: getattr(row, column.key) for column in Claim.__table__.columns if column.key != "id"}
    copied |= {"public_id": "clm_other", "organisation_id": row.organisation_id}
    if "holder_id" in rival:
        copied |= {"organisation_id": row.holder_id}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(Claim).values(**copied))


def test_nobody_claims_what_nobody_holds_or_without_words(held: Application) -> None:
    with pytest.raises(DomainError, match=r"factory\.code_free"):
        claim(actor=user(BO), said=bos(uscc=CODES[1]), words=MINE, now=noon())
    for wrong in ({"words": "x"}, {"said": bos(ways="")}):
        with pytest.raises(InvalidInputError):
            claim(**{"actor": user(BO), "said": bos(), "words": MINE, "now": noon(), **wrong})
    assert session().scalar(select(func.count(Claim.id))) == 0


def test_a_shop_gives_up_the_code_that_is_a_factorys_and_sells_no_more(app: Flask) -> None:
    shop = merchant(LIN, uscc=CODES[0])
    begun(BO)
    approve_case(actor=operator(TAN), case=claimed(), basis=WHY, now=noon())
    lost = session().scalars(select(Application).where(Application.organisation_id == shop.id)).one()
    assert (lost.state, lost.uscc, "属于另一家企业" in lost.reason) == ("suspended", "", True)
    assert "已暂停" in notify.latest()[0].text + notify.latest()[1].text
    assert states()["bo"] == ("submitted", CODES[0])


@pytest.mark.parametrize("read", [True, False])
def test_a_merchant_claims_the_code_of_a_merchant(app: Flask, *, read: bool) -> None:
    merchant(LIN, name="林家小铺")
    hers = shop_begun(BO, read=read)
    if not read:
        nobody_reads()
    claim(actor=user(BO), said=said(kind="merchant", name="薄荷家居", uscc=CODES[1]), words=MINE, now=noon())
    approve_case(actor=operator(TAN), case=waiting(operator(TAN), "claim")[0].public_id, basis=WHY, now=noon())
    session().refresh(hers)
    assert (hers.state, hers.uscc) == ("approved" if read else "submitted", CODES[1])
    assert [line.subject_type for line in waiting(operator(TAN))] == ([] if read else ["merchant"])


def test_a_claim_to_a_shops_code_lies_on_the_desk_of_its_province(app: Flask) -> None:
    merchant(LIN, uscc=CODES[0])  # 310115: 上海市
    begun(BO)
    claimed()
    assert waiting(operator(HUA, scope_kind="region", scope_value="江苏省"), "claim") == []
    assert len(waiting(operator(YU, scope_kind="region", scope_value="上海市"), "claim")) == 1


def test_it_lies_on_the_desk_of_who_would_lose_the_code(held: Application) -> None:
    claimed()
    assert waiting(operator(HUA, scope_kind="belt", scope_value=QINGHE), "claim") == []
    assert len(waiting(operator(YU, scope_kind="belt", scope_value=DANYANG), "claim")) == 1


def test_the_form_tells_how_and_loses_nothing(client: FlaskClient, held: Application) -> None:
    sign_in(client, BO)
    with transaction():
        session().query(Licence).update({"state": "unreadable", "read_at": noon()})
    form = {**FORM, "agreement": bos().agreement}
    page = post(client, "/join/factory", page="/join/factory", **form)
    assert page.status_code >= 400
    for part in ('formaction="/join/factory/claim"', "认领这个代码", "清河样绒厂"):
        assert part in page.text
    assert "丹阳明视眼镜厂" not in page.text
    again = post(client, "/join/factory/claim", page="/join/factory", **form, words="x")
    assert (again.status_code, "清河样绒厂" in again.text) == (422, True)
    done = post(client, "/join/factory/claim", page="/join/factory", **form, words=MINE)
    assert done.location == "/join/factory"
    assert f"您在认领代码 {CODES[0]}" in client.get("/join/factory").text


def test_an_operator_sees_both_sides_and_nobody_else_does(client: FlaskClient, held: Application) -> None:
    case = claimed()
    sign_in(client, TAN)
    page = client.get(f"/ops/cases/{case}").text
    for part in (
        "丹阳明视眼镜厂",
        "清河样绒厂",
        MINE,
        "认领成立",
        f"/ops/cases/{case}/licence?of=holder",
        f"/ops/factories/{mine(WEI)}",
    ):
        assert part in page
    sign_in(client, WEI)
    assert client.get(f"/ops/cases/{case}").status_code == 404
    assert "清河样绒厂" not in client.get("/factory").text


def test_who_took_the_claim_back_while_it_waited_is_not_handed_in_twice(held: Application) -> None:
    case = claimed()
    hand_in(actor=user(BO), said=bos(uscc=CODES[1]), now=noon())
    with pytest.raises(DomainError, match=r"factory\.state"):
        approve_case(actor=operator(TAN), case=case, basis=WHY, now=noon())
    assert states()["wei"] == ("submitted", CODES[0])
    assert session().scalars(select(Case.state).where(Case.public_id == case)).one() == "open"


def test_a_claim_sent_twice_at_once_is_one(app: Flask, held: Application) -> None:
    bo, mine = user(BO), bos()
    said_twice = crowd(app, [lambda: _answer(lambda: claim(actor=bo, said=mine, words=MINE, now=noon()))] * 2)
    assert sorted(said_twice) == ["claim.open", "done"]
    assert session().scalar(select(func.count(Claim.id))) == 1


def test_of_two_operators_at_once_one_decides(app: Flask, held: Application) -> None:
    case, tan, hua = claimed(), operator(TAN), operator(HUA)
    granting = lambda: approve_case(actor=tan, case=case, basis=WHY, now=noon())  # noqa: E731
    dismissing = lambda: refuse_case(actor=hua, case=case, reason="照片看不清代码", now=noon())  # noqa: E731
    decided = crowd(app, [lambda: _answer(granting), lambda: _answer(dismissing)])
    assert sorted(decided) == ["case.state", "done"]
    moved = decided[0] == "done"
    assert states()["bo"][0] == ("submitted" if moved else "draft")
    assert states()["wei"][0] == ("refused" if moved else "submitted")


def _answer(deed: Callable[[], object]) -> str:
    """What became of a deed."""
    try:
        deed()
    except DomainError as refusal:
        return refusal.code
    return "done"


def test_who_put_the_code_down_meanwhile_keeps_her_application(held: Application) -> None:
    case, tan = claimed(), operator(TAN)
    ask_case(actor=tan, case=waiting(tan, "factory")[0].public_id, fields=["uscc"], reason="代码填错了", now=noon())
    hand_in(actor=user(WEI), said=said(uscc=CODES[2]), now=noon())
    approve_case(actor=tan, case=case, basis=WHY, now=noon())
    assert states() == {"wei": ("submitted", CODES[2]), "bo": ("submitted", CODES[0])}
    assert {line.subject for line in waiting(tan, "factory")} == {mine(WEI), mine(BO)}
    assert "已暂停" not in notify.latest()[0].text


def test_both_halves_of_a_company_without_the_right_give_it_up(held: Application) -> None:
    merchant(WEI, uscc=CODES[0], name="明视直营店", read=False)
    approve_case(actor=operator(TAN), case=claimed(), basis=WHY, now=noon())
    session().rollback()
    rows = session().execute(select(Application.kind, Application.state).order_by(Application.id))
    assert [*rows] == [("factory", "refused"), ("factory", "submitted"), ("merchant", "refused")]
    assert [line.subject for line in waiting(operator(TAN))] == [mine(BO)]


def test_what_a_fellow_owner_holds_is_no_strangers_code(held: Application) -> None:
    shop_begun(BO, uscc=CODES[0], name="明视直营店")
    shop = next(one.organisation for one in user(BO).memberships if one.kind == "merchant")
    add_member(actor=user(BO), organisation=shop, phone=WEI.phone, role=Role.OWNER, now=noon())
    with pytest.raises(DomainError, match=r"factory\.code_free"):
        claim(actor=user(BO), said=said(kind="merchant", name="明视直营店", uscc=CODES[0]), words=MINE, now=noon())
    assert (
        hand_in(actor=user(BO), said=said(kind="merchant", name="明视直营店", uscc=CODES[0]), now=noon()).uscc
        == CODES[0]
    )


def mine(owner: Person) -> str:
    return next(one.organisation for one in user(owner).memberships if one.kind == "factory")
