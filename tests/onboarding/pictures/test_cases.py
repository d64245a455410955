"""New pictures of goods on sale come before an operator: one case however many there are, shown or dropped with it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Actor
from onboarding.listings.models import Listing
from onboarding.listings.operations import archive_listing, submit_listing
from onboarding.moderation.bulk import approve_cases
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case, refuse_case
from onboarding.pictures import operations
from onboarding.pictures.queries import pictures_to_see, shown_of
from onboarding.pictures.tasks import make_sizes
from storefront.shipments.desk import waiting_of
from tests.cast import HUA, NOW
from tests.onboarding.people import operator
from tests.support.goods import signed_in
from tests.support.pictures import fresh, handed, jpeg, made


def cases(*states: str) -> list[str]:
    found = select(Case).where(Case.subject_type == "pictures").order_by(Case.id)
    return [one.public_id for one in session().scalars(found) if one.state in (states or ("open",))]


def test_one_case_opens_however_many_pictures_there_are(app: Flask, wei: Actor, sold: Listing, draft: Listing) -> None:
    made(app, wei, draft.public_id, jpeg(1))
    handed(app, wei, sold.public_id, jpeg(2))
    assert cases() == []
    for seed in (3, 4):
        made(app, wei, sold.public_id, jpeg(seed))
    assert len(cases()) == 1


def test_approved_they_are_shown_and_the_next_one_is_a_case_of_its_own(
    app: Flask, wei: Actor, tan: Actor, sold: Listing
) -> None:
    picture = made(app, wei, sold.public_id, jpeg(1))
    approve_case(actor=tan, case=cases()[0], seen=pictures_to_see(sold.public_id), now=NOW)
    assert ([address for address, _words in shown_of(sold.id)], cases()) == ([picture.address], [])
    made(app, wei, sold.public_id, jpeg(2))
    assert (len(cases()), len(shown_of(sold.id))) == (1, 1)


def test_refused_they_go_and_what_is_shown_stays(app: Flask, wei: Actor, tan: Actor, sold: Listing) -> None:
    first = made(app, wei, sold.public_id, jpeg(1))
    approve_case(actor=tan, case=cases()[0], seen=pictures_to_see(sold.public_id), now=NOW)
    second = made(app, wei, sold.public_id, jpeg(2)).public_id
    refuse_case(actor=tan, case=cases()[0], reason="图片是别家的，请用自己拍的。", now=NOW)
    assert (fresh(second).state, fresh(second).reason) == ("removed", "图片是别家的，请用自己拍的。")
    assert ([address for address, _words in shown_of(sold.id)], cases("refused")[1:]) == ([first.address], [])


def test_refused_her_page_and_today_tell_it_until_she_read_it_or_hands_in_others(
    app: Flask, wei: Actor, tan: Actor, sold: Listing
) -> None:
    page, browser = f"/factory/listings/{sold.public_id}/pictures", signed_in(app, wei)
    for seed, way in ((1, "read"), (2, "others")):
        made(app, wei, sold.public_id, jpeg(seed))
        refuse_case(actor=tan, case=cases()[0], reason="图片不是商品本身", now=NOW)
        shown = browser.get(page).text
        assert ("图片不是商品本身" in shown, "有 1 张新图片没有通过" in shown) == (True, True)
        assert (waiting_of(wei).pictures_refused, "图片没通过" in browser.get("/factory").text) == (1, True)
        if way == "read":
            browser.post(f"{page}/refusal-read")
        else:
            made(app, wei, sold.public_id, jpeg(2))
        assert (waiting_of(wei).pictures_refused, "没有通过" in browser.get(page).text) == (0, False)


@pytest.mark.parametrize("change", ["another", "other words"])
def test_nobody_shows_what_she_has_not_seen(app: Flask, wei: Actor, tan: Actor, sold: Listing, change: str) -> None:
    first = made(app, wei, sold.public_id, jpeg(1)).public_id
    seen, [case] = pictures_to_see(sold.public_id), cases()
    if change == "another":
        made(app, wei, sold.public_id, jpeg(2))
    else:
        operations.arrange(actor=wei, listing=sold.public_id, order=[], words={first: "帽子正面"}, now=NOW)
    with pytest.raises(DomainError, match=r"case\.other_photo"):
        approve_case(actor=tan, case=case, seen=seen, now=NOW)
    with pytest.raises(DomainError, match=r"case\.singly"):
        approve_case(actor=tan, case=case, now=NOW)
    assert (shown_of(sold.id), cases()) == ([], [case])


def test_a_stranger_to_the_desk_shows_nothing(app: Flask, wei: Actor, sold: Listing) -> None:
    made(app, wei, sold.public_id, jpeg(1))
    with pytest.raises(NotFoundError):
        approve_case(actor=operator(HUA, scope_kind="region", scope_value="新疆"), case=cases()[0], seen="", now=NOW)


def test_what_its_owner_takes_back_is_nothing_to_decide(app: Flask, wei: Actor, sold: Listing) -> None:
    one, other = (made(app, wei, sold.public_id, jpeg(seed)).public_id for seed in (1, 2))
    operations.remove(actor=wei, listing=sold.public_id, picture=one, now=NOW)
    assert len(cases()) == 1
    operations.remove(actor=wei, listing=sold.public_id, picture=other, now=NOW)
    assert (cases(), len(cases("dropped"))) == ([], 1)


def test_goods_that_are_given_up_leave_no_case(app: Flask, wei: Actor, sold: Listing) -> None:
    made(app, wei, sold.public_id, jpeg(1))
    archive_listing(actor=wei, listing=sold.public_id, now=NOW)
    assert (cases(), len(cases("dropped"))) == ([], 1)


def test_who_approves_the_goods_has_seen_their_pictures(app: Flask, wei: Actor, tan: Actor, sold: Listing) -> None:
    with transaction():
        session().execute(update(Listing).where(Listing.id == sold.id).values(state="taken_down", reason="换图"))
    made(app, wei, sold.public_id, jpeg(1))
    submit_listing(actor=wei, listing=sold.public_id, now=NOW)
    query = select(Case.public_id).where(Case.subject_type == "listing", Case.state == "open")
    approve_case(actor=tan, case=session().scalars(query).one(), seen=pictures_to_see(sold.public_id), now=NOW)
    assert (len(shown_of(sold.id)), cases(), len(cases("approved"))) == (1, [], 1)


def of_goods(listing: Listing) -> str:
    """The open case of goods that were handed in."""
    session().rollback()
    waits = (Case.subject == listing.public_id) & (Case.subject_type == "listing") & (Case.state == "open")
    return session().scalars(select(Case.public_id).where(waits)).one()


def late_picture(app: Flask, wei: Actor, listing: Listing) -> str:
    """Goods with a picture that is made after they were handed in; what an operator saw before that."""
    made(app, wei, listing.public_id, jpeg(1))
    late = handed(app, wei, listing.public_id, jpeg(2))
    submit_listing(actor=wei, listing=listing.public_id, now=NOW)
    seen = pictures_to_see(listing.public_id)
    make_sizes({"picture": late}, ports=app.extensions["ports"], now=NOW + timedelta(minutes=1))
    return seen


def test_who_approves_goods_shows_no_picture_that_came_while_she_looked(
    app: Flask, wei: Actor, tan: Actor, draft: Listing
) -> None:
    seen = late_picture(app, wei, draft)
    case = of_goods(draft)
    for looked, code in ((seen, "other_photo"), ("", "other_photo"), (None, "singly")):
        with pytest.raises(DomainError, match=rf"case\.{code}"):
            approve_case(actor=tan, case=case, seen=looked, now=NOW)
    approve_case(actor=tan, case=case, seen=pictures_to_see(draft.public_id), now=NOW)
    assert len(shown_of(draft.id)) == 2


def test_a_list_approves_goods_with_the_pictures_they_came_with(
    app: Flask, wei: Actor, tan: Actor, draft: Listing
) -> None:
    made(app, wei, draft.public_id, jpeg(1))
    submit_listing(actor=wei, listing=draft.public_id, now=NOW)
    assert (approve_cases(actor=tan, cases=[of_goods(draft)], now=NOW).skipped, len(shown_of(draft.id))) == ({}, 1)


def test_a_list_approves_no_goods_whose_pictures_came_later(app: Flask, wei: Actor, tan: Actor, draft: Listing) -> None:
    late_picture(app, wei, draft)
    case = of_goods(draft)
    assert approve_cases(actor=tan, cases=[case], now=NOW).skipped[case].code == "case.look_first"
    assert shown_of(draft.id) == []


def test_the_page_lays_new_pictures_beside_those_that_buyers_see(
    app: Flask, wei: Actor, tan: Actor, sold: Listing
) -> None:
    first = made(app, wei, sold.public_id, jpeg(1)).address
    approve_case(actor=tan, case=cases()[0], seen=pictures_to_see(sold.public_id), now=NOW)
    second, browser = made(app, wei, sold.public_id, jpeg(2)).address, signed_in(app, tan)
    page = browser.get(f"/ops/cases/{cases()[0]}").text
    assert page.index("新图片</h2>") < page.index(second) < page.index("买家现在看到的") < page.index(first)
    assert "商品新图" in browser.get("/ops").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert browser.post(f"/ops/cases/{cases()[0]}/approval", data={"seen": seen}).status_code == 302
    assert (len(shown_of(sold.id)), cases()) == (2, [])
