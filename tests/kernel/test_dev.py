"""The development pages, and that production cannot have them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel import dev
from kernel.clock import Clock
from tests.cast import LIN, WEI
from tests.onboarding.people import last_code, post

TEMPLATES = Path(dev.__file__).parent / "templates"
MACRO = re.compile(r"{% macro (\w+)")


def test_the_mailbox_shows_the_newest_first(client: FlaskClient) -> None:
    post(client, "/sign-in", recipient=LIN.phone)
    post(client, "/sign-in", recipient=WEI.phone)
    answer = client.get("/dev/messages")
    page = answer.text
    assert page.index("+8613800138002") < page.index("+8613800138001")
    assert last_code() in page
    assert answer.headers["Refresh"] == "5"


def test_the_clock_moves_for_everybody(app: Flask, client: FlaskClient) -> None:
    before = app.extensions["ports"].get(Clock).now()
    assert post(client, "/dev/clock", page="/dev/clock", days=8, hours=1).status_code == 302
    moved = app.extensions["ports"].get(Clock).now() - before
    assert timedelta(days=8, hours=1) <= moved < timedelta(days=8, hours=2)
    assert "8 天 1 小时" in client.get("/dev/clock").text


@pytest.mark.parametrize("fields", [{"days": -1}, {"days": 367}, {"hours": "x"}, {"minutes": 1}])
def test_the_clock_runs_neither_back_nor_away(client: FlaskClient, fields: dict[str, object]) -> None:
    assert post(client, "/dev/clock", page="/dev/clock", **fields).status_code == 422


def test_production_refuses_them() -> None:
    app = Flask("sample")
    app.config["YUANTOU_ENV"] = "production"
    with pytest.raises(RuntimeError, match="must not exist in production"):
        app.register_blueprint(dev.blueprint)


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "组件"), ("en", "Components")])
def test_every_component_has_its_place_on_one_page(client: FlaskClient, language: str, word: str) -> None:
    page = client.get("/dev/components", headers={"Accept-Language": language}).text
    places = re.findall(r'href="#(\w+)"><code>', page)
    assert word in page
    assert places == re.findall(r'id="(\w+)" data-specimen', page)


def test_no_component_is_left_out(client: FlaskClient) -> None:
    page = client.get("/dev/components").text
    for file in TEMPLATES.glob("components/*.html"):
        assert any(f'id="{name}"' in page for name in MACRO.findall(file.read_text(encoding="utf-8"))), file.name
