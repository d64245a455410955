"""Words of a sheet's goods that the advertising law forbids, told while it is looked through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from onboarding.compliance.lint import lint
from onboarding.listings.sheets.reading import Problem

if TYPE_CHECKING:
    from kernel.errors import Param
    from onboarding.listings.sheets.reading import SheetReading

_LOOKED_AT: Final = 10_000


def boasts(reading: SheetReading) -> list[Problem]:
    """A remark for each goods of a sheet that buyers would read forbidden words of; nothing is refused yet.

    Words come again in many rows and are looked at once; a sheet of many thousands is looked at up to a limit.
    """
    known: dict[str, list[str]] = {}
    problems = []
    for goods in reading.listings:
        options = (word for sku in goods.skus for word in sku.options.values())
        found: dict[str, None] = {}
        told = (said for name, said in goods.attributes.items() if name not in goods.private)
        for words in dict.fromkeys([goods.title, *told, *options]):
            if words not in known and len(known) < _LOOKED_AT:
                known[words] = [one.term for one in lint(words).findings if one.verdict == "block"]
            found |= dict.fromkeys(known.get(words, ()))
        if found:
            params: dict[str, Param] = {"count": len(found), "text": "、".join(found)[:80]}
            problems.append(Problem("advertising_words", goods.row, None, params, goods.worksheet))
    return problems
