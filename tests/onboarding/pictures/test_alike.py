"""Pictures like those of another factory are told to the operator, side by side, and to nobody else."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import Actor
from onboarding.listings.models import Listing, Takedown
from onboarding.listings.operations import submit_listing
from onboarding.moderation.models import Case
from onboarding.pictures.operations import show_waiting
from onboarding.pictures.queries import look_alikes
from tests.cast import NOW, YU
from tests.support.goods import make_factory, make_listing, signed_in
from tests.support.pictures import jpeg, made, saved
from tests.support.statements import statements


@pytest.fixture
def yu(app: Flask) -> Actor:
    """Yu, whose factory is another one."""
    return make_factory(YU)


def again(seed: int) -> bytes:
    """The same photograph, made smaller and saved once more."""
    return saved(Image.open(BytesIO(jpeg(seed))).resize((400, 300)), "JPEG", quality=60)


def theirs(app: Flask, yu: Actor, data: bytes) -> Listing:
    listing = make_listing(yu, title="一样的围巾", state="draft")
    made(app, yu, listing.public_id, data)
    return listing


def test_a_picture_of_another_factory_is_found_made_smaller_and_saved_again(
    app: Flask, wei: Actor, yu: Actor, draft: Listing
) -> None:
    made(app, wei, draft.public_id, jpeg(1))
    other = theirs(app, yu, again(1))
    [alike] = look_alikes(draft.id)
    assert (alike.listing, alike.factory) == (other.public_id, yu.memberships[0].name)
    assert [one.listing for one in look_alikes(other.id)] == [draft.public_id]


def test_other_pictures_ones_own_and_blank_ones_are_not(app: Flask, wei: Actor, yu: Actor, draft: Listing) -> None:
    blank = saved(Image.new("RGB", (400, 400), "white"), "PNG")
    for data in (jpeg(1), blank):
        made(app, wei, draft.public_id, data)
    made(app, wei, make_listing(wei, state="draft").public_id, again(1))
    theirs(app, yu, blank)
    theirs(app, yu, jpeg(2))
    assert look_alikes(draft.id) == []


def test_two_statements_find_them_however_many_there_are(app: Flask, wei: Actor, yu: Actor, draft: Listing) -> None:
    for seed in range(4):
        made(app, wei, draft.public_id, jpeg(seed))
        theirs(app, yu, again(seed))
    listing_id = draft.id
    with statements() as asked:
        assert len(look_alikes(listing_id)) == 4
    assert len(asked) == 2, asked


def test_a_take_down_reaches_goods_of_another_factory_that_show_the_picture(
    app: Flask, wei: Actor, yu: Actor, tan: Actor, sold: Listing
) -> None:
    copied, hidden, other = (make_listing(yu, title=title) for title in ("抄来的帽子", "没露出的", "别的帽子"))
    for listing, data in ((sold, jpeg(1)), (copied, again(1)), (other, jpeg(2))):
        made(app, yu if listing is not sold else wei, listing.public_id, data)
        show_waiting(actor=tan, listing=listing.public_id, now=NOW)
    made(app, yu, hidden.public_id, again(1))
    browser, address = signed_in(app, tan), f"/ops/goods/{sold.public_id}"
    asked = browser.get(f"{address}/takedown?by=picture").text
    assert [title in asked for title in ("抄来的帽子", "没露出的", "别的帽子")] == [True, False, False]
    browser.post(f"{address}/takedown", data={"by": "picture", "reason_code": "picture", "told": "", "internal": ""})
    session().rollback()
    down = select(Listing.title).where(Listing.state == "taken_down").order_by(Listing.id)
    assert session().scalars(down).all() == ["羊绒帽子", "抄来的帽子"]
    assert (
        session().scalars(select(Takedown.cause).order_by(Takedown.listing_id)).all()[1] == f"picture:{sold.public_id}"
    )


def test_the_operator_sees_both_side_by_side_and_the_owner_nothing(
    app: Flask, wei: Actor, yu: Actor, tan: Actor, draft: Listing
) -> None:
    mine = made(app, wei, draft.public_id, jpeg(1)).address
    theirs(app, yu, again(1))
    submit_listing(actor=wei, listing=draft.public_id, now=NOW)
    case = session().scalar(select(Case.public_id).where(Case.subject == draft.public_id))
    shown = signed_in(app, tan).get(f"/ops/cases/{case}").text
    name, place = yu.memberships[0].name, yu.memberships[0].organisation
    assert (f"“{name}”的商品图片" in shown, f"/ops/factories/{place}" in shown, mine in shown) == (True, True, True)
    assert shown.count("待审核") >= 1
    for page in ("", "/pictures"):
        assert name not in signed_in(app, wei).get(f"/factory/listings/{draft.public_id}{page}").text


def test_an_approved_case_shows_the_pictures(app: Flask, wei: Actor, tan: Actor, draft: Listing) -> None:
    picture = made(app, wei, draft.public_id, jpeg(1))
    submit_listing(actor=wei, listing=draft.public_id, now=NOW)
    case = session().scalar(select(Case.public_id).where(Case.subject == draft.public_id))
    browser = signed_in(app, tan)
    seen = browser.get(f"/ops/cases/{case}").text.partition('name="seen" value="')[2].partition('"')[0]
    assert browser.post(f"/ops/cases/{case}/approval", data={"seen": seen}).status_code == 302
    assert app.test_client().get(picture.address).status_code == 200
