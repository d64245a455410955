"""What is true of pictures of goods: how many, how large, what a look is, what a picture is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LEAST_SIDE: Final = 160
"""Below it, in px, nothing is seen of goods; pictures in the cells of price sheets are small."""
WORDS_CAP: Final = 120
LABEL_CAP: Final = 1_000
REQUEST_CAP_BYTES: Final = 120 << 20
"""Several photos of a phone, or an archive of them, in one request."""
UPLOADS: Final = (1_200, timedelta(hours=1))
ALBUMS: Final = (20, timedelta(hours=1))
ALIKE: Final = 6
"""Up to so many of the 64 bits of a look may differ: the same photograph, made smaller or saved again."""

_BANDS: Final = 8
_BITS: Final = 64
_PLAIN_BITS: Final = 6
_BYTE: Final = 0xFF

_EDIT = Permission.LISTING_GOODS_EDIT
_DECIDE = Permission.OPS_CASES_DECIDE

PICTURE: Final = Lifecycle(
    name="picture",
    start="waiting",
    steps={
        ("waiting", "show"): Step("shown", _DECIDE),
        ("waiting", "drop"): Step("removed", _DECIDE, "picture.removed"),
        ("waiting", "remove"): Step("removed", _EDIT, "picture.removed"),
        ("shown", "remove"): Step("removed", _EDIT, "picture.removed"),
    },
    labels={"waiting": "待审核", "shown": "已展示", "removed": "已删除"},
    tones={"waiting": "warn", "shown": "good"},
)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a file: the hash of what it shows, sides in px, its look, the label that it carries or ""."""

    digest: str
    width: int
    height: int
    seen: int
    label: str


def proposed_words(title: str, options: Iterable[Mapping[str, str]], filename: str) -> str:
    """What a picture may be called: the goods, and of its variants the value that its file is named after."""
    values = dict.fromkeys(value for option in options for value in option.values() if value)
    named = max((value for value in values if value in filename), key=len, default="")
    return f"{title} {named}".strip()[:WORDS_CAP]


def bands(seen: int) -> tuple[int, ...]:
    """A look in eight bytes: of two that differ in at most seven bits one byte is the same."""
    return tuple(seen >> (8 * place) & _BYTE for place in range(_BANDS))


def apart(one: int, other: int) -> int:
    """In how many bits two looks differ."""
    return (one ^ other).bit_count()


def speaks(seen: int) -> bool:
    """Whether a look tells pictures apart: that of a blank sheet is like that of every other."""
    return _PLAIN_BITS <= seen.bit_count() <= _BITS - _PLAIN_BITS


def arranged(held: Sequence[str], asked: Sequence[str], move: str = "") -> list[str]:
    """The pictures of a listing (public ids) in the order asked for; what was not named keeps its place at the end.

    `move` is `<picture>:first`, `<picture>:earlier` or `<picture>:later`.
    """
    order = [one for one in dict.fromkeys(asked) if one in held]
    order += [one for one in held if one not in order]
    one, _colon, where = move.partition(":")
    if one in order:
        place = order.index(one)
        order.remove(one)
        order.insert({"first": 0, "earlier": max(0, place - 1), "later": place + 1}.get(where, place), one)
    return order
