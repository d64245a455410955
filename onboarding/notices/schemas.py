"""What the forms of right holders and sellers may hold; judged by the operations."""

from __future__ import annotations

from marshmallow import Schema, fields


class NoticeForm(Schema):
    """A notice as it is told; its files come beside it."""

    holder_kind = fields.String(load_default="")
    name = fields.String(load_default="")
    contact = fields.String(load_default="")
    right_kind = fields.String(load_default="")
    right_number = fields.String(load_default="")
    links = fields.String(load_default="")
    statement = fields.String(load_default="")
    promise = fields.String(load_default="")


class WordsForm(Schema):
    """What one side says; its files come beside it."""

    words = fields.String(load_default="")
    promise = fields.String(load_default="")


class NothingForm(Schema):
    """A deed without words."""
