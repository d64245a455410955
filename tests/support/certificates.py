"""A certificate that a factory has handed in, with a photo that is there to be opened."""

from datetime import date

from flask import Flask

from kernel.files import Files
from kernel.permissions import SYSTEM, Actor
from onboarding.certificates.models import Certificate
from onboarding.certificates.operations import confirm, hand_in
from onboarding.certificates.rules import Told
from tests.cast import NOW
from tests.support.goods import blank_photo

LICENCE = Told("sc", "SC11435052400015", "魏国强羊绒厂", "", "茶叶", date(2024, 1, 1), date(2029, 1, 1))


def certificate_of(app: Flask, owner: Actor) -> str:
    """The public id of a food licence that waits for an operator."""
    key = app.extensions["ports"].get(Files).put(blank_photo())
    return hand_in(actor=owner, told=LICENCE, goods=None, photo_key=key, now=NOW).public_id


def confirmed_of(owner: Actor, told: Told = LICENCE) -> Certificate:
    """A certificate that an operator confirmed."""
    made = hand_in(actor=owner, told=told, goods=None, photo_key="0" * 64, now=NOW)
    return confirm(actor=SYSTEM, certificate=made.public_id, now=NOW)
