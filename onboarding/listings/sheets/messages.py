"""Every problem code with its gravity; the words are in the catalogues as `error.sheet.<code>`.

`LEFT_OUT`: the row's listing is not in the reading. `EMPTY`: the field was left empty, the listing is there.
`ASK`: the reading is usable, but only the owner knows; nothing was guessed. `NOTED`: read, but say so.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kernel.i18n import coded_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kernel.errors import Param


class Gravity(StrEnum):
    """What a problem means for the listing of its row."""

    LEFT_OUT = "left_out"
    EMPTY = "empty"
    ASK = "ask"
    NOTED = "noted"


PROBLEMS: Final[Mapping[str, Gravity]] = {
    "title_missing": Gravity.LEFT_OUT,
    "title_too_long": Gravity.LEFT_OUT,
    "code_duplicate": Gravity.LEFT_OUT,
    "sku_duplicate": Gravity.LEFT_OUT,
    "too_many_skus": Gravity.LEFT_OUT,
    "price_missing": Gravity.LEFT_OUT,
    "price_unreadable": Gravity.LEFT_OUT,
    "price_negative": Gravity.LEFT_OUT,
    "price_zero": Gravity.LEFT_OUT,
    "price_too_high": Gravity.LEFT_OUT,
    "price_precision": Gravity.LEFT_OUT,
    "price_currency": Gravity.LEFT_OUT,
    "price_range": Gravity.LEFT_OUT,
    "price_negotiable": Gravity.LEFT_OUT,
    "tiers_not_falling": Gravity.LEFT_OUT,
    "price_discounted": Gravity.LEFT_OUT,
    "price_struck": Gravity.LEFT_OUT,
    "tier_units_differ": Gravity.LEFT_OUT,
    "row_struck": Gravity.LEFT_OUT,
    "option_mangled": Gravity.LEFT_OUT,
    "formula_unvalued": Gravity.LEFT_OUT,
    "cell_error": Gravity.LEFT_OUT,
    "retail_price_unreadable": Gravity.EMPTY,
    "drop_ship_price_unreadable": Gravity.EMPTY,
    "stock_negative": Gravity.EMPTY,
    "stock_unreadable": Gravity.EMPTY,
    "stock_in_packs": Gravity.EMPTY,
    "retail_below_trade": Gravity.ASK,
    "tiers_in_packs": Gravity.ASK,
    "stock_column_repeated": Gravity.ASK,
    "code_mangled": Gravity.EMPTY,
    "stock_unstated": Gravity.EMPTY,
    "moq_unreadable": Gravity.EMPTY,
    "moq_in_packs": Gravity.EMPTY,
    "moq_differs": Gravity.ASK,
    "stock_ambiguous": Gravity.ASK,
    "moq_from_note": Gravity.ASK,
    "moq_notes_differ": Gravity.ASK,
    "tax_excluded": Gravity.ASK,
    "prices_by_measure": Gravity.ASK,
    "prices_adjusted": Gravity.ASK,
    "prices_not_firm": Gravity.ASK,
    "header_unknown": Gravity.ASK,
    "price_column_missing": Gravity.ASK,
    "price_column_repeated": Gravity.ASK,
    "title_column_missing": Gravity.ASK,
    "tiers_by_sku_dropped": Gravity.ASK,
    "column_differs": Gravity.ASK,
    "example_skipped": Gravity.NOTED,
    "stock_about": Gravity.NOTED,
    "packs_counted": Gravity.NOTED,
    "options_repeated": Gravity.NOTED,
    "column_unnamed": Gravity.NOTED,
    "line_empty": Gravity.LEFT_OUT,
    "line_too_long": Gravity.LEFT_OUT,
    "line_not_text": Gravity.LEFT_OUT,
    "price_unsaid": Gravity.EMPTY,
    "price_unclear": Gravity.EMPTY,
    "price_several": Gravity.EMPTY,
    "goods_several": Gravity.EMPTY,
    "price_units_differ": Gravity.EMPTY,
    "price_currency_unread": Gravity.EMPTY,
    "ladder_unclear": Gravity.EMPTY,
    "moq_unclear": Gravity.EMPTY,
    "stock_unclear": Gravity.EMPTY,
    "code_unclear": Gravity.EMPTY,
    "options_unclear": Gravity.EMPTY,
    "stock_per_option": Gravity.ASK,
    "colours_unnamed": Gravity.ASK,
    "sizes_unnamed": Gravity.ASK,
    "kinds_unnamed": Gravity.ASK,
    "number_unread": Gravity.ASK,
    "price_other": Gravity.NOTED,
    "deal_noted": Gravity.NOTED,
    "contact_left_out": Gravity.NOTED,
    "tier_negotiable": Gravity.NOTED,
    "advertising_words": Gravity.NOTED,
    "rows_hidden": Gravity.NOTED,
    "columns_hidden": Gravity.NOTED,
    "picture_missing": Gravity.NOTED,
    "picture_too_large": Gravity.NOTED,
    "pictures_unreadable": Gravity.NOTED,
}


def gravity(code: str) -> Gravity:
    """What a problem means for its listing."""
    return PROBLEMS[code]


def message(code: str, params: Mapping[str, Param], *, language: str = "zh") -> str:
    """The words of a problem, in `zh` or `en`."""
    return coded_text(f"sheet.{code}", params, language=language)
