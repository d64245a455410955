"""What every test stands on: databases, a closed network, hypothesis profiles."""

import os

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.support.databases", "tests.support.network", "tests.support.journeys"]

# A fixture is made once for all examples of a property: such tests clean up by themselves.
SLOW_MACHINES = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("dev", deadline=None, max_examples=50, suppress_health_check=SLOW_MACHINES)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, print_blob=True)
settings.register_profile("storm", settings.get_profile("dev"), max_examples=2000)
settings.load_profile(os.getenv("HYPOTHESIS_PROFILE", "ci" if os.getenv("CI") else "dev"))


class ByHouse(LoadScopeScheduling):
    """Journeys share one server and one browser, so one process runs them all; the rest goes where there is room."""

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByHouse:
    """Deal the tests out."""
    return ByHouse(config, log)
