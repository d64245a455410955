"""Does the time of an answer tell who is known here? Medians of tries for known and unknown people, side by side.

Each kind of try is made by turns for somebody known and somebody unknown, through the whole application. The two are
alike when the ratio of their medians is within five hundredths of one; so is what two halves of the same people give,
printed as what the machine itself adds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from kernel.clock import Clock
from kernel.db import session, transaction
from kernel.permissions import SYSTEM
from onboarding.accounts import passwords
from onboarding.accounts.operations import ensure_user
from storefront.app import create_app
from storefront.config import Config
from storefront.reference import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

TRIES = 200
WITHIN = 0.05
CODE = "/sign-in/code"
Try = tuple[str, dict[str, str], bool]  # where to, the form, whether a code was asked for before


def main() -> int:
    """Print medians in milliseconds and their ratios; 1 when one is further off than it may be."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data_dir=Path(folder), limits_scale=1_000_000, extra={"WTF_CSRF_ENABLED": False})
        app = create_app(config)
        prepare(app)
        known = [f"1380013{number:04d}" for number in range(TRIES)]
        unknown = [f"1390013{number:04d}" for number in range(TRIES)]
        _make_known(app, known)
        return int(not all(_alike(app, name, known, unknown) for name in KINDS))


def _alike(app: Flask, name: str, known: list[str], unknown: list[str]) -> bool:
    """Whether a kind of try tells nothing; a machine that was busy meanwhile is asked once more."""
    return any(abs(_compare(app, name, known, unknown, KINDS[name]) - 1) <= WITHIN for _ in range(2))


def _ask(phone: str) -> Try:
    return "/sign-in", {"recipient": phone, "next": ""}, False


def _wrong_code(phone: str) -> Try:
    return CODE, {"code": "000000x", "phone": phone}, True


def _code_never_sent(phone: str) -> Try:
    return CODE, {"code": "000000x", "phone": phone}, False


def _wrong_password(phone: str) -> Try:
    return "/sign-in/password", {"recipient": phone, "password": "correct horse battery", "next": ""}, False


KINDS: dict[str, Callable[[str], Try]] = {
    "asking for a code": _ask,
    "a wrong code": _wrong_code,
    "a code never sent": _code_never_sent,
    "a wrong password": _wrong_password,
}


def _make_known(app: Flask, phones: list[str]) -> None:
    """People with a password, as a thief would wish to find them."""
    now = app.extensions["ports"].get(Clock).now()
    with app.app_context():
        kept = passwords.hashed("nobody guesses this one")
        for phone in phones:
            person = ensure_user(phone=phone, name="某人", actor=SYSTEM, now=now)
            with transaction():
                session().merge(person).password_hash = kept


def _compare(app: Flask, name: str, known: list[str], unknown: list[str], make: Callable[[str], Try]) -> float:
    client = app.test_client()
    for phone in (known[0], unknown[0]):
        _time(client, make(phone))
    times: dict[str, float] = {}
    for number, pair in enumerate(zip(known, unknown, strict=True)):
        for phone in pair if number % 2 else reversed(pair):  # who comes second finds the page warm
            times[phone] = _time(client, make(phone))
    here, there = median(times[one] for one in known), median(times[one] for one in unknown)
    itself = median(times[one] for one in known[::2]) / median(times[one] for one in known[1::2])
    ratio = there / here
    print(f"{name:18} known {here:7.2f} ms  unknown {there:7.2f} ms  ratio {ratio:5.3f}  of the machine {itself:5.3f}")
    return ratio


def _time(client: FlaskClient, tried: Try) -> float:
    """Milliseconds that an answer takes."""
    path, form, was_asked = tried
    phone = form.pop("phone", "")
    if was_asked:
        client.post("/sign-in", data={"recipient": phone, "next": ""})
    elif path == CODE:
        with client.session_transaction() as cookie:
            cookie["sign_in"] = {"recipient": f"+86{phone}", "next": "", "sent": 0}
    started = time.perf_counter()
    answer = client.post(path, data=form)
    taken = (time.perf_counter() - started) * 1000
    assert answer.status_code in {302, 422}, answer.status
    return taken


if __name__ == "__main__":
    sys.exit(main())
