"""Naming staff from the shell."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from storefront.cli import main


@pytest.fixture
def say(tmp_path: Path) -> Callable[..., Result]:
    runner = CliRunner(env={"DATA_DIR": str(tmp_path), "YUANTOU_ENV": "development"})
    assert runner.invoke(main, ["migrate"]).exit_code == 0
    return lambda *words: runner.invoke(main, ["staff", "add", *words])


@pytest.mark.slow
def test_staff_are_named_with_a_scope_that_exists(say: Callable[..., Result]) -> None:
    assert say("13800138005", "谭敏", "--role", "operator").output == "13800138005 谭敏 operator channel\n"
    assert say("13800138006", "华军", "--role", "operator", "--scope", "belt:danyang-glasses").exit_code == 0
    assert say("13800138006", "华军", "--role", "operator", "--scope", "belt:nowhere").exit_code != 0
    refused = say("123", "谁", "--role", "finance")
    assert (refused.exit_code, "手机号" in refused.output) == (1, True)
