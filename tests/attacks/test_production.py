"""A deployment for real people, set up by a careless owner; and a machine whose database is gone."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from kernel import db
from storefront.app import create_app
from storefront.config import DEVELOPMENT_SECRET, Config, ConfigurationError
from tests.cast import LIN
from tests.storefront.conftest import browser_of
from tests.storefront.shop import make_person
from tests.support import house

GOOD = {"YUANTOU_ENV": "production", "SECRET_KEY": "p" * 48, "PUBLIC_URL": "https://shop.example", "SANDBOX": "yes"}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": DEVELOPMENT_SECRET}, "SECRET_KEY"),
        ({"PUBLIC_URL": "http://shop.example"}, "PUBLIC_URL"),
        ({"SANDBOX": ""}, "SANDBOX"),
        ({"LIMITS_SCALE": "50"}, "LIMITS_SCALE"),
        ({"YUANTOU_ENV": "prod"}, "YUANTOU_ENV"),
    ],
)
def test_what_is_unsafe_does_not_start(changed: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        Config.from_environment({**GOOD, **changed})


@pytest.mark.only_on("sqlite")
def test_nothing_of_development_is_there(app: Flask, tmp_path: Path) -> None:
    given = {**GOOD, "DATA_DIR": str(tmp_path), "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]}
    real = create_app(Config.from_environment(given))
    browser = real.test_client()
    assert {browser.get(path).status_code for path in ("/dev/messages", "/dev/clock", "/dev/components")} == {404}
    answer = browser.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-yuantou=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert not real.debug
    house.close(real)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(("failure", "status"), [(OperationalError("x", {}, OSError()), 503), (RuntimeError("p"), 500)])
def test_without_a_database_the_answer_is_still_a_page(app: Flask, failure: Exception, status: int) -> None:
    def gone(*_given: object, **_named: object) -> None:
        raise failure

    app.extensions["load_actor"] = gone
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["sid"] = "x"
    for path in ("/account", "/", "/assets/x/css/app.css"):
        answer = browser.get(path)
        assert answer.status_code == (200 if path.startswith("/assets") else status), path
        assert "Traceback" not in answer.text
        assert "OSError" not in answer.text
        if status == 503 and not path.startswith("/assets"):
            assert answer.headers["Retry-After"]


@pytest.mark.only_on("sqlite")
def test_whoever_finds_the_database_locked_is_told_to_come_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browser_of(app, make_person(LIN))
    monkeypatch.setattr(db, "_BUSY_SECONDS", 0)
    db.db.session.remove()
    db.db.engine.dispose()  # the connections to come wait no longer than that
    other = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with other.connect() as writer:
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        answer = browser.post("/account/name", data={"name": "林"})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "2")
    assert "locked" not in answer.text
    assert browser.post("/account/name", data={"name": "林"}).status_code == 302
