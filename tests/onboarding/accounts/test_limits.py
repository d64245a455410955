"""How often codes are sent and tried."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel import notify
from onboarding.accounts.rules import code_limits, password_limits, sign_in_limits
from tests.cast import LIN, YU
from tests.onboarding.people import last_code, noon, post, wait


@pytest.fixture(autouse=True)
def _at_the_start_of_a_window(app: Flask) -> None:
    """Windows are cut by the clock; a test that crossed one would count anew."""
    wait(app, seconds=3602 - noon().timestamp() % 3600)


def test_a_second_code_waits_half_a_minute(app: Flask, client: FlaskClient) -> None:
    post(client, "/sign-in", recipient=LIN.phone)
    again = post(client, "/sign-in", recipient=LIN.phone)
    assert again.status_code == 429
    assert "秒后再试" in again.text
    assert len(notify.latest()) == 1
    wait(app, seconds=30)
    assert post(client, "/sign-in", recipient=LIN.phone).status_code == 302


def test_a_phone_gets_five_codes_an_hour(app: Flask, client: FlaskClient) -> None:
    for _ in range(5):
        assert post(client, "/sign-in", recipient=LIN.phone).status_code == 302
        wait(app, seconds=31)
    assert post(client, "/sign-in", recipient=LIN.phone).status_code == 429
    assert post(client, "/sign-in", recipient=YU.phone).status_code == 302


def test_an_address_cannot_try_on_and_on(app: Flask, client: FlaskClient) -> None:
    post(client, "/sign-in", recipient=LIN.phone)
    said = [post(client, "/sign-in/code", page="/sign-in/code", code="000000x").status_code for _ in range(61)]
    assert said == [422] * 60 + [429]


def test_an_address_cannot_try_many_numbers(client: FlaskClient) -> None:
    said = [post(client, "/sign-in", recipient=f"1390013{number:04d}").status_code for number in range(31)]
    assert said == [302] * 30 + [429]


def test_many_addresses_get_no_more_of_one_number(app: Flask) -> None:
    crowd = [app.test_client() for _ in range(7)]
    for number, client in enumerate(crowd):
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
    said = []
    for client in crowd[:6]:
        said.append(post(client, "/sign-in", recipient=LIN.phone).status_code)
        wait(app, seconds=31)
    assert said == [302] * 5 + [429]
    code = last_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    tries = [post(one, "/sign-in/code", page="/sign-in/code", code=wrong).status_code for one in crowd[:5]]
    assert tries == [422] * 5
    assert post(crowd[0], "/sign-in/code", page="/sign-in/code", code=code).status_code == 422  # spent by all together


def test_a_number_gets_twenty_codes_a_day(app: Flask, client: FlaskClient) -> None:
    wait(app, seconds=86_401 - noon().timestamp() % 86_400)
    said = []
    for number in range(24):
        said.append(post(client, "/sign-in", recipient=LIN.phone).status_code)
        wait(app, minutes=61 if number % 4 == 3 else 1)
    assert said == [302] * 20 + [429] * 4


def test_storms_may_scale_the_limits(app: Flask, client: FlaskClient) -> None:
    app.config["LIMITS_SCALE"] = 100
    assert {post(client, "/sign-in", recipient=LIN.phone).status_code for _ in range(8)} == {302}
    assert len(notify.latest()) == 8


def test_limits_name_no_phone() -> None:
    by = {"recipient": "f1ng", "address": "::1", "scale": 1}
    limits = [*code_limits(**by), *sign_in_limits(address="::1", scale=1), *password_limits(**by)]
    whom = {key.partition(":")[2] for key, _, _ in limits}
    assert whom == {"again:f1ng", "recipient:f1ng", "day:f1ng", "address:::1", "channel"}
