"""How tests let people in: by the pages, as a browser does, or straight as actors."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kernel import notify
from kernel.clock import Clock, ShiftedClock, business_date
from kernel.db import session, transaction
from kernel.permissions import SYSTEM, Actor, Role
from kernel.tables import ask
from onboarding.accounts import operations as accounts
from onboarding.accounts.models import Organisation, WebSession
from onboarding.accounts.people import token_fingerprint
from onboarding.accounts.queries import actor_of
from onboarding.belts.operations import load_belts
from onboarding.compliance.queries import current
from onboarding.licences.credit_code import normalise
from onboarding.licences.models import Licence
from onboarding.licences.ocr.reading import LicenceField, LicenceReading
from onboarding.licences.operations import record_reading, upload_licence
from onboarding.moderation.queries import CaseLine, cases
from onboarding.moderation.tables import CASES
from onboarding.verification import operations as verification
from onboarding.verification.models import Application
from onboarding.verification.queries import begun_by
from onboarding.verification.rules import Said
from tests.cast import Person

CODES = ("91310115MA1K35J59M", "91330201MA2AF5T26N", "92440101MA59ABCD1A")
DANYANG, QINGHE = "danyang-glasses", "qinghe-cashmere"


def noon() -> datetime:
    """The moment of this test's operations; near the machine's clock, as pages use that."""
    return datetime.now(UTC)


def user(person: Person) -> Actor:
    """A person who has signed in before, as an actor."""
    made = accounts.ensure_user(phone=person.phone, name=person.name, actor=SYSTEM, now=noon())
    return actor_of(made.public_id)


def proved(actor: Actor, *, at: datetime | None = None) -> str:
    """The session (its token) of somebody who has just proved herself."""
    at, token_ = at or noon(), token_fingerprint(actor.user)
    with transaction():
        found = session().scalar(select(WebSession).where(WebSession.token_fingerprint == token_))
        found = found or WebSession(user_id=actor.user_id, token_fingerprint=token_, created_at=at)
        found.proved_at, found.expires_at = at, at + timedelta(days=30)
        session().add(found)
    return actor.user


def operator(person: Person, *, scope_kind: str = "channel", scope_value: str = "") -> Actor:
    """A person on the staff."""
    found = user(person)
    accounts.grant_staff_role(
        actor=SYSTEM,
        phone=person.phone,
        role="operator",
        scope_kind=scope_kind,
        scope_value=scope_value,
        now=noon(),
    )
    return actor_of(found.user)


def factory(owner: Person, *, uscc: str = CODES[0], belt: str = DANYANG, name: str = "丹阳明视眼镜厂") -> Application:
    """An application handed in."""
    begun(owner)
    return verification.hand_in(actor=user(owner), said=said(name=name, uscc=uscc, belt=belt), now=noon())


def begun(owner: Person) -> Application:
    """A factory that has shown its licence and said nothing yet."""
    load_belts(actor=SYSTEM, now=noon())
    application = verification.begin(actor=user(owner), now=noon())
    mine = begun_by(user(owner))
    assert mine
    upload_licence(actor=user(owner), organisation=mine.organisation, photo_key="0" * 64, now=noon())
    return application


def said(**told: Any) -> Said:  # noqa: ANN401  whatever the form has
    """What a factory hands in when nothing is missing; of `kind` merchant what a merchant does."""
    whole = {"name": "丹阳明视眼镜厂", "uscc": CODES[0], "belt": DANYANG, "ways": "both"}
    agreement = current(told.get("kind", "factory"), on=business_date(noon())).version
    return Said(**{**whole, "agreement": agreement, **told})


def merchant(owner: Person, *, uscc: str = CODES[1], name: str = "薄荷家居", read: bool = True) -> Organisation:
    """A merchant's shop, open at once as its licence was `read` to say just that; else nobody can read it."""
    shop_begun(owner, uscc=uscc, name=name, read=read)
    if not read:
        nobody_reads()
    handed_in = verification.hand_in(actor=user(owner), said=said(kind="merchant", name=name, uscc=uscc), now=noon())
    return session().get_one(Organisation, handed_in.organisation_id)


def nobody_reads() -> None:
    """The reader gives up on the newest photo."""
    photo = session().scalars(select(Licence.public_id).order_by(Licence.id.desc())).first() or ""
    record_reading(actor=SYSTEM, licence=photo, reading=None, now=noon())


def shop_begun(owner: Person, *, uscc: str = CODES[1], name: str = "薄荷家居", read: bool = True) -> Application:
    """A merchant who has shown her licence, which was `read` or will be, and said nothing yet."""
    application = verification.begin(actor=user(owner), kind="merchant", now=noon())
    mine = begun_by(user(owner), "merchant")
    assert mine
    photo = upload_licence(actor=user(owner), organisation=mine.organisation, photo_key="0" * 64, now=noon())
    if read:
        record_reading(actor=SYSTEM, licence=photo.public_id, reading=reading(uscc=uscc, name=name), now=noon())
    return application


def reading(*, confidence: float = 0.99, is_licence: bool = True, **fields: str) -> LicenceReading:
    """A licence as the reader reads it, every field as surely as the others."""
    code = {"uscc": normalise(fields.pop("uscc"))} if "uscc" in fields else {}
    read = {name: LicenceField(value, confidence, None) for name, value in {**fields, **code}.items()}
    return LicenceReading(is_licence=is_licence, fields=read, warnings=(), turned=0)


def clerk(person: Person, owner: Person, *, of: int = 0) -> Actor:
    """A person who works for an owner, in the first organisation of hers or another."""
    boss = user(owner)
    house = boss.memberships[of].organisation
    accounts.add_member(actor=boss, organisation=house, phone=person.phone, role=Role.CLERK, now=noon())
    return user(person)


def waiting(actor: Actor, kind: str = "") -> list[CaseLine]:
    """The open cases on somebody's desk, as its page lists them."""
    return cases(actor, ask(CASES, {"type": kind}).values, now=noon()).part(offset=0, limit=50, by=None, down=False)


def last_code() -> str:
    """The code in the newest text message."""
    found = re.search(r"\d{6}", notify.latest()[0].text)
    assert found
    return found[0]


def token(client: FlaskClient, path: str = "/account") -> str:
    """The token against forged posts, from a page with a form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path, follow_redirects=True).text)
    assert found, path
    return found[1]


def post(client: FlaskClient, url: str, *, page: str = "/account", **fields: object) -> TestResponse:
    """Post a form as its page would."""
    return client.post(url, data={"csrf_token": token(client, page), **fields})


def sign_in(client: FlaskClient, person: Person, *, then: str = "") -> TestResponse:
    """Go through the two pages of sign-in; returns the answer to the code."""
    post(client, "/sign-in", recipient=person.phone, next=then)
    return post(client, "/sign-in/code", page="/sign-in/code", code=last_code())


def wait(app: Flask, **by: float) -> None:
    """Let time pass for the pages."""
    clock = app.extensions["ports"].get(Clock)
    assert isinstance(clock, ShiftedClock)
    clock.move(by=timedelta(**by))
