"""What any trade must come to, in plain numbers: stock, shelves and money, without a database or its rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

BASIS = 10_000
DIRECT, SUPPLY, MERCHANT, RAIL = 50, 50, 100, 60
HOLDS = 10
UNSHIPPED = ("paid", "packed")

Shelf = dict[tuple[str, int], tuple[int, int | None]]
"""What can be bought: (seller, SKU) → (price, what its seller owes the factory for a piece)."""


def half_up(fen: int, basis_points: int) -> int:
    return (fen * basis_points + BASIS // 2) // BASIS


def earns(price: int, owed: int) -> bool:
    return price * (BASIS - MERCHANT - RAIL) >= (owed + 1) * BASIS


def marked_up(owed: int, markup: int) -> int:
    return (owed * (BASIS + markup) + 10 * BASIS - 1) // (10 * BASIS) * 10


@dataclass
class Goods:
    """A listing; `single` is its drop-ship price, `trade` what each SKU costs merchants without one.

    `vetted` are the retail prices that an operator saw last, `taken_at` is when one took it down last;
    `given_up` while it was: then taken off sale by its maker for good, unless an operator looks again.
    """

    maker: str
    retail: dict[int, int]
    trade: dict[int, int | None]
    single: int | None
    open: bool = True
    state: str = "published"
    vetted: dict[int, int] = field(default_factory=dict)
    vetted_singles: dict[int, int] = field(default_factory=dict)
    taken_at: datetime | None = None
    given_up: bool = False

    def was_taken(self, since: datetime) -> bool:
        """Whether it was taken down since a moment and is not on sale again."""
        lately = self.taken_at is not None and self.taken_at >= since
        return self.state == "taken_down" or (self.state != "published" and lately)

    def waits(self, sku: int, price: int) -> bool:
        """Whether a retail price waits for an operator: far from what one saw, of goods on sale."""
        return self.state == "published" and sku in self.vetted and abs(price / self.vetted[sku] - 1) > 0.3

    def single_waits(self, single: int | None) -> bool:
        """Whether the price of a single piece waits: far from what merchants owed when an operator looked."""
        if self.state not in {"published", "taken_down", "lapsed"} or single == self.single:
            return False
        asked = {sku: trade if single is None else single for sku, trade in self.trade.items()}
        seen = self.vetted_singles
        return any(price and sku in seen and abs(price / seen[sku] - 1) > 0.3 for sku, price in asked.items())

    def see(self) -> None:
        """An operator looks at all of it."""
        self.vetted = dict(self.retail)
        owed = {sku: trade if self.single is None else self.single for sku, trade in self.trade.items()}
        self.vetted_singles = {sku: price for sku, price in owed.items() if price}

    def owed(self, sku: int) -> int | None:
        price = self.trade[sku] if self.single is None else self.single
        return price if self.open else None


@dataclass
class Pick:
    """A merchant's pick-up; its offers are `closed` from when its goods went off sale until they come back."""

    markup: int
    by_hand: dict[int, int] = field(default_factory=dict)
    stands: bool = True
    closed: bool = False


@dataclass
class Line:
    """Pieces of one SKU in an order, at what they cost then; `back` were refunded."""

    sku: int
    price: int
    owed: int | None
    pieces: int
    back: int = 0


@dataclass
class Order:
    """One order; a merchant's when who sells is not who ships."""

    group: str
    seller: str
    shipper: str
    lines: dict[int, Line]
    state: str = "placed"
    fee: int = 0
    shipped_at: datetime | None = None
    received_at: datetime | None = None
    release: date | None = None
    settled: bool = False
    was_paid: bool = False

    @property
    def resold(self) -> bool:
        return self.seller != self.shipper

    @property
    def paid(self) -> int:
        return sum(line.price * line.pieces for line in self.lines.values())

    @property
    def back(self) -> int:
        return sum(line.price * line.back for line in self.lines.values())

    def owed(self, *, all_pieces: bool = False) -> int:
        """What the merchant owes the factory, of all pieces or of those not refunded."""
        left = ((line.owed or 0, line.pieces - (0 if all_pieces else line.back)) for line in self.lines.values())
        return sum(fen * pieces for fen, pieces in left)

    def held(self) -> dict[str, int]:
        """Whose the money is before any fee."""
        return {self.seller: self.paid - self.back - self.owed()} | ({self.shipper: self.owed()} if self.resold else {})

    def commissions(self) -> dict[str, int]:
        sold = half_up(self.paid - self.back, MERCHANT if self.resold else DIRECT)
        return {self.seller: sold} | ({self.shipper: half_up(self.owed(), SUPPLY)} if self.resold else {})

    def nets(self) -> dict[str, int]:
        """What each side is left with: `paid = back + nets + commissions + fee`."""
        taken = self.commissions()
        fees = {self.seller: self.fee}
        return {side: fen - taken[side] - fees.get(side, 0) for side, fen in self.held().items()}


@dataclass
class Model:
    """The whole trade."""

    goods: dict[str, Goods] = field(default_factory=dict)
    picks: dict[tuple[str, str], Pick] = field(default_factory=dict)
    admissions: dict[tuple[str, str], str] = field(default_factory=dict)
    uncounted: set[int] = field(default_factory=set)
    there: Counter[int] = field(default_factory=Counter)
    holds: dict[str, Counter[int]] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    buyers: dict[str, str] = field(default_factory=dict)
    late: list[tuple[int, int]] = field(default_factory=list)

    def shelf(self) -> Shelf:
        found: Shelf = {}
        on_sale = {listing: goods for listing, goods in self.goods.items() if goods.state == "published"}
        for goods in on_sale.values():
            found |= {(goods.maker, sku): (price, None) for sku, price in goods.retail.items()}
        for (merchant, listing), pick in self.picks.items():
            if pick.stands and listing in on_sale:
                found |= self._resold(merchant, on_sale[listing], pick)
        return found

    def _resold(self, merchant: str, goods: Goods, pick: Pick) -> Shelf:
        if self.admissions.get((goods.maker, merchant)) != "admitted":
            return {}
        owed = {sku: fen for sku in goods.retail if (fen := goods.owed(sku)) is not None}
        asked = {sku: (pick.by_hand.get(sku, marked_up(fen, pick.markup)), fen) for sku, fen in owed.items()}
        return {(merchant, sku): prices for sku, prices in asked.items() if earns(*prices)}

    def reserved(self) -> Counter[int]:
        return sum(self.holds.values(), Counter[int]())

    def covers(self, pieces: Counter[int]) -> bool:
        """Whether so many are free; what is made to order always is."""
        taken = self.reserved()
        return all(sku in self.uncounted or self.there[sku] - taken[sku] >= count for sku, count in pieces.items())

    def pieces(self, group: str) -> Counter[int]:
        """What a checkout takes of counted stock."""
        found = Counter[int]()
        for order in self.group(group).values():
            for line in order.lines.values():
                found[line.sku] += line.pieces
        return Counter({sku: count for sku, count in found.items() if sku not in self.uncounted})

    def group(self, group: str) -> dict[str, Order]:
        return {ref: order for ref, order in self.orders.items() if order.group == group}

    def may_hold(self, buyer: str) -> bool:
        return sum(self.buyers[group] == buyer for group in self.holds) < HOLDS

    def place(self, group: str, buyer: str, orders: dict[str, Order]) -> None:
        self.orders |= orders
        self.buyers[group] = buyer
        self.holds[group] = self.pieces(group)

    def withdrawn(self, group: str, placed: datetime) -> bool:
        """Whether goods of a checkout were taken down since it was placed: nobody pays for these."""
        skus = {line.sku for order in self.group(group).values() for line in order.lines.values()}
        return any(goods.was_taken(placed) for goods in self.goods.values() if skus & goods.retail.keys())

    def charged(self, group: str, fee: int, placed: datetime) -> bool:
        """A charge came; whether its goods are still there for it."""
        pieces, orders = self.pieces(group), self.group(group).values()
        held = group in self.holds or (self.may_hold(self.buyers[group]) and self.covers(pieces))
        if not held or self.withdrawn(group, placed):
            self.late.append((sum(order.paid for order in orders), fee))
            self.give_up(group)
            return False
        self.holds.pop(group, None)
        self.there.subtract(pieces)
        for order in orders:
            order.state, order.was_paid = "paid", True
        return True

    def give_up(self, group: str) -> None:
        self.holds.pop(group, None)
        for order in self.group(group).values():
            order.state = "cancelled"

    def refund(self, order: Order, pieces: dict[int, int], release: date) -> None:
        """Pieces of it are refunded: what had not left is for sale again; with the last such piece the order is off."""
        for line, count in pieces.items():
            order.lines[line].back += count
            if order.state in UNSHIPPED and order.lines[line].sku not in self.uncounted:
                self.there[order.lines[line].sku] += count
        if order.state in UNSHIPPED and order.back == order.paid:
            order.state, order.release = "cancelled", release
