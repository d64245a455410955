"""What a merchant sees at her desk: the goods she sells and what each piece earns, her orders. Fen.

Every query takes her own organisation, or goes through the actor; a stranger finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from commission.settlement.models import SaleRow
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from kernel.tables import Selected
from onboarding.accounts.models import Organisation
from onboarding.closings.queries import last_rest
from onboarding.listings.models import Listing, Sku, WayOfSelling
from onboarding.offers.models import Offer, PickUp
from storefront.orders.models import Order, OrderLine
from storefront.orders.rules import Address
from storefront.shipments.queries import parcels_of
from storefront.supply.models import SupplyOrder
from storefront.supply.rules import earned_fen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from storefront.shipments.queries import Parcel

PAGE: Final = 20
WAITING: Final = ("paid", "packed")


@dataclass(frozen=True, slots=True)
class Resale:
    """One SKU in her shop: her price, what she owes the factory, what is left of it, and whether it sells."""

    offer: str
    options: dict[str, str]
    price_fen: int
    supply_price_fen: int
    earned_fen: int
    by_hand: bool
    state: str
    held_reason: str
    left: int
    made_to_order: bool


@dataclass(frozen=True, slots=True)
class Picked:
    """One listing she picked up, with all its SKUs; `reopens_at` ends the rest that its factory took last."""

    resales: Sequence[Resale]
    pick_up: str
    markup_bp: int
    listing: str
    title: str
    image: str
    listing_state: str
    factory_name: str
    reopens_at: datetime | None
    floor_fen: int | None

    @property
    def state(self) -> str:
        """`held` when a price needs a look, `off` when nothing is sold any more, else `on`."""
        states = {one.state for one in self.resales}
        return next((state for state in ("held", "on") if state in states), "off")

    @property
    def prices(self) -> tuple[int, int]:
        """From the lowest to the highest price in her shop; 0 where nothing is sold."""
        prices = [one.price_fen for one in self.resales] or [0]
        return min(prices), max(prices)

    @property
    def earned_fen(self) -> int:
        """What a piece of it earns at least."""
        return min((one.earned_fen for one in self.resales), default=0)

    @property
    def left(self) -> int | None:
        """How many pieces the factory has of it; None where it makes them to order."""
        return None if any(one.made_to_order for one in self.resales) else sum(one.left for one in self.resales)

    @property
    def reasons(self) -> list[str]:
        """Why something of it is held, each reason once."""
        return list(dict.fromkeys(one.held_reason for one in self.resales if one.state == "held"))


@dataclass(frozen=True, slots=True)
class Book:
    """What the books hold of one of her orders."""

    commission_fen: int
    processing_fen: int
    refunded_fen: int
    supply_fen: int
    refunded_supply_fen: int
    release_on: Any
    settled_on: Any


@dataclass(frozen=True, slots=True)
class MerchantOrder:
    """One of her orders: the buyer masked, who ships it, the supply cost, and the books for whom they are."""

    order: Order
    address: Address
    parcels: Sequence[Parcel]
    factory_name: str
    supply_fen: int
    book: Book | None

    @property
    def earned_fen(self) -> int:
        """What is left for her of this order, net of refunds; 0 without the books."""
        if self.book is None:
            return 0
        goods = self.order.total_fen - self.book.refunded_fen
        supply = self.book.supply_fen - self.book.refunded_supply_fen
        return goods - supply - self.book.commission_fen - self.book.processing_fen


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """One of her orders in a list: who ships it, and what it costs her."""

    order: Order
    factory: str

    @property
    def supply_fen(self) -> int:
        """What she owes the factory for all of it."""
        return sum((line.supply_price_fen or 0) * line.quantity for line in self.order.lines)


def shop_slug(organisation_id: int) -> str:
    """The address of her shop under `/m/`."""
    return session().scalars(select(Organisation.slug).where(Organisation.id == organisation_id)).one()


def goods_counts(organisation_id: int) -> tuple[int, int]:
    """How many listings she has picked up, and of how many some price is held."""
    mine = _mine(organisation_id)
    counts = select(func.count(), func.count().filter(has_held())).select_from(PickUp).where(*mine)
    row = session().execute(counts).one()
    return row[0], row[1]


def picked_goods(organisation_id: int, *, held: bool, page: int, rate_bp: int) -> list[Picked]:
    """A page of what she picked up, the newest first; `held` leaves those whose price needs a look."""
    columns = (PickUp.id, PickUp.public_id, PickUp.markup_bp)
    goods = (Listing.public_id, Listing.title, Listing.image, Listing.state, Organisation.name)
    supply = (WayOfSelling.listing_id == PickUp.listing_id) & (WayOfSelling.way == "supply")
    floor = select(WayOfSelling.floor_price_fen).where(supply).scalar_subquery()
    query: Select[*tuple[Any, ...]] = (
        select(*columns, *goods, last_rest(PickUp.factory_id), floor)
        .join(Listing, Listing.id == PickUp.listing_id)
        .join(Organisation, Organisation.id == PickUp.factory_id)
        .where(*_mine(organisation_id))
        .order_by(PickUp.picked_at.desc(), PickUp.id.desc())
    )
    query = query.where(has_held()) if held else query
    rows: Sequence[Any] = session().execute(query.offset((page - 1) * PAGE).limit(PAGE)).all()
    resales = _resales([row[0] for row in rows], rate_bp)
    return [Picked(resales.get(row[0], []), *row[1:]) for row in rows]


def merchant_orders(
    organisation_id: int, *, states: Sequence[str] = (), words: str = "", after: str = "", limit: int = PAGE + 1
) -> list[Order]:
    """Her paid orders with their lines, newest first, from after one of them on (public id).

    `words` look for a part of an order's number or of its goods' title; of her shoppers she finds nobody.
    """
    query = _looked_for(organisation_id, states, words)
    if after:
        query = query.where(Order.id < select(Order.id).where(Order.public_id == after).scalar_subquery())
    return list(session().scalars(query.order_by(Order.id.desc()).limit(limit)))


def sold_by(organisation_id: int, *, states: Sequence[str] = (), words: str = "") -> Selected[SoldOrder]:
    """All that `merchant_orders` would give, in the same order, to be taken along as a file."""
    return Selected(_looked_for(organisation_id, states, words), (Order.id.desc(),), _with_factories)


def counts_of(organisation_id: int) -> dict[str, int]:
    """How many of her paid orders stand in each state."""
    counts = _orders(organisation_id).with_only_columns(Order.state, func.count()).group_by(Order.state)
    return {row[0]: row[1] for row in session().execute(counts)}


def factories_of(orders: Sequence[Order]) -> dict[int, str]:
    """Who ships each of these orders, by the order's id."""
    query = select(SupplyOrder.order_id, SupplyOrder.factory_name)
    rows = session().execute(query.where(SupplyOrder.order_id.in_([order.id for order in orders])))
    return {row[0]: row[1] for row in rows}


def merchant_order(actor: Actor, order: str) -> MerchantOrder:
    """One of her own paid orders; NotFoundError for everybody else."""
    mine = actor.membership(Permission.MERCHANT_ORDERS_VIEW).organisation_id
    query = _orders(mine).where(Order.public_id == order)
    found = session().scalar(query.options(selectinload(Order.lines), selectinload(Order.group)))
    if found is None:
        raise NotFoundError
    sees_books = actor.may(Permission.MERCHANT_STATEMENT_VIEW, organisation_id=mine)
    return MerchantOrder(
        order=found,
        address=Address.from_json(found.group.address).masked(),
        parcels=parcels_of(found.id),
        factory_name=factories_of([found]).get(found.id, ""),
        supply_fen=sum((line.supply_price_fen or 0) * line.quantity for line in found.lines),
        book=_book(order) if sees_books else None,
    )


def _looked_for(organisation_id: int, states: Sequence[str], words: str) -> Select[Any]:
    query = _orders(organisation_id).options(selectinload(Order.lines))
    query = query.where(Order.state.in_(states)) if states else query
    if not words:
        return query
    titled = OrderLine.title.icontains(words, autoescape=True)
    lines = select(OrderLine.id).where(OrderLine.order_id == Order.id, titled)
    return query.where(Order.number.icontains(words, autoescape=True) | lines.exists())


def _with_factories(rows: Sequence[Any]) -> list[SoldOrder]:
    orders = [row[0] for row in rows]
    names = factories_of(orders)
    return [SoldOrder(order, names.get(order.id, "")) for order in orders]


def _orders(organisation_id: int) -> Select[Any]:
    """Orders her shoppers paid."""
    mine = (Order.organisation_id == organisation_id, Order.way == "merchant", Order.paid_at.is_not(None))
    return select(Order).where(*mine)


def _mine(organisation_id: int) -> tuple[Any, ...]:
    return PickUp.organisation_id == organisation_id, PickUp.state == "on"


def has_held() -> Any:  # noqa: ANN401  a condition
    """Whether some price of a pick-up needs a look."""
    return select(Offer.id).where(Offer.pick_up_id == PickUp.id, Offer.state == "held").exists()


def _resales(pick_ups: Sequence[int], rate_bp: int) -> dict[int, list[Resale]]:
    columns = (Offer.public_id, Sku.options, Offer.price_fen, Offer.supply_price_fen, Offer.by_hand)
    rest = (Offer.state, Offer.held_reason, Sku.on_hand - Sku.reserved, Sku.made_to_order)
    query: Select[*tuple[Any, ...]] = select(Offer.pick_up_id, *columns, *rest).join(Sku, Sku.id == Offer.sku_id)
    found: dict[int, list[Resale]] = {}
    for pick_up, offer, options, price, supply, by_hand, *more in session().execute(
        query.where(Offer.pick_up_id.in_(pick_ups)).order_by(Sku.id)
    ):
        resale = Resale(offer, options, price, supply, earned_fen(price, supply, rate_bp), by_hand, *more)
        found.setdefault(pick_up, []).append(resale)
    return found


def _book(order: str) -> Book | None:
    refunded = SaleRow.refunded_goods_fen + SaleRow.refunded_freight_fen
    columns = (SaleRow.commission_fen, SaleRow.processing_fen, refunded, SaleRow.supply_fen)
    rest = (SaleRow.refunded_supply_fen, SaleRow.release_on, SaleRow.settled_on)
    row = session().execute(select(*columns, *rest).where(SaleRow.order_ref == order)).one_or_none()
    return Book(*row) if row else None
