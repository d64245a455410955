"""Goods beside goods: what else a factory has, what others make like it, and a factory's whole shop, page by page.

Every shelf is one statement; what is on the page of goods is built once and asks for few rows by an index, however many
goods there are. Money is fen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, and_, bindparam, case, func, literal, null, select, true, union_all

from kernel.db import session, settled
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.closings.models import Closing
from onboarding.closings.queries import closing_of_maker
from onboarding.listings.categories import category_name, paths_in, top_of
from onboarding.listings.models import Listing, Sku
from onboarding.offers.models import Offer
from onboarding.offers.queries import pieces_left
from onboarding.verification.models import Application, Profile
from onboarding.verification.queries import may_trade, seller_trades
from storefront.catalogue.rules import mixed
from storefront.search.queries import in_channel
from storefront.search.rules import Card, category_paths

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, FromClause, Row

    from storefront.catalogue.goods import Goods
    from storefront.catalogue.kept import Kept
    from storefront.catalogue.schemas import ShopChoice

SHELF: Final = 5  # one full row
_MORE, _ALIKE, _NEAR = 0, 1, 2
_LOOKED_AT: Final = 8
"""So many of the same kind, and of the same belt, are looked at to fill the row beside."""
_NEIGHBOURS: Final = 6
PER_PAGE: Final = 60


@dataclass(frozen=True, slots=True)
class Beside:
    """The rows under goods: of the same factory, and of others."""

    more: tuple[Card, ...]
    beside: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class ShopShelf:
    """One page of a factory's shop; `found` are all asked for, `categories` count without their own choice."""

    cards: tuple[Card, ...]
    found: int
    all: int
    categories: tuple[tuple[str, int], ...]


def beside(goods: Goods, *, now: datetime) -> Beside:
    """What else its factory sells, and what others do: the same kind from the same belt first, no seller alone."""
    maker, place = goods.organisation_id, goods.maker.belt.id
    asked = {"listing": goods.id, "maker": maker, "belt": place, "category": goods.category}
    shelves: dict[int, dict[str, Card]] = {_MORE: {}, _ALIKE: {}, _NEAR: {}}
    for row in session().connection().execute(_beside(), asked):
        shelves[row.shelf][row.listing] = _card(row, now)
    alike, near = shelves[_ALIKE], shelves[_NEAR]
    if len(alike.keys() | near.keys()) < SHELF:  # a kind that few make: then whatever lies in the same row of the tree
        for row in (
            session().connection().execute(_kindred(), {"maker": maker, "paths": paths_in(top_of(goods.category))})
        ):
            near.setdefault(row.listing, _card(row, now))
    ranked = {**{key: alike[key] for key in alike if key in near}, **alike, **near}
    return Beside(tuple(shelves[_MORE].values()), tuple(mixed(list(ranked.values()), limit=SHELF)))


def shop_shelf(factory: str, choice: ShopChoice, *, kept: Kept, now: datetime) -> ShopShelf:
    """A page of what a factory (public id) sells itself; two statements. How many there are of each kind is `kept`.

    That there is nothing is asked again each time: who has just opened shows the first goods at once.
    """
    mine = select(Organisation.id).where(Organisation.public_id == factory).correlate(None).scalar_subquery()
    where = [Listing.organisation_id == mine, Listing.state == "published", seller_trades(Listing.organisation_id)]
    said = [_says(word) for word in choice.q.split()]
    by_words = func.sum(case((and_(true(), *said), 1), else_=0))
    query = select(Listing.category, func.count(), by_words).where(*where, _own_offer()).group_by(Listing.category)
    rows = _kinds(query) if said else kept.get(factory, lambda: _kinds(query), holds=bool)
    narrowed: list[ColumnElement[bool]] = []
    if choice.category:
        narrowed.append(Listing.category.in_(paths_in(choice.category)))
    paths = set(paths_in(choice.category)) if choice.category else set()
    found = sum(row[2] for row in rows if not paths or row[0] in paths)
    cards = _shop_page(where + said + narrowed, choice, now) if found else ()
    return ShopShelf(cards, found, sum(row[1] for row in rows), _counted(rows))


def kinds_sold(choice: ShopChoice, shelf: ShopShelf, language: str) -> list[dict[str, Any]]:
    """The categories of a shop as links: those of the first row, and of the one looked into its leaves."""
    top = top_of(choice.category)
    return [
        {
            "label": category_name(path, language).rpartition(" / ")[2],
            "url": choice.url(category="" if path == choice.category else path),
            "count": count,
            "on": path == choice.category,
        }
        for path, count in shelf.categories
        if "/" not in path or path.startswith(f"{top}/")
    ]


def _says(word: str) -> ColumnElement[bool]:
    """That goods of a shop go by a word, anywhere in their title; of their code nothing less than all."""
    return Listing.title.icontains(word, autoescape=True) | (Listing.code == word)


def _kinds(query: Select[*tuple[Any, ...]]) -> Any:  # noqa: ANN401  rows of category, all of it, what was found
    return session().connection().execute(query).all()


def _shop_page(where: list[ColumnElement[bool]], choice: ShopChoice, now: datetime) -> tuple[Card, ...]:
    low, newest = func.min(Offer.price_fen), (Listing.published_at.desc(), Listing.id.desc())
    order = {"price": (low, *newest), "-price": (low.desc(), *newest)}.get(choice.sort, newest)
    query = _hydrated(literal(_MORE).label("shelf")).where(*where).group_by(*_GROUPS).order_by(*order)
    at, many = (choice.page - 1) * PER_PAGE, PER_PAGE
    if choice.sort in ("price", "-price"):
        query = query.offset(at).limit(many)
    else:  # which goods they are is known without what they cost
        picked = select(Listing.id).where(*where, _own_offer()).order_by(*newest).offset(at).limit(many).subquery()
        query = query.join(picked, picked.c.id == Listing.id)
    return tuple(_card(row, now) for row in session().connection().execute(query))


def _counted(rows: Any) -> tuple[tuple[str, int], ...]:  # noqa: ANN401  rows of category, all of it, what was found
    sums = Counter[str]()
    for category, _every, found in rows:
        sums.update(dict.fromkeys(category_paths(category), found))
    return tuple(sorted(((path, count) for path, count in sums.items() if count), key=lambda one: (-one[1], one[0])))


@cache
def _beside() -> Select[*tuple[Any, ...]]:
    """The newest by id: what an index gives without sorting all there are."""
    maker, others = Listing.organisation_id == bindparam("maker"), Listing.organisation_id != bindparam("maker")
    alike = others & (Listing.category == bindparam("category")) & seller_trades(Listing.organisation_id)
    branches = (
        _newest(_MORE, maker & (Listing.id != bindparam("listing")), SHELF),
        _newest(_ALIKE, alike, _LOOKED_AT),
        _newest(_NEAR, Listing.organisation_id.in_(_neighbours()), _LOOKED_AT),
    )
    picked = union_all(*(select(branch.c.id, branch.c.shelf) for branch in branches)).subquery("picked")
    query = _hydrated(picked.c.shelf).join(picked, picked.c.id == Listing.id)
    return settled(query.group_by(picked.c.shelf, *_GROUPS).order_by(picked.c.shelf, Listing.id.desc()))


@cache
def _kindred() -> Select[*tuple[Any, ...]]:
    alike = Listing.category.in_(bindparam("paths", expanding=True)) & seller_trades(Listing.organisation_id)
    picked = _newest(_NEAR, alike & (Listing.organisation_id != bindparam("maker")), _LOOKED_AT)
    query = _hydrated(picked.c.shelf).join(picked, picked.c.id == Listing.id)
    return settled(query.group_by(picked.c.shelf, *_GROUPS).order_by(Listing.id.desc()))


def _newest(shelf: int, where: ColumnElement[bool], most: int) -> FromClause:
    chosen = select(Listing.id, literal(shelf).label("shelf")).where(where, _is_on_sale(), _own_offer())
    return chosen.order_by(Listing.id.desc()).limit(most).subquery()


def _neighbours() -> Select[int]:
    """The next few factories of a belt, round and round: each stands beside as many others as any other does."""
    after = (Application.organisation_id < bindparam("maker"), Application.organisation_id)
    of_belt = (Application.belt_id == bindparam("belt")) & (Application.organisation_id != bindparam("maker"))
    return select(Application.organisation_id).where(of_belt, may_trade()).order_by(*after).limit(_NEIGHBOURS)


def _is_on_sale() -> ColumnElement[bool]:
    """Without the index on states: nearly all goods are on sale, and all would be read through for a few of them."""
    return func.coalesce(Listing.state, "") == "published"


def _own_offer() -> ColumnElement[bool]:
    own = select(Offer.id).where(Offer.listing_id == Listing.id, Offer.kind == "own", Offer.state == "on")
    return own.exists()


_GROUPS: Final = (Listing.id, Organisation.id, Belt.id, Profile.id, Closing.id)


def _hydrated(shelf: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Columns of `Card`, in its order, of what factories sell themselves, to be narrowed and grouped by `_GROUPS`."""
    resold = (Offer.kind == "resale") & (Offer.state == "on") & seller_trades(Offer.organisation_id) & in_channel()
    shops = select(func.count(Offer.pick_up_id.distinct())).where(Offer.listing_id == Listing.id, resold)
    columns = {
        "listing": Listing.public_id,
        "title": Listing.title,
        "image": Listing.image,
        "category": Listing.category,
        "price_fen": func.min(Offer.price_fen),
        "price_to_fen": func.max(Offer.price_fen),
        "currency": func.min(Offer.currency),
        "min_quantity": func.min(Offer.min_quantity),
        "skus": func.count(Offer.id),
        "left": func.sum(pieces_left()),
        "seller": Organisation.public_id,
        "seller_name": Organisation.name,
        "seller_slug": Organisation.slug,
        "pick_up": null(),
        "shops": shops.correlate(Listing).scalar_subquery(),
        "belt": Belt.slug,
        "belt_zh": Belt.name_zh,
        "belt_en": Belt.name_en,
        "province": Belt.province,
        "founded": Profile.founded,
        "reopens_at": Closing.reopens_at,
    }
    return (
        select(*(column.label(name) for name, column in columns.items()), shelf)
        .select_from(Listing)
        .join(Offer, (Offer.listing_id == Listing.id) & (Offer.kind == "own") & (Offer.state == "on"))
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Organisation, Organisation.id == Listing.organisation_id)
        .join(Application, (Application.organisation_id == Organisation.id) & may_trade())
        .join(Belt, Belt.id == Application.belt_id)
        .outerjoin(Profile, Profile.organisation_id == Organisation.id)
        .outerjoin(Closing, closing_of_maker(Organisation.id))
        .where(Listing.state == "published")
    )


def _card(row: Row[*tuple[Any, ...]], now: datetime) -> Card:
    """A row as a card."""
    *told, _shelf = row
    return Card(*told).at(now)
