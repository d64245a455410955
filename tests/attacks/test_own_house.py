"""An operator who has a part in a factory learns from no page who complained of its goods."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kernel.permissions import Role
from tests.attacks.town import Town
from tests.storefront.conftest import browser_of
from tests.support.notices import CONTACT, REPORTED


def partial_to(town: Town) -> FlaskClient:
    """Tan, who operates the channel and works in Wei's factory."""
    tan, [house] = town.people["tan"], town.shop.wei.memberships
    assert tan
    return browser_of(town.app, replace(tan, memberships=(replace(house, role=Role.CLERK),)))


def files_of(town: Town) -> list[str]:
    """Where the complaints are read, and what was handed in with them."""
    reported, noticed = (f"/ops/cases/{town.case_about(kind)}" for kind in ("report", "notice"))
    shown = f"{reported}/reports/{town.objects['report']}/pictures/1", f"{noticed}/evidence/{town.objects['evidence']}"
    return [reported, noticed, *shown]


def test_complaints_of_her_own_house_are_nothing_to_her(town: Town) -> None:
    colleague = town.browser("tan")
    assert {colleague.get(path).status_code for path in files_of(town)} == {200}
    partial = partial_to(town)
    assert {partial.get(path).status_code for path in files_of(town)} == {404}
    for kind in ("report", "notice"):
        case = f"/ops/cases/{town.case_about(kind)}"
        for deed in ("taking", "approval"):
            answer = partial.post(f"{case}/{deed}", data={})
            assert answer.status_code == 404
            assert not [word for word in (REPORTED, CONTACT) if word in answer.text]
        assert case not in partial.get("/ops?state=").text


@pytest.mark.parametrize("asked", ["", "?download=csv", "?who=林晓", "?operation=report.", "?operation=notice."])
def test_the_trail_names_nobody_who_complained(town: Town, asked: str) -> None:
    trail = partial_to(town).get(f"/ops/audit{asked}").text.split("\n" if "csv" in asked else "<tr")
    told = [line for line in trail if town.objects["report"] in line or town.objects["notice"] in line]
    assert bool(told) == ("who" not in asked)
    assert not [line for line in told if "林晓" in line]
