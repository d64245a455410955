"""A notice is nothing to strangers, and nobody who belongs to a side decides it."""

from dataclasses import replace

import pytest

from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Actor
from onboarding.listings.models import Listing
from onboarding.moderation.operations import approve_case
from onboarding.notices.operations import counter, withdraw
from tests.cast import BO, NOW, YU
from tests.onboarding.notices.rights import FILES, WORDS, at_home, case_of, sent
from tests.support.goods import make_factory, make_merchant


def test_a_stranger_finds_no_notice(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    [made] = sent(lin, scarf)
    yu = at_home(make_factory(YU))
    for stranger in (yu, wei):  # the seller is told nothing before it is accepted
        with pytest.raises(NotFoundError):
            counter(actor=stranger, notice=made.public_id, words=WORDS, promised=True, files=FILES, now=NOW)
    for stranger in (yu, wei, tan):
        with pytest.raises(NotFoundError):
            withdraw(actor=stranger, notice=made.public_id, now=NOW)


def test_who_belongs_to_a_side_does_not_decide(lin: Actor, tan: Actor, wei: Actor, scarf: Listing) -> None:
    case = case_of(sent(lin, scarf)[0].public_id)
    for partial in (_also(tan, wei), _staffed(lin, tan)):
        with pytest.raises(DomainError, match=r"case\.own"):
            approve_case(actor=partial, case=case, goods=[scarf.public_id], now=NOW)


def test_who_works_with_the_right_holder_does_not_decide(tan: Actor, scarf: Listing) -> None:
    bo = at_home(make_merchant(BO))
    case = case_of(sent(bo, scarf)[0].public_id)
    with pytest.raises(DomainError, match=r"case\.own"):
        approve_case(actor=_also(tan, bo), case=case, goods=[scarf.public_id], now=NOW)


def _also(operator: Actor, owner: Actor) -> Actor:
    """An operator who is in an owner's house, too."""
    return replace(operator, memberships=owner.memberships)


def _staffed(person: Actor, operator: Actor) -> Actor:
    return replace(person, staff=operator.staff)
