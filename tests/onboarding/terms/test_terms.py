"""How a factory ships and takes back: its belt's usual terms with one tap, or its own, seen beside its goods."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.errors import InvalidInputError, NotFoundError
from onboarding.belts.queries import all_belts
from onboarding.terms.models import ShopTerms
from onboarding.terms.operations import promise
from onboarding.terms.queries import terms_of
from onboarding.terms.rules import Terms, _kept, usual
from tests.cast import MEI, WEI, YU
from tests.onboarding.people import clerk, factory, merchant, noon, post, sign_in, user

PAGE = "/factory/terms"


def test_one_tap_takes_over_what_the_belt_does(client: FlaskClient) -> None:
    home = factory(WEI).organisation_id
    sign_in(client, WEI)
    assert terms_of(home) is None
    assert "用产业带常用的" in client.get(PAGE).text
    of_belt = usual("danyang-glasses")
    post(client, PAGE, page=PAGE, lead_days=of_belt.lead_days, returns=of_belt.returns)
    assert terms_of(home) == of_belt == Terms(3, "made_to_order")
    post(client, PAGE, page=PAGE, lead_days="10", returns="seven_days")
    assert terms_of(home) == Terms(10, "seven_days")


@pytest.mark.parametrize("wrong", [{"lead_days": "0"}, {"lead_days": "61"}, {"lead_days": "-1"}, {"returns": "never"}])
def test_what_nobody_promises_is_refused(client: FlaskClient, wrong: dict[str, str]) -> None:
    home = factory(WEI).organisation_id
    sign_in(client, WEI)
    assert post(client, PAGE, page=PAGE, **{"lead_days": "2", "returns": "seven_days", **wrong}).status_code == 422
    assert terms_of(home) is None


def test_only_the_owner_of_a_factory_promises(app: Flask) -> None:
    factory(WEI)
    clerk(MEI, WEI)
    shop, home = merchant(YU), user(WEI).memberships[0].organisation
    for other, where in ((MEI, home), (YU, home), (YU, shop.public_id)):
        with pytest.raises(NotFoundError):
            promise(actor=user(other), organisation=where, terms=Terms(2, "seven_days"), now=noon())
    with pytest.raises(InvalidInputError):
        promise(actor=user(WEI), organisation=home, terms=Terms(0, "seven_days"), now=noon())


def test_every_belt_of_the_file_is_one_and_promises_what_may_be(app: Flask) -> None:
    factory(WEI)
    assert set(_kept()) - {"usual"} <= {belt.slug for belt in all_belts()}
    assert all(usual(belt).faults() == {} for belt in _kept())


@pytest.mark.parametrize(
    "lie", [{"lead_days": 0}, {"lead_days": 61}, {"returns": "never"}, {"free_shipping": False}], ids=str
)
def test_the_table_refuses_what_nobody_promises(app: Flask, lie: dict[str, object]) -> None:
    row = {"organisation_id": factory(WEI).organisation_id, "lead_days": 2, "returns": "seven_days", "said_at": noon()}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(ShopTerms).values(**{**row, "free_shipping": True, **lie}))
