"""What the index keeps of listings, read in bulk: Core rows, four statements a batch, the choice made here.

A listing stands as its card does: the factory's own offers, else those of the cheapest merchant.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import String, cast, false, func, literal_column, select, true

from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.listings.models import Listing, Sku, SupplyTier, WayOfSelling
from onboarding.offers.models import Offer
from onboarding.offers.queries import pieces_left
from onboarding.tiers.queries import inspected_until
from onboarding.verification.models import Application
from onboarding.verification.queries import may_trade
from onboarding.verification.rules import province_of
from storefront.search.models import SoldDay
from storefront.search.quality import quality
from storefront.search.rules import ListingDocument, blind, untraded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import InstrumentedAttribute, Session

    Sellers = dict[int, "Seller | None"]
    Among = Callable[[InstrumentedAttribute[int]], ColumnElement[bool]]


class Seller(NamedTuple):
    """A factory or merchant who may trade; a merchant has neither belt nor place."""

    name: str
    belt: str
    belt_name: str
    province: str
    told: tuple[str, ...]
    ships_from: str
    inspected_until: int


def documents_of(among: Among, sellers: Sellers, asked: Session) -> list[ListingDocument]:
    """The published listings that can be bought now, by their keys; `sellers` are those read before, and grow.

    `among` says of a column of keys which are wanted.
    """
    rows = asked.execute(_listings().where(among(Listing.id))).all()
    offers, sold = _offers(among, asked), _sold(among, asked)
    needed = {row.organisation_id for row in rows} | {offer.seller for each in offers.values() for offer in each}
    _read_sellers(needed - sellers.keys(), sellers, asked)
    found = (_document(row, offers.get(row.id, []), sold.get(row.id, 0), sellers) for row in rows)
    return [document for document in found if document is not None]


def keys_of(listings: Iterable[str]) -> dict[str, int]:
    """The keys of listings, by their public ids."""
    known = select(Listing.public_id, Listing.id).where(Listing.public_id.in_(list(listings)))
    return {row.public_id: row.id for row in session().execute(known)}


def last_key() -> int:
    """The highest key of all listings; 0 without any."""
    return session().scalar(select(func.max(Listing.id))) or 0


def documents_told() -> int:
    """How many listings can be bought now: as many documents as there are, counted without reading them."""
    trading = select(Application.organisation_id).where(may_trade())
    hidden = select(WayOfSelling.listing_id).where(WayOfSelling.way == "supply", WayOfSelling.resold_shown.is_(False))
    shown = Offer.pick_up_id.is_(None) | Listing.id.not_in(hidden)
    offered = select(Offer.id).where(Offer.listing_id == Listing.id, Offer.state == "on", shown)
    offered = offered.where(Offer.organisation_id.in_(trading))
    can_be_bought = (Listing.state == "published") & Listing.organisation_id.in_(trading) & offered.exists()
    return session().scalar(select(func.count()).where(can_be_bought)) or 0


def sales_before(first: date, *, limit: int) -> list[tuple[int, str]]:
    """Days of sales (keys) before a day, with the listing (public id) of each."""
    old = select(SoldDay.id, Listing.public_id).join(Listing, Listing.id == SoldDay.listing_id)
    rows = session().execute(old.where(SoldDay.day < first).order_by(SoldDay.id).limit(limit))
    return [(row[0], row[1]) for row in rows]


def sales_since(listing_id: int, day: date) -> Sequence[SoldDay]:
    """Days of sales of a listing (key) from a day on, under lock, the earliest first."""
    query = select(SoldDay).where(SoldDay.listing_id == listing_id, SoldDay.day >= day).order_by(SoldDay.day)
    return session().scalars(query.with_for_update()).all()


def _listings() -> Any:  # noqa: ANN401  a Select of many columns
    tiered = select(literal_column("1")).where(SupplyTier.listing_id == Listing.id).exists()
    supply = (WayOfSelling.listing_id == Listing.id) & (WayOfSelling.way == "supply")
    columns = (Listing.id, Listing.public_id, Listing.organisation_id, Listing.title, Listing.code, Listing.category)
    return (
        select(
            *columns,
            Listing.image,
            (Listing.description != "").label("is_described"),
            Listing.created_at,
            Listing.published_at,
            cast(Listing.attributes, String).label("attributes"),
            func.coalesce(WayOfSelling.closed.is_(False), false()).label("is_open"),
            (WayOfSelling.drop_ship_price_fen.is_not(None) | tiered).label("is_priced"),
            func.coalesce(WayOfSelling.resold_shown, true()).label("resold_shown"),
        )
        .outerjoin(WayOfSelling, supply)
        .where(Listing.state == "published")
        .order_by(Listing.id)
    )


def _offers(among: Among, asked: Session) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """Every offer that is on, by listing, in the order of its SKUs."""
    columns = (
        Offer.listing_id.label("listing"),
        Offer.organisation_id.label("seller"),
        Offer.pick_up_id.label("pick_up"),
        Offer.price_fen,
        Offer.min_quantity,
        Offer.pack_size,
        pieces_left().label("left"),
        Sku.made_to_order,
        Sku.supply_price_fen,
        cast(Sku.options, String).label("options"),
    )
    query = select(*columns).join(Sku, Sku.id == Offer.sku_id).where(among(Offer.listing_id))
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in asked.execute(query.where(Offer.state == "on").order_by(Offer.sku_id, Offer.id)):
        found.setdefault(row.listing, []).append(row)
    return found


def _sold(among: Among, asked: Session) -> dict[int, int]:
    """How many pieces were paid of each listing that sold any."""
    query = select(SoldDay.listing_id, func.sum(SoldDay.pieces)).where(among(SoldDay.listing_id))
    return {key: int(pieces) for key, pieces in asked.execute(query.group_by(SoldDay.listing_id))}


def _read_sellers(organisations: Iterable[int], sellers: Sellers, asked: Session) -> None:
    """Read those that are not known yet; None stands for who may not trade."""
    needed = list(organisations)
    if not needed:
        return
    sellers.update(dict.fromkeys(needed))
    columns = (Organisation.id, Organisation.name, Application.uscc, inspected_until(Organisation.id))
    query = (
        select(*columns, Belt.slug, Belt.name_zh, Belt.province, Belt.city, Belt.county)
        .join(Application, Application.organisation_id == Organisation.id)
        .outerjoin(Belt, Belt.id == Application.belt_id)
        .where(Organisation.id.in_(needed), may_trade())
    )
    for key, name, uscc, until, belt, belt_name, province, city, county in asked.execute(query):
        sellers[key] = Seller(
            name=name,
            belt=belt or "",
            belt_name=belt_name or "",
            province=province or "",
            told=(name, city or "", county or ""),
            ships_from=province_of(uscc) or province or "",
            inspected_until=until.toordinal() if until else 0,
        )


def _document(row: Any, offers: Sequence[Any], sold: int, sellers: Sellers) -> ListingDocument | None:  # noqa: ANN401  rows
    maker = sellers[row.organisation_id]
    on = [one for one in offers if sellers[one.seller] and (one.pick_up is None or row.resold_shown)]
    if maker is None or not on:
        return None
    best = on if len(on) == 1 else _best(on)
    merchant = sellers[best[0].seller] if best[0].pick_up else None
    told = _read(row.attributes)
    facts = _facts(row, best)
    if merchant is None:
        facts |= _own(row, maker, on) | {"attributes": _words(untraded(told), on, row.code)}
    else:
        facts |= _resold(row, maker, merchant) | {"attributes": _words(blind(told, maker.told), on)}
    worth = quality(
        sold=sold,
        in_stock=facts["in_stock"],
        is_verified=facts["is_verified"],
        is_inspected=facts["inspected_until"] > 0,
        is_photographed=not row.image.endswith(".svg"),
        is_described=row.is_described,
        attributes=len(told),
        published=facts["created_at"],
    )
    return ListingDocument(**facts, sold=sold, quality=worth)


def _facts(row: Any, best: Sequence[Any]) -> dict[str, Any]:  # noqa: ANN401  rows
    return {
        "id": row.id,
        "public_id": row.public_id,
        "category": row.category,
        "price_fen": min([one.price_fen for one in best]),
        "created_at": row.published_at or row.created_at,
        "in_stock": sum([one.left for one in best]) > 0,
        "moq": min([-(-one.min_quantity // one.pack_size) * one.pack_size for one in best]),
        "image_url": row.image,
        "made_to_order": any(one.made_to_order for one in best),
    }


def _own(row: Any, maker: Seller, offers: Sequence[Any]) -> dict[str, Any]:  # noqa: ANN401  rows
    return {
        "title": row.title,
        "factory": maker.name,
        "belt": maker.belt,
        "belt_name": maker.belt_name,
        "province": maker.province,
        "ships_from": maker.ships_from,
        "is_direct": True,
        "is_supplied": row.is_open and (row.is_priced or any(one.supply_price_fen for one in offers)),
        "is_verified": True,
        "inspected_until": maker.inspected_until,
    }


def _resold(row: Any, maker: Seller, merchant: Seller) -> dict[str, Any]:  # noqa: ANN401  rows
    return {
        "title": row.title.replace(maker.name, "").strip() or row.category,
        "factory": merchant.name,
        "belt": "",
        "belt_name": "",
        "province": "",
        "is_direct": False,
        "is_verified": False,
        "inspected_until": 0,
    }


def _best(offers: Sequence[Any]) -> list[Any]:
    """The offers of one seller: of the factory itself, else of the cheapest merchant."""
    first = min(offers, key=lambda one: (one.pick_up is not None, one.price_fen, one.pick_up or 0))
    return [one for one in offers if (one.seller, one.pick_up) == (first.seller, first.pick_up)]


def _words(told: dict[str, str], offers: Iterable[Any], code: str = "") -> str:
    """Free text that is searched: nothing between traders; a merchant's copy is never found by its factory's names."""
    options = dict.fromkeys(value for one in offers for value in _read(one.options).values())
    return " ".join([text for text in (*told.values(), *options, code) if text])


@lru_cache(maxsize=4_096)  # colours and sizes repeat; nobody writes into what comes back
def _read(stored: str) -> dict[str, str]:
    told: dict[str, str] = json.loads(stored)
    return told
