"""Somebody of the channel goes and looks: who may, what it does to the tier, and what the tables refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from commission.payees.models import PayoutAccount
from commission.payees.operations import give_account
from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM, Actor
from onboarding.accounts.models import HelpGrant, MembershipRow
from onboarding.accounts.operations import grant_staff_role
from onboarding.accounts.queries import actor_of
from onboarding.belts.operations import load_belts
from onboarding.tiers.models import Inspection, InspectionRequest, InspectionWithdrawal
from onboarding.tiers.operations import ask_visit, record_inspection, take_back, withdraw_inspection
from onboarding.tiers.queries import inspections_of, open_request
from onboarding.tiers.rules import Tier, valid_until
from onboarding.verification.models import Application
from onboarding.verification.operations import describe
from tests.cast import BO, HUA, MEI, WEI, YU
from tests.onboarding.people import DANYANG, QINGHE, clerk, factory, merchant, noon, operator, user
from tests.onboarding.tiers.conftest import TOLD, move
from tests.onboarding.tiers.visits import day, record, seen, tier
from tests.support.purses import details
from tests.support.statements import statements

WHY = "照片不是这家厂的"


def helped(helper: Actor, owner: Actor) -> None:
    """Somebody once helped an owner to set her factory up; it is long over."""
    made = {"public_id": "hlp_1", "sent_by": "丹阳眼镜协会", "granted_at": noon() - timedelta(days=90)}
    made |= {"expires_at": noon() - timedelta(days=60), "organisation_id": owner.memberships[0].organisation_id}
    with transaction():
        session().add(HelpGrant(**made, helper_id=helper.user_id, owner_id=owner.user_id))


def test_a_factory_climbs_step_by_step(ready: Actor, tan: Actor) -> None:
    assert tier(ready) is Tier.VERIFIED
    record(tan, ready)
    assert tier(ready) is Tier.INSPECTED
    assert "验厂通过" in notify.latest()[0].text
    assert tier(ready, days=190) is Tier.LISTED  # nobody checked the licence again
    move(checked_at=noon() + timedelta(days=180))
    assert tier(ready, days=362) is Tier.INSPECTED
    assert tier(ready, days=366) is not Tier.INSPECTED
    move(state="suspended", reason="有人投诉")
    assert tier(ready) is None


@pytest.mark.parametrize("holder", ["", "丹阳明视眼镜有限公司"])
def test_without_an_account_in_its_name_a_factory_is_listed(wei: Actor, holder: str) -> None:
    describe(actor=wei, told=TOLD, now=noon())
    if holder:
        house = wei.memberships[0].organisation
        give_account(party=house, details=details(holder=holder), consent=True, actor=wei, now=noon())
    assert tier(wei) is Tier.LISTED


def test_a_change_of_account_counts_from_its_time_on(ready: Actor) -> None:
    with transaction():
        old = session().scalars(select(PayoutAccount)).one()
        same = {one.key: getattr(old, one.key) for one in PayoutAccount.__table__.columns if one.key != "id"}
        new = {"public_id": "pac_new", "state": "new", "replaces_id": old.id, "active_since": None}
        new |= {"holder": "别人", "usable_from": old.created_at + timedelta(hours=72)}
        session().execute(insert(PayoutAccount).values(**same | new))
    assert [tier(ready), tier(ready, days=2.9), tier(ready, days=3.1)] == [Tier.VERIFIED, Tier.VERIFIED, Tier.LISTED]


def test_the_newest_visit_counts_whatever_was_told_last(ready: Actor, tan: Actor, hua: Actor) -> None:
    record(tan, ready, back=20)
    failed = record(tan, ready, back=10, passed=False)
    assert tier(ready) is Tier.VERIFIED
    assert "没有通过" in notify.latest()[0].text
    record(tan, ready, back=15)
    assert tier(ready) is Tier.VERIFIED
    withdraw_inspection(actor=hua, inspection=failed.public_id, reason=WHY, now=noon())
    assert tier(ready) is Tier.INSPECTED
    assert [one.withdrawn_reason for one in inspections_of(failed.organisation_id)] == [WHY, "", ""]
    assert WHY in notify.latest()[0].text


def test_what_is_withdrawn_counts_no_longer_and_once(ready: Actor, tan: Actor, hua: Actor) -> None:
    made = record(tan, ready)
    with pytest.raises(InvalidInputError):
        withdraw_inspection(actor=hua, inspection=made.public_id, reason="", now=noon())
    withdraw_inspection(actor=hua, inspection=made.public_id, reason=WHY, now=noon())
    assert tier(ready) is Tier.VERIFIED
    with pytest.raises(DomainError, match=r"inspection\.withdrawn"):
        withdraw_inspection(actor=hua, inspection=made.public_id, reason=WHY, now=noon())


def test_a_visit_leaves_facts_and_its_trace(ready: Actor, tan: Actor, hua: Actor) -> None:
    ask_visit(actor=ready, now=noon())
    made = record(tan, ready)
    withdraw_inspection(actor=hua, inspection=made.public_id, reason=WHY, now=noon())
    kinds = select(OutboxFact.kind).where(OutboxFact.kind.like("%visit%") | OutboxFact.kind.like("inspection%"))
    told = ["visit.asked", "inspection.recorded", "inspection.withdrawn"]
    assert session().scalars(kinds.order_by(OutboxFact.id)).all() == told
    done = select(AuditRow.operation).where(AuditRow.operation.like("inspection.%")).order_by(AuditRow.id)
    assert session().scalars(done).all() == ["inspection.ask", "inspection.record", "inspection.withdraw"]


def test_who_is_not_of_the_desk_finds_no_such_factory(ready: Actor, tan: Actor) -> None:
    made = record(tan, ready)
    elsewhere = operator(HUA, scope_kind="belt", scope_value=QINGHE)
    for other in (elsewhere, ready, user(YU)):
        with pytest.raises(NotFoundError):
            record(other, ready)
        with pytest.raises(NotFoundError):
            withdraw_inspection(actor=other, inspection=made.public_id, reason=WHY, now=noon())


def test_the_staff_of_the_belt_goes_itself(ready: Actor) -> None:
    record(operator(HUA, scope_kind="belt", scope_value=DANYANG), ready)
    assert tier(ready) is Tier.INSPECTED


def test_who_helped_it_or_belongs_to_it_does_not_inspect(ready: Actor, tan: Actor) -> None:
    clerk(MEI, WEI)
    grant_staff_role(actor=SYSTEM, phone=MEI.phone, role="operator", scope_kind="channel", scope_value="", now=noon())
    with pytest.raises(DomainError, match=r"case\.own"):
        record(actor_of(user(MEI).user), ready)
    made = record(tan, ready)
    helped(tan, ready)
    with pytest.raises(DomainError, match=r"case\.helped"):
        record(tan, ready)
    with pytest.raises(DomainError, match=r"case\.helped"):
        withdraw_inspection(actor=tan, inspection=made.public_id, reason=WHY, now=noon())


def test_only_a_factory_that_trades_is_inspected(wei: Actor, tan: Actor) -> None:
    shop = merchant(BO)
    with pytest.raises(NotFoundError):
        record_inspection(actor=tan, organisation=shop.public_id, seen=seen(), now=noon())
    home = wei.memberships[0].organisation_id
    with transaction():
        stopped = update(Application).where(Application.organisation_id == home)
        session().execute(stopped.values(state="suspended", reason="有人投诉"))
    with pytest.raises(DomainError, match=r"inspection\.not_listed"):
        record(tan, wei)


def test_what_is_not_whole_is_refused_by_field(ready: Actor, tan: Actor) -> None:
    house = ready.memberships[0].organisation
    for wrong in (replace(seen(), found={}), replace(seen(), pictures=()), seen(back=-1)):
        with pytest.raises(InvalidInputError):
            record_inspection(actor=tan, organisation=house, seen=wrong, now=noon())
    assert session().scalar(select(func.count(Inspection.id))) == 0


def test_an_owner_asks_once_until_somebody_came(ready: Actor, tan: Actor) -> None:
    ask_visit(actor=ready, now=noon())
    with pytest.raises(DomainError, match=r"visit\.asked"):
        ask_visit(actor=ready, now=noon())
    take_back(actor=ready, now=noon())
    take_back(actor=ready, now=noon())
    ask_visit(actor=ready, now=noon())
    record(tan, ready, passed=False)
    states = session().scalars(select(InspectionRequest.state).order_by(InspectionRequest.id)).all()
    assert states == ["taken_back", "visited"]
    ask_visit(actor=ready, now=noon())
    assert open_request(ready.memberships[0].organisation_id)


def test_who_is_not_verified_or_owns_nothing_asks_in_vain(wei: Actor) -> None:
    with pytest.raises(DomainError, match=r"visit\.not_yet"):
        ask_visit(actor=wei, now=noon())
    for other in (clerk(MEI, WEI), user(YU)):
        for ask in (ask_visit, take_back):
            with pytest.raises(NotFoundError):
                ask(actor=other, now=noon())


def test_a_tier_is_one_question_however_many(ready: Actor, tan: Actor) -> None:
    record(tan, ready)
    with statements() as asked:
        tier(ready)
    assert len(asked) == 2, asked  # alone, and among many


def copied(row: Inspection, **other: object) -> Callable[[], object]:
    """What writes the same visit again a little differently, past every operation."""
    same = {one.key: getattr(row, one.key) for one in Inspection.__table__.columns if one.key != "id"}
    return lambda: session().execute(insert(Inspection).values(**{**same, "public_id": "ins_other", **other}))


@pytest.mark.parametrize(
    "other",
    [
        {"outcome": "perhaps"},
        {"in_order": False},
        {"outcome": "failed", "valid_until": None, "note": "x"},
        {"valid_until": None},
        {"outcome": "failed", "in_order": False, "note": "x"},
        {"outcome": "failed", "in_order": False, "valid_until": None, "note": ""},
        {"visited_on": day(-1)},
        {"valid_until": day()},
        {"valid_until": day(-367)},
        {"pictures": ""},
        {"pictures": "0" * 65},
        {"pictures": " ".join(["0" * 64] * 7)},
        {"profile": ""},
        {"inspected_by": None},
    ],
)
def test_the_table_refuses_what_no_visit_is(ready: Actor, tan: Actor, hua: Actor, other: dict[str, object]) -> None:
    made, by_another = record(tan, ready), {"inspected_by": hua.user_id}
    with pytest.raises((IntegrityError, DataError)), transaction():
        copied(made, **by_another | other)()
    with transaction():
        copied(made, **by_another)()


def test_the_table_refuses_members_and_helpers(ready: Actor, tan: Actor, hua: Actor) -> None:
    made = record(tan, ready)
    helped(hua, ready)
    for stranger_no_more in (ready, hua):
        with pytest.raises(SQLAlchemyError, match="strangers to the factory"), transaction():
            copied(made, inspected_by=stranger_no_more.user_id)()
    with transaction():
        home = ready.memberships[0].organisation_id
        session().add(MembershipRow(user_id=tan.user_id, organisation_id=home, role="clerk", created_at=noon()))
    with pytest.raises(SQLAlchemyError, match="strangers to the factory"), transaction():
        copied(made, visited_on=day(1), valid_until=valid_until(day(1)))()


@pytest.mark.parametrize("table", [Inspection, InspectionWithdrawal])
def test_what_was_told_stays(ready: Actor, tan: Actor, hua: Actor, table: type[Inspection]) -> None:
    made = record(tan, ready)
    withdraw_inspection(actor=hua, inspection=made.public_id, reason=WHY, now=noon())
    for change in (update(table).values(id=table.id), delete(table)):
        with pytest.raises(SQLAlchemyError, match="append-only"), transaction():
            session().execute(change)


def test_the_table_takes_one_withdrawal_with_its_reason(ready: Actor, tan: Actor, hua: Actor) -> None:
    made = record(tan, ready)
    row = {"inspection_id": made.id, "withdrawn_by": hua.user_id, "withdrawn_at": noon()}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(InspectionWithdrawal).values(**row, reason=""))
    with transaction():
        session().execute(insert(InspectionWithdrawal).values(**row, reason=WHY))
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(InspectionWithdrawal).values(**row, reason=WHY))


@pytest.mark.parametrize("wrong", [{"state": "perhaps"}, {"state": "visited"}, {"ended_at": noon()}, {}])
def test_the_table_keeps_one_open_wish(ready: Actor, wrong: dict[str, object]) -> None:
    if not wrong:
        ask_visit(actor=ready, now=noon())
    row = {"public_id": "vis_x", "organisation_id": ready.memberships[0].organisation_id, "asked_at": noon()}
    row |= {"asked_by": ready.user_id, "state": "open", "ended_at": None}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(InspectionRequest).values(**row | wrong))


def test_a_factory_that_is_none_has_no_tier(app: Flask) -> None:
    load_belts(actor=SYSTEM, now=noon())
    merchant(BO)
    assert tier(user(BO)) is None
    factory(WEI)
    assert tier(user(WEI)) is None
