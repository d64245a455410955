"""What helpers do, by their pages."""

import re
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kernel import notify
from kernel.db import session
from kernel.permissions import SYSTEM, Role
from onboarding.accounts import operations as accounts
from onboarding.accounts.models import HelpGrant
from tests.cast import Person
from tests.onboarding.people import CODES, DANYANG, noon, post, user
from tests.support.goods import blank_photo

ASSOCIATION = "丹阳眼镜协会"
FORM = {
    "uscc": CODES[0],
    "name": "丹阳市明视眼镜厂",
    "belt": DANYANG,
    "ways": "both",
    "address": "江苏省镇江市丹阳市",
    "agreement": "",
}


def send(helper: Person, *, belt: str = DANYANG, sent_by: str = ASSOCIATION) -> None:
    """Put somebody on the staff as a helper of one belt."""
    user(helper)
    role = {"role": Role.HELPER, "scope_kind": "belt", "scope_value": belt, "sent_by": sent_by}
    accounts.grant_staff_role(actor=SYSTEM, phone=helper.phone, **role, now=noon())


def told(recipient: str) -> str:
    """The newest text to somebody."""
    return next(one.text for one in notify.latest() if one.recipient.endswith(recipient))


def code_of(text: str) -> str:
    """The code in a text."""
    found = re.search(r"码 (\d{6})", text)
    assert found, text
    return found[1]


def helps(browser: FlaskClient, owner: Person) -> TestResponse:
    """Begin to help an owner, who tells the code."""
    post(browser, "/assist", page="/assist", recipient=owner.phone)
    return post(browser, "/assist/code", page="/assist/code", code=code_of(told(owner.phone)))


def grant() -> HelpGrant:
    """The newest grant, as the database has it now."""
    session().rollback()
    return session().scalars(select(HelpGrant).order_by(HelpGrant.id.desc())).first()  # type: ignore[return-value]


def show_photo(browser: FlaskClient) -> TestResponse:
    """Hand in the photo of the licence."""
    photo = (BytesIO(blank_photo()), "执照.jpg")
    return post(browser, "/join/factory/licence", page="/assist", licence=photo)


def fill_in(browser: FlaskClient, **other: Any) -> TestResponse:  # noqa: ANN401  whatever the form has
    """Send the form of the application."""
    return post(browser, "/join/factory", page="/assist", **{**FORM, **other})


def word(browser: FlaskClient, code: str, **other: Any) -> TestResponse:  # noqa: ANN401
    """Send it with the owner's code."""
    return post(browser, "/join/factory/word", page="/assist", **{**FORM, **other}, code=code)
