"""One change for many variants at once: all, those of one value, in one column. Pure; fen, pieces, basis points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.money import share
from kernel.text import lazy
from onboarding.listings.rules import PRICE_CAP_FEN, STOCK_CAP

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Final = {"price": lazy("零售价"), "supply": lazy("供货价"), "stock": lazy("库存")}
WAYS: Final = {
    "set": lazy("设为"),
    "more": lazy("加"),
    "less": lazy("减"),
    "up": lazy("涨百分之"),
    "down": lazy("降百分之"),
}
_LEAST: Final = {"price": 1, "supply": 1, "stock": 0}
_MOST: Final = {"price": PRICE_CAP_FEN, "supply": PRICE_CAP_FEN, "stock": STOCK_CAP}


@dataclass(frozen=True, slots=True)
class Bulk:
    """`amount` is fen or pieces, or basis points where `way` goes by per cent; `scope` is `颜色=红`, empty for all."""

    column: str
    way: str
    amount: int
    scope: str = ""

    def touches(self, options: Mapping[str, str]) -> bool:
        """Whether a variant is among those that change."""
        return not self.scope or self.scope in {f"{name}={value}" for name, value in options.items()}

    def applied(self, value: int | None) -> int | None:
        """What a value becomes, within what the column may hold; what is not said stays so unless it is set."""
        if value is None and self.way != "set":
            return None
        now = value or 0
        part = share(now, self.amount) if self.way in {"up", "down"} else self.amount
        moved = {"set": part, "more": now + part, "up": now + part}.get(self.way, now - part)
        return min(max(moved, _LEAST[self.column]), _MOST[self.column])
