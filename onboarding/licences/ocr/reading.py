"""What is read of a licence: fields with their confidence and place, warnings, and the public JSON of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from onboarding.licences.credit_code import fault

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Final = (
    "uscc",
    "name",
    "type",
    "legal_representative",
    "address",
    "established_on",
    "business_scope",
    "expires_on",
)
ASKED: Final = FIELDS[:6]
"""What every licence has; a reading without one of them says so among its warnings."""

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class LicenceField:
    """One field: dates as ISO text, confidence 0 to 1, and left, top, right, bottom in px of the upright picture.

    A licence that says it has no end has an empty last day; one that was not read has no such field.
    """

    value: str
    confidence: float
    box: Box | None


@dataclass(frozen=True, slots=True)
class LicenceReading:
    """What a picture says; `turned` is by how many degrees clockwise it has to be turned to stand upright.

    Warnings are codes: `not_a_licence`, `code_repaired`, `code_invalid`, `<field>_missing`, `expired`, `blurred`,
    `dark`, `small`.
    """

    is_licence: bool
    fields: Mapping[str, LicenceField]
    warnings: tuple[str, ...]
    turned: int

    def as_json(self) -> dict[str, Any]:
        """The public form; what was not read is null."""
        values = {name: self.fields[name].value or None if name in self.fields else None for name in FIELDS}
        code = values.pop("uscc")
        return {
            "is_licence": self.is_licence,
            "uscc": {"value": code, "valid": code is not None and fault(code) is None},
            **values,
            "confidence": {name: self.fields[name].confidence if name in self.fields else 0.0 for name in FIELDS},
            "warnings": list(self.warnings),
        }
