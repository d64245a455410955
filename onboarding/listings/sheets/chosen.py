"""What the owner says of columns: on this sheet, or remembered from the last one; what does not fit is asked."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.header import Header
from onboarding.listings.sheets.publishing import is_own
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.values import (
    Unreadable,
    is_negotiable,
    read_moq,
    read_price,
    read_stock,
    squeeze,
)
from onboarding.listings.sheets.vocabulary import Meaning

KEY_CHARS: Final = 100
SAMPLES: Final = 3
_SAMPLED_ROWS: Final = 200
_SAMPLE_CHARS: Final = 40
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_FREE: Final = (
    Meaning.CODE,
    Meaning.TITLE,
    Meaning.CATEGORY,
    Meaning.COLOR,
    Meaning.SIZE,
    Meaning.TRADE_PRICE,
    Meaning.RETAIL_PRICE,
    Meaning.DROP_SHIP_PRICE,
    Meaning.STOCK,
    Meaning.MOQ,
    Meaning.ATTRIBUTE,
    Meaning.IGNORED,
)
ONLY_ONE: Final = frozenset(
    {Meaning.CODE, Meaning.TITLE, Meaning.CATEGORY, Meaning.RETAIL_PRICE, Meaning.DROP_SHIP_PRICE, Meaning.MOQ}
)
"""Of these a table has one column."""
KEYS: Final = frozenset({Meaning.CODE, Meaning.TITLE})
_Reads = Callable[[str], object]


@dataclass(frozen=True)
class Chosen:
    """Key of a head → meaning: `here` by the number of the table on this sheet, `remembered` from sheets before.

    `rows` are the rows of heads (from 1; 0: none, below: no table) of tables whose heads nobody else knows; what their
    columns mean is said by their places.
    """

    here: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[int, int] = field(default_factory=dict)


def choose(table: Table, number: int, chosen: Chosen) -> None:
    """Let the owner's word go before what was inferred; what she said before and does not fit any more is told."""
    if table.is_asked:
        table.header = Header(table.header.rows, tuple(_by_place(table, number, chosen)))
        return
    columns = _keyed(table.header.columns)
    said = {
        one.key: ("chosen", chosen.here[number][one.key]) for one in columns if one.key in chosen.here.get(number, {})
    }
    if number not in chosen.here:
        said = {one.key: ("remembered", chosen.remembered[one.key]) for one in columns if one.key in chosen.remembered}
    found = [_as_said(table, column, said.get(column.key)) for column in columns]
    found = _only_one(found)
    if not KEYS & {one.meaning for one in found}:  # nothing would be left to call the goods by
        found = columns
    table.header = Header(table.header.rows, tuple(found))


def place_key(letter: str) -> str:
    """What a column without a head is remembered by; a head like it says as little."""
    return f"@{letter}"


def head_keys(heads: Sequence[str]) -> list[str]:
    """What the columns under these heads are remembered by."""
    return [one.key for one in _keyed([Column(index, Meaning.UNNAMED, head=head) for index, head in enumerate(heads)])]


def _by_place(table: Table, number: int, chosen: Chosen) -> list[Column]:
    """The columns of a table whose heads nobody knows: as the owner says here, else as a proposal."""
    here = chosen.here.get(number, {})
    found: list[Column] = []
    for column in _keyed(table.header.columns):
        place = place_key(column.letter)
        proposed = chosen.remembered.get(column.key) or chosen.remembered.get(place) or _proposed(column)
        label = here.get(place) or proposed
        if label not in may_mean(column) or (not here and _is_taken(label, found)):
            label = Meaning.IGNORED
        if label == Meaning.ATTRIBUTE and not column.words:  # nothing to call it by
            label = Meaning.IGNORED
        one = column if label == column.inferred else _meaning(column, label)
        found.append(replace(one, key=place, told="chosen" if place in here else ""))
    return found


def _proposed(column: Column) -> str:
    """What a head that is known means; a word that nobody knows proposes nothing."""
    if column.meaning is Meaning.ATTRIBUTE:
        return Meaning.IGNORED if is_own(column.head) else Meaning.ATTRIBUTE
    return column.inferred


def _is_taken(label: str, found: Sequence[Column]) -> bool:
    return label in ONLY_ONE and any(one.meaning == label for one in found)


def may_mean(column: Column) -> list[str]:
    """What a column of a table without known heads may be said to mean, whichever row its head will be in."""
    named = [one for one in offered(column) if not one.startswith((Meaning.ATTRIBUTE, Meaning.UNNAMED))]
    return [*named[:-1], Meaning.ATTRIBUTE.value, *named[-1:]]


def _keyed(columns: Sequence[Column]) -> list[Column]:
    """Each with its key: its head, and which of those with the same head it is; one without a head has none."""
    seen, keyed = Counter[str](), []
    for column in columns:
        head = squeeze(column.words)[:KEY_CHARS]
        seen[head] += 1
        key = head if seen[head] == 1 or not head else f"{head}#{seen[head]}"
        keyed.append(replace(column, key=key, inferred=column.label))
    return keyed


def _as_said(table: Table, column: Column, said: tuple[str, str] | None) -> Column:
    if said is None or said[1] == column.inferred or not column.key:
        return column
    told, label = said
    if label not in offered(column):
        return column
    if told == "remembered" and (text := _contradiction(table, column, label)) is not None:
        last = table.header.rows[-1]
        table.tell("column_differs", last, column, name=column.head[:_SAMPLE_CHARS], text=text[:_SAMPLE_CHARS])
        return column
    return replace(_meaning(column, label), told=told)


def _meaning(column: Column, label: str) -> Column:
    name, _colon, detail = label.partition(":")
    detail = detail or (" ".join(column.words.split()) if name == Meaning.ATTRIBUTE else "")
    return replace(column, meaning=Meaning(name), detail=detail, priced=False)


def offered(column: Column) -> list[str]:
    """What a column may be said to mean: as it was inferred first, then what any column may be."""
    quantity = _NUMBER.search(squeeze(column.words))
    tier = [f"{Meaning.TIER}:{int(quantity[0])}"] if quantity and int(quantity[0]) else []
    is_public = column.inferred.startswith(Meaning.ATTRIBUTE) and not may_be_published(column)
    free = [one.value for one in _FREE if one is not Meaning.ATTRIBUTE or not is_public]
    return list(dict.fromkeys([column.inferred, *free, *tier]))


def may_be_published(column: Column) -> bool:
    """Whether a column is an attribute that buyers read only when its owner says so."""
    name, _colon, detail = column.inferred.partition(":")
    return name == Meaning.ATTRIBUTE and not column.literal and is_own(detail)


def _only_one(columns: list[Column]) -> list[Column]:
    """Where she says which column is the code, another that looks like one is not."""
    taken = {one.meaning for one in columns if one.told and one.meaning in ONLY_ONE}
    return [_beside(one) if one.meaning in taken and not one.told else one for one in columns]


def _beside(column: Column) -> Column:
    """What a column is whose meaning another one has: told to buyers as it stands, a price to nobody."""
    words = " ".join(column.words.split())
    return replace(column, meaning=Meaning.IGNORED if is_own(words) else Meaning.ATTRIBUTE, detail=words)


def _contradiction(table: Table, column: Column, label: str) -> str | None:
    """The first value that does not fit what was said last time, when most do not."""
    reads = _READS.get(label.partition(":")[0])
    if reads is None:
        return None
    said = [text for text in _below(table, column) if not is_negotiable(text)]
    wrong = [text for text in said if not _fits(reads, text)]
    return wrong[0] if len(wrong) * 2 > len(said) else None


def _fits(reads: _Reads, text: str) -> bool:
    try:
        reads(text)
    except Unreadable:
        return False
    return True


def _words(text: str) -> None:
    """A name is more than a number."""
    if re.fullmatch(r"[¥￥]?[0-9.,]+元?", squeeze(text)):
        raise Unreadable("title_missing")


_READS: Final[Mapping[str, _Reads]] = {
    Meaning.TRADE_PRICE: read_price,
    Meaning.TIER: read_price,
    Meaning.RETAIL_PRICE: read_price,
    Meaning.DROP_SHIP_PRICE: read_price,
    Meaning.STOCK: read_stock,
    Meaning.MOQ: read_moq,
    Meaning.TITLE: _words,
}


def _below(table: Table, column: Column) -> list[str]:
    first = table.header.rows[-1] + 1
    rows = range(first, min(len(table.grid.rows), first + _SAMPLED_ROWS))
    return [text for row in rows if (text := table.said(row, column)) and row not in table.grid.scan.hidden_rows]


def samples(table: Table, column: Column) -> tuple[str, ...]:
    """Three values of a column, for whoever has to say what it means."""
    return tuple(" ".join(text.split())[:_SAMPLE_CHARS] for text in dict.fromkeys(_below(table, column)))[:SAMPLES]
