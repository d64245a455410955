"""Nothing of a merchant who was not let in, or was stopped, is shown or sold; what is paid goes on."""

import pytest
from flask import Flask
from sqlalchemy import update

from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from kernel.permissions import Actor
from onboarding.licences.models import Licence
from onboarding.offers.models import Offer
from onboarding.offers.queries import resellers_of, sellable
from onboarding.verification.models import Application
from onboarding.verification.queries import merchant_by_slug
from onboarding.verification.rules import REASONED
from storefront.catalogue.goods import shops_selling
from storefront.catalogue.queries import public_places
from storefront.orders.queries import checkout_of, is_stopped
from storefront.search.index import Index
from storefront.search.queries import cards, cards_of_merchant
from storefront.search.tasks import rebuild
from tests.cast import NOW
from tests.storefront.shop import Shop
from tests.support.goods import make_resale

SHUT = ["draft", "submitted", "in_review", "correction", "refused", "suspended", "closed"]


@pytest.fixture
def bo(shop: Shop) -> Actor:
    return shop.merchant()


def move(merchant: Actor, state: str) -> None:
    """Put her application into a state, whatever came before; who waits has a photo."""
    seller = merchant.memberships[0].organisation_id
    with transaction():
        photo = Licence(public_id=public_id("lic"), organisation_id=seller, photo_key="0" * 64, uploaded_at=NOW)
        photo.state, photo.reading = "waiting", {}
        session().add(photo)
        session().flush()
        told = {"reason": "看不清" if state in REASONED else "", "asked": "name" if state == "correction" else ""}
        hers = update(Application).where(Application.organisation_id == seller)
        session().execute(hers.values(state=state, licence_id=photo.id, **told))


@pytest.mark.parametrize("state", SHUT)
def test_nothing_of_hers_can_be_found_or_bought(app: Flask, shop: Shop, bo: Actor, state: str) -> None:
    held = make_resale(bo, shop.listing)
    seller, listing = bo.memberships[0].organisation_id, shop.listing
    offers = [row.public_id for row in session().query(Offer).filter_by(pick_up_id=held.id)]
    slug = sellable(offers)[0].seller_slug
    assert (resellers_of(listing.id), shops_selling(listing.id), len(cards_of_merchant(seller, limit=9))) == (1, 1, 1)
    move(bo, state)
    assert sellable(offers) == []
    assert (resellers_of(listing.id), shops_selling(listing.id), cards_of_merchant(seller, limit=9)) == (0, 0, [])
    assert f"/m/{slug}" not in {address for address, _day in public_places()}
    with pytest.raises(NotFoundError):
        merchant_by_slug(slug)
    move(bo, "approved")
    assert len(sellable(offers)) == len(offers)


def test_goods_that_only_she_sells_are_found_no_more(app: Flask, shop: Shop, bo: Actor) -> None:
    make_resale(bo, shop.listing)
    with transaction():
        session().execute(update(Offer).where(Offer.kind == "own").values(state="off"))
    rebuild(index=app.extensions["ports"].get(Index))
    assert len(cards([shop.listing.public_id])) == 1
    move(bo, "suspended")
    assert cards([shop.listing.public_id]) == {}


def test_a_checkout_of_hers_is_not_paid_and_one_that_is_goes_on(shop: Shop, bo: Actor) -> None:
    held = make_resale(bo, shop.listing)
    offer = session().query(Offer).filter_by(pick_up_id=held.id).first()
    assert offer
    payment = shop.order({offer.public_id: 1})
    assert not is_stopped(checkout_of(shop.buyer, payment).orders)
    move(bo, "suspended")
    assert is_stopped(checkout_of(shop.buyer, payment).orders)
    with pytest.raises(DomainError, match=r"order\.not_for_sale|cart\."):
        shop.order({offer.public_id: 1})
