"""Any trade at all, by the real operations: nothing oversold, nothing below cost, every fen where it belongs."""

import os
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from tests.storefront.supply.trade.machine import any_trade
from tests.storefront.supply.trade.mutants import MUTANTS, Mutant
from tests.storefront.supply.trade.town import Town

Deeds = Counter[tuple[str, str]]

STORM = bool(os.getenv("STORM"))
SAMPLE = settings(
    deadline=None,
    database=None,
    max_examples=int(os.getenv("TRADES", "300" if STORM else "10")),
    stateful_step_count=100 if STORM else 50,
    phases=list(Phase) if STORM else [Phase.generate],  # a storm has the time to find the shortest trade that fails
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def make_town(empty_again: Callable[[], None], tmp_path: Path) -> Callable[[], Town]:
    """Towns, one after the other, each on an empty database with a payment company of its own."""
    numbers = count(1)

    def make() -> Town:
        empty_again()
        return Town(tmp_path / f"rail{next(numbers)}" / "rail.sqlite3")

    return make


@pytest.mark.storm
@pytest.mark.slow
def test_any_trade_adds_up(make_town: Callable[[], Town]) -> None:
    deeds = Deeds()
    machine = any_trade(make_town, deeds)
    run_state_machine_as_test(machine if STORM else seed(1)(machine), settings=SAMPLE)
    for deed, times in sorted(deeds.items()):
        print(*deed, times)  # noqa: T201


@pytest.mark.slow
@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_machine_notices(mutant: Mutant, make_town: Callable[[], Town], monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    machine = seed(1)(any_trade(make_town, Deeds()))
    with pytest.raises((AssertionError, IntegrityError)) as noticed:
        run_state_machine_as_test(machine, settings=settings(SAMPLE, max_examples=150, phases=[Phase.generate]))
    print(f"{mutant.__name__}: {noticed.value!r:.300}")  # noqa: T201
