"""The demo: what is in it, that it is sound, and that loading it again or in two parts makes no difference."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import distinct, func, select
from sqlalchemy.orm import InstrumentedAttribute

from commission.settlement.models import Payout, RefundRow
from commission.settlement.queries import verify_books
from kernel.clock import Clock
from kernel.db import session
from kernel.pictures import look
from onboarding.accounts.models import Organisation
from onboarding.admissions.models import Admission
from onboarding.listings.models import Listing
from onboarding.listings.pictures import picture_for, pictures
from onboarding.moderation.models import Case
from onboarding.offers.models import Offer
from onboarding.pictures.models import ListingPicture
from onboarding.tiers.models import InspectionRequest
from onboarding.tiers.queries import tiers_of
from onboarding.verification.models import Application
from storefront.after_sales.models import Refund
from storefront.after_sales.rules import REFUND
from storefront.checks import self_check
from storefront.orders.models import Order
from storefront.orders.rules import ORDER
from storefront.shipments.operations import ship
from tests.support import demo

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def channel() -> Iterator[Flask]:
    with demo.deployment(demo.loaded()) as app:
        yield app


def test_it_is_a_whole_channel(channel: Flask) -> None:
    approved = (Application.state == "approved") & (Application.kind == "factory")
    trading = (Application.state == "approved") & (Application.kind == "merchant")
    assert session().scalar(select(func.count()).where(approved)) == 16
    assert session().scalar(select(func.count(distinct(Application.belt_id))).where(approved)) == 15
    assert session().scalar(select(func.count()).where(trading)) == 3
    assert session().scalar(select(func.count()).where(Organisation.kind == "merchant")) == 4
    assert session().scalar(select(func.count()).where(Listing.state == "published")) == 202


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (Order.cancel_reason, {"", "buyer", "expired", "refunded"}),
        (Refund.state, set(REFUND.labels)),
        (RefundRow.after_settlement, {True, False}),
        (Admission.state, {"asked", "admitted", "refused", "ended"}),
        (Application.state, {"submitted", "approved", "refused"}),
        (Listing.state, {"draft", "submitted", "published", "refused"}),
        (Case.state, {"open", "approved", "refused"}),
        (Offer.held_reason, {"", "below_cost", "not_admitted"}),
        (Offer.by_hand, {True, False}),
        (Payout.state, {"paid"}),
    ],
    ids=lambda value: str(value) if isinstance(value, InstrumentedAttribute) else "",
)
def test_nothing_is_missing(channel: Flask, column: InstrumentedAttribute[object], values: set[object]) -> None:
    assert set(session().scalars(select(column).distinct())) == values


def test_factories_stand_on_every_tier_and_one_waits_for_a_visit(channel: Flask) -> None:
    approved = (Application.state == "approved") & (Application.kind == "factory")
    factories = session().scalars(select(Application.organisation_id).where(approved)).all()
    now = channel.extensions["ports"].get(Clock).now()
    assert Counter(tiers_of(factories, now=now).values()) == {"listed": 4, "verified": 10, "inspected": 2}
    assert session().scalars(select(InspectionRequest.state)).all() == ["open"]


@pytest.mark.parametrize("way", ["direct", "merchant"])
def test_orders_stand_in_every_state(channel: Flask, way: str) -> None:
    states = select(Order.state).where(Order.way == way).distinct()
    assert set(session().scalars(states)) == {"placed", *(step.to for step in ORDER.steps.values())}


def test_the_books_and_the_stock_agree(channel: Flask) -> None:
    assert verify_books().ok
    assert self_check() == []


def test_every_picture_is_shown_somewhere(channel: Flask) -> None:
    drawn = {path for path, *_names in pictures()} - {"img/goods/carton.svg"}
    goods = session().execute(select(Listing.image, Listing.title, Listing.category))
    assert drawn <= {picture_for(title, category) if look(image) else image for image, title, category in goods}


def test_some_goods_have_photographs_one_by_ai_and_one_that_waits(channel: Flask) -> None:
    held = session().scalars(select(ListingPicture)).all()
    assert [(one.state, one.by_ai) for one in held].count(("shown", True)) == 1
    assert [one.state for one in held].count("waiting") == 1
    assert all(one.made_at for one in held)
    assert all(channel.test_client().get(one.address).status_code == 200 for one in held if one.state == "shown")


def test_a_second_load_adds_nothing(tmp_path: Path) -> None:
    folder = shutil.copytree(demo.loaded(), tmp_path / "copy")
    with demo.deployment(folder) as app:
        before = demo.contents()
        assert "13800138004" in demo.load_into(app)
        assert demo.contents() == before


def test_a_load_late_in_the_evening_starts_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storefront.demo.load.purchases", lambda _calendar: [])
    with demo.deployment(tmp_path / "late", now=datetime(2026, 3, 2, 15, 59, 55, tzinfo=UTC)) as app:
        demo.prepare(app)
        demo.load_into(app)
        joined = session().scalars(select(Application.organisation_id).where(Application.state == "approved")).all()
        assert len(joined) == 19


def test_a_load_in_two_parts_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with demo.deployment(demo.loaded()):
        whole = demo.contents()
    with demo.deployment(tmp_path / "parts") as app:
        demo.prepare(app)
        with monkeypatch.context() as patched:
            patched.setattr("storefront.demo.deeds.ship", _stops_after(100))
            with pytest.raises(KeyboardInterrupt):
                demo.load_into(app)
        demo.load_into(app)
        parts = demo.contents()
    assert {table for table in whole if whole[table] != parts[table]} == set()


def _stops_after(parcels: int) -> Callable[..., str]:
    """Ships so many parcels, then the load is interrupted."""
    left = iter(range(parcels))

    def interrupted(**parcel: Any) -> str:  # noqa: ANN401  whatever a parcel takes
        if next(left, None) is None:
            raise KeyboardInterrupt
        return ship(**parcel)

    return interrupted
