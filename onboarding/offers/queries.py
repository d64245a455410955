"""What can be bought, asked on hot paths: Core, one statement each, JSON-ready answers. Money is fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, case, func, select

from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.closings.models import Closing
from onboarding.closings.queries import closing_of_maker
from onboarding.closings.rules import rests_until
from onboarding.listings.models import Listing, Sku
from onboarding.listings.rules import Lot
from onboarding.offers.models import Offer, PickUp
from onboarding.terms.queries import sold_to_order
from onboarding.verification.models import Application
from onboarding.verification.queries import may_trade, seller_trades

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery

PLENTY: Final = 1_000_000
"""What is `left` of goods made to order: more than anybody orders at once."""


@dataclass(frozen=True, slots=True)
class SellableOffer:
    """An offer that can be bought unless its maker rests: on, of a published listing, both maker and seller may trade.

    `maker` ships; it is the seller itself unless this is a resale offer, whose `supply_price_fen` the seller owes it.
    What is `sold_to_order` nobody sends back without a reason.
    """

    offer_id: int
    offer: str
    kind: str
    price_fen: int
    currency: str
    min_quantity: int
    pack_size: int
    mix: str
    left: int
    made_to_order: bool
    sold_to_order: bool
    sku_id: int
    sku: str
    options: Mapping[str, str]
    listing_id: int
    listing: str
    title: str
    image: str
    category: str
    belt: str
    seller_id: int
    seller: str
    seller_name: str
    seller_slug: str
    maker_id: int
    maker: str
    supply_price_fen: int | None
    pick_up: str | None
    reopens_at: datetime | None

    @property
    def lot(self) -> Lot:
        """How many of it are sold at once."""
        return Lot(self.min_quantity, self.pack_size, self.mix)

    def rests_until(self, now: datetime) -> date | None:
        """The day on which its maker sells again, while it rests: what was found then cannot be bought."""
        return rests_until(self.reopens_at, now)

    @property
    def page(self) -> str:
        """Where a shopper sees it: a merchant's page says nothing of the factory behind it."""
        if self.pick_up is None:
            return f"/goods/{self.listing}?sku={self.sku}"
        return f"{self.seller_page}/{self.pick_up}?offer={self.offer}"

    @property
    def seller_page(self) -> str:
        """The seller's own page."""
        return f"/{'m' if self.pick_up else 'f'}/{self.seller_slug}"


def sellable(offers: Iterable[str]) -> list[SellableOffer]:
    """Those of the offers (public ids) that are on sale, though a maker may rest (`rests_until`); no others."""
    return _sellable(_sellable_query().where(Offer.public_id.in_(list(offers))))


def offers_of_listing(listing: str) -> list[SellableOffer]:
    """Every offer of a listing (public id) that can be bought now, in the order of its SKUs."""
    query = _sellable_query().where(Listing.public_id == listing).order_by(Offer.sku_id, Offer.id)
    return _sellable(query)


def resellers_of(listing_id: int, *, below_fen: int | None = None) -> int:
    """How many merchants sell a listing (id) now, with `below_fen` some of it for less than that."""
    trades = seller_trades(Offer.organisation_id)
    offered = select(func.count(Offer.organisation_id.distinct())).where(Offer.listing_id == listing_id)
    if below_fen is not None:
        offered = offered.where(Offer.price_fen < below_fen)
    return session().scalar(offered.where(Offer.kind == "resale", Offer.state == "on", trades)) or 0


def pieces_left() -> ColumnElement[int]:
    """How many pieces of a SKU can still be ordered, as a column."""
    return case((Sku.made_to_order, PLENTY), else_=Sku.on_hand - Sku.reserved)


def told_title(pick_up_id: SQLColumnExpression[Any], maker_name: SQLColumnExpression[str]) -> ColumnElement[str]:
    """A listing's title, as a column: in a merchant's mouth without the name of the factory, be nothing left of it."""
    unnamed = func.nullif(func.trim(func.replace(Listing.title, maker_name, "")), "")
    return case((pick_up_id.is_(None), Listing.title), else_=func.coalesce(unnamed, Listing.category))


def _sellable(query: Select[Any]) -> list[SellableOffer]:
    rows = session().execute(query).mappings()
    return [SellableOffer(**{str(name): value for name, value in row.items()}) for row in rows]


def _sellable_query() -> Select[Any]:
    approved = _approved_makers()
    return (
        select(*_columns(approved))
        .select_from(Offer)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Listing, Listing.id == Offer.listing_id)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .join(approved, approved.c.maker_id == Listing.organisation_id)
        .outerjoin(PickUp, PickUp.id == Offer.pick_up_id)
        .outerjoin(Closing, closing_of_maker(Listing.organisation_id))
        .where(Offer.state == "on", Listing.state == "published", seller_trades(Offer.organisation_id))
    )


def _approved_makers() -> Subquery:
    """Factories that may sell, by `maker_id`, with their belts; a subquery, for sellers are organisations too."""
    maker = (Organisation.public_id.label("maker"), Organisation.name.label("maker_name"))
    return (
        select(Application.organisation_id.label("maker_id"), *maker, Belt.slug)
        .join(Belt, Belt.id == Application.belt_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(may_trade())
        .subquery("approved")
    )


def _columns(approved: Subquery) -> tuple[ColumnElement[Any], ...]:
    """What a SellableOffer is made of, by the names of its fields."""
    columns = {
        "offer_id": Offer.id,
        "offer": Offer.public_id,
        "kind": Offer.kind,
        "price_fen": Offer.price_fen,
        "currency": Offer.currency,
        "min_quantity": Offer.min_quantity,
        "pack_size": Offer.pack_size,
        "mix": Offer.mix,
        "left": pieces_left(),
        "made_to_order": Sku.made_to_order,
        "sold_to_order": sold_to_order(approved.c.maker_id, Sku.made_to_order),
        "sku_id": Sku.id,
        "sku": Sku.public_id,
        "options": Sku.options,
        "listing_id": Listing.id,
        "listing": Listing.public_id,
        "title": told_title(Offer.pick_up_id, approved.c.maker_name),
        "image": Listing.image,
        "category": Listing.category,
        "belt": approved.c.slug,
        "seller_id": Organisation.id,
        "seller": Organisation.public_id,
        "seller_name": Organisation.name,
        "seller_slug": Organisation.slug,
        "maker_id": approved.c.maker_id,
        "maker": approved.c.maker,
        "supply_price_fen": Offer.supply_price_fen,
        "pick_up": PickUp.public_id,
        "reopens_at": Closing.reopens_at,
    }
    return tuple(column.label(name) for name, column in columns.items())
