"""What an owner may say of a decision or of her licence; judged by the operations."""

from __future__ import annotations

from marshmallow import Schema, fields


class AppealForm(Schema):
    """Her words against a decision."""

    words = fields.String(load_default="")


class NothingForm(Schema):
    """A deed without words."""
