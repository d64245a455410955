"""Killed after every statement, commit and rail call, then recovered and done again: each thing happens once."""

import os
from itertools import count

import pytest

from commission.payments.tasks import resolve_unknown
from kernel.db import session
from storefront.checks import self_check
from tests.faults.books import differences
from tests.faults.deeds import DEEDS, Deed, Scene
from tests.faults.killing import killed_at
from tests.faults.resold import RESOLD_DEEDS, ResoldScene
from tests.storefront.shop import Shop

EVERY = 1 if os.getenv("STORM") else 5


@pytest.mark.storm
@pytest.mark.slow
@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_killed_anywhere_it_happens_once(shop: Shop, deed: Deed) -> None:
    scene = Scene(shop)
    killed = sweep(scene, deed)
    print(f"{deed.name}: {killed} kills, one at every {EVERY}. moment")  # noqa: T201
    assert killed > 5 // EVERY


@pytest.mark.storm
@pytest.mark.slow
@pytest.mark.parametrize("deed", RESOLD_DEEDS, ids=lambda deed: deed.name)
def test_killed_anywhere_both_legs_happen_once(shop: Shop, deed: Deed) -> None:
    killed = sweep(ResoldScene(shop), deed)
    print(f"{deed.name}: {killed} kills, one at every {EVERY}. moment")  # noqa: T201
    assert killed > 5 // EVERY


def sweep(scene: Scene, deed: Deed) -> int:
    """Kill at the first moment, the next one, and so on, until the deed is done before it is killed."""
    for killed in count():
        subject = deed.begin(scene)
        if not killed_at(scene.shop.app, 1 + killed * EVERY, lambda: deed.do(scene, subject)):  # noqa: B023
            recover(scene)
            deed.verify(scene, subject)
            return killed
        recover(scene)
        deed.do(scene, subject)
        recover(scene)
        deed.verify(scene, subject)
        assert self_check() == []
        assert differences(scene.shop.rail) == []
    raise AssertionError


def recover(scene: Scene) -> None:
    """What runs by itself a minute later: leases run out, jobs go on, lost answers are looked up."""
    session().rollback()
    scene.let_pass(minutes=1)
    resolve_unknown({}, ports=scene.shop.ports, now=scene.clock.now())
    scene.work()
    session().rollback()
