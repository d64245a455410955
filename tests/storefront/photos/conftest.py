"""Wei's goods, each with a photograph that everybody sees, looked at and in the index."""

from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image

from kernel.permissions import SYSTEM
from onboarding.listings.models import Listing
from onboarding.pictures.operations import show_waiting
from tests.cast import NOW
from tests.storefront.resale import Desk
from tests.storefront.shop import Shop
from tests.support.photo_art import photograph
from tests.support.pictures import made, saved, worked

Pictured = Callable[[int], Listing]


@pytest.fixture(scope="session")
def scarf() -> Image.Image:
    """What stands on the photograph of Wei's scarf."""
    return photograph(2)


@pytest.fixture
def desk(shop: Shop, scarf: Image.Image) -> Desk:
    """Bo, whom Wei supplies with a scarf that has a photograph."""
    desk = Desk(shop)
    show(shop.app, desk, desk.scarf, scarf)
    return desk


def show(app: Flask, desk: Desk, listing: Listing, picture: Image.Image) -> str:
    """Hand in a photograph of goods and let everybody see it; the worker has done its part. Its public id."""
    found = made(app, desk.wei, listing.public_id, saved(picture, "JPEG", quality=88))
    show_waiting(actor=SYSTEM, listing=listing.public_id, now=NOW)
    worked(app)
    return found.public_id
