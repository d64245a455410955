"""Wei's factory, approved, and Bo's shop."""

from dataclasses import dataclass

import pytest
from flask import Flask

from kernel.permissions import Actor
from onboarding.admissions import operations
from onboarding.verification.operations import approve
from tests.cast import BO, TAN, WEI
from tests.onboarding.people import factory, merchant, noon, operator, user


@dataclass(frozen=True)
class Trade:
    """Who asks and who answers."""

    wei: Actor
    bo: Actor

    @property
    def factory(self) -> str:
        """Wei's factory."""
        return self.wei.memberships[0].organisation

    @property
    def merchant(self) -> str:
        """Bo's shop."""
        return self.bo.memberships[0].organisation

    @property
    def keys(self) -> tuple[int, int]:
        """Factory and merchant by their keys."""
        return self.wei.memberships[0].organisation_id, self.bo.memberships[0].organisation_id

    def ask(self, words: str = "抖音店，月销三千单") -> str:
        """Bo asks; the admission."""
        return operations.ask(actor=self.bo, factory=self.factory, words=words, now=noon()).public_id

    def bring(self, state: str) -> str:
        """An admission brought to a state."""
        admission = self.ask()
        if state == "refused":
            operations.refuse(actor=self.wei, admission=admission, reason="先不合作", now=noon())
        if state in {"admitted", "ended"}:
            operations.admit(actor=self.wei, admission=admission, now=noon())
        if state == "ended":
            operations.end(actor=self.wei, admission=admission, reason="停产了", now=noon())
        return admission


@pytest.fixture
def trade(app: Flask) -> Trade:
    factory(WEI)
    approve(actor=operator(TAN), organisation=user(WEI).memberships[0].organisation, now=noon())
    merchant(BO)
    return Trade(user(WEI), user(BO))
