"""What a question asked with a picture may hold besides its file: nothing."""

from __future__ import annotations

from marshmallow import Schema


class PhotoForm(Schema):
    """The form in which a picture is handed in; its file comes beside the fields."""
