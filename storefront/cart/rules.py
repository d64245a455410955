"""What is true of a cart: how many pieces a line may hold, how many lines there are, in which state a line stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kernel.errors import DomainError, InvalidInputError

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.errors import Param
    from onboarding.offers.queries import SellableOffer

MOST_PIECES: Final = 9_999
MOST_LINES: Final = 60
QUANTITY: Final = rf"[1-9][0-9]{{0,{len(str(MOST_PIECES)) - 1}}}\Z"
"""Plain ASCII digits and nothing else: no sign, no point, no exponent, no full-width or Arabic figures."""


class LineState(StrEnum):
    """Whether a line can be bought as it stands."""

    FINE = "fine"
    GONE = "gone"
    SHORT = "short"
    TOO_FEW = "too_few"
    UNPACKED = "unpacked"


@dataclass(frozen=True, slots=True)
class Line:
    """One offer and how many of it; `offer` is missing when it can no longer be bought. Prices are fen."""

    offer_id: str
    title: str
    quantity: int
    seen_price_fen: int
    offer: SellableOffer | None

    @property
    def state(self) -> LineState:
        """What stands in the way of buying it, if anything."""
        if self.offer is None:
            return LineState.GONE
        if self.offer.left < self.quantity:
            return LineState.SHORT
        if self.offer.mix == "sku" and self.offer.lot.more(self.quantity):
            return LineState.TOO_FEW
        return LineState.UNPACKED if self.quantity % self.offer.pack_size else LineState.FINE

    @property
    def price_changed(self) -> bool:
        """Whether the price is another one than when the line was put in."""
        return self.offer is not None and self.offer.price_fen != self.seen_price_fen

    @property
    def amount_fen(self) -> int:
        """Price times pieces; nothing for what cannot be bought."""
        return self.offer.price_fen * self.quantity if self.offer else 0


@dataclass(frozen=True, slots=True)
class Group:
    """What is bought from one seller and comes from one factory: one order, one parcel."""

    seller: str
    seller_name: str
    seller_page: str
    lines: tuple[Line, ...]

    @property
    def goods_fen(self) -> int:
        """What its lines come to."""
        return sum(line.amount_fen for line in self.lines)


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart as it stands now. `form_token` changes with every change: an order made twice from one state is one."""

    token: str
    form_token: str
    lines: tuple[Line, ...]

    @property
    def to_order(self) -> str:
        """The offers among them that are sold as made to order, so that a buyer agrees to what she was shown."""
        return " ".join(sorted(one.offer_id for one in self.lines if one.offer and one.offer.sold_to_order))

    @property
    def groups(self) -> tuple[Group, ...]:
        """Lines that can be bought, by seller and who ships, in the order in which they were put in."""
        parts: dict[tuple[str, str], list[Line]] = {}
        for line in self.lines:
            if line.offer is not None:
                parts.setdefault((line.offer.seller, line.offer.maker), []).append(line)
        heads = [(lines[0].offer, lines) for lines in parts.values()]
        return tuple(
            Group(head.seller, head.seller_name, head.seller_page, tuple(lines))
            for head, lines in heads
            if head is not None
        )

    @property
    def gone(self) -> tuple[Line, ...]:
        """Lines whose goods can no longer be bought."""
        return tuple(line for line in self.lines if line.offer is None)

    @property
    def dead(self) -> tuple[Line, ...]:
        """Lines that nobody can buy, however many: gone, or sold out."""
        return tuple(line for line in self.lines if line.offer is None or line.offer.left <= 0)

    @property
    def living(self) -> Cart:
        """The same cart without them."""
        return replace(self, lines=tuple(line for line in self.lines if line not in self.dead))

    @property
    def total_fen(self) -> int:
        """What all lines come to: the sum that checkout shows and that is charged."""
        return sum(group.goods_fen for group in self.groups)

    @property
    def currency(self) -> str:
        """The one currency of the deployment, as its offers say it."""
        return next((line.offer.currency for line in self.lines if line.offer), "CNY")

    @property
    def pieces(self) -> int:
        """How many pieces lie in it."""
        return sum(line.quantity for line in self.lines)

    def more(self, line: Line) -> int:
        """How many are missing to the fewest of a line that are sold at once, with all that counts towards them."""
        if line.offer is None:
            return 0
        return line.offer.lot.more(sum(one.quantity for one in self.lines if _counts_for(line.offer, one)))

    def check_lots(self) -> None:
        """Refuse numbers that are not sold: `cart.pack` (title, pack), `cart.lot_short` (title, more, least)."""
        for line in self.lines:
            if line.offer and line.quantity % line.offer.pack_size:
                raise DomainError("cart.pack", title=line.title, pack=line.offer.pack_size)
            if line.offer and (more := self.more(line)):
                raise DomainError("cart.lot_short", title=line.title, more=more, least=line.offer.lot.least)

    def can_be_ordered(self, now: datetime) -> bool:
        """Whether every line can be bought as it stands, and no maker rests."""
        return (
            bool(self.lines)
            and all(line.state is LineState.FINE and not self.more(line) for line in self.lines)
            and not any(line.offer and line.offer.rests_until(now) for line in self.lines)
        )


def _counts_for(offer: SellableOffer, line: Line) -> bool:
    """Whether a line counts towards the fewest of an offer: its own always, others as the offer's lot mixes."""
    other = line.offer
    if other is None or (other.seller, other.maker) != (offer.seller, offer.maker):
        return False
    alike = {"sku": other.offer == offer.offer, "listing": other.listing == offer.listing, "factory": True}
    return alike[offer.mix]


def check_open(offer: SellableOffer, now: datetime) -> None:
    """Refuse goods whose maker rests, with the day on which they can be bought again: `cart.rests`."""
    until = offer.rests_until(now)
    if until is not None:
        raise DomainError("cart.rests", title=offer.title, day=until.isoformat())


def check_quantity(offer: SellableOffer, quantity: int, *, held: int = 0) -> None:
    """Refuse, beside the field, fewer than are sold at once, open packs, more than there are, or than a line holds.

    Where some of them are `held` by the cart already, the field says how many more there can be.
    What counts over several lines is looked at when they are ordered: a mixed lot is put in line by line.
    """
    lot = offer.lot
    if lot.mix == "sku" and lot.more(quantity):
        raise InvalidInputError({"quantity": ("field.quantity_below_minimum", {"minimum": lot.least})})
    if quantity % lot.pack_size:
        below, above = lot.packs(quantity)
        told: dict[str, Param] = {"pack": lot.pack_size, "below": below or above, "above": above}
        raise InvalidInputError({"quantity": ("field.quantity_pack", told)})
    if quantity > MOST_PIECES:
        raise InvalidInputError({"quantity": ("field.quantity", {})})
    if offer.left <= 0:
        raise DomainError("cart.sold_out", title=offer.title)
    if quantity > offer.left and held:
        stock: dict[str, Param] = {"left": offer.left, "held": held, "more": max(offer.left - held, 0)}
        raise InvalidInputError({"quantity": ("field.quantity_above_rest", stock)})
    if quantity > offer.left:
        raise InvalidInputError({"quantity": ("field.quantity_above_stock", {"left": offer.left})})
