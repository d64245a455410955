"""The photograph of a licence and the crops of its fields, for those who may edit its organisation."""

from __future__ import annotations

from flask import Blueprint, Response

from kernel.files import Files
from kernel.permissions import Permission
from kernel.web import actor, requires, service
from onboarding.licences import queries

blueprint = Blueprint("licences", __name__)

_EDIT = Permission.SELLER_PAPERS_EDIT


@blueprint.get("/licences/<licence>/photo")
@requires(_EDIT)
def photo(licence: str) -> Response:
    """The whole photograph, upright."""
    found = queries.licence_for(actor(), licence)
    return picture(queries.photo_of(found, files=service(Files)))


@blueprint.get("/licences/<licence>/crops/<field>")
@requires(_EDIT)
def crop(licence: str, field: str) -> Response:
    """What one field was read from."""
    found = queries.licence_for(actor(), licence)
    return picture(queries.crop_of(found, field, files=service(Files)))


def picture(jpeg: bytes) -> Response:
    """A private picture: nobody between the server and this browser keeps it."""
    return Response(jpeg, mimetype="image/jpeg", headers={"Cache-Control": "private"})
