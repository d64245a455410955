"""How long stock has lain: the pieces that are left are those that came last, for the first to come go first.

Asked in SQL over all movements at once: one statement, however many variants.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, select

from kernel.db import session
from onboarding.listings.models import Listing, Sku, StockMovement, SupplyTier, WayOfSelling
from onboarding.listings.pricing import drop_ship_price

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Subquery

STEPS: Final = (30, 60, 90)
"""Days after which stock is old, older, and dead."""
TONES: Final = {30: "warn", 60: "warn", 90: "bad"}


@dataclass(frozen=True, slots=True)
class Lain:
    """Pieces of one variant by how long they have lain, fresh ones first; worth `fen` a piece to merchants.

    `days` is how long the oldest of them has.
    """

    listing_id: int
    sku: str
    options: Mapping[str, str]
    pieces: tuple[int, ...]
    fen: int
    days: int


@dataclass(slots=True)
class OldGoods:
    """A listing with stock that lies: pieces of 30 days and more, what they are worth, the days of the oldest."""

    listing: str
    title: str
    image: str
    is_supplied: bool
    pieces: int = 0
    worth_fen: int = 0
    days: int = 0
    variants: int = 0

    @property
    def step(self) -> int:
        """The step that the oldest piece has passed."""
        return max((step for step in STEPS if self.days >= step), default=0)


@dataclass(slots=True)
class Shelf:
    """All the stock of a factory: `(pieces, fen)` by age, fresh first, and the goods that lie, dearest first."""

    ages: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)] * (len(STEPS) + 1))
    old: list[OldGoods] = field(default_factory=list)

    @property
    def old_pieces(self) -> int:
        """Pieces that have lain for thirty days or more."""
        return sum(pieces for pieces, _fen in self.ages[1:])

    @property
    def old_fen(self) -> int:
        """What those are worth."""
        return sum(fen for _pieces, fen in self.ages[1:])


def left_of(arrivals: Sequence[int], on_hand: int) -> list[int]:
    """How much of each arrival (oldest first) is still there when the first to come went first."""
    left, rest = [], on_hand
    for pieces in reversed(arrivals):
        left.append(min(pieces, max(rest, 0)))
        rest -= pieces
    return left[::-1]


def shelf_of(organisation_id: int, *, now: datetime) -> Shelf:
    """The stock of a factory by age; three statements."""
    shelf, goods = Shelf(), _goods(organisation_id)
    old: dict[int, OldGoods] = {}
    for one in _lain(organisation_id, goods, now):
        for at, pieces in enumerate(one.pieces):
            count, fen = shelf.ages[at]
            shelf.ages[at] = count + pieces, fen + pieces * one.fen
        if lying := sum(one.pieces[1:]):
            row = old.setdefault(one.listing_id, goods[one.listing_id].fresh_row())
            row.pieces, row.worth_fen = row.pieces + lying, row.worth_fen + lying * one.fen
            row.days, row.variants = max(row.days, one.days), row.variants + 1
    shelf.old = sorted(old.values(), key=lambda row: (-row.worth_fen, row.listing))
    return shelf


def old_in(listing: Listing, *, now: datetime) -> list[Lain]:
    """The variants of a listing with pieces that have lain for thirty days or more, the oldest first."""
    lain = _lain(listing.organisation_id, _goods(listing.organisation_id), now)
    old = [one for one in lain if one.listing_id == listing.id and any(one.pieces[1:])]
    return sorted(old, key=lambda one: -one.days)


@dataclass(frozen=True, slots=True)
class _Goods:
    """What is known of a listing, and at what price merchants have it."""

    listing: str
    title: str
    image: str
    way_fen: int | None
    is_supplied: bool
    first_tier_fen: int | None

    def fresh_row(self) -> OldGoods:
        return OldGoods(self.listing, self.title, self.image, self.is_supplied)


def _goods(organisation_id: int) -> dict[int, _Goods]:
    first = select(func.max(SupplyTier.unit_price_fen)).where(SupplyTier.listing_id == Listing.id).scalar_subquery()
    columns: tuple[Any, ...] = (Listing.id, Listing.public_id, Listing.title, Listing.image)
    rest = (WayOfSelling.drop_ship_price_fen, func.coalesce(~WayOfSelling.closed, False), first)
    supply = (WayOfSelling.listing_id == Listing.id) & (WayOfSelling.way == "supply")
    query = select(*columns, *rest).outerjoin(WayOfSelling, supply)
    mine = query.where(Listing.organisation_id == organisation_id, Listing.state != "archived")
    return {row[0]: _Goods(*tuple[Any, ...](row)[1:]) for row in session().execute(mine)}


def _lain(organisation_id: int, goods: Mapping[int, _Goods], now: datetime) -> Iterable[Lain]:
    left = _left(organisation_id)
    since = [now - timedelta(days=days) for days in STEPS]
    bounds = [*zip([None, *since], [*since, None], strict=True)]
    aged = [func.sum(case((_between(left, newest, oldest), left.c.left), else_=0)) for newest, oldest in bounds]
    prices = (Sku.supply_price_fen, Sku.retail_price_fen)
    query = select(Sku.listing_id, Sku.public_id, Sku.options, *prices, func.min(left.c.at), *aged)
    rows = query.join(left, left.c.sku_id == Sku.id).where(left.c.left > 0).group_by(Sku.id)
    for listing_id, sku, options, supply_fen, retail_fen, oldest, *pieces in session().execute(rows):
        known = goods.get(listing_id)
        if known is not None:
            fen = drop_ship_price(known.way_fen, supply_fen, known.first_tier_fen) or retail_fen
            yield Lain(listing_id, sku, options, tuple(map(int, pieces)), fen, (now - oldest).days)


def _between(left: Subquery, newest: datetime | None, oldest: datetime | None) -> Any:  # noqa: ANN401  a condition
    """Came after `oldest` and not after `newest`: half-open, as everywhere."""
    after = left.c.at > oldest if oldest is not None else left.c.at.is_not(None)
    return after & (left.c.at <= newest) if newest is not None else after


def _left(organisation_id: int) -> Subquery:
    """Every arrival of counted goods with how many pieces of it are left: `left_of`, as SQL."""
    table = StockMovement
    later = func.sum(table.pieces).over(partition_by=table.sku_id, order_by=table.id.desc()) - table.pieces
    mine = (Sku.organisation_id == organisation_id) & ~Sku.made_to_order & (Sku.on_hand > 0)
    came = (
        select(table.sku_id, table.at, table.pieces, (Sku.on_hand - later).label("rest"))
        .join(Sku, Sku.id == table.sku_id)
        .where(mine, table.pieces > 0)
        .subquery("came")
    )
    left = case((came.c.rest >= came.c.pieces, came.c.pieces), (came.c.rest > 0, came.c.rest), else_=0)
    return select(came.c.sku_id, came.c.at, left.label("left")).subquery("left_over")
