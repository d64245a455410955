"""A file on its way in: looked at by its header, laid by under a name of ours, then noted: no row lacks its file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kernel.errors import DomainError
from kernel.files import key_of
from kernel.ids import public_id
from kernel.photos import check_photo
from onboarding.listings.enclosed import Handed
from onboarding.pictures.operations import hand_in
from onboarding.pictures.rules import LEAST_SIDE

if TYPE_CHECKING:
    from datetime import datetime
    from typing import BinaryIO

    from kernel.files import Files
    from kernel.permissions import Actor


def take_in(data: bytes, *, actor: Actor, listing: str, filename: str, by_ai: bool, files: Files, now: datetime) -> str:
    """Hand a file in for a listing (public id); the picture's public id. DomainError `photo.…`, and as `hand_in`."""
    handed = lay_by(data, filename=filename, by_ai=by_ai, files=files)
    try:
        hand_in(actor=actor, listing=listing, handed=handed, now=now)
    except Exception:
        files.forget(key_of(handed.picture))
        raise
    return handed.picture


def lay_by(data: bytes, *, filename: str, by_ai: bool, files: Files) -> Handed:
    """Keep the bytes until their sizes are made; nothing is decoded here. DomainError `photo.…`."""
    try:
        check_photo(data, least=LEAST_SIDE)
    except DomainError as refusal:
        if refusal.code == "photo.too_small":  # which speaks of papers, whose text is to be read
            raise DomainError("picture.too_small", **refusal.params) from None
        raise
    picture = public_id("pic")

    def fill(file: BinaryIO) -> None:
        file.write(data)

    files.write(fill, key=key_of(picture))
    return Handed(picture, hashlib.sha256(data).hexdigest(), filename, by_ai)
