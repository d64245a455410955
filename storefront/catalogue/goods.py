"""What the page of goods asks, on the hottest path of all: Core, statements built once, run on the bare connection.

A statement that is built anew for every page costs more than the page (`benchmarks/product_page.py`). Amounts are fen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Select, bindparam, func, select

from kernel.db import session, settled
from kernel.errors import NotFoundError
from kernel.pictures import Look
from onboarding.accounts.models import Organisation
from onboarding.admissions.queries import is_admitted, terms_for
from onboarding.belts.models import Belt
from onboarding.certificates.models import Certificate
from onboarding.certificates.queries import covers, holds
from onboarding.closings.models import Closing
from onboarding.closings.queries import closing_of_maker
from onboarding.departures.queries import stays
from onboarding.listings.models import Listing, Sku
from onboarding.listings.rules import Lot
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.queries import told_title
from onboarding.pictures.models import ListingPicture
from onboarding.terms.queries import sold_to_order
from onboarding.verification.models import Application
from onboarding.verification.queries import may_trade, seller_trades
from storefront.catalogue.queries import FACE, face_in, with_face
from storefront.search.queries import FEW_LEFT, MAKER_NAMES, in_channel
from storefront.search.rules import blind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Row, ScalarSelect

    from storefront.catalogue.queries import FactoryFace


@dataclass(frozen=True, slots=True)
class Goods:
    """A listing as its own factory sells it, who makes it, and how many merchants sell it too."""

    id: int
    public_id: str
    organisation_id: int
    code: str
    title: str
    category: str
    attributes: Mapping[str, str]
    description: str
    image: str
    needs: str
    maker: FactoryFace
    shops: int


@dataclass(frozen=True, slots=True)
class ResoldGoods:
    """What a merchant's page says of goods she picked up: enough to buy them, nothing that leads to their factory."""

    id: int
    listing_id: int
    pick_up: str
    title: str
    image: str
    category: str
    attributes: dict[str, str]
    description: str


@dataclass(frozen=True, slots=True)
class Rest:
    """The last rest that a maker took, and what it said about it."""

    reopens_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A SKU as a shopper can take it: the offer to buy, its price and the pieces `left`; `sku` is its public id."""

    sku_id: int
    sku: str
    options: Mapping[str, str] = field(hash=False)
    offer: str
    choice: str
    price_fen: int
    lot: Lot
    left: int
    made_to_order: bool
    sold_to_order: bool
    lead_days: int | None
    closing: Rest | None

    @property
    def is_available(self) -> bool:
        """Whether one can buy it now."""
        return self.made_to_order or self.left >= self.lot.of_one

    @property
    def sum_fen(self) -> int:
        """What the fewest that one can take cost."""
        return self.price_fen * self.lot.of_one

    @property
    def few(self) -> int:
        """Pieces left where they are few enough to say so, else 0."""
        return self.left if self.is_available and not self.made_to_order and self.left < FEW_LEFT else 0


@dataclass(frozen=True, slots=True)
class Supplied:
    """What an admitted merchant pays for a variant: for a single piece, and by the ladder `(pieces, fen)`."""

    single_fen: int
    ladder: tuple[tuple[int, int], ...]


_TOLD: Final = (
    *(Listing.id, Listing.public_id, Listing.organisation_id, Listing.code, Listing.title, Listing.category),
    *(Listing.attributes, Listing.description, Listing.image, Listing.needs),
)


def product(public_id: str, *, now: datetime) -> Goods:
    """A published listing of an approved factory, or NotFoundError."""
    row = _first(_product(), listing=public_id, now=now)
    told: list[Any] = [*row[: len(_TOLD)], face_in(row, now), row.shops]
    return Goods(*told)


def resold(merchant: int, pick_up: str) -> ResoldGoods:
    """Goods on a merchant's shelf (organisation id, public id of the pick-up), or NotFoundError."""
    row = _first(_resold(), merchant=merchant, pick_up=pick_up)
    held, listing, public_id, image, category, attributes, description, title, *names = row
    return ResoldGoods(
        id=held,
        listing_id=listing,
        pick_up=public_id,
        title=title,
        image=image,
        category=category,
        attributes=blind(attributes, names),
        description="" if blind({"": description}, names) == {} else description,
    )


def variants(listing: int) -> list[Variant]:
    """What can be bought of a listing (id) from its own factory, in the order of the sheet, or NotFoundError."""
    return _read_variants(_own_variants(), listing)


def resold_variants(pick_up: int) -> list[Variant]:
    """What can be bought of a pick-up (id), without what is held, or NotFoundError."""
    return _read_variants(_resold_variants(), pick_up)


def photographs(listing: int) -> list[tuple[str, str]]:
    """`(address, words)` of the photographs that everybody sees of a listing (id), in their order."""
    rows = session().connection().execute(_photographs(), {"listing": listing})
    return [(Look(*look).address, words) for words, *look in rows]


def certificates(goods: Goods, *, today: date) -> tuple[tuple[str, str], ...]:
    """Kind and number of what was confirmed of goods that need certificates; most need none, and nobody is asked."""
    asked = {"maker": goods.organisation_id, "listing": goods.id, "kinds": goods.needs.split(), "today": today}
    rows = session().connection().execute(_certificates(), asked) if goods.needs else ()
    return tuple((kind, number) for kind, number in rows)


def shops_selling(listing: int) -> int:
    """How many merchants sell a listing (id) too, where all may see it (`storefront.catalogue.shops` says who)."""
    found: int = session().connection().execute(select(_shops(bindparam("listing"))), {"listing": listing}).scalar_one()
    return found


def supplied(goods: Goods, variant: Variant, merchant: int) -> Supplied | None:
    """What a merchant (organisation id) pays; None where the factory has not admitted her, or does not supply it.

    The ladder is the listing's: a variant with a price of its own has none.
    """
    if not is_admitted(goods.organisation_id, merchant):
        return None
    terms = terms_for(merchant, [goods.id]).get(goods.id)
    if terms is None or variant.sku_id not in terms.prices:
        return None
    own = session().scalar(select(Sku.supply_price_fen).where(Sku.id == variant.sku_id))
    return Supplied(terms.prices[variant.sku_id], terms.tiers if own is None else ())


def _first(query: Select[*tuple[Any, ...]], **asked: object) -> Row[*tuple[Any, ...]]:
    row = session().connection().execute(query, asked).first()
    if row is None:
        raise NotFoundError("goods.gone")
    return row


@cache
def _product() -> Select[*tuple[Any, ...]]:
    told = select(*_TOLD, *FACE, _shops(Listing.id).label("shops")).select_from(Listing)
    made = told.join(Organisation, Organisation.id == Listing.organisation_id)
    query = with_face(made, now=cast("datetime", bindparam("now")))
    return settled(query.where(Listing.public_id == bindparam("listing"), Listing.state == "published", may_trade()))


@cache
def _resold() -> Select[*tuple[Any, ...]]:
    about = (Listing.id, PickUp.public_id, Listing.image, Listing.category, Listing.attributes, Listing.description)
    return settled(
        select(PickUp.id, *about, told_title(PickUp.id, Organisation.name), *MAKER_NAMES)
        .join(Listing, Listing.id == PickUp.listing_id)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .join(Application, (Application.organisation_id == Organisation.id) & may_trade())
        .join(Belt, Belt.id == Application.belt_id)
        .where(PickUp.public_id == bindparam("pick_up"), PickUp.organisation_id == bindparam("merchant"))
        .where(PickUp.state == "on", Listing.state == "published", stays(PickUp.organisation_id))
    )


def _read_variants(query: Select[*tuple[Any, ...]], of: int) -> list[Variant]:
    found = [_variant(row) for row in session().connection().execute(query, {"of": of})]
    if not found:
        raise NotFoundError("goods.gone")
    return found


def _variant(row: Row[*tuple[Any, ...]]) -> Variant:
    return Variant(
        sku_id=row.id,
        sku=row.sku,
        options=row.options,
        offer=row.offer,
        choice=f"offer={row.offer}" if row.pick_up_id else f"sku={row.sku}",
        price_fen=row.price_fen,
        lot=Lot(row.min_quantity, row.pack_size, row.mix),
        left=row.left,
        made_to_order=row.made_to_order,
        sold_to_order=row.sold_to_order,
        lead_days=row.lead_days,
        closing=Rest(row.reopens_at, row.words) if row.reopens_at else None,
    )


@cache
def _own_variants() -> Select[*tuple[Any, ...]]:
    return settled(_variants((Offer.listing_id == bindparam("of")) & (Offer.kind == "own")))


@cache
def _resold_variants() -> Select[*tuple[Any, ...]]:
    return settled(_variants(Offer.pick_up_id == bindparam("of")))


def _variants(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    sku = (Sku.id, Sku.public_id.label("sku"), Sku.options, (Sku.on_hand - Sku.reserved).label("left"))
    offer = (Offer.public_id.label("offer"), Offer.price_fen, Offer.min_quantity, Offer.pack_size, Offer.mix)
    to_order = sold_to_order(Listing.organisation_id, Sku.made_to_order).label("sold_to_order")
    about = (Offer.pick_up_id, Sku.made_to_order, to_order, Listing.lead_days, Closing.reopens_at, Closing.words)
    return (
        select(*sku, *offer, *about)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Listing, Listing.id == Offer.listing_id)
        .outerjoin(Closing, closing_of_maker(Listing.organisation_id))
        .where(condition, Offer.state == "on")
        .order_by(Sku.id)
    )


@cache
def _photographs() -> Select[*tuple[Any, ...]]:
    of = ListingPicture
    return settled(
        select(of.words, of.public_id, of.digest, of.width, of.height, of.by_ai)
        .where(of.listing_id == bindparam("listing"), of.state == "shown")
        .order_by(of.position, of.id)
    )


@cache
def _certificates() -> Select[*tuple[Any, ...]]:
    of = Certificate
    mine = (of.organisation_id == bindparam("maker")) & of.kind.in_(bindparam("kinds", expanding=True))
    valid = holds(cast("date", bindparam("today"))) & covers(cast("int", bindparam("listing")))
    return settled(select(of.kind, of.number).where(mine, valid).order_by(of.id))


def _shops(listing: Any) -> ScalarSelect[int]:  # noqa: ANN401  a column or a value to be bound
    on = (Offer.listing_id == listing) & (Offer.kind == "resale") & (Offer.state == "on")
    selling = on & seller_trades(Offer.organisation_id) & in_channel()
    return select(func.count(Offer.pick_up_id.distinct())).where(selling).scalar_subquery()
