"""What an owner says to an agreement; judged by the operation."""

from __future__ import annotations

from marshmallow import Schema, fields


class AcceptanceForm(Schema):
    """The version that she read and agrees to; empty when she did not."""

    agreement = fields.String(load_default="")
