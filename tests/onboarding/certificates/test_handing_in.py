"""A certificate from the hand of its owner to its end, and what goods that need one may do meanwhile."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import SYSTEM, Actor
from onboarding.certificates.models import Certificate
from onboarding.certificates.operations import confirm, refuse, revoke, run_out
from onboarding.certificates.queries import goods_of
from onboarding.listings import operations
from onboarding.listings.disposal import throw_away
from onboarding.listings.models import Listing
from onboarding.listings.submissions import submit_all
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case, refuse_case
from onboarding.offers.queries import offers_of_listing
from tests.cast import NOW, YU
from tests.onboarding.certificates.conftest import handed_in, make_tea
from tests.support.certificates import LICENCE
from tests.support.goods import make_factory

END = date(2029, 1, 1)
AFTER = NOW + timedelta(days=365 * 3)


def submit(owner: Actor, listing: Listing) -> None:
    operations.submit_listing(actor=owner, listing=listing.public_id, now=NOW)


def publish(listing: Listing) -> None:
    operations.publish_listing(actor=SYSTEM, listing=listing.public_id, now=NOW)


def state_of(listing: Listing) -> str:
    session().rollback()
    return session().scalars(select(Listing.state).where(Listing.id == listing.id)).one()


def held_state(certificate: str) -> str:
    return session().scalars(select(Certificate.state).where(Certificate.public_id == certificate)).one()


def case_of(certificate: Certificate) -> str:
    return session().scalars(select(Case.public_id).where(Case.subject == certificate.public_id)).all()[-1]


def test_goods_wait_for_their_certificate_and_are_published_with_it(wei: Actor, tan: Actor, tea: Listing) -> None:
    with pytest.raises(DomainError, match="certificate_missing"):
        submit(wei, tea)
    licence = handed_in(wei)
    submit(wei, tea)
    with pytest.raises(DomainError, match="certificate_unconfirmed"):
        publish(tea)
    approve_case(actor=tan, case=case_of(licence), now=NOW)
    publish(tea)
    assert state_of(tea) == "published"
    assert len(offers_of_listing(tea.public_id)) == 1


def test_what_is_given_back_is_mended_and_handed_in_again(wei: Actor, tan: Actor, tea: Listing) -> None:
    licence = handed_in(wei)
    with pytest.raises(DomainError, match=r"certificate\.known"):
        handed_in(wei)
    refuse_case(actor=tan, case=case_of(licence), reason="照片看不清编号", now=NOW)
    session().expire_all()
    assert (licence.state, licence.reason) == ("refused", "照片看不清编号")
    with pytest.raises(DomainError, match="certificate_missing"):
        submit(wei, tea)
    again = handed_in(wei)
    assert (again.public_id, again.state, again.reason) == (licence.public_id, "waiting", "")
    assert len(session().scalars(select(Case).where(Case.subject == again.public_id)).all()) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        replace(LICENCE, number="SC11435052400016"),
        replace(LICENCE, valid_until=date(2020, 1, 1), valid_from=None),
        replace(LICENCE, scope=""),
    ],
)
def test_what_cannot_be_is_refused(wei: Actor, wrong: object) -> None:
    with pytest.raises(InvalidInputError):
        handed_in(wei, wrong)  # type: ignore[arg-type]
    assert session().scalars(select(Certificate)).all() == []


def test_one_for_single_goods_covers_no_others(wei: Actor, tea: Listing) -> None:
    other = make_tea(wei, "draft")
    handed_in(wei, goods=[tea.id])
    submit(wei, tea)
    with pytest.raises(DomainError, match="certificate_missing"):
        submit(wei, other)


def test_the_certificate_of_another_factory_is_worth_nothing(wei: Actor, tea: Listing) -> None:
    yu = make_factory(YU)
    handed_in(yu)
    handed_in(yu, replace(LICENCE, valid_until=date(2030, 1, 1)), goods=[tea.id])
    with pytest.raises(DomainError, match="certificate_missing"):
        submit(wei, tea)


def test_drafts_that_lack_something_stay_behind(wei: Actor, tea: Listing) -> None:
    assert submit_all(actor=wei, now=NOW).count == 0
    handed_in(wei)
    assert submit_all(actor=wei, now=NOW).count == 1
    assert state_of(tea) == "submitted"


def test_nobody_but_an_operator_of_its_desk_decides(wei: Actor) -> None:
    licence = handed_in(wei).public_id
    with pytest.raises(NotFoundError):
        confirm(actor=wei, certificate=licence, now=NOW)
    with pytest.raises(NotFoundError):
        refuse(actor=wei, certificate=licence, reason="不像", now=NOW)


def test_goods_that_are_thrown_away_are_forgotten(wei: Actor, tea: Listing) -> None:
    licence = handed_in(wei, goods=[tea.id])
    throw_away(actor=wei, organisation=wei.memberships[0].organisation, now=NOW)
    assert goods_of(licence.id) == set()


def test_one_that_ran_out_while_it_waited_is_not_confirmed(wei: Actor) -> None:
    licence = handed_in(wei).public_id
    with pytest.raises(DomainError, match=r"certificate\.over"):
        confirm(actor=SYSTEM, certificate=licence, now=AFTER)


def test_goods_come_off_sale_when_it_runs_out_and_back_with_a_new_one(wei: Actor, tea: Listing) -> None:
    submit_with = handed_in(wei)
    submit(wei, tea)
    confirm(actor=SYSTEM, certificate=submit_with.public_id, now=NOW)
    publish(tea)
    assert run_out(actor=SYSTEM, now=NOW) == 0
    run_out(actor=SYSTEM, now=AFTER)
    assert state_of(tea) == "lapsed"
    assert offers_of_listing(tea.public_id) == []
    with transaction():  # handed in the day before, as the new one is looked at
        session().execute(update(Certificate).values(handed_in_at=AFTER))
    new = replace(LICENCE, valid_until=date(2035, 1, 1))
    confirm(actor=SYSTEM, certificate=handed_in(wei, new).public_id, now=AFTER)
    assert state_of(tea) == "published"
    assert len(offers_of_listing(tea.public_id)) == 1


def test_goods_come_off_sale_when_it_is_revoked_and_back_when_it_holds_again(wei: Actor, tea: Listing) -> None:
    licence = handed_in(wei).public_id
    submit(wei, tea)
    confirm(actor=SYSTEM, certificate=licence, now=NOW)
    publish(tea)
    with pytest.raises(NotFoundError):
        revoke(actor=wei, certificate=licence, reason="编号查不到", now=NOW)
    revoke(actor=SYSTEM, certificate=licence, reason="编号查不到", now=NOW)
    assert (state_of(tea), held_state(licence)) == ("lapsed", "revoked")
    handed_in(wei)
    confirm(actor=SYSTEM, certificate=licence, now=NOW)
    assert state_of(tea) == "published"


def test_another_one_keeps_goods_on_sale(wei: Actor, tea: Listing) -> None:
    for end in (END, date(2035, 1, 1)):
        one = handed_in(wei, replace(LICENCE, valid_until=end))
        confirm(actor=SYSTEM, certificate=one.public_id, now=NOW)
    submit(wei, tea)
    publish(tea)
    run_out(actor=SYSTEM, now=AFTER)
    assert state_of(tea) == "published"


def test_its_owner_is_told_once_thirty_days_before(wei: Actor) -> None:
    licence = handed_in(wei)
    confirm(actor=SYSTEM, certificate=licence.public_id, now=NOW)
    soon = NOW + (END - NOW.date()) - timedelta(days=29)
    assert [run_out(actor=SYSTEM, now=at) for at in (soon - timedelta(days=2), soon, soon)] == [0, 1, 0]
    assert session().get_one(Certificate, licence.id).state == "confirmed"


@pytest.mark.parametrize("state", ["waiting", "refused", "expired", "elsewhere", "another kind", "other goods"])
def test_the_table_itself_keeps_uncertified_goods_off_sale(wei: Actor, tea: Listing, state: str) -> None:
    held, home = handed_in(wei), wei.memberships[0].organisation_id
    changes = {
        "refused": {"state": "refused", "reason": "不清楚"},
        "expired": {"state": "expired"},
        "elsewhere": {"organisation_id": make_factory(YU).memberships[0].organisation_id, "state": "confirmed"},
        "another kind": {"kind": "ccc", "state": "confirmed"},
        "other goods": {"covers_all": False, "state": "confirmed"},
    }.get(state, {"reason": ""})
    with transaction():
        decided = {} if state == "waiting" else {"decided_at": NOW}
        session().execute(update(Certificate).where(Certificate.id == held.id).values(**changes, **decided))
    on_sale = update(Listing).where(Listing.id == tea.id).values(needs="sc", state="published", published_at=NOW)
    with pytest.raises(IntegrityError, match="certificate"), transaction():
        session().execute(on_sale)
    with transaction():
        sound = {"organisation_id": home, "kind": "sc", "covers_all": True, "reason": ""}
        session().execute(update(Certificate).values(state="confirmed", decided_at=NOW, **sound))
    with transaction():
        session().execute(on_sale)


def test_needs_cannot_be_added_to_goods_on_sale_without_a_certificate(wei: Actor) -> None:
    listing = make_tea(wei, "published")
    with pytest.raises(IntegrityError, match="certificate"), transaction():
        session().execute(update(Listing).where(Listing.id == listing.id).values(needs="ccc sc"))
