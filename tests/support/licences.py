"""Licences that were handed in and read, without the engine that reads."""

from io import BytesIO

from flask import Flask
from PIL import Image

from kernel.files import Files
from kernel.permissions import SYSTEM, Actor
from onboarding.licences.ocr.reading import LicenceField, LicenceReading
from onboarding.licences.operations import record_reading, upload_licence
from tests.cast import NOW

NAME = LicenceField("清河县样绒羊绒制品有限公司", 0.98, (40, 60, 240, 90))
CODE = LicenceField("91130534MA07K3R29J", 0.99, (40, 10, 200, 40))
READING = LicenceReading(is_licence=True, fields={"uscc": CODE, "name": NAME}, warnings=("type_missing",), turned=90)


def picture(size: tuple[int, int] = (320, 480), color: str = "red", *, kind: str = "JPEG", **how: object) -> bytes:
    """A file with a picture of one colour."""
    kept = BytesIO()
    Image.new("RGB", size, color).save(kept, kind, **how)
    return kept.getvalue()


def hand_in(app: Flask, actor: Actor, data: bytes = b"") -> str:
    """A licence photograph of the actor's organisation that waits to be read; its public id."""
    key = app.extensions["ports"].get(Files).put(data or picture())
    house = actor.memberships[0].organisation
    return upload_licence(actor=actor, organisation=house, photo_key=key, now=NOW).public_id


def read_licence_of(app: Flask, actor: Actor) -> str:
    """One that was read."""
    licence = hand_in(app, actor)
    record_reading(actor=SYSTEM, licence=licence, reading=READING, now=NOW)
    return licence
