"""Minimum orders: what a row says, what remarks say for all goods, and by what they count."""

import re
from collections.abc import Iterable
from typing import Final

from onboarding.listings.sheets.packing import times
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.supply import priced_by
from onboarding.listings.sheets.units import counted_in
from onboarding.listings.sheets.values import Unreadable, measure_in, read_moq, squeeze
from onboarding.listings.sheets.vocabulary import Meaning

# ②50套起混批 is the second remark, not 250.
_CLAUSE: Final = re.compile(r"[；;。\n①-⒛⓪-⓿❶-➓]+|[，,](?![0-9]{3})")
_MINIMUM: Final = re.compile(
    r"(?:起订量?|起批量?|混批|moq)[:为是]?(?:混批|每款|单款)?([0-9]+)(?![0-9.,元块万千k¥%天])(箱|打|手|扎|包)?"
    r"|(?<![0-9.,¥])([0-9]+)(?![0-9.,元块万千k¥%天])(箱|打|手|扎|包)?[^\W\d_]{0,2}起(?:[订批]|混批)"
)
_OTHER_MATTER: Final = re.compile(r"定制|订制|logo|贴牌|oem|开模|打样|包邮|印刷|刻字|代工")
_PACKED: Final = re.compile(r"(.*[0-9])(?:整?箱|打|手|扎|包|捆|板|托|卷|盘)(起[订批]?)?")


def minimum(table: Table, rows: list[int], from_notes: int | None) -> int | None:
    """The minimum order: the listing's own, else what the sheet's notes say for all, else None."""
    column = table.header.one(Meaning.MOQ)
    stated = [row for row in rows if column and table.said(row, column)]
    if column is None or not stated:
        return from_notes
    said = table.said(stated[0], column)
    unit = counted_in(said, column.head)
    each = times(table, stated[0], unit)
    try:
        quantity = _read(said, unit, each)
    except Unreadable as found:
        table.tell(found.code, stated[0], column, **found.params)
        return None
    for row in stated[1:]:
        if table.said(row, column) != said:
            table.tell("moq_differs", row, column, text=table.said(row, column)[:40], quantity=quantity)
    if each and each > 1 and priced_by(table, stated[0]) is None:
        table.tell("packs_counted", stated[0], column, text=said[:40], quantity=quantity)
    return quantity


def _read(said: str, unit: str | None, each: int | None) -> int:
    """A quantity in what the row is priced by. Raises Unreadable `moq_unreadable`, `moq_in_packs`."""
    if each is None:
        raise Unreadable("moq_in_packs", text=(said + (unit or "") if said.isdigit() else said)[:40])
    packed = _PACKED.fullmatch(squeeze(said)) if unit else None
    return read_moq(packed[1] if packed else said) * each


def measure(table: Table, row: int) -> str | None:
    """What quantities of a row count by, if it says so: 双 of `10双` or of a head `起订量(双)`."""
    column = table.header.one(Meaning.MOQ)
    said = table.said(row, column) if column else ""
    is_held = bool(column and said) and times(table, row, counted_in(said, column.head if column else "")) != 1
    told = [f"{said} {column.head}"] if column and not is_held else []
    told += [one.head for one in table.header.all_of(Meaning.TIER)]
    return next((unit for text in told if (unit := measure_in(text))), None)


def minimums_in(notes: Iterable[str]) -> dict[int, str]:
    """Minimum orders that remarks state for all goods, quantity → the clause; custom work is another matter."""
    found: dict[int, str] = {}
    for note in notes:
        for clause in _CLAUSE.split(note):
            plain = squeeze(clause)
            match = None if _OTHER_MATTER.search(plain) else _MINIMUM.search(plain)
            if match and not (match[2] or match[4]) and int((match[1] or match[3])[:10]) > 0:
                found.setdefault(int((match[1] or match[3])[:10]), clause.strip()[:80])
    return found
