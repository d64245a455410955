"""How an admission moves: every pair of state and action, and every walk through them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import DomainError
from kernel.permissions import MEMBER_PERMISSIONS, Permission, Role
from onboarding.admissions.rules import ADMISSION, TABS

WALK = {
    ("asked", "admit"): "admitted",
    ("asked", "refuse"): "refused",
    ("admitted", "end"): "ended",
    ("refused", "ask"): "asked",
    ("ended", "ask"): "asked",
}
ACTIONS = ("ask", "admit", "refuse", "end")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", ADMISSION.states)
def test_every_pair_of_state_and_action(state: str, action: str) -> None:
    if (state, action) in WALK:
        assert ADMISSION.step(state, action).to == WALK[state, action]
        return
    with pytest.raises(DomainError, match=r"admission\.state"):
        ADMISSION.step(state, action)


@given(st.lists(st.sampled_from(ACTIONS), max_size=30))
def test_on_no_walk_is_a_merchant_admitted_without_asking_since_she_last_was_not(actions: list[str]) -> None:
    state, asked = ADMISSION.start, True
    for action in (action for action in actions if (state, action) in ADMISSION.steps):
        state = ADMISSION.step(state, action).to
        asked = action == "ask" or (asked and action == "admit")
        assert state != "admitted" or asked
        assert ADMISSION.actions(state)


def test_the_factory_decides_and_the_merchant_asks() -> None:
    may = {
        action: {step.permission for (_state, name), step in ADMISSION.steps.items() if name == action}
        for action in ACTIONS
    }
    assert may.pop("ask") == {Permission.MERCHANT_GOODS_EDIT}
    assert set().union(*may.values()) == {Permission.FACTORY_MERCHANTS_ADMIT}
    assert Permission.FACTORY_MERCHANTS_ADMIT not in MEMBER_PERMISSIONS["factory", Role.CLERK]


def test_every_state_has_its_tab() -> None:
    assert sorted(state for _label, states in TABS.values() for state in states) == sorted(ADMISSION.states)
