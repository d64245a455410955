"""Whoever left for good may begin anew under the same code: another house, looked at by somebody; the old one stays."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from commission.payees.operations import give_account
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import SYSTEM, Actor, Permission, Role
from onboarding.accounts.operations import add_member, ensure_user
from onboarding.accounts.queries import actor_of
from onboarding.accounts.team import accept_invitation, change_role, invite, remove_member
from onboarding.licences.operations import record_reading, upload_licence
from onboarding.moderation.evidence import dossier
from onboarding.verification.models import Application
from onboarding.verification.operations import begin, hand_in
from onboarding.verification.queries import begun_by, seller, seller_of
from storefront.leaving.tasks import close_due
from tests.attacks.town import staff
from tests.cast import NOW, TAN, YU
from tests.onboarding.people import CODES, proved, reading, said
from tests.storefront.conftest import browser_of
from tests.storefront.leaving.conftest import home
from tests.storefront.leaving.test_closing import OVER, Leave
from tests.storefront.shop import Shop
from tests.support.goods import make_factory
from tests.support.purses import details


def gone(shop: Shop, actor: Actor, leave: Leave) -> Actor:
    """Somebody after her shop was closed, as she signs in again."""
    leave(actor)
    close_due({}, ports=shop.ports, now=OVER)
    session().rollback()
    return actor_of(actor.user)


def test_before_it_is_final_she_is_where_she_was(shop: Shop, leave: Leave) -> None:
    leave(shop.wei)
    assert begin(actor=actor_of(shop.wei.user), now=NOW).organisation_id == shop.wei.memberships[0].organisation_id


def test_a_new_house_is_begun_once_and_comes_first(shop: Shop, leave: Leave) -> None:
    wei, old = gone(shop, shop.wei, leave), home(shop.wei)
    assert seller_of(wei, "factory").organisation == old  # type: ignore[union-attr]
    made = begin(actor=wei, now=OVER)
    assert begin(actor=wei, now=OVER).id == made.id
    wei = actor_of(wei.user)
    assert [one.is_left for one in wei.memberships] == [False, True]
    assert wei.membership(Permission.SELLER_ORGANISATION_EDIT).organisation_id == made.organisation_id
    assert seller_of(wei, "factory") is None
    assert begun_by(wei).application.id == made.id  # type: ignore[union-attr]
    assert seller(old).state == "closed"  # type: ignore[union-attr]


def test_her_code_is_free_for_her_and_somebody_looks_at_what_was_before(shop: Shop, bo: Actor, leave: Leave) -> None:
    bo, old, name = gone(shop, bo, leave), home(bo), "薄荷家居"
    with transaction():
        session().execute(update(Application).where(Application.kind == "merchant").values(uscc=CODES[1]))
    begin(actor=bo, kind="merchant", now=OVER)
    bo = actor_of(bo.user)
    photo = upload_licence(actor=bo, organisation=home(bo), photo_key="0" * 64, now=OVER).public_id
    record_reading(actor=SYSTEM, licence=photo, reading=reading(uscc=CODES[1], name=name), now=OVER)
    made = hand_in(actor=bo, said=said(kind="merchant", name=name, uscc=CODES[1]), now=OVER)
    assert (made.uscc, made.state) == (CODES[1], "submitted")
    seen = dossier(staff(TAN, Role.OPERATOR), seller(home(bo)), today=business_date(OVER))  # type: ignore[arg-type]
    assert [(one.code, one.who) for one in seen.findings if one.severity != "info"] == [("owner.left", (old,))]


def test_the_pages_lead_to_the_new_house_and_back_to_the_records(shop: Shop, leave: Leave) -> None:
    wei, old = gone(shop, shop.wei, leave), home(shop.wei)
    browser = browser_of(shop.app, wei)
    assert 'href="/join/factory"' in browser.get("/factory").text
    assert 'href="/join/factory"' in browser.get("/factory/leaving").text
    assert browser.get("/join/factory").status_code == 200
    begin(actor=wei, now=OVER)
    browser = browser_of(shop.app, actor_of(wei.user))
    assert "店铺已关闭" not in browser.get("/factory").text
    assert f"/factory/leaving?of={old}" in browser.get("/factory/leaving").text
    assert f"/leaving/{old}/copies" in browser.get(f"/factory/leaving?of={old}").text
    assert browser.get(f"/factory/leaving?of={home(make_factory(YU))}").status_code == 404


def test_a_house_that_is_gone_is_let_alone(shop: Shop, leave: Leave) -> None:
    house, told = home(shop.wei), {"organisation": home(shop.wei), "now": OVER}
    asked = {"recipient": YU.phone, "role": Role.CLERK, "site": ""}
    token = invite(actor=shop.wei, sid=proved(shop.wei, at=NOW), **told | {"now": OVER - timedelta(days=1)}, **asked)
    wei = gone(shop, shop.wei, leave)
    doing = {"actor": wei, "sid": proved(wei, at=OVER), **told}
    for deed in (
        lambda: invite(**doing, **asked),
        lambda: change_role(**doing, member=wei.user, role=Role.CLERK),
        lambda: remove_member(**doing, member=wei.user),
        lambda: add_member(actor=wei, phone=YU.phone, role=Role.CLERK, **told),
    ):
        with pytest.raises(DomainError, match=r"organisation\.left"):
            deed()
    with pytest.raises(DomainError, match=r"payee\.left"):
        give_account(party=house, details=details(), consent=True, actor=wei, now=OVER)
    yu = actor_of(ensure_user(phone=YU.phone, name=YU.name, actor=SYSTEM, now=NOW).public_id)
    with pytest.raises(NotFoundError, match=r"invitation\.gone"):
        accept_invitation(actor=yu, token=token, now=OVER)
