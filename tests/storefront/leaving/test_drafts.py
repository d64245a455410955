"""A draft that is thrown away leaves nothing: no goods, no stock, no sheets; what was sold is not lost by that."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from commission.payees.operations import give_account
from commission.payees.queries import accounts_of
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import Actor
from onboarding.accounts.queries import actor_of
from onboarding.listings.models import Listing, SheetImport, Sku, StockMovement, StockReservation, WayOfSelling
from onboarding.listings.operations import upload_sheet
from onboarding.verification.operations import begin
from storefront.leaving.operations import throw_away
from tests.cast import NOW, YU
from tests.storefront.leaving.conftest import home
from tests.storefront.shop import Shop, make_person
from tests.support.goods import make_listing
from tests.support.purses import details

GOODS = (Listing, Sku, WayOfSelling, StockMovement, SheetImport)


@pytest.fixture
def yu(app: Flask) -> Actor:
    """Yu with a draft, and goods prepared for it."""
    assert app
    person = make_person(YU)
    begin(actor=actor_of(person.user), now=NOW)
    owner = actor_of(person.user)
    make_listing(owner, state="draft", stock=(10, 0, 3), supply_fen=9_000)
    upload_sheet(actor=owner, filename="价目表.xlsx", file_key="a" * 64, now=NOW)
    return owner


def rows() -> list[int]:
    session().rollback()
    return [session().scalar(select(func.count()).select_from(table)) or 0 for table in GOODS]


def test_its_goods_go_with_it(yu: Actor) -> None:
    assert rows() == [1, 3, 2, 2, 1]
    assert "a" * 64 in throw_away(actor=yu, organisation=home(yu), now=NOW)
    assert rows() == [0, 0, 0, 0, 0]


def test_the_goods_of_others_stay(shop: Shop, yu: Actor) -> None:
    make_listing(shop.wei)
    upload_sheet(actor=shop.wei, filename="价目表.xlsx", file_key="a" * 64, now=NOW)
    throw_away(actor=yu, organisation=home(yu), now=NOW)
    assert rows()[0] >= 1
    assert rows()[-1] == 1


def test_nothing_goes_while_somebody_looks_at_its_goods(yu: Actor) -> None:
    before = rows()
    with transaction():
        session().execute(update(Listing).values(state="submitted"))
    with pytest.raises(DomainError, match=r"factory\.goods_waiting"):
        throw_away(actor=yu, organisation=home(yu), now=NOW)
    assert rows() == before


@pytest.mark.parametrize("was", ["on sale", "held"])
def test_the_database_keeps_the_stock_of_what_was_on_sale_or_held(yu: Actor, was: str) -> None:
    sku = session().scalars(select(StockMovement.sku_id).order_by(StockMovement.id)).first()
    held = {"holder": "grp_1", "buyer": "usr_1", "sku_id": sku, "quantity": 1, "stocked": True, "state": "held"}
    with transaction():
        if was == "on sale":
            session().execute(update(Listing).values(state="archived", published_at=NOW))
        else:
            session().execute(insert(StockReservation).values(**held, created_at=NOW, expires_at=NOW))
    with pytest.raises(IntegrityError, match="append-only"), transaction():
        session().execute(delete(StockMovement).where(StockMovement.sku_id == sku))
    with pytest.raises(IntegrityError, match="append-only"), transaction():
        session().execute(update(StockMovement).values(pieces=1))


def test_its_account_ends_with_it(yu: Actor) -> None:
    give_account(party=home(yu), details=details(), consent=True, actor=yu, now=NOW)
    throw_away(actor=yu, organisation=home(yu), now=NOW)
    assert accounts_of(home(yu), now=NOW).current is None
