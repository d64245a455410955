"""Taking goods off sale: the reasons, who is told what, appeals before second eyes, and what shares the cause."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import SYSTEM, Actor, Role, Scope, StaffGrant
from onboarding.certificates.models import Certificate, CertifiedGoods
from onboarding.listings import takedowns
from onboarding.listings.models import Listing, Sku, Takedown
from onboarding.listings.operations import archive_listing, edit_listing, submit_listing
from onboarding.listings.rules import TAKEDOWN_REASONS
from onboarding.listings.sharing import sharing
from onboarding.moderation.operations import approve_case, refuse_case
from onboarding.moderation.queries import evidence
from tests.cast import HUA, NOW, TAN, WEI, YU
from tests.onboarding.people import operator, waiting
from tests.support.goods import make_factory, make_listing

SECRET = "同行举报，勿外传"
WHY = "证书在路上，下周就到"


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


def goods(wei: Actor, title: str = "羊绒围巾", *, needs: str = "") -> str:
    """Goods on sale that fit for handing in again."""
    listing = make_listing(wei, title=title, supply_fen=5_000)
    with transaction():
        values = {"category": "服饰针织/围巾披肩", "attributes": {"材质": "羊绒"}, "needs": needs}
        session().execute(update(Listing).where(Listing.id == listing.id).values(**values))
    return listing.public_id


def words_and_prices(listing: str) -> tuple[str, dict[str, int]]:
    session().rollback()
    found = session().scalars(select(Listing).where(Listing.public_id == listing)).one()
    return found.title, {sku.public_id: sku.retail_price_fen for sku in found.skus}


def down(listing: str, *, by: Actor | None = None, **told: str) -> Takedown:
    said = {"reason_code": "certificate", "told": "请补交证书。", "internal": SECRET, **told}
    return takedowns.take_down(actor=by or operator(TAN), listing=listing, **said, now=NOW)


def state(listing: str) -> tuple[str, str]:
    session().rollback()
    found = session().execute(select(Listing.state, Listing.reason).where(Listing.public_id == listing)).one()
    return found.state, found.reason


def appealed(wei: Actor, listing: str) -> str:
    takedowns.appeal(actor=wei, listing=listing, words=WHY, now=NOW)
    return waiting(SYSTEM, "takedown")[0].public_id


def test_the_owner_reads_the_reason_and_never_what_colleagues_wrote(wei: Actor) -> None:
    listing = goods(wei)
    down(listing)
    assert state(listing) == ("taken_down", "请补交证书。")
    text = notify.latest()[0].text
    assert "已被平台下架：证书没有交，或者有疑问。请补交证书。已付款" in text
    audited = session().scalars(select(AuditRow).where(AuditRow.operation == "listing.take_down")).one()
    assert SECRET not in text + str(audited.changes) + audited.reason


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"reason_code": "because"}, "reason_code"),
        ({"reason_code": "other", "told": " "}, "told"),
        ({"told": "长" * 501}, "told"),
        ({"internal": "长" * 501}, "internal"),
    ],
)
def test_a_reason_is_of_the_list_or_told(wei: Actor, told: dict[str, str], field: str) -> None:
    listing = goods(wei)
    with pytest.raises(InvalidInputError) as refusal:
        down(listing, **told)
    assert set(refusal.value.fields) == {field}
    assert state(listing)[0] == "published"


@pytest.mark.parametrize("reason", [code for code in TAKEDOWN_REASONS if code != "other"])
def test_a_reason_of_the_list_says_enough(wei: Actor, reason: str) -> None:
    down(listing := goods(wei), reason_code=reason, told="")
    assert state(listing) == ("taken_down", TAKEDOWN_REASONS[reason])


def test_goods_are_taken_down_once(wei: Actor) -> None:
    listing = goods(wei)
    first = down(listing).public_id
    told = len(notify.latest())
    assert down(listing, by=operator(HUA)).public_id == first
    assert len(notify.latest()) == told
    home = session().scalars(select(Takedown.listing_id)).one()
    said = {"reason_code": "price", "told": "", "internal": "", "cause": "", "taken_at": NOW}
    session().rollback()
    with pytest.raises(IntegrityError), transaction():
        session().add(Takedown(public_id="tkd_x", listing_id=home, **said))


def test_goods_come_back_as_they_were_seen(wei: Actor) -> None:
    down(listing := goods(wei))
    with transaction():
        session().execute(update(Sku).values(vetted_price_fen=Sku.retail_price_fen))
    before = words_and_prices(listing)
    prices = dict.fromkeys(before[1], 9_999_900)
    edit_listing(actor=wei, listing=listing, words={"title": "羊毛围巾"}, prices=prices, stock={}, now=NOW)
    takedowns.restore(actor=operator(TAN), listing=listing, note="", now=NOW)
    assert (state(listing)[0], words_and_prices(listing)) == ("published", before)


def test_only_goods_on_sale_are_taken_down(wei: Actor) -> None:
    draft = make_listing(wei, state="draft").public_id
    with pytest.raises(DomainError, match=r"listing\.state"):
        down(draft)


def test_who_may_not_decide_takes_nothing_down(wei: Actor) -> None:
    listing = goods(wei)
    for actor in (wei, operator(HUA, scope_kind="region", scope_value="浙江省")):
        with pytest.raises(NotFoundError):
            down(listing, by=actor)
    assert state(listing)[0] == "published"


def test_nobody_takes_down_or_restores_her_own(wei: Actor) -> None:
    listing, own = goods(wei), replace(wei, staff=(StaffGrant(Role.OPERATOR, Scope()),))
    with pytest.raises(DomainError, match=r"case\.own"):
        down(listing, by=own)
    down(listing)
    with pytest.raises(DomainError, match=r"case\.own"):
        takedowns.restore(actor=own, listing=listing, note="", now=NOW)


def test_a_second_operator_grants_the_appeal(wei: Actor) -> None:
    down(listing := goods(wei))
    approve_case(actor=operator(HUA), case=appealed(wei, listing), now=NOW)
    assert state(listing) == ("published", "")
    assert "您的申诉成立，商品“羊绒围巾”已恢复销售" in notify.latest()[0].text


def test_a_second_operator_dismisses_it_and_it_stays_down(wei: Actor) -> None:
    down(listing := goods(wei))
    refuse_case(actor=operator(HUA), case=appealed(wei, listing), reason="证书是别人家的。", now=NOW)
    assert state(listing)[0] == "taken_down"
    assert "申诉不成立：证书是别人家的。可以改好" in notify.latest()[0].text
    with pytest.raises(DomainError, match=r"takedown\.appealed_once"):
        takedowns.appeal(actor=wei, listing=listing, words=WHY, now=NOW)


def test_whoever_took_them_down_does_not_judge(wei: Actor) -> None:
    down(listing := goods(wei))
    case = appealed(wei, listing)
    assert evidence(operator(TAN), case).barred == "case.own_decision"
    for decide in (approve_case, lambda **told: refuse_case(reason="因为所以", **told)):
        with pytest.raises(DomainError, match=r"case\.own_decision"):
            decide(actor=operator(TAN), case=case, now=NOW)
    with pytest.raises(DomainError, match=r"takedown\.appealed"):
        takedowns.restore(actor=operator(TAN), listing=listing, note="", now=NOW)
    granted = update(Takedown).values(appeal="granted", answered_at=NOW, answered_by=operator(TAN).user_id)
    with pytest.raises(IntegrityError), transaction():
        session().execute(granted)


def test_mended_goods_go_before_an_operator_who_sees_why(wei: Actor) -> None:
    down(listing := goods(wei))
    edit_listing(actor=wei, listing=listing, words={"title": "羊毛围巾"}, prices={}, stock={}, now=NOW)
    assert state(listing)[0] == "taken_down"
    submit_listing(actor=wei, listing=listing, now=NOW)
    case = waiting(SYSTEM, "listing")[0].public_id
    assert session().scalars(select(Takedown.ending)).one() == "submitted"
    approve_case(actor=operator(TAN), case=case, now=NOW)
    assert state(listing) == ("published", "")


@pytest.mark.parametrize("deed", [submit_listing, archive_listing])
def test_while_an_appeal_waits_nothing_else_is_done(wei: Actor, deed: object) -> None:
    down(listing := goods(wei))
    appealed(wei, listing)
    with pytest.raises(DomainError, match=r"takedown\.wait"):
        deed(actor=wei, listing=listing, now=NOW)  # type: ignore[operator]
    assert state(listing)[0] == "taken_down"


def test_goods_given_up_are_no_matter_any_more(wei: Actor) -> None:
    down(listing := goods(wei))
    archive_listing(actor=wei, listing=listing, now=NOW)
    assert session().scalars(select(Takedown.ending)).one() == "archived"


def test_goods_whose_certificate_ran_out_come_back_when_there_is_another(wei: Actor) -> None:
    listing = goods(wei)
    down(listing)
    with transaction():
        session().execute(update(Listing).where(Listing.public_id == listing).values(needs="ccc"))
    takedowns.restore(actor=operator(TAN), listing=listing, note="", now=NOW)
    assert state(listing) == ("lapsed", "")


def certified(owner: Actor, *listings: str, number: str = "2024010101000001") -> None:
    """A confirmed certificate for these goods, which need it."""
    with transaction():
        home = owner.memberships[0].organisation_id
        unsaid = dict.fromkeys(("valid_from", "valid_until", "decided_by", "warned_at"))
        said = dict.fromkeys(("holder", "factory", "scope", "reason"), "") | unsaid
        found = Certificate(
            public_id=f"cer_{home}",
            organisation_id=home,
            kind="ccc",
            number=number,
            covers_all=False,
            **said,
            photo_key="0" * 64,
            state="confirmed",
            handed_in_at=NOW,
            decided_at=NOW,
        )
        session().add(found)
        session().flush()
        ids = session().scalars(select(Listing.id).where(Listing.public_id.in_(listings))).all()
        session().add_all(CertifiedGoods(certificate_id=found.id, listing_id=one) for one in ids)
        session().flush()
        session().execute(update(Listing).where(Listing.id.in_(ids)).values(needs="ccc"))


@pytest.fixture
def shelf(wei: Actor) -> dict[str, str]:
    """Wei's lamps under one certificate, a lamp of Yu under the same number, and a scarf that needs none."""
    mine = {name: goods(wei, name) for name in ("台灯", "壁灯", "围巾")}
    mine["抄来的灯"] = goods(yu := make_factory(YU, belt="danyang-glasses"), "抄来的灯")
    certified(wei, mine["台灯"], mine["壁灯"])
    certified(yu, mine["抄来的灯"])
    return mine


def shared(listing: str, by: str) -> set[str]:
    session().rollback()
    found = session().scalars(select(Listing).where(Listing.public_id == listing)).one()
    return {one.title for one in sharing(found, by=by)}


def test_what_shares_a_cause_is_known(shelf: dict[str, str]) -> None:
    assert shared(shelf["台灯"], "certificate") == {"壁灯", "抄来的灯"}
    assert shared(shelf["台灯"], "factory") == {"壁灯", "围巾"}
    assert shared(shelf["围巾"], "certificate") == set()
    assert shared(shelf["台灯"], "picture") == shared(shelf["台灯"], "") == set()


def together(listing: str, by: str, actor: Actor | None = None) -> takedowns.TakenDown:
    said = {"reason_code": "certificate", "told": "", "internal": SECRET}
    return takedowns.take_down_sharing(actor=actor or operator(TAN), listing=listing, by=by, **said, now=NOW)


def test_a_take_down_reaches_what_shares_the_cause(shelf: dict[str, str]) -> None:
    before = len(notify.latest())
    done = together(shelf["台灯"], "certificate")
    assert set(done.done) == {shelf[name] for name in ("台灯", "壁灯", "抄来的灯")}
    assert state(shelf["围巾"])[0] == "published"
    told = [one.text for one in notify.latest()][: len(notify.latest()) - before]
    assert len(told) == 2
    assert any("“台灯”等 2 款商品已被平台下架" in text for text in told)
    causes = session().scalars(select(Takedown.cause).order_by(Takedown.listing_id)).all()
    assert [cause.partition(":")[0] for cause in causes] == ["", "certificate", "certificate"]


def test_a_second_time_all_are_skipped_and_nobody_is_told(shelf: dict[str, str]) -> None:
    together(shelf["台灯"], "factory")
    before = len(notify.latest())
    done = together(shelf["台灯"], "factory")
    assert (done.done, {code.code for code in done.skipped.values()}) == ((), {"listing.state"})
    assert len(notify.latest()) == before
    assert session().scalars(select(func.count(Takedown.id))).one() == 3


def test_goods_of_another_desk_are_left_to_it(shelf: dict[str, str]) -> None:
    near = operator(TAN, scope_kind="belt", scope_value="qinghe-cashmere")
    done = together(shelf["台灯"], "certificate", near)
    assert (set(done.done), done.away) == ({shelf["台灯"], shelf["壁灯"]}, 1)
    assert state(shelf["抄来的灯"])[0] == "published"
