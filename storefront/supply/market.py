"""The market as one merchant sees it: what is open to merchants, and prices only of factories that admitted her.

Core, a fixed number of statements a page. Amounts are fen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Select, case, cast, func, select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation
from onboarding.admissions.models import Admission
from onboarding.admissions.queries import terms_for
from onboarding.belts.models import Belt
from onboarding.closings.queries import last_rest
from onboarding.listings.categories import paths_in
from onboarding.listings.models import Listing, Sku, SupplyTier, WayOfSelling
from onboarding.listings.rules import shown_code
from onboarding.offers.models import PickUp
from onboarding.offers.queries import PLENTY, pieces_left
from onboarding.verification.models import Application
from onboarding.verification.queries import may_trade
from storefront.search.index import all_hits
from storefront.search.rules import category_paths, untraded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from onboarding.listings.queries import SupplyTerms
    from storefront.search.index import Index
    from storefront.search.rules import Result
    from storefront.supply.schemas import Choice

PAGE: Final = 24


@dataclass(frozen=True, slots=True)
class Terms:
    """What an admitted merchant sees: drop-ship prices (by SKU id), the ladder `(pieces, fen)`, retail, the floor."""

    low_fen: int
    high_fen: int
    prices: Mapping[int, int]
    tiers: Sequence[tuple[int, int]]
    retail_low_fen: int
    retail_high_fen: int
    floor_fen: int | None


@dataclass(frozen=True, slots=True)
class Goods:
    """A listing in the market; `terms` is None where the factory has not admitted this merchant.

    `standing` is that of her admission, empty when she never asked; `left` counts goods made to order as plenty.
    """

    listing_id: int
    listing: str
    title: str
    image: str
    category: str
    factory_id: int
    factory: str
    factory_name: str
    belt: str
    belt_zh: str
    belt_en: str
    province: str
    min_quantity: int
    skus: int
    left: int
    standing: str
    reason: str
    pick_up: str
    markup_bp: int
    reopens_at: datetime | None
    terms: Terms | None = None

    @property
    def is_made_to_order(self) -> bool:
        """Whether nothing limits how many can be had."""
        return self.left >= PLENTY


@dataclass(frozen=True, slots=True)
class Counted:
    """So many goods of one belt, within a category or over all of them."""

    belt: str
    name_zh: str
    name_en: str
    province: str
    category: str
    count: int


@dataclass(frozen=True, slots=True)
class Market:
    """One page, how many goods there are in all, the facets without their own choice, what matches only in part."""

    goods: Sequence[Goods]
    total: int
    belts: Sequence[Counted]
    categories: Sequence[tuple[str, int]]
    understood: Result | None
    near: frozenset[str]


@dataclass(frozen=True, slots=True)
class Variant:
    """A SKU in the market; no prices without an admission, none of supply where the factory supplies it not."""

    options: dict[str, str]
    left: int
    made_to_order: bool
    retail_fen: int | None
    supply_fen: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing looked at closely."""

    goods: Goods
    code: str
    attributes: dict[str, str]
    description: str
    variants: Sequence[Variant]


def market(merchant_id: int, choice: Choice, index: Index, *, pictured: list[str] | None = None) -> Market:
    """A page of what a merchant looks for: by words, or what (public ids) a photo has `pictured`, the best first."""
    hits, understood = pictured, None
    if choice.q and hits is None:
        hits, understood = all_hits(index, choice.q, exact=choice.exact)
    where = _asked(merchant_id, choice, hits)
    counts = [Counted(*row) for row in session().execute(_counts(where))]
    by_belt = [one for one in counts if not choice.categories or {*category_paths(one.category)} & {*choice.categories}]
    by_category = [one for one in counts if not choice.belts or one.belt in choice.belts]
    narrow = _narrowed(where, choice)
    found = _ranked(narrow, hits, choice.page) if hits is not None else _newest(merchant_id, narrow, choice.page)
    return Market(
        goods=_with_terms(merchant_id, _goods(merchant_id, found)),
        total=sum(one.count for one in by_belt if not choice.belts or one.belt in choice.belts),
        belts=_places(by_belt),
        categories=_categories(by_category),
        understood=understood,
        near=frozenset(hits[understood.full :]) if hits and understood else frozenset(),
    )


def listed(merchant_id: int, listing: str) -> Listed:
    """One listing (public id) that is open to merchants; NotFoundError when it is not, or is no longer."""
    open_one = _open(select(Listing.id).where(Listing.public_id == listing))
    goods = next(iter(_with_terms(merchant_id, _goods(merchant_id, session().scalars(open_one).all()))), None)
    if goods is None:
        raise NotFoundError("goods.gone")
    about = select(Listing.code, Listing.attributes, Listing.description).where(Listing.id == goods.listing_id)
    code, told, description = session().execute(about).one()
    return Listed(goods, shown_code(code), told if goods.terms else untraded(told), description, _variants(goods))


def _asked(merchant_id: int, choice: Choice, hits: Sequence[str] | None) -> list[ColumnElement[bool]]:
    """What holds of every listing asked for, but for belt and category, which are counted apart."""
    held = (
        select(PickUp.id)
        .where(PickUp.listing_id == Listing.id, PickUp.organisation_id == merchant_id, PickUp.state == "on")
        .exists()
    )
    where: list[ColumnElement[bool]] = [] if hits is None else [Listing.public_id.in_(hits)]
    where += [Organisation.public_id == choice.factory] if choice.factory else []
    where += [held if choice.picked == "yes" else ~held] if choice.picked else []
    return where


def _narrowed(where: list[ColumnElement[bool]], choice: Choice) -> list[ColumnElement[bool]]:
    chosen = [Belt.slug.in_(choice.belts)] if choice.belts else []
    paths = [path for category in choice.categories for path in paths_in(category)]
    return [*where, *chosen, *([Listing.category.in_(paths)] if paths else [])]


def _counts(where: Iterable[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    columns = (Belt.slug, Belt.name_zh, Belt.name_en, Belt.province, Listing.category)
    return _open(select(*columns, func.count())).where(*where).group_by(*columns)


def _ranked(where: Iterable[ColumnElement[bool]], hits: Sequence[str], page: int) -> list[int]:
    """The ids of one page, in the order of the search engine."""
    ids = {row[0]: row[1] for row in session().execute(_open(select(Listing.public_id, Listing.id)).where(*where))}
    return [ids[hit] for hit in hits if hit in ids][(page - 1) * PAGE : page * PAGE]


def _newest(merchant_id: int, where: Iterable[ColumnElement[bool]], page: int) -> list[int]:
    """The ids of one page: what she may sell at once, then the rest, each newest first."""
    hers = (Admission.factory_id == Listing.organisation_id) & (Admission.merchant_id == merchant_id)
    admitted = select(Admission.id).where(hers, Admission.state == "admitted").exists()
    order = (case((admitted, 0), else_=1), Listing.published_at.desc(), Listing.id.desc())
    newest = _open(select(Listing.id)).where(*where).order_by(*order)
    return list(session().scalars(newest.offset((page - 1) * PAGE).limit(PAGE)))


def _goods(merchant_id: int, ids: Sequence[int]) -> list[Goods]:
    """Those listings as this merchant sees them, in this order, without terms."""
    stock = _stock(ids)
    admission = (Admission.factory_id == Listing.organisation_id) & (Admission.merchant_id == merchant_id)
    mine = (PickUp.listing_id == Listing.id) & (PickUp.organisation_id == merchant_id) & (PickUp.state == "on")
    query = _open(
        select(
            *(Listing.id, Listing.public_id, Listing.title, Listing.image, Listing.category),
            *(Organisation.id, Organisation.public_id, Organisation.name),
            *(Belt.slug, Belt.name_zh, Belt.name_en, Belt.province),
            *(WayOfSelling.min_quantity, stock.c.skus, stock.c.left),
            *(func.coalesce(Admission.state, ""), func.coalesce(Admission.reason, "")),
            *(func.coalesce(PickUp.public_id, ""), func.coalesce(PickUp.markup_bp, 0)),
            last_rest(Listing.organisation_id),
        )
    )
    joined = query.join(stock, stock.c.listing_id == Listing.id).outerjoin(Admission, admission).outerjoin(PickUp, mine)
    found = {row[0]: Goods(*row) for row in session().execute(joined.where(Listing.id.in_(ids)))}
    return [found[listing] for listing in ids if listing in found]


def _with_terms(merchant_id: int, goods: Sequence[Goods]) -> list[Goods]:
    """The same, with terms where the factory admitted her: of the others they are not even read."""
    admitted = [one.listing_id for one in goods if one.standing == "admitted"]
    terms = terms_for(merchant_id, admitted) if admitted else {}
    retail = _retail(admitted) if admitted else {}
    return [
        replace(one, terms=_terms(terms[one.listing_id], *retail[one.listing_id])) if one.listing_id in terms else one
        for one in goods
    ]


def _terms(terms: SupplyTerms, retail_low: int, retail_high: int) -> Terms:
    prices = terms.prices.values()
    return Terms(min(prices), max(prices), terms.prices, terms.tiers, retail_low, retail_high, terms.floor_price_fen)


def _stock(ids: Sequence[int]) -> Any:  # noqa: ANN401  a subquery
    """Per listing: how many SKUs, how many pieces left; goods made to order count as plenty."""
    query = select(Sku.listing_id, func.count().label("skus"), cast(func.sum(pieces_left()), BigInteger).label("left"))
    return query.where(Sku.listing_id.in_(ids), Sku.for_sale).group_by(Sku.listing_id).subquery("stock")


def _retail(ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    query = select(Sku.listing_id, func.min(Sku.retail_price_fen), func.max(Sku.retail_price_fen))
    rows = session().execute(query.where(Sku.listing_id.in_(ids), Sku.for_sale).group_by(Sku.listing_id))
    return {row[0]: (row[1], row[2]) for row in rows}


def _variants(goods: Goods) -> list[Variant]:
    prices = goods.terms.prices if goods.terms else {}
    query = (
        select(Sku.id, Sku.options, Sku.on_hand - Sku.reserved, Sku.made_to_order, Sku.retail_price_fen)
        .where(Sku.listing_id == goods.listing_id, Sku.for_sale)
        .order_by(Sku.id)
    )
    return [
        Variant(options, left, made_to_order, retail if goods.terms else None, prices.get(sku))
        for sku, options, left, made_to_order, retail in session().execute(query)
    ]


def _places(counts: Sequence[Counted]) -> list[Counted]:
    places: dict[str, Counted] = {}
    for one in counts:
        before = places[one.belt].count if one.belt in places else 0
        places[one.belt] = replace(one, category="", count=before + one.count)
    return sorted(places.values(), key=lambda place: (-place.count, place.belt))


def _categories(counts: Sequence[Counted]) -> list[tuple[str, int]]:
    sums = Counter[str]()
    for one in counts:
        sums.update(dict.fromkeys(category_paths(one.category), one.count))
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def _open(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Joined to factory, belt and supply way: published goods of approved factories with any supply price."""
    tiered = select(SupplyTier.id).where(SupplyTier.listing_id == Listing.id).exists()
    priced = select(Sku.id).where(Sku.listing_id == Listing.id, Sku.supply_price_fen.is_not(None)).exists()
    offered = WayOfSelling.drop_ship_price_fen.is_not(None) | tiered | priced
    supplied = (WayOfSelling.listing_id == Listing.id) & (WayOfSelling.way == "supply") & WayOfSelling.closed.is_(False)
    return (
        query.select_from(Listing)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .join(Application, Application.organisation_id == Organisation.id)
        .join(Belt, Belt.id == Application.belt_id)
        .join(WayOfSelling, supplied)
        .where(Listing.state == "published", may_trade(), offered)
    )
