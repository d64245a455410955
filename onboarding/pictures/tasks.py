"""What the worker does for pictures: make their sizes, take those of a price sheet, forget files nobody needs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from structlog import get_logger

from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.files import Files, key_of
from kernel.permissions import SYSTEM
from onboarding.listings.enclosed import enclosed_in, handed_with
from onboarding.pictures.intake import take_in
from onboarding.pictures.making import make
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.operations import hand_in, record_enclosed, record_made, record_refusal
from onboarding.pictures.queries import is_handed_in, known_sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import BinaryIO

    from kernel.ports import Ports

_log = get_logger("pictures")
_GIVEN_UP: Final = DomainError("picture.unmade")


def make_sizes(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Make the sizes of `{"picture": public id}` outside any transaction, note them, forget what was handed in.

    A second run makes the same files, or finds them made; a run killed half-way has noted nothing.
    """
    picture, files = payload["picture"], ports.get(Files)
    waiting = select(ListingPicture.by_ai).where(ListingPicture.public_id == picture)
    declared = session().scalar(
        waiting.where(ListingPicture.made_at.is_(None), ListingPicture.refusal == "", ListingPicture.state != "removed")
    )
    session().rollback()
    if declared is not None:
        _make(picture, declared=declared, files=files, now=now)
    files.forget(key_of(picture))


def give_up(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Say that nothing can be made of it, after the last attempt: nobody waits for ever."""
    record_refusal(actor=SYSTEM, picture=payload["picture"], error=_GIVEN_UP, now=now)
    ports.get(Files).forget(key_of(payload["picture"]))


def forget_files(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Forget the files of `{"picture": public id}` unless it was shown: orders show what was bought as it was."""
    query = select(ListingPicture).where(ListingPicture.public_id == payload["picture"])
    gone = session().scalar(query.where(ListingPicture.state == "removed", ListingPicture.shown_at.is_(None)))
    keys = gone.file_keys if gone else []
    session().rollback()
    for key in keys:
        ports.get(Files).forget(key)


def take_from_sheet(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Hand in the pictures on the rows of `{"sheet_import": public id}`, or of its sentences, each for its goods.

    What a listing ever had is not handed in again: not by the same sheet a second time, not after it was taken off.
    """
    sheet_import, files = payload["sheet_import"], ports.get(Files)
    tried = [*_enclosed(sheet_import, files=files, now=now), *_said(sheet_import, files=files, now=now)]
    if tried:
        counts = {"taken": sum(tried), "left_out": len(tried) - sum(tried)}
        record_enclosed(actor=SYSTEM, sheet_import=sheet_import, counts=counts, now=now)


def _enclosed(sheet_import: str, *, files: Files, now: datetime) -> Iterator[bool]:
    """Whether each new picture of a workbook could be taken."""
    for one in enclosed_in(sheet_import, files=files):
        known = known_sources(one.listing_id)
        session().rollback()
        if hashlib.sha256(one.data).hexdigest() in known:
            continue
        try:
            take_in(one.data, actor=SYSTEM, listing=one.listing, filename="", by_ai=False, files=files, now=now)
            yield True
        except DomainError as refusal:
            _log.info("picture of a sheet left out", media=one.media, listing=one.listing, why=refusal.code)
            yield False


def _said(sheet_import: str, *, files: Files, now: datetime) -> Iterator[bool]:
    """Whether each photo that came with sentences could be taken; those a killed run took are taken."""
    for listing_id, listing, handed in handed_with(sheet_import):
        taken, known = is_handed_in(handed.picture), handed.source in known_sources(listing_id)
        session().rollback()
        if taken:
            continue
        try:
            if known:
                raise DomainError("picture.twice")  # noqa: TRY301  as for one that lies there now
            hand_in(actor=SYSTEM, listing=listing, handed=handed, now=now)
            yield True
        except DomainError as refusal:
            _log.info("photo of a sentence left out", picture=handed.picture, listing=listing, why=refusal.code)
            files.forget(key_of(handed.picture))
            yield False


def _make(picture: str, *, declared: bool, files: Files, now: datetime) -> None:
    try:
        made, sizes = make(files.get(key_of(picture)), picture=picture, declared=declared)
    except NotFoundError:
        record_refusal(actor=SYSTEM, picture=picture, error=_GIVEN_UP, now=now)
        return
    except DomainError as refusal:
        record_refusal(actor=SYSTEM, picture=picture, error=refusal, now=now)
        return
    for name, content in sizes.items():
        _write(files, name, content)
    record_made(actor=SYSTEM, picture=picture, made=made, now=now)


def _write(files: Files, name: str, content: bytes) -> None:
    def fill(file: BinaryIO) -> None:
        file.write(content)

    files.write(fill, key=key_of(name))
