"""A merchant registers: at once, one a person, one a credit code, and never under another's factory."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from onboarding.accounts.models import Organisation
from onboarding.verification import operations
from onboarding.verification.queries import factory_of, merchant_by_slug, merchant_of
from tests.cast import BO, LIN, MEI, TAN, WEI, YU, Person
from tests.onboarding.people import CODES, begun, clerk, factory, merchant, noon, operator, said, user
from tests.support.crowd import crowd

FORM = {"name": "薄荷家居", "uscc": CODES[1]}


def test_a_merchant_has_a_face(app: Flask) -> None:
    made = merchant(BO)
    face = merchant_of(user(BO))
    assert face
    assert (face.organisation_id, face.organisation, face.name, face.uscc) == (made.id, made.public_id, *FORM.values())
    assert made.public_id.startswith("mer_")
    assert face.slug.startswith("bo-he-jia-ju-")
    assert merchant_by_slug(face.slug) == face
    assert [(one.kind, one.role) for one in user(BO).memberships] == [("merchant", "owner")]


def test_nobody_else_has_it(app: Flask) -> None:
    merchant(BO)
    factory(WEI)
    wei = factory_of(user(WEI))
    assert wei
    assert merchant_of(user(LIN)) is merchant_of(user(WEI)) is None
    for slug in ("", "nobody", wei.slug):
        with pytest.raises(NotFoundError):
            merchant_by_slug(slug)


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"name": "薄"}, "name", "field.shop_name.length"),
        ({"name": "Βo 家居"}, "name", "field.shop_name.sign"),  # a Greek Beta
        ({"name": "2026"}, "name", "field.shop_name.words"),
        ({"uscc": CODES[1][:17]}, "uscc", "field.uscc.length"),
        ({"uscc": "91330201MA2AF5T62N"}, "uscc", "field.uscc.inside"),
    ],
)
def test_what_is_wrong_is_said_by_field(app: Flask, wrong: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        operations.register_merchant(actor=user(BO), **{**FORM, **wrong}, now=noon())
    assert refusal.value.fields[field][0] == code
    assert session().scalar(select(func.count(Organisation.id))) == 0


def test_a_code_is_taken_as_it_is_pasted(app: Flask) -> None:
    merchant(BO, uscc=" 9133-0201 ma2af5t26n ")
    face = merchant_of(user(BO))
    assert face
    assert face.uscc == CODES[1]


def test_one_person_owns_one_merchant(app: Flask) -> None:
    merchant(BO)
    with pytest.raises(DomainError, match=r"merchant\.already_registered"):
        merchant(BO, uscc=CODES[2])


def test_one_code_is_one_merchant(app: Flask) -> None:
    merchant(BO)
    with pytest.raises(DomainError, match=r"merchant\.code_taken"):
        merchant(YU)


def test_a_clerk_may_open_a_shop_of_her_own_and_works_there_first(app: Flask) -> None:
    merchant(BO)
    clerk(MEI, BO)
    own = merchant(MEI, uscc=CODES[2], name="梅家小店")
    mei = user(MEI)
    face = merchant_of(mei)
    assert face
    assert face.organisation == own.public_id
    assert {mei.membership(permission).organisation for permission in mei.memberships[0].permissions} == {own.public_id}


def test_a_factory_may_be_a_merchant_too(app: Flask) -> None:
    factory(WEI)
    merchant(WEI, uscc=CODES[0], name="明视直营店")
    wei = user(WEI)
    mine, shop = factory_of(wei), merchant_of(wei)
    assert mine
    assert shop
    assert mine.uscc == shop.uscc == CODES[0]
    assert [one.kind for one in wei.memberships] == ["factory", "merchant"]


def test_a_merchant_may_become_a_factory_under_her_code(app: Flask) -> None:
    merchant(BO)
    factory(BO, uscc=CODES[1])
    assert factory_of(user(BO))


@pytest.mark.parametrize("thief", [YU, BO, MEI])
def test_nobody_else_takes_the_code_of_a_factory(app: Flask, thief: Person) -> None:
    factory(WEI)
    if thief is MEI:
        clerk(MEI, WEI)
    with pytest.raises(DomainError, match=r"merchant\.code_taken"):
        merchant(thief, uscc=CODES[0])
    assert merchant_of(user(thief)) is None


def test_nobody_else_takes_the_code_of_a_merchant(app: Flask) -> None:
    merchant(BO)
    with pytest.raises(DomainError, match=r"factory\.code_taken"):
        factory(WEI, uscc=CODES[1])
    factory(WEI)
    wei = user(WEI)
    house = wei.memberships[0].organisation
    operations.refuse(actor=operator(TAN), organisation=house, reason="代码和执照不一致", now=noon())
    with pytest.raises(DomainError, match=r"factory\.code_taken"):
        operations.hand_in(actor=wei, said=said(uscc=CODES[1]), now=noon())


def rush(app: Flask, *deeds: Callable[[], object]) -> list[str]:
    """What each of the deeds begun together was told."""

    def told(deed: Callable[[], object]) -> str:
        try:
            deed()
        except DomainError as refusal:
            return refusal.code
        return "won"

    return sorted(crowd(app, [partial(told, deed) for deed in deeds]))


def test_of_two_rivals_one_gets_the_code(app: Flask) -> None:
    rivals = [partial(operations.register_merchant, actor=user(who), **FORM, now=noon()) for who in (BO, YU)]
    assert rush(app, *rivals) == ["merchant.code_taken", "won"]
    assert session().scalar(select(func.count(Organisation.id))) == 1


def test_a_form_sent_twice_opens_one_shop(app: Flask) -> None:
    bo = user(BO)
    twice = [partial(operations.register_merchant, actor=bo, name="薄荷家居", uscc=uscc, now=noon()) for uscc in CODES]
    assert rush(app, *twice) == ["merchant.already_registered"] * 2 + ["won"]
    assert session().scalar(select(func.count(Organisation.id))) == 1


def test_of_a_factory_and_a_merchant_one_gets_the_code(app: Flask) -> None:
    begun(WEI)
    shop = partial(operations.register_merchant, actor=user(BO), **FORM, now=noon())
    works = partial(operations.hand_in, actor=user(WEI), said=said(**FORM), now=noon())
    assert rush(app, shop, works) in (["merchant.code_taken", "won"], ["factory.code_taken", "won"])


def test_a_registration_leaves_an_audit_row(app: Flask) -> None:
    made = merchant(BO)
    row = session().scalars(select(AuditRow).where(AuditRow.operation == "merchant.register")).one()
    shown = {change["subject"]: change["after"] for change in row.changes}
    assert shown[f"merchant:{made.public_id}"] == {"name": "薄荷家居"}
    assert CODES[1] not in str(row.changes)
