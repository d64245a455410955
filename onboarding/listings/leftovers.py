"""The file of the rows of a sheet that became no goods; written once, when all the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.i18n import coded_text
from onboarding.listings.sheets.messages import Gravity
from onboarding.listings.sheets.refused import Refusals, refused_sheets
from onboarding.listings.sheets.writer import write_workbook

if TYPE_CHECKING:
    from typing import BinaryIO

    from onboarding.listings.plan import Plan
    from onboarding.listings.sheets.chosen import Chosen


def refusals_of(reading: dict[str, Any], plan: Plan, *, language: str) -> Refusals:
    """Why rows of a reading became no goods, in a language; a sheet that was said in sentences has no rows."""
    reasons: dict[tuple[str, int], list[str]] = {}
    if not reading.get("tables"):
        return Refusals({}, set())
    for problem in reading["problems"]:
        if problem["gravity"] == Gravity.LEFT_OUT and problem["row"] is not None:
            text = coded_text(f"sheet.{problem['code']}", problem["params"], language=language)
            place = (problem.get("worksheet", ""), problem["row"])
            reasons.setdefault(place, []).append(_of_column(problem["column"], text, language))
    for one in plan.left_out:
        text = coded_text(one.code, one.params, language=language)
        reasons.setdefault((one.worksheet, one.row), []).append(text)
    left_out = {(one.worksheet, one.row) for one in plan.left_out}
    read = {(goods.get("worksheet", ""), goods["row"]) for goods in reading["listings"]}
    return Refusals(reasons, read - left_out)


def _of_column(column: str | None, text: str, language: str) -> str:
    return coded_text("sheet.of_column", {"column": column, "text": text}, language=language) if column else text


def write_leftovers(file: BinaryIO, data: bytes, chosen: Chosen, refusals: Refusals) -> None:
    """Write the file out of the sheet as it was uploaded."""
    write_workbook(file, refused_sheets(data, chosen, refusals))
