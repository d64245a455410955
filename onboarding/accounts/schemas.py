"""What the forms of sign-in and account may hold."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class PhoneForm(Schema):
    """A phone, and the page to go on to."""

    phone = fields.String(required=True, validate=validate.Length(max=40, error="field.phone"))
    next = fields.String(load_default="", validate=validate.Length(max=500))


class CodeForm(Schema):
    """A one-time code."""

    code = fields.String(required=True, validate=validate.Length(max=20, error="field.code"))


class NameForm(Schema):
    """A person's name."""

    name = fields.String(required=True)
