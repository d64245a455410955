"""How many pieces somebody typed beside goods, why that many cannot be had, and what a wrong number is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.i18n import coded_text

if TYPE_CHECKING:
    from storefront.catalogue.goods import Variant

MOST: Final = 9_999
"""As many as a line of a cart holds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the field: at `most` so many; of a refused number what was `typed` and why it was `refused`.

    `words` say by kind what is wrong with a number: `wrong below over pack`, as far as they can be.
    """

    most: int
    words: tuple[tuple[str, str], ...]
    typed: str = ""
    refused: str = ""


def asked(variant: Variant, refusal: object) -> Asked:
    """The field of a variant; a `refusal` is `[offer, typed, code, params]` and tells of that offer alone."""
    limited = variant.is_available and not variant.made_to_order
    most = min(variant.lot.packs(variant.left)[0], MOST) if limited else MOST
    words = {"wrong": coded_text("field.quantity", {})}
    if limited:
        words["over"] = coded_text("field.quantity_above_stock", {"left": variant.left})
    if variant.lot.of_one > 1:
        words["below"] = coded_text("field.quantity_below_minimum", {"minimum": variant.lot.of_one})
    if (pack := variant.lot.pack_size) > 1:
        words["pack"] = coded_text("field.quantity_pack", {"pack": pack, "below": "{below}", "above": "{above}"})
    match refusal:
        case [variant.offer, str() as typed, str() as code, dict() as told]:
            return Asked(most, tuple(words.items()), typed, coded_text(code, told))
    return Asked(most, tuple(words.items()))
