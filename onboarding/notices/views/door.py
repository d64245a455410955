"""The blueprint of all pages of notices, and the files that their forms bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from kernel.errors import DomainError, InvalidInputError
from kernel.files import Files
from kernel.limits import hit
from kernel.papers import take_paper
from kernel.photos import PHOTO_CAP_BYTES
from kernel.web import actor, form_data, now, service
from onboarding.notices.rules import HANDED
from onboarding.notices.schemas import WordsForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onboarding.notices.operations import Files as Handed

blueprint = Blueprint("notices", __name__, template_folder="../templates")


def handed(kinds: Iterable[str]) -> dict[str, Handed]:
    """The files of a form by kind, kept: pictures made anew, PDFs as they are. Raises InvalidInputError by kind."""
    taken, wrong = {}, {}
    for kind in kinds:
        try:
            given = [one for one in request.files.getlist(kind) if one.filename]
            papers = [take_paper(one.stream.read(PHOTO_CAP_BYTES + 1)) for one in given]
        except DomainError as refusal:
            wrong[kind] = (refusal.code, dict(refusal.params))
            continue
        taken[kind] = [(paper.media, service(Files).put(paper.data)) for paper in papers]
    if wrong:
        raise InvalidInputError(wrong)
    return taken


def handed_words() -> str:
    """The words of a form that brings files; so many in an hour."""
    hit([(f"evidence:{actor().user}", *HANDED)], now=now())
    words: str = form_data(WordsForm())["words"]
    return words
