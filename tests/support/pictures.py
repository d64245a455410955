"""Pictures to hand in, each of its own look, and pictures of goods as they are once the worker was there."""

from io import BytesIO
from random import Random
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import select

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.files import Files, key_of
from kernel.permissions import SYSTEM, Actor
from kernel.work import drain
from onboarding.listings.models import Listing
from onboarding.pictures.intake import take_in
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.operations import show_waiting
from onboarding.pictures.queries import picture_named
from onboarding.pictures.tasks import make_sizes
from storefront.jobs import PLAN
from storefront.photos.operations import keep_search
from storefront.photos.rules import Hit
from tests.cast import NOW


def drawn(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture of coloured fields; every seed gives another one."""
    dice = Random(seed)  # noqa: S311  nothing to be guarded
    fields = Image.new("RGB", (8, 8))
    fields.putdata([(dice.randrange(256), dice.randrange(256), dice.randrange(256)) for _ in range(64)])
    return fields.resize(size, Image.Resampling.BICUBIC)


def jpeg(seed: int = 1, size: tuple[int, int] = (640, 480), **kept: Any) -> bytes:  # noqa: ANN401  as Pillow takes it
    """The same as a file, with what `Image.save` is told besides."""
    return saved(drawn(seed, size), "JPEG", **{"quality": 90, **kept})


def saved(picture: Image.Image, kind: str, **kept: Any) -> bytes:  # noqa: ANN401  as Pillow takes it
    """A picture as a file."""
    file = BytesIO()
    picture.save(file, kind, **kept)
    return file.getvalue()


def files_of(app: Flask) -> Files:
    """Where the private files lie."""
    found: Files = app.extensions["ports"].get(Files)
    return found


def handed(app: Flask, owner: Actor, listing: str, data: bytes, *, by_ai: bool = False) -> str:
    """A picture that waits for the worker."""
    files = files_of(app)
    return take_in(data, actor=owner, listing=listing, filename="1.jpg", by_ai=by_ai, files=files, now=NOW)


def made(app: Flask, owner: Actor, listing: str, data: bytes, *, by_ai: bool = False) -> ListingPicture:
    """A picture whose sizes are made, not yet shown."""
    public_id = handed(app, owner, listing, data, by_ai=by_ai)
    make_sizes({"picture": public_id}, ports=app.extensions["ports"], now=NOW)
    return fresh(public_id)


def shown_picture(app: Flask, owner: Actor, listing: str) -> dict[str, str]:
    """What stands in the addresses of a picture that everybody sees."""
    picture = made(app, owner, listing, jpeg(1))
    show_waiting(actor=SYSTEM, listing=listing, now=NOW)
    return {"picture": picture.public_id, "look_name": picture.look.name, "size": "320.webp"}


def photo_asked(actor: Actor) -> str:
    """A question asked with a photo that found all goods there are."""
    goods = session().scalars(select(Listing.public_id).order_by(Listing.id)).all()
    return keep_search(actor=actor, thumb=b"", hits=[Hit(one, "same", 99) for one in goods], now=NOW)


def fresh(public_id: str) -> ListingPicture:
    """A picture as the database has it now."""
    session().rollback()
    session().expire_all()
    return picture_named(public_id)


def lies(app: Flask, name: str) -> bool:
    """Whether there is a file of this name of ours."""
    try:
        files_of(app).get(key_of(name))
    except NotFoundError:
        return False
    return True


def worked(app: Flask) -> None:
    """Let the worker do all that waits."""
    drain(PLAN, ports=app.extensions["ports"])
