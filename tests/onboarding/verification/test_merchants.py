"""A merchant applies: open at once when her licence speaks for itself, one a person, one a code, one company a code."""

from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM, Role
from onboarding.accounts.operations import add_member
from onboarding.compliance.queries import accepted
from onboarding.licences.operations import record_reading, upload_licence
from onboarding.moderation import operations as moderation
from onboarding.verification import decisions, operations
from onboarding.verification.models import Application
from onboarding.verification.queries import factory_of, merchant_by_slug, seller_of
from onboarding.verification.rules import Papers
from tests.cast import BO, LIN, MEI, TAN, WEI, YU, Person
from tests.onboarding.people import (
    CODES,
    clerk,
    factory,
    merchant,
    noon,
    operator,
    reading,
    said,
    shop_begun,
    user,
    waiting,
)

NAME, CODE = "薄荷家居", CODES[1]
FORM = {"kind": "merchant", "name": NAME, "uscc": CODE}


def hand_in(who: Person = BO, **told: Any) -> Application:  # noqa: ANN401  what the form has
    """Hand in under this name and code unless told otherwise."""
    return operations.hand_in(actor=user(who), said=said(**{**FORM, **told}), now=noon())


def shown(**read: Any) -> Application:  # noqa: ANN401  what was read, and how
    """Bo's shop after a licence that was read like this, everything handed in as always."""
    application = shop_begun(BO, read=False)
    mine = user(BO).memberships[0].organisation
    photo = upload_licence(actor=user(BO), organisation=mine, photo_key="0" * 64, now=noon())
    whole = {"uscc": CODE, "name": NAME, **read}
    record_reading(actor=SYSTEM, licence=photo.public_id, reading=reading(**whole), now=noon())
    return application


def test_a_licence_that_speaks_for_itself_opens_the_shop_at_once(app: Flask) -> None:
    made = merchant(BO)
    mine = seller_of(user(BO), "merchant")
    assert mine
    assert (mine.organisation, mine.name, mine.uscc, mine.state) == (made.public_id, NAME, CODE, "approved")
    face = merchant_by_slug(mine.slug)
    assert (face.organisation_id, face.name, face.uscc) == (made.id, NAME, CODE)
    assert face.slug.startswith("bo-he-jia-ju-")
    assert "已通过核验" in notify.latest()[0].text
    assert waiting(operator(TAN)) == []
    assert accepted(made.id, "merchant")


def test_who_decided_was_nobody_and_everybody_can_read_so(app: Flask) -> None:
    made = merchant(BO)
    application = session().scalars(select(Application)).one()
    assert (application.decided_by, application.checked_at, application.ways) == (None, application.decided_at, "")
    row = session().scalars(select(AuditRow).where(AuditRow.operation == "factory.hand_in")).one()
    mine = [change["after"] for change in row.changes if change["subject"] == f"merchant:{made.public_id}"]
    assert [after["state"] for after in mine if "state" in after] == ["submitted", "approved"]
    assert CODE not in str(row.changes)
    facts = session().scalars(select(OutboxFact.kind).where(OutboxFact.kind.like("merchant.%")).order_by(OutboxFact.id))
    assert list(facts) == ["merchant.applied", "merchant.approved"]


@pytest.mark.parametrize(
    "read",
    [
        {"is_licence": False},
        {"uscc": CODES[2]},
        {"name": "薄荷家具"},
        {"confidence": 0.85},
        {"expires_on": "2020-01-31"},
        {"legal_representative": "薄亮"},  # she handed in nobody
        {"address": "上海市浦东新区世纪大道1号"},
    ],
)
def test_anything_else_is_for_an_operator(app: Flask, read: dict[str, Any]) -> None:
    shown(**read)
    assert hand_in().state == "submitted"
    assert [line.subject_type for line in waiting(operator(TAN))] == ["merchant"]
    mine = seller_of(user(BO), "merchant")
    assert mine
    with pytest.raises(NotFoundError):
        merchant_by_slug(mine.slug)


def test_a_licence_without_an_end_is_no_doubt(app: Flask) -> None:
    shown(expires_on="长期", legal_representative="薄 亮")
    assert hand_in(papers=Papers(legal_representative="薄亮")).state == "approved"


def test_what_nobody_has_read_yet_waits(app: Flask) -> None:
    merchant(BO, read=False)
    assert len(waiting(operator(TAN), "merchant")) == 1


@pytest.mark.parametrize("state", ["refused", "suspended", "closed"])
def test_who_was_turned_away_is_looked_at_even_behind_a_new_owner(app: Flask, state: str) -> None:
    merchant(BO)
    values = {"state": state, "reason": "卖假货", "uscc": "" if state == "suspended" else CODE}
    with transaction():
        session().execute(update(Application).values(**values))
    shop_begun(LIN)
    mine = user(LIN).memberships[0].organisation
    add_member(actor=user(LIN), organisation=mine, phone=BO.phone, role=Role.OWNER, now=noon())
    assert hand_in(LIN).state == "submitted"
    assert [line.subject for line in waiting(operator(TAN), "merchant")] == [mine]


def test_an_operator_lets_her_in(app: Flask) -> None:
    merchant(BO, read=False)
    moderation.approve_case(actor=operator(TAN), case=waiting(operator(TAN))[0].public_id, now=noon())
    assert seller_of(user(BO), "merchant").state == "approved"  # type: ignore[union-attr]
    assert "现在就能开卖" in notify.latest()[0].text


def test_whom_an_operator_sent_back_an_operator_lets_in(app: Flask) -> None:
    merchant(BO, read=False)
    moderation.refuse_case(
        actor=operator(TAN), case=waiting(operator(TAN))[0].public_id, reason="照片是别人的", now=noon()
    )
    shown()
    assert hand_in().state == "submitted"
    assert len(waiting(operator(TAN), "merchant")) == 1


def test_only_the_system_opens_and_only_merchants(app: Flask) -> None:
    made = merchant(BO, read=False)
    for who in (user(BO), operator(TAN)):
        with pytest.raises(ForbiddenError):
            decisions.open_at_once(actor=who, organisation=made.public_id, now=noon())
    factory(WEI)
    house = user(WEI).memberships[0].organisation
    with pytest.raises(DomainError, match=r"factory\.state"):
        decisions.open_at_once(actor=SYSTEM, organisation=house, now=noon())


def test_nobody_else_has_it(app: Flask) -> None:
    merchant(BO)
    factory(WEI)
    wei = factory_of(user(WEI))
    assert wei
    assert seller_of(user(LIN), "merchant") is seller_of(user(WEI), "merchant") is None
    for slug in ("", "nobody", wei.slug):
        with pytest.raises(NotFoundError):
            merchant_by_slug(slug)


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"name": "薄"}, "name", "field.shop_name.length"),
        ({"name": "Βo 家居"}, "name", "field.shop_name.sign"),  # a Greek Beta
        ({"name": "2026"}, "name", "field.shop_name.words"),
        ({"uscc": CODE[:17]}, "uscc", "field.uscc.length"),
        ({"uscc": "91330201MA2AF5T62N"}, "uscc", "field.uscc.inside"),
        ({"agreement": ""}, "agreement", "field.agreement"),
    ],
)
def test_what_is_wrong_is_said_by_field(app: Flask, wrong: dict[str, str], field: str, code: str) -> None:
    shop_begun(BO)
    with pytest.raises(InvalidInputError) as refusal:
        hand_in(**wrong)
    assert refusal.value.fields[field][0] == code
    assert set(refusal.value.fields) == {field}
    assert session().scalar(select(Application.state)) == "draft"


def test_without_a_photo_nothing_is_handed_in(app: Flask) -> None:
    operations.begin(actor=user(BO), kind="merchant", now=noon())
    with pytest.raises(InvalidInputError) as refusal:
        hand_in()
    assert set(refusal.value.fields) == {"licence"}


def test_one_person_owns_one_merchant(app: Flask) -> None:
    merchant(BO)
    assert operations.begin(actor=user(BO), kind="merchant", now=noon()).uscc == CODE
    with pytest.raises(DomainError, match=r"merchant\.state"):
        hand_in(uscc=CODES[2])


def test_a_clerk_may_open_a_shop_of_her_own_and_works_there_first(app: Flask) -> None:
    merchant(BO)
    clerk(MEI, BO)
    own = merchant(MEI, uscc=CODES[2], name="梅家小店")
    mei = user(MEI)
    mine = seller_of(mei, "merchant")
    assert mine
    assert mine.organisation == own.public_id
    assert {mei.membership(permission).organisation for permission in mei.memberships[0].permissions} == {own.public_id}


def test_a_factory_may_be_a_merchant_too(app: Flask) -> None:
    factory(WEI)
    merchant(WEI, uscc=CODES[0], name="明视直营店")
    wei = user(WEI)
    mine, shop = factory_of(wei), seller_of(wei, "merchant")
    assert mine
    assert shop
    assert mine.uscc == shop.uscc == CODES[0]
    assert [one.kind for one in wei.memberships] == ["factory", "merchant"]


def test_a_merchant_may_become_a_factory_under_her_code(app: Flask) -> None:
    merchant(BO)
    factory(BO, uscc=CODE)
    assert factory_of(user(BO))


@pytest.mark.parametrize("thief", [YU, BO, MEI])
def test_nobody_else_takes_the_code_of_a_factory(app: Flask, thief: Person) -> None:
    factory(WEI)
    if thief is MEI:
        clerk(MEI, WEI)
    with pytest.raises(DomainError, match=r"merchant\.code_taken"):
        merchant(thief, uscc=CODES[0])


def test_nobody_else_takes_the_code_of_a_merchant(app: Flask) -> None:
    merchant(BO)
    for steal in (partial(merchant, YU), partial(factory, WEI, uscc=CODE)):
        with pytest.raises(DomainError, match=r"(merchant|factory)\.code_taken"):
            steal()


def test_a_draft_keeps_nobodys_code(app: Flask) -> None:
    shop_begun(YU)
    operations.keep(actor=user(YU), said=said(**FORM), now=noon())
    assert merchant(BO)
