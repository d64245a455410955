"""The page on which an archive of pictures is handed in, and what became of each file in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request

from kernel.errors import DomainError
from kernel.files import Files
from kernel.i18n import coded_text
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.web import actor, now, page, requires, service
from onboarding.listings.rules import PICTURES_CAP
from onboarding.pictures import albums
from onboarding.pictures.archive import MAX_FILES, shown
from onboarding.pictures.rules import ALBUMS, REQUEST_CAP_BYTES
from onboarding.pictures.views.door import blueprint

if TYPE_CHECKING:
    from flask import Response

    from onboarding.pictures.albums import Attached
    from onboarding.pictures.queries import Coded

_EDIT = Permission.LISTING_GOODS_EDIT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a page tells of an archive: names put to goods, and names with the reason why not."""

    taken: list[str]
    refused: list[tuple[str, str]]
    goods: list[tuple[Coded, list[str]]]


@blueprint.get("/factory/pictures")
@requires(_EDIT)
def album() -> Response:
    """Where an archive is handed in."""
    return _album_page()


@blueprint.post("/factory/pictures")
@requires(_EDIT)
def hand_in_album() -> Response:
    """Put every file of an archive to its goods, and say what became of each."""
    factory = actor().membership(_EDIT)
    given = request.files.get("archive")
    if given is None or not given.filename:
        return _album_page(DomainError("archive.missing"))
    hit([(f"albums:{factory.organisation_id}", *ALBUMS)], now=now())
    by_ai = bool(request.form.get("by_ai"))
    try:
        told: dict[str, Any] = {"organisation_id": factory.organisation_id, "by_ai": by_ai, "files": service(Files)}
        attached = albums.hand_in_album(given.stream, actor=actor(), **told, now=now())
    except DomainError as refusal:
        return _album_page(refusal)
    return _album_page(outcome=_outcome(attached))


def _outcome(attached: list[Attached]) -> Outcome:
    goods: dict[str, tuple[Coded, list[str]]] = {}
    for one in attached:
        if one.goods is not None and one.refusal is None:
            goods.setdefault(one.goods.listing, (one.goods, []))[1].append(shown(one.name))
    refused = [(shown(one.name), coded_text(one.refusal.code, one.refusal.params)) for one in attached if one.refusal]
    return Outcome([one.name for one in attached if not one.refusal], refused, list(goods.values()))


def _album_page(error: DomainError | None = None, outcome: Outcome | None = None) -> Response:
    return page(
        "pictures/archive.html",
        error=error,
        outcome=outcome,
        most=PICTURES_CAP,
        most_files=MAX_FILES,
        limit_mb=REQUEST_CAP_BYTES >> 20,
    )
