"""What a helper cannot: without the owner's code, after its end, elsewhere, and what is the owner's alone."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.files import Files
from kernel.permissions import SYSTEM, Actor, Role
from onboarding.accounts import operations as accounts
from onboarding.accounts.consents import acting_for
from onboarding.accounts.grants import end, take_staff_role
from onboarding.accounts.models import HelpGrant, MembershipRow, StaffRole
from onboarding.accounts.queries import actor_of
from onboarding.compliance.models import AgreementAcceptance
from onboarding.licences.queries import newest_licence
from onboarding.listings.models import Listing
from onboarding.listings.operations import edit_listing, import_listings, set_supply, upload_sheet
from onboarding.listings.tasks import read_sheet
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case
from onboarding.verification.models import Application
from onboarding.verification.operations import hand_in
from tests.cast import BO, MEI, TAN, WEI, YU
from tests.onboarding.helping.desk import FORM, code_of, fill_in, grant, helps, send, show_photo, told, word
from tests.onboarding.people import DANYANG, QINGHE, factory, noon, operator, post, said, sign_in, user, wait
from tests.support.goods import make_listing, price_sheet

MONEY = ["/factory", "/factory/statement", "/factory/orders", "/factory/refunds", "/factory/merchants"]
PEOPLE = ["/factory/team", "/factory/helpers", "/factory/licence", "/factory/appeal"]


def none_given() -> bool:
    return session().scalar(select(func.count(HelpGrant.id))) == 0


def test_only_a_helper_finds_the_desk(client: FlaskClient) -> None:
    sign_in(client, YU)
    assert client.get("/assist").status_code == 404
    assert post(client, "/assist", recipient=WEI.phone).status_code == 404
    assert "授权码" not in told(YU.phone)


@pytest.mark.parametrize("purpose", ["sign_in", "confirm", "bind"])
def test_a_code_of_another_purpose_is_no_consent(mei: FlaskClient, purpose: str) -> None:
    post(mei, "/assist", page="/assist", recipient=WEI.phone)
    accounts.request_code(recipient=WEI.phone, purpose=purpose, actor=user(WEI), now=noon())
    answer = post(mei, "/assist/code", page="/assist/code", code=code_of(told(WEI.phone)))
    assert (answer.status_code, none_given()) == (422, True)


def test_what_was_told_to_one_helper_is_nothing_to_another(app: Flask, mei: FlaskClient) -> None:
    send(BO)
    bo = app.test_client()
    sign_in(bo, BO)
    post(bo, "/assist", page="/assist", recipient=WEI.phone)
    wait(app, seconds=31)
    post(mei, "/assist", page="/assist", recipient=WEI.phone)
    stolen = post(bo, "/assist/code", page="/assist/code", code=code_of(told(WEI.phone)))
    assert (stolen.status_code, none_given()) == (422, True)


def test_a_code_is_used_up_and_guesses_are_counted(mei: FlaskClient) -> None:
    post(mei, "/assist", page="/assist", recipient=WEI.phone)
    right = code_of(told(WEI.phone))
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _try in range(5):
        assert post(mei, "/assist/code", page="/assist/code", code=wrong).status_code == 422
    assert post(mei, "/assist/code", page="/assist/code", code=right).status_code == 422
    assert none_given()


def test_known_and_unknown_are_answered_alike(mei: FlaskClient) -> None:
    user(WEI)
    answers = [post(mei, "/assist", page="/assist", recipient=one.phone) for one in (WEI, YU)]
    assert {(one.status_code, one.location) for one in answers} == {(303, "/assist/code")}
    refused = [post(mei, "/assist/code", page="/assist/code", code="000000").status_code for _one in answers]
    assert refused == [422, 422]


def test_nobody_helps_herself(app: Flask, mei: FlaskClient) -> None:
    wait(app, seconds=31)
    answer = post(mei, "/assist", page="/assist", recipient=MEI.phone)
    assert answer.status_code == 422
    assert "这是您自己的号码" in answer.text


def test_a_helper_of_another_belt_is_not_let_in(mei: FlaskClient) -> None:
    factory(WEI, belt=QINGHE)
    answer = helps(mei, WEI)
    assert "不归您服务" in answer.text
    assert none_given()


def test_a_helper_hands_in_for_her_own_belt_alone(helping: FlaskClient) -> None:
    show_photo(helping)
    answer = fill_in(helping, belt=QINGHE)
    assert "不归您服务" in answer.text
    assert 'value="qinghe-cashmere"' not in answer.text


@pytest.mark.parametrize("path", [*MONEY, *PEOPLE, "/merchant", "/ops", "/finance"])
def test_what_is_the_owners_alone_is_nowhere(helping: FlaskClient, path: str) -> None:
    factory_done(helping)
    assert helping.get(path).status_code == 404


def test_she_neither_invites_nor_accepts_nor_claims(helping: FlaskClient) -> None:
    show_photo(helping)
    house = user(WEI).memberships[0].organisation
    asked = post(helping, f"/team/{house}/invitations", page="/assist", recipient=YU.phone, role="owner")
    assert asked.status_code == 404
    assert post(helping, "/join/factory/claim", page="/assist", **FORM).location == "/assist"
    assert session().scalar(select(func.count(AgreementAcceptance.id))) == 0


def test_the_word_is_the_owners_own(app: Flask, helping: FlaskClient) -> None:
    show_photo(helping)
    fill_in(helping)
    right = code_of(told(WEI.phone))
    assert word(helping, f"{(int(right) + 1) % 10**6:06}").status_code == 422
    wait(app, seconds=31)
    post(helping, "/assist", page="/assist", recipient=WEI.phone)  # a consent is no word
    assert word(helping, code_of(told(WEI.phone))).status_code == 422
    session().rollback()
    assert session().scalars(select(Application.state)).one() == "draft"


def test_goods_on_sale_are_not_hers_to_change(helping: FlaskClient) -> None:
    wei = factory_done(helping)
    listing = make_listing(wei, state="published").public_id
    draft = make_listing(wei, title="草稿", state="draft").public_id
    taken = post(helping, f"/factory/listings/{listing}/archiving", page="/assist")
    assert "只有厂主和店员能改" in helping.get(taken.location or "/assist").text + taken.text
    assert post(helping, f"/factory/listings/{draft}/submission", page="/assist").status_code in {302, 303}


def reworded(wei: Actor) -> Listing:
    """Goods that were on sale, until their owner found new words for them."""
    listing = make_listing(wei, state="published").public_id
    edit_listing(actor=wei, listing=listing, words={"title": "羊绒长围巾"}, prices={}, stock={}, now=noon())
    session().rollback()
    return session().scalars(select(Listing).where(Listing.public_id == listing)).one()


def test_goods_that_were_on_sale_are_not_hers_to_price(helping: FlaskClient) -> None:
    listing = reworded(factory_done(helping))
    [sku], helper = listing.skus, acting_for(actor_of(user(MEI).user), grant().id, now=noon())
    doing = {"actor": helper, "listing": listing.public_id, "now": noon()}
    for deed in (
        lambda: edit_listing(words={}, prices={sku.public_id: 100}, stock={}, **doing),
        lambda: edit_listing(words={}, prices={}, stock={sku.public_id: 1}, **doing),
        lambda: set_supply(drop_ship_price_fen=50, open_to_merchants=True, **doing),
    ):
        with pytest.raises(DomainError, match=r"listing\.on_sale"):
            deed()


def test_nor_are_they_by_a_sheet(app: Flask, helping: FlaskClient) -> None:
    listing = reworded(factory_done(helping))
    helper, ports = acting_for(actor_of(user(MEI).user), grant().id, now=noon()), app.extensions["ports"]
    key = ports.get(Files).put(price_sheet(f"{listing.code},羊绒长围巾,,0.50,1.00,3,1"))
    sheet = upload_sheet(actor=helper, filename="价目表.csv", file_key=key, now=noon()).public_id
    read_sheet({"sheet_import": sheet}, ports=ports, now=noon())
    with pytest.raises(DomainError, match=r"listing\.on_sale"):
        import_listings(actor=helper, sheet_import=sheet, stock_meaning="total", markup_bp=None, now=noon())
    session().rollback()
    assert [sku.retail_price_fen for sku in session().get_one(Listing, listing.id).skus] != [100]


def test_the_licence_that_was_handed_in_is_not_hers_to_swap(helping: FlaskClient) -> None:
    wei = factory_done(helping)
    house = wei.memberships[0].organisation_id
    for decide in (lambda: None, lambda: approve_case(actor=operator(TAN), case=waiting_case(), now=noon())):
        decide()
        session().rollback()
        before = newest_licence(house)
        refused = show_photo(helping)
        session().rollback()
        assert (refused.status_code, "资料已经提交" in refused.text) == (422, True)
        assert newest_licence(house) == before


def waiting_case() -> str:
    return session().scalars(select(Case.public_id)).one()


@pytest.mark.parametrize("belt", [DANYANG, QINGHE])
def test_she_helps_nobody_outside_the_belt_that_she_is_sent_to(helping: FlaskClient, belt: str) -> None:
    show_photo(helping)
    mine = actor_of(user(WEI).user)
    hand_in(actor=mine, said=said(name=FORM["name"], belt=belt), now=noon())
    session().rollback()
    may = belt == DANYANG
    assert helping.get("/factory/listings").status_code == (200 if may else 404)
    turned = post(helping, f"/assist/{grant().public_id}/turn", page="/assist")
    assert turned.status_code == (303 if may else 404)
    assert (grant().ended_at is None) is may
    if not may:
        assert "不再帮" in told(WEI.phone)
        assert "授权结束了" in told(MEI.phone)


def _by_owner() -> None:
    end(actor=user(WEI), grant=grant().public_id, now=noon())


def _dismissed() -> None:
    take_staff_role(actor=SYSTEM, phone=MEI.phone, role=Role.HELPER, now=noon())


def _role_gone() -> None:
    with transaction():
        session().execute(delete(StaffRole).where(StaffRole.role == "helper"))


def _sent_by_others() -> None:
    with transaction():
        session().execute(update(StaffRole).values(sent_by="别的协会"))


def _owner_gone() -> None:
    with transaction():
        session().execute(delete(MembershipRow).where(MembershipRow.user_id == user(WEI).user_id))


@pytest.mark.parametrize("over", [_by_owner, _dismissed, _role_gone, _sent_by_others, _owner_gone])
def test_the_next_request_after_the_end_is_a_strangers(helping: FlaskClient, over: Callable[[], None]) -> None:
    assert helping.get("/factory/listings").status_code == 200
    over()
    for path in ("/factory/listings", "/factory/sheets", "/join/factory", "/account"):
        assert helping.get(path).status_code == 404, path
    assert show_photo(helping).status_code in {401, 404}


def test_a_grant_runs_out_by_itself(app: Flask, helping: FlaskClient) -> None:
    wait(app, days=29)
    sign_in(helping, MEI)
    post(helping, f"/assist/{grant().public_id}/turn", page="/assist")
    assert helping.get("/factory/listings").status_code == 200
    wait(app, days=1)
    assert helping.get("/factory/listings").status_code == 404
    assert post(helping, f"/assist/{grant().public_id}/turn", page="/assist").status_code == 404


def test_whoever_helped_does_not_judge(helping: FlaskClient) -> None:
    factory_done(helping)
    mei = operator(MEI)
    case = session().scalars(select(Case.public_id)).one()
    with pytest.raises(DomainError, match=r"case\.helped"):
        approve_case(actor=mei, case=case, now=noon())
    approve_case(actor=operator(TAN), case=case, now=noon())


def test_a_strangers_grant_is_none(app: Flask, helping: FlaskClient) -> None:
    send(TAN)
    tan = app.test_client()
    sign_in(tan, TAN)
    for verb in ("turn", "end"):
        assert post(tan, f"/assist/{grant().public_id}/{verb}", page="/assist").status_code == 404
    sign_in(yu := app.test_client(), YU)
    post(yu, "/join/factory/later", page="/account")
    assert post(yu, f"/factory/helpers/{grant().public_id}/end", page="/account").status_code == 404
    assert grant().ended_at is None


def factory_done(browser: FlaskClient) -> Actor:
    """Wei's factory, handed in by the helper; Wei as an actor."""
    show_photo(browser)
    fill_in(browser)
    word(browser, code_of(told(WEI.phone)))
    return actor_of(user(WEI).user)
