"""Whoever comes in while her inviter is parted with stops nobody, and is stopped by nobody for ever."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask

from kernel.errors import NotFoundError
from kernel.permissions import Role
from onboarding.accounts import operations as accounts
from onboarding.accounts import team
from tests.cast import LIN, MEI, WEI
from tests.onboarding.accounts.house import house, invite
from tests.onboarding.people import factory, noon, proved, user
from tests.support.crowd import crowd


def met(line: Barrier, deed: Callable[..., object]) -> Callable[..., object]:
    """The same, once both hold all that they hold before it."""

    def at_once(*found: object, **more: object) -> object:
        with suppress(BrokenBarrierError):
            line.wait(timeout=1)
        return deed(*found, **more)

    return at_once


def test_accepting_while_the_inviter_is_parted_with_stops_neither(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    factory(WEI)
    wei = user(WEI)
    accounts.add_member(actor=wei, organisation=house(wei), phone=LIN.phone, role=Role.OWNER, now=noon())
    lin, mei, sid = user(LIN), user(MEI), proved(wei)
    link, line = invite(lin), Barrier(2)
    for name in ("_stands", "end_ownership"):
        monkeypatch.setattr(team, name, met(line, vars(team)[name]))

    def accepted() -> str:
        try:
            team.accept_invitation(actor=mei, token=link, now=noon())
        except NotFoundError as refusal:
            return refusal.code
        return "done"

    def parted() -> str:
        team.remove_member(actor=wei, sid=sid, organisation=house(wei), member=lin.user, now=noon())
        return "done"

    assert crowd(app, [accepted, parted]) in (["done", "done"], ["invitation.gone", "done"])
