"""The page where an owner says in a sentence what she makes, with its photos; then it is shown as a sheet is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, request

from kernel.errors import DomainError
from kernel.files import Files, key_of
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.photos import PHOTO_CAP_BYTES
from kernel.web import actor, form_data, now, page, requires, service
from onboarding.listings import dictation
from onboarding.listings.enclosed import Handed
from onboarding.listings.queries import own_sheet
from onboarding.listings.rules import PICTURES_CAP, SENTENCES_CAP
from onboarding.listings.rules import UPLOADS as SHEETS
from onboarding.listings.schemas import SentencesForm
from onboarding.pictures.intake import lay_by
from onboarding.pictures.views.door import blueprint

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

_EDIT = Permission.LISTING_GOODS_EDIT


@blueprint.get("/factory/sentences")
@requires(_EDIT)
def sentences() -> Response:
    """Where a sentence is typed; with `of` one that was read before, to be written better, its photos kept."""
    before = _before(request.args.get("of", ""))
    return _sentences_page(before.get("said", ""), _photos_of(before))


@blueprint.post("/factory/sentences")
@requires(_EDIT)
def read_sentences() -> BaseResponse:
    """Read what was typed and lead to what was understood; photos that nobody refers to are kept by nobody."""
    factory = actor().membership(_EDIT)
    before, files, taken = _photos_of(_before(request.form.get("of", ""))), service(Files), list[Handed]()
    try:
        said = form_data(SentencesForm())["sentences"]
        hit([(f"sheets:{factory.organisation}", *SHEETS)], now=now())
        _take_photos(taken, files)
        told: dict[str, Any] = {"text": said, "photos": taken or before, "file_key": files.put(said.encode())}
        sheet = dictation.read_sentences(actor=actor(), **told, now=now())
    except DomainError as refusal:
        for photo in taken:
            files.forget(key_of(photo.picture))
        return _sentences_page(request.form.get("sentences", ""), before, refusal)
    return redirect(f"/factory/sheets/{sheet.public_id}", 303)


def _take_photos(taken: list[Handed], files: Files) -> None:
    """Lay by every file that was chosen; what is wrong with one is told, with which one it is."""
    by_ai = bool(request.form.get("by_ai"))
    for one in request.files.getlist("photos"):
        if one.filename:
            data = one.stream.read(PHOTO_CAP_BYTES + 1)
            taken.append(lay_by(data, filename=one.filename, by_ai=by_ai, files=files))


def _before(sheet: str) -> dict[str, Any]:
    """The reading of sentences (public id) that are being written better; of nothing, nothing."""
    return own_sheet(actor(), sheet).reading if sheet else {}


def _photos_of(reading: dict[str, Any]) -> list[Handed]:
    return [Handed(**one["handed"]) for one in reading.get("photos", ())]


def _sentences_page(said: str, photos: list[Handed], error: DomainError | None = None) -> Response:
    return page(
        "pictures/sentences.html",
        status=error.status if error else 200,
        said=said,
        limit=SENTENCES_CAP,
        most=PICTURES_CAP,
        kept=len(photos),
        lost=any(one.filename for one in request.files.getlist("photos")),
        of=request.values.get("of", ""),
        error=error,
    )
