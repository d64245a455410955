"""Pictures are handed in, made, looked at and shown; who may see them, and what becomes of their files."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.asked import asked_of
from onboarding.listings.models import Listing
from onboarding.listings.operations import edit_listing, submit_listing
from onboarding.listings.rules import PICTURES_CAP
from onboarding.listings.submissions import submit_all
from onboarding.pictures import operations, tasks
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.queries import pictures_of
from tests.cast import NOW, YU
from tests.onboarding.listings.forms import listing_form
from tests.support.goods import make_factory, make_listing, signed_in
from tests.support.pictures import files_of, fresh, handed, jpeg, lies, made, worked


def cover(listing: Listing) -> str:
    session().rollback()
    return session().scalars(select(Listing.image).where(Listing.id == listing.id)).one()


def facts(kind: str) -> int:
    return len(session().scalars(select(OutboxFact.id).where(OutboxFact.kind == kind)).all())


def test_the_worker_makes_the_sizes_and_forgets_what_was_handed_in(app: Flask, wei: Actor, draft: Listing) -> None:
    public_id = handed(app, wei, draft.public_id, jpeg())
    assert lies(app, public_id)
    worked(app)
    picture = fresh(public_id)
    assert (picture.width, picture.height, picture.state) == (640, 480, "waiting")
    assert not lies(app, public_id)
    assert lies(app, f"{picture.look.name}/320.webp")
    assert cover(draft) == picture.address


@pytest.mark.parametrize("where", ["before it is noted", "before the file is forgotten"])
def test_a_worker_killed_half_way_leaves_the_picture_to_the_next(
    app: Flask, wei: Actor, draft: Listing, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def killed(*_told: object, **_more: object) -> None:
        raise KeyboardInterrupt

    public_id, ports = handed(app, wei, draft.public_id, jpeg()), app.extensions["ports"]
    with monkeypatch.context() as broken:
        noting = where == "before it is noted"
        broken.setattr(tasks if noting else files_of(app), "record_made" if noting else "forget", killed)
        with pytest.raises(KeyboardInterrupt):
            tasks.make_sizes({"picture": public_id}, ports=ports, now=NOW)
    assert bool(fresh(public_id).made_at) != noting
    for _again in range(2):
        tasks.make_sizes({"picture": public_id}, ports=ports, now=NOW)
    assert fresh(public_id).made_at
    assert not lies(app, public_id)


def test_what_cannot_be_decoded_says_so_and_may_be_deleted(app: Flask, wei: Actor, draft: Listing) -> None:
    whole = jpeg()
    public_id = handed(app, wei, draft.public_id, whole[: len(whole) // 3])
    worked(app)
    assert fresh(public_id).refusal == "photo.broken"
    shown = signed_in(app, wei).get(f"/factory/listings/{draft.public_id}/pictures")
    assert ("Refresh" in shown.headers, "照片打不开" in shown.text or "损坏" in shown.text) == (False, True)
    operations.remove(actor=wei, listing=draft.public_id, picture=public_id, now=NOW)
    assert pictures_of(draft.id) == []


def test_a_draft_is_for_its_team_and_operators_alone(app: Flask, wei: Actor, tan: Actor, draft: Listing) -> None:
    address = made(app, wei, draft.public_id, jpeg()).address
    for who, status in ((wei, 200), (tan, 200), (make_factory(YU), 404)):
        answer = signed_in(app, who).get(address)
        assert answer.status_code == status
        assert "public" not in answer.headers.get("Cache-Control", "")
    assert app.test_client().get(address).status_code == 404


def test_what_is_shown_everybody_sees_and_browsers_ask_again_in_a_word(app: Flask, wei: Actor, sold: Listing) -> None:
    picture = made(app, wei, sold.public_id, jpeg())
    nobody = app.test_client()
    assert (nobody.get(picture.address).status_code, cover(sold)) == (404, "img/goods/scarf.svg")
    operations.show_waiting(actor=SYSTEM, listing=sold.public_id, now=NOW)
    answer = nobody.get(picture.address)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "public, max-age=600, must-revalidate"
    again = nobody.get(picture.address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert nobody.get(picture.look.at(320, "avif")).mimetype == "image/avif"
    assert cover(sold) == picture.address


@pytest.mark.parametrize("wrong", ["/999.webp", "/320.gif", "/320", "/0320.webp"])
def test_an_address_that_was_never_given_out_is_nothing(app: Flask, wei: Actor, draft: Listing, wrong: str) -> None:
    look = made(app, wei, draft.public_id, jpeg()).look
    browser = signed_in(app, wei)
    assert browser.get(f"/pictures/{look.name}{wrong}").status_code == 404
    assert browser.get(f"/pictures/{look.name.replace('640x480', '639x480')}/320.webp").status_code == 404
    assert browser.get(f"/pictures/pic_none-{'0' * 16}-640x480/320.webp").status_code == 404


def test_a_new_picture_of_goods_on_sale_waits_and_an_operator_is_asked(app: Flask, wei: Actor, sold: Listing) -> None:
    made(app, wei, sold.public_id, jpeg())
    assert facts("pictures.asked") == 1
    assert [one.state for one in pictures_of(sold.id)] == ["waiting"]
    assert operations.drop_waiting(actor=SYSTEM, listing=sold.public_id, reason="不是这款商品", now=NOW) == 1
    assert (pictures_of(sold.id), cover(sold)) == ([], "img/goods/scarf.svg")


def test_a_stranger_decides_nothing(app: Flask, wei: Actor, sold: Listing) -> None:
    made(app, wei, sold.public_id, jpeg())
    for who in (wei, make_factory(YU)):
        with pytest.raises(NotFoundError):
            operations.show_waiting(actor=who, listing=sold.public_id, now=NOW)


def test_what_is_still_being_made_is_not_shown_unseen(app: Flask, wei: Actor, sold: Listing) -> None:
    handed(app, wei, sold.public_id, jpeg())
    assert operations.show_waiting(actor=SYSTEM, listing=sold.public_id, now=NOW) == 0
    worked(app)
    assert [one.state for one in pictures_of(sold.id)] == ["waiting"]


def test_the_same_file_twice_too_many_and_goods_in_review_are_refused(app: Flask, wei: Actor, draft: Listing) -> None:
    for seed in range(PICTURES_CAP):
        handed(app, wei, draft.public_id, jpeg(seed, (200, 200)))
    for data, code in ((jpeg(0, (200, 200)), "picture.twice"), (jpeg(99, (200, 200)), "picture.too_many")):
        with pytest.raises(DomainError, match=code):
            handed(app, wei, draft.public_id, data)
    with transaction():
        session().execute(update(Listing).values(state="submitted"))
    with pytest.raises(DomainError, match=r"listing\.in_review"):
        handed(app, wei, draft.public_id, jpeg(99))


def test_deleting_twice_is_once_and_files_of_what_was_never_shown_go(app: Flask, wei: Actor, draft: Listing) -> None:
    first, second = (made(app, wei, draft.public_id, jpeg(seed)) for seed in (1, 2))
    for _twice in range(2):
        operations.remove(actor=wei, listing=draft.public_id, picture=first.public_id, now=NOW)
    assert facts("picture.removed") == 1
    worked(app)
    assert not lies(app, f"{first.look.name}/320.webp")
    assert ([one.position for one in pictures_of(draft.id)], cover(draft)) == ([0], second.address)


def test_what_was_shown_stays_to_be_seen_in_orders(app: Flask, wei: Actor, sold: Listing) -> None:
    picture = made(app, wei, sold.public_id, jpeg())
    operations.show_waiting(actor=SYSTEM, listing=sold.public_id, now=NOW)
    operations.remove(actor=wei, listing=sold.public_id, picture=picture.public_id, now=NOW)
    worked(app)
    assert cover(sold) == "img/goods/knit-hat.svg"  # drawn by the title
    assert app.test_client().get(picture.address).status_code == 200


@pytest.mark.parametrize("first", ["is removed", "stays"])
def test_what_ai_made_is_labelled_whenever_the_same_file_comes_again(
    app: Flask, wei: Actor, draft: Listing, sold: Listing, first: str
) -> None:
    picture = made(app, wei, draft.public_id, jpeg(), by_ai=True)
    if first == "is removed":
        operations.remove(actor=wei, listing=draft.public_id, picture=picture.public_id, now=NOW)
    again = made(app, wei, (draft if first == "is removed" else sold).public_id, jpeg())
    assert (again.by_ai, again.label, again.digest) == (True, picture.label, picture.digest)
    yu = make_factory(YU)
    assert not made(app, yu, make_listing(yu, state="draft").public_id, jpeg()).by_ai
    assert not made(app, wei, draft.public_id, jpeg(2)).by_ai


def test_nobody_touches_the_pictures_of_another_factory(app: Flask, wei: Actor, draft: Listing) -> None:
    picture, yu = made(app, wei, draft.public_id, jpeg()), make_factory(YU)
    own = make_listing(yu, state="draft").public_id
    for listing in (draft.public_id, own):
        with pytest.raises(NotFoundError):
            operations.remove(actor=yu, listing=listing, picture=picture.public_id, now=NOW)
    with pytest.raises(NotFoundError):
        handed(app, yu, draft.public_id, jpeg(2))


def test_a_factory_thrown_away_leaves_no_picture(app: Flask, wei: Actor, draft: Listing) -> None:
    picture = made(app, wei, draft.public_id, jpeg())
    keys = operations.throw_away(actor=wei, organisation=wei.memberships[0].organisation, now=NOW)
    for key in keys:
        files_of(app).forget(key)
    assert not lies(app, f"{picture.look.name}/320.avif")
    assert session().scalars(select(ListingPicture)).all() == []


def test_several_files_come_at_once_and_a_wrong_one_keeps_no_other(app: Flask, wei: Actor, draft: Listing) -> None:
    browser, place = signed_in(app, wei), f"/factory/listings/{draft.public_id}/pictures"
    given = [(BytesIO(jpeg(1)), "1.jpg"), (BytesIO(b"PK\x03\x04"), "错.zip"), (BytesIO(jpeg(2)), "2.jpg")]
    answer = browser.post(place, data={"pictures": given, "by_ai": "1"}, content_type="multipart/form-data")
    assert (answer.status_code, "错.zip" in answer.text, "收到了 2 张" in answer.text) == (422, True, True)
    waiting = browser.get(place)
    assert (waiting.headers["Refresh"], "处理中" in waiting.text) == ("3", True)
    worked(app)
    shown = browser.get(place)
    assert ("Refresh" in shown.headers, "AI 生成" in shown.text) == (False, True)
    assert all(one.by_ai for one in pictures_of(draft.id))


def test_order_and_words_are_kept_but_words_on_show_stay(app: Flask, wei: Actor, sold: Listing) -> None:
    first = made(app, wei, sold.public_id, jpeg(1)).public_id
    operations.show_waiting(actor=SYSTEM, listing=sold.public_id, now=NOW)
    second = made(app, wei, sold.public_id, jpeg(2)).public_id
    browser, place = signed_in(app, wei), f"/factory/listings/{sold.public_id}/pictures"
    said = {f"words_{first}": "改了", f"words_{second}": "帽子正面"}
    answer = browser.post(f"{place}/order", data={"order": [first, second], "move": f"{second}:first", **said})
    assert answer.status_code == 303
    session().expire_all()
    assert [(one.public_id, one.words) for one in pictures_of(sold.id)] == [(second, "帽子正面"), (first, "羊绒帽子")]
    assert cover(sold) == fresh(first).address  # the second waits still


def test_words_called_after_the_goods_follow_their_name(app: Flask, wei: Actor, draft: Listing) -> None:
    named, said = (made(app, wei, draft.public_id, jpeg(place)).public_id for place in (1, 2))
    told = {"order": [named, said], "words": {said: "背面"}}
    operations.arrange(actor=wei, listing=draft.public_id, **told, now=NOW)
    edit_listing(actor=wei, listing=draft.public_id, words={"title": "羊绒披肩"}, prices={}, stock={}, now=NOW)
    assert [fresh(one).words for one in (named, said)] == ["羊绒披肩", "背面"]


def test_words_of_pictures_are_held_to_the_law(app: Flask, wei: Actor, draft: Listing) -> None:
    first = made(app, wei, draft.public_id, jpeg()).public_id
    with pytest.raises(DomainError, match=r"picture\.advertising"):
        operations.arrange(actor=wei, listing=draft.public_id, order=[first], words={first: "全国第一"}, now=NOW)
    with transaction():
        session().execute(update(ListingPicture).values(words="全国第一羊绒围巾"))
    with pytest.raises(DomainError, match=r"picture\.advertising"):
        submit_listing(actor=wei, listing=draft.public_id, now=NOW)
    assert submit_all(actor=wei, now=NOW).count == 0


@pytest.mark.parametrize("deed", ["words", "order", "off", "another"])
def test_a_picture_that_was_asked_for_is_mended_in_any_way(app: Flask, wei: Actor, draft: Listing, deed: str) -> None:
    first, second = (made(app, wei, draft.public_id, jpeg(place)).public_id for place in (1, 2))
    asked = {"state": "refused", "reason": "细节图换一张", "asked": {"image": cover(draft)}}
    with transaction():
        session().execute(update(Listing).values(asked))
    if deed == "another":
        made(app, wei, draft.public_id, jpeg(3))
    elif deed == "off":
        operations.remove(actor=wei, listing=draft.public_id, picture=second, now=NOW)
    else:
        told = {"words": {second: "背面"}, "order": []} if deed == "words" else {"words": {}, "order": [second, first]}
        operations.arrange(actor=wei, listing=draft.public_id, **told, now=NOW)
    session().expire_all()
    assert [one.is_changed for one in asked_of(draft)] == [True]


def test_the_form_of_goods_takes_no_photograph_away(app: Flask, wei: Actor, draft: Listing) -> None:
    address = made(app, wei, draft.public_id, jpeg()).address
    browser, place = signed_in(app, wei), f"/factory/listings/{draft.public_id}"
    assert 'name="image"' not in browser.get(place).text
    session().refresh(draft)
    stale = listing_form(draft, image="img/goods/scarf.svg", title="羊绒长围巾")
    assert browser.post(place, data=stale).status_code == 303
    assert (cover(draft), browser.get(place).text.count("羊绒长围巾") > 0) == (address, True)


def test_a_picture_is_taken_off_by_the_form_on_the_page(app: Flask, wei: Actor, draft: Listing) -> None:
    public_id = made(app, wei, draft.public_id, jpeg()).public_id
    browser, here = signed_in(app, wei), f"/factory/listings/{draft.public_id}/pictures"
    removal = f"{here}/{public_id}/removal"
    assert f'action="{removal}"' in browser.get(here).text
    assert (browser.post(removal).status_code, pictures_of(draft.id)) == (303, [])
