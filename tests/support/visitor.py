"""A browser without JavaScript whose requests share nothing with the test but the database."""

from contextvars import Context
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel.db import session


class Visitor(FlaskClient):
    """Opens each page in a context of its own, as a server does.

    Flask would otherwise lend a request the context that the test stands in, with its `g` and its session.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:  # noqa: ANN401  as Flask has it
        """Ask for a page; what the test read before is forgotten, so that it reads what the page wrote."""
        if not has_app_context():  # following a redirect: the context is new already
            return super().open(*args, **kwargs)
        kwargs.setdefault("buffered", True)  # a file that is sent bit by bit is read where it is made
        session().rollback()
        response: TestResponse = Context().run(super().open, *args, **kwargs)
        return response
