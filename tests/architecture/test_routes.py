"""Every route declares who may come in."""

import pytest
from flask import Flask

from kernel.permissions import Permission
from kernel.web import public, requires
from tests.support.laws.routes import undeclared


@pytest.mark.only_on("sqlite")
def test_every_route_declares_its_access(app: Flask) -> None:
    complaints = undeclared(app)
    assert not complaints, "\n".join(complaints)


def test_a_silent_route_is_told() -> None:
    app = Flask("sample", static_folder=None)
    app.add_url_rule("/open", "open", public(lambda: ""))
    app.add_url_rule("/guarded", "guarded", requires(next(iter(Permission)))(lambda: ""))
    app.add_url_rule("/silent", "silent", lambda: "")
    assert undeclared(app) == ["/silent: silent declares no access"]
