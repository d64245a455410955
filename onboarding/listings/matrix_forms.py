"""What the forms of the variants' page may hold, and what they mean; what is not a change is not told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from marshmallow import Schema, fields, validate

from kernel.errors import InvalidInputError
from kernel.i18n import typed
from onboarding.listings.batch import COLUMNS, WAYS, Bulk
from onboarding.listings.matrix import OPTIONS_MOST, Option, Value, with_pasted
from onboarding.listings.rules import GRAMS_CAP, REASONS
from onboarding.listings.schemas import OptionalPrice, Pieces, Price, counted_anew
from onboarding.listings.shaping import Changes
from onboarding.listings.stock import Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from onboarding.listings.models import Sku

_OPTION_FIELD: Final = re.compile(
    rf"(?:option|was_option|paste)_[0-{OPTIONS_MOST - 1}]|(?:value|was|drop)_[0-{OPTIONS_MOST - 1}]_[0-9]{{1,3}}"
)
_WORDS_CAP: Final = 200
_AMOUNT: Final = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")


class OptionalWhole(Pieces):
    """A whole number, such as a weight in grams, that may be left empty."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> int | None:  # type: ignore[override]
        return super()._deserialize(value, attr, data, **kwargs) if str(value).strip() else None


class WhyForm(Schema):
    """Why stock is another one than before."""

    reason = fields.String(load_default="counted", validate=validate.OneOf([*REASONS], error="field.choice"))
    words = fields.String(load_default="", validate=validate.Length(max=_WORDS_CAP, error="field.words_long"))


class BulkForm(WhyForm):
    """The row of controls above the matrix."""

    then = fields.String(load_default="", validate=validate.OneOf(["", "bulk", "again"], error="field.choice"))
    bulk_column = fields.String(load_default="price", validate=validate.OneOf([*COLUMNS], error="field.choice"))
    bulk_way = fields.String(load_default="set", validate=validate.OneOf([*WAYS], error="field.choice"))
    bulk_scope = fields.String(load_default="")
    bulk_amount = fields.String(load_default="")


class OptionsForm(Schema):
    """The parts of the options' form that are always there."""

    fill = fields.String(load_default="", validate=validate.OneOf(["", "yes"], error="field.choice"))
    agreed = Pieces(load_default=0)


def options_schema(form: Iterable[str]) -> Schema:
    """The schema of a form with as many options and values as were sent, each under its number."""
    members = {name: fields.String(load_default="") for name in form if _OPTION_FIELD.fullmatch(name)}
    made: Schema = type("OptionsForm", (OptionsForm,), members)()
    return made


def told_options(form: Mapping[str, Any]) -> list[Option]:
    """The options of a form: those without a name are gone, as are ticked values and those without one."""
    told = []
    for number in range(OPTIONS_MOST):
        name = form.get(f"option_{number}", "")
        if not name:
            continue
        option = Option(name, tuple(_values(form, number)), form.get(f"was_option_{number}", ""))
        told.append(with_pasted(option, form.get(f"paste_{number}", "")))
    return told


def shown_options(form: Mapping[str, Any]) -> dict[str, set[str]]:
    """The options and values that stood on the page of a form, whatever she made of them."""
    names = {number: form.get(f"was_option_{number}", "") for number in range(OPTIONS_MOST)}
    return {
        name: {said for field, said in form.items() if field.startswith(f"was_{number}_")}
        for number, name in names.items()
        if name
    }


def matrix_schema(skus: Iterable[str]) -> Schema:
    """The form of the matrix: per SKU public id its prices, stock and weight, what was shown of them, and off."""
    members: dict[str, fields.Field[Any]] = {}
    for sku in skus:
        members |= {f"price_{sku}": Price(required=True), f"priced_{sku}": Price(required=True)}
        members |= {f"supply_{sku}": OptionalPrice(load_default=None), f"supplied_{sku}": OptionalPrice(required=True)}
        members |= {f"stock_{sku}": Pieces(required=True), f"was_{sku}": Pieces(required=True)}
        members |= {f"grams_{sku}": OptionalWhole(cap=GRAMS_CAP, load_default=None)}
        members |= {f"off_{sku}": fields.String(load_default="", validate=validate.OneOf(["", "yes"]))}
    made: Schema = type("MatrixForm", (BulkForm,), members)()
    return made


def split_matrix(form: Mapping[str, Any], skus: Sequence[Sku], *, who: str) -> Changes:
    """What a loaded form changes."""
    ids = [sku.public_id for sku in skus]
    told = counted_anew({name: value for name, value in form.items() if name.startswith(("stock_", "was_"))})
    return Changes(
        prices={sku: form[f"price_{sku}"] for sku in ids if form[f"price_{sku}"] != form[f"priced_{sku}"]},
        supply={sku: form[f"supply_{sku}"] for sku in ids if form[f"supply_{sku}"] != form[f"supplied_{sku}"]},
        **told,
        off={one.public_id: off for one in skus if (off := form[f"off_{one.public_id}"] == "yes") != one.off},
        grams={sku: form[f"grams_{sku}"] for sku in ids},
        why=Why(form["reason"], who, form["words"]),
    )


def bulk_of(form: Mapping[str, Any]) -> Bulk:
    """The change for many that a form asks for; its amount is yuan, pieces or per cent, as its column and way say."""
    found = _AMOUNT.fullmatch(form["bulk_amount"].removeprefix("¥").removesuffix("%").strip())
    column, way = form["bulk_column"], form["bulk_way"]
    hundredths = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None
    in_pieces = column == "stock" and way in {"set", "more", "less"}
    if hundredths is None or (in_pieces and hundredths % 100):
        raise InvalidInputError({"bulk_amount": ("field.bulk_amount", {})})
    return Bulk(column, way, hundredths // 100 if in_pieces else hundredths, form["bulk_scope"])


def applied_to(form: Mapping[str, str], loaded: Mapping[str, Any], skus: Sequence[Sku], bulk: Bulk) -> dict[str, str]:
    """The form as it was typed with one change written into it: nothing is saved before she saw it."""
    shown = dict(form)
    for sku in skus:
        name = f"{bulk.column}_{sku.public_id}"
        if bulk.touches(sku.options) and (value := bulk.applied(loaded[name])) is not None:
            shown[name] = str(value) if bulk.column == "stock" else typed(value)
    return shown


def _values(form: Mapping[str, Any], number: int) -> Iterable[Value]:
    places = sorted(int(name.rsplit("_", 1)[1]) for name in form if name.startswith(f"value_{number}_"))
    for place in places:
        name = form[f"value_{number}_{place}"]
        if name and not form.get(f"drop_{number}_{place}"):
            yield Value(name, form.get(f"was_{number}_{place}", ""))
