"""The page where an owner says in a sentence what she makes; what was understood is shown as a price sheet is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request

from kernel.errors import DomainError
from kernel.files import Files
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, service
from onboarding.listings import dictation, queries
from onboarding.listings.rules import SENTENCES_CAP, UPLOADS
from onboarding.listings.schemas import SentencesForm

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("sentences", __name__, template_folder="templates")

_EDIT = Permission.LISTING_GOODS_EDIT


@blueprint.get("/factory/sentences")
@requires(_EDIT)
def sentences() -> Response:
    """Where a sentence is typed; with `of` one that was read before, to be written better."""
    before = request.args.get("of", "")
    said = queries.own_sheet(actor(), before).reading.get("said", "") if before else ""
    return page("listings/sentences.html", said=said, limit=SENTENCES_CAP)


@blueprint.post("/factory/sentences")
@requires(_EDIT)
def read() -> BaseResponse:
    """Read what was typed and lead to what was understood."""
    factory = actor().membership(_EDIT)
    try:
        said = form_data(SentencesForm())["sentences"]
        hit([(f"sheets:{factory.organisation}", *UPLOADS)], now=now())
        key = service(Files).put(said.encode())
        sheet = dictation.read_sentences(actor=actor(), text=said, file_key=key, now=now())
    except DomainError as refusal:
        typed = request.form.get("sentences", "")
        return page("listings/sentences.html", status=refusal.status, said=typed, limit=SENTENCES_CAP, error=refusal)
    return redirect(f"/factory/sheets/{sheet.public_id}", 303)
