"""What the form of a payout account may hold."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

_NAME, _BANK, _BRANCH, _NUMBER = 80, 60, 80, 80


class AccountForm(Schema):
    """An account as its owner writes it down; the rules judge it."""

    personal = fields.Boolean(load_default=False)
    holder = fields.String(load_default="", validate=validate.Length(max=_NAME))
    bank = fields.String(load_default="")
    bank_name = fields.String(load_default="", validate=validate.Length(max=_BANK))
    branch = fields.String(load_default="", validate=validate.Length(max=_BRANCH))
    number = fields.String(load_default="", validate=validate.Length(max=_NUMBER))
    consent = fields.Boolean(load_default=False)
