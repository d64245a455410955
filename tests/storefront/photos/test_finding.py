"""Which pictures are taken for the same, and what the database and the index hold of them as goods come and go."""

from random import Random

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import delete, select, update

from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.files import Files, key_of
from kernel.permissions import SYSTEM
from onboarding.listings.models import Listing
from onboarding.listings.takedowns import restore, take_down
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.operations import remove, throw_away
from storefront.photos import tasks
from storefront.photos.features import features_of, unpacked
from storefront.photos.index import PhotoIndex
from storefront.photos.matching import NONE, agreeing, compare
from storefront.photos.models import PictureFeatures
from storefront.photos.queries import alike, alike_either_way
from storefront.photos.rules import Agreement, likeness
from tests.cast import NOW, TAN
from tests.onboarding.people import operator
from tests.storefront.photos.conftest import show
from tests.storefront.resale import Desk
from tests.support.photo_art import photograph
from tests.support.photo_changes import CHANGES, badged, saved_again
from tests.support.photo_kin import recoloured
from tests.support.pictures import worked

WHY = {"reason_code": "picture", "told": "图片是别人的", "internal": ""}


def index_of(app: Flask) -> PhotoIndex:
    found: PhotoIndex = app.extensions["ports"].get(PhotoIndex)
    return found


def found(app: Flask, picture: Image.Image) -> list[str]:
    session().rollback()
    return [hit.listing for hit in alike_either_way(picture, features_of(picture), index_of(app))]


def kept() -> list[PictureFeatures]:
    session().rollback()
    return list(session().scalars(select(PictureFeatures)))


@pytest.mark.parametrize("change", CHANGES)
def test_a_photograph_is_known_again_after_a_change(scarf: Image.Image, change: str) -> None:
    asked = saved_again(CHANGES[change](scarf, Random(5)), 80)  # noqa: S311  nothing to be guarded
    here, other = features_of(scarf), features_of(photograph(3))
    either = [asked, asked.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    hits = [hit for one in either for hit in agreeing(features_of(one), [("other", other), ("scarf", here)])]
    assert [hit.listing for hit in hits] == ["scarf"]


@pytest.mark.parametrize(
    ("places", "share", "meant"),
    [(9, 0.9, None), (10, 0.28, "like"), (22, 0.14, None), (30, 0.12, "like"), (20, 0.25, "same"), (60, 0.12, "same")],
)
def test_few_places_or_a_small_share_mean_nothing(places: int, share: float, meant: str | None) -> None:
    assert likeness(Agreement(places, share, 0.5, 0.7)) == meant


def test_the_same_in_another_colour_is_like_and_not_the_same() -> None:
    assert [likeness(Agreement(60, 0.5, 0.5, tinted)) for tinted in (0.4, 0.39, 0)] == ["same", "like", "like"]


def test_what_agrees_only_around_the_middle_is_a_frame_and_not_the_same() -> None:
    said = [likeness(Agreement(150, 0.4, middle, 1.0)) for middle in (0.2, 0.19, 0.04, 0.03, 0.0, None)]
    assert said == ["same", "like", "like", None, None, "like"]


def test_under_a_watermark_few_places_are_enough_where_their_colours_agree() -> None:
    seen = [Agreement(20, 0.05, 0.1, 0.8), Agreement(20, 0.05, 0.1, 0.7), Agreement(20, 0.05, None, 0.8)]
    assert [likeness(one) for one in seen] == ["like", None, None]


def test_the_badge_of_a_shop_makes_no_two_pictures_alike(scarf: Image.Image) -> None:
    shelf = [(str(seed), features_of(badged(photograph(seed)))) for seed in (2, 3)]
    assert compare(shelf[0][1], shelf[1][1]).places > 60
    assert [hit.listing for hit in agreeing(features_of(badged(scarf)), shelf)] == ["2"]
    assert agreeing(features_of(badged(photograph(4))), shelf) == []


@pytest.mark.parametrize("change", ["darker or brighter", "480 px, quality 40", "cropped to 30 %", "watermarked"])
def test_goods_of_the_asked_colour_come_first(scarf: Image.Image, change: str) -> None:
    colours = {f"{turn}°": recoloured(scarf, turn) for turn in (0, 85, 170, 250)}
    shelf = [(name, features_of(picture)) for name, picture in colours.items()]
    for name, picture in colours.items():
        asked = features_of(saved_again(CHANGES[change](picture, Random(5)), 80))  # noqa: S311  nothing to be guarded
        first, *rest = agreeing(asked, shelf)
        assert (first.listing, first.likeness) == (name, "same")
        assert "same" not in {hit.likeness for hit in rest}


def test_of_two_pictures_of_goods_the_one_of_the_asked_colour_counts(scarf: Image.Image) -> None:
    blue, other = features_of(recoloured(scarf, 170)), features_of(scarf)
    for shelf in ([blue, other], [other, blue]):
        assert [hit.likeness for hit in agreeing(other, [("scarf", one) for one in shelf])] == ["same"]


def test_what_shows_nothing_agrees_with_nothing(scarf: Image.Image) -> None:
    blank = features_of(Image.new("RGB", (400, 300), "white"))
    assert (len(blank), compare(blank, features_of(scarf)), compare(blank, blank)) == (0, NONE, NONE)
    assert compare(features_of(scarf), features_of(photograph(3))).places < 9


def test_features_are_the_same_each_time_and_as_they_were_kept(scarf: Image.Image) -> None:
    once, again = features_of(scarf), features_of(scarf)
    read = unpacked(once.packed())
    assert once.packed() == again.packed() == read.packed()
    assert len(once) <= 400
    assert len(once.packed()) < 15_500
    itself = compare(once, once)
    assert compare(read, once) == Agreement(itself.places, itself.share, itself.middle, 1.0)


def test_goods_are_found_once_everybody_sees_their_photograph(app: Flask, desk: Desk, scarf: Image.Image) -> None:
    other = desk.supplied(desk.wei, title="帽子")
    show(app, desk, other, photograph(3))
    assert found(app, scarf) == [desk.scarf.public_id]
    assert found(app, photograph(3)) == [other.public_id]
    assert found(app, photograph(4)) == []
    assert [hit.likeness for hit in alike(features_of(scarf), index_of(app))] == ["same"]


def test_goods_taken_down_are_gone_at_once_and_forgotten(app: Flask, desk: Desk, scarf: Image.Image) -> None:
    tan = operator(TAN)
    take_down(actor=tan, listing=desk.scarf.public_id, **WHY, now=NOW)
    assert (len(kept()), index_of(app).count()) == (1, 1)  # the worker has not come to it yet
    assert found(app, scarf) == []
    worked(app)
    assert (kept(), index_of(app).count()) == ([], 0)
    restore(actor=tan, listing=desk.scarf.public_id, note="", now=NOW)
    worked(app)
    assert found(app, scarf) == [desk.scarf.public_id]


def test_a_picture_taken_off_is_forgotten(app: Flask, desk: Desk, scarf: Image.Image) -> None:
    picture = session().scalars(select(ListingPicture.public_id)).one()
    remove(actor=desk.wei, listing=desk.scarf.public_id, picture=picture, now=NOW)
    assert found(app, scarf) == []
    worked(app)
    assert (kept(), index_of(app).count()) == ([], 0)


def test_what_nobody_looked_at_is_looked_at_by_the_sweep(app: Flask, desk: Desk, scarf: Image.Image) -> None:
    with transaction():
        session().execute(update(PictureFeatures).values(looked=0))
    assert found(app, scarf) == []
    tasks.learn_missing({}, ports=app.extensions["ports"], now=NOW)
    worked(app)
    assert found(app, scarf) == [desk.scarf.public_id]
    audited = len(session().scalars(select(AuditRow.id)).all())
    tasks.learn_missing({}, ports=app.extensions["ports"], now=NOW)
    assert len(session().scalars(select(AuditRow.id)).all()) == audited


def test_what_outlived_its_goods_goes_with_the_sweep(app: Flask, desk: Desk) -> None:
    with transaction():
        session().execute(update(Listing).where(Listing.id == desk.scarf.id).values(state="submitted"))
    tasks.learn_missing({}, ports=app.extensions["ports"], now=NOW)
    worked(app)
    assert (kept(), index_of(app).count()) == ([], 0)


def test_a_picture_that_cannot_be_read_is_tried_once(app: Flask, desk: Desk) -> None:
    look = session().scalars(select(ListingPicture)).one().look
    for size in look.sizes:
        app.extensions["ports"].get(Files).forget(key_of(f"{look.name}/{size}.webp"))
    with transaction():
        session().execute(delete(PictureFeatures))
    files = app.extensions["ports"].get(Files)
    assert [tasks.learn_all(files=files, now=NOW) for _ in range(2)] == [1, 0]
    assert [(one.places, one.features) for one in kept()] == [(0, b"")]


def test_the_index_is_filled_when_it_is_new_and_mended_when_it_differs(
    app: Flask, desk: Desk, scarf: Image.Image
) -> None:
    ports, index = app.extensions["ports"], index_of(app)
    assert index.needs_rebuild
    index.replace(desk.scarf.public_id, [])
    assert found(app, scarf) == []
    tasks.mend_index({}, ports=ports, now=NOW)
    assert (found(app, scarf), index.needs_rebuild) == ([desk.scarf.public_id], False)
    index.replace(desk.scarf.public_id, [])
    tasks.ensure_index({}, ports=ports, now=NOW)  # which was filled before: nothing to do
    assert index.count() == 0


def test_features_go_with_a_factory_that_is_thrown_away(desk: Desk) -> None:
    throw_away(actor=SYSTEM, organisation=desk.wei.memberships[0].organisation, now=NOW)
    assert kept() == []
