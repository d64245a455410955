"""Parts of a copy that are about goods: a price sheet that our own reader takes back, states, offers, pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from kernel.csv_file import plain_yuan
from kernel.db import session
from kernel.files import key_of
from kernel.pictures import look
from kernel.tables import BATCH, Column, Listed, Selected, Table
from kernel.text import Message, export_cell, lazy
from onboarding.accounts.models import Organisation
from onboarding.listings.models import Listing, Sku
from onboarding.listings.rules import LISTING
from onboarding.offers.models import Offer, PickUp
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.rules import PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kernel.files import Files
    from kernel.tables import Rows
    from storefront.leaving.parcel import Parcel
    from storefront.leaving.queries import Subject

_HEADS: Final = ("编号", "品名", "分类", "零售价", "代发价", "起订量", "库存")
_SIGNS: Final = re.compile(r'[\\/:*?"<>|]')
"""What no system takes in the name of a file."""
_MADE_TO_ORDER: Final = lazy("定做")

_LISTINGS: Final[Table[Listing]] = Table(
    name="listings",
    title=lazy("商品"),
    key=lambda line: line.public_id,
    columns=(
        Column("code", lazy("货号"), lambda line: line.code),
        Column("title", lazy("品名"), lambda line: line.title),
        Column("state", lazy("状态"), lambda line: lazy(LISTING.labels[line.state])),
        Column("reason", lazy("原因"), lambda line: line.reason),
        Column("description", lazy("介绍"), lambda line: line.description),
        Column("image", lazy("图片"), lambda line: _picture_name(line.image, line.code)),
        Column("created", lazy("建立时间"), lambda line: line.created_at, "moment"),
        Column("published", lazy("上架时间"), lambda line: line.published_at, "moment"),
    ),
)
_VARIANTS: Final[Table[Any]] = Table(
    name="goods-variants",
    title=lazy("规格"),
    key=lambda line: line.public_id,
    columns=(
        Column("code", lazy("货号"), lambda line: line.code),
        Column("options", lazy("规格"), lambda line: " / ".join(f"{k}:{v}" for k, v in line.options.items())),
        Column("retail", lazy("零售价"), lambda line: line.retail_price_fen, "money"),
        Column("supply", lazy("供货价"), lambda line: line.supply_price_fen, "money"),
        Column("on_hand", lazy("库存"), lambda line: line.on_hand, "number"),
        Column("reserved", lazy("已被下单"), lambda line: line.reserved, "number"),
    ),
)
_OFFERS: Final[Table[Any]] = Table(
    name="offers",
    title=lazy("报价"),
    key=lambda line: line.public_id,
    columns=(
        Column("title", lazy("品名"), lambda line: line.title),
        Column("options", lazy("规格"), lambda line: " / ".join(line.options.values())),
        Column("price", lazy("售价"), lambda line: line.price_fen, "money"),
        Column("supply", lazy("供货价"), lambda line: line.supply_price_fen, "money"),
        Column("state", lazy("状态"), lambda line: _ON[line.state]),
        Column("created", lazy("建立时间"), lambda line: line.created_at, "moment"),
    ),
)
_PICK_UPS: Final[Table[Any]] = Table(
    name="pick-ups",
    title=lazy("铺货"),
    key=lambda line: line.public_id,
    columns=(
        Column("title", lazy("品名"), lambda line: line.title),
        Column("factory", lazy("工厂"), lambda line: line.name),
        Column("markup", lazy("加价（万分之）"), lambda line: line.markup_bp, "number"),
        Column("state", lazy("状态"), lambda line: _ON[line.state]),
        Column("picked", lazy("铺货时间"), lambda line: line.picked_at, "moment"),
    ),
)
_PICTURES: Final[Table[Any]] = Table(
    name="pictures",
    title=lazy("商品图片"),
    key=lambda line: line[0].public_id,
    columns=(
        Column("code", lazy("货号"), lambda line: line[1]),
        Column("image", lazy("图片"), lambda line: _picture_name(line[0].address, line[1])),
        Column("words", lazy("图片说明"), lambda line: line[0].words),
        Column("state", lazy("状态"), lambda line: lazy(PICTURE.labels[line[0].state])),
        Column("handed_in", lazy("提交时间"), lambda line: line[0].created_at, "moment"),
    ),
)
_ON: Final[dict[str, Message]] = {"on": lazy("在卖"), "held": lazy("暂停"), "off": lazy("停了")}


@dataclass(frozen=True, slots=True)
class Ware:
    """One variant with its listing: one row of the sheet."""

    listing: Listing
    sku: Sku

    def way(self, name: str) -> Any:  # noqa: ANN401  a way of selling, or none
        """How its listing sells."""
        return next((way for way in self.listing.ways if way.way == name), None)

    def tier(self, least: int) -> int | None:
        """The price from so many pieces on: a variant with a price of its own has that one alone."""
        rungs = {tier.min_quantity: tier.unit_price_fen for tier in self.listing.tiers}
        if self.sku.supply_price_fen is None:
            return rungs.get(least)
        return self.sku.supply_price_fen if least == min(rungs, default=1) else None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The rows of all listings that have a trade price, or of those that have none; a batch of listings at a time.

    They stand in two sheets: in one that names trade prices a row without any is taken for a slip.
    """

    organisation_id: int
    traded: bool

    def count(self, most: int) -> int:
        """No page shows it."""
        return most

    def part(self, *, offset: int, limit: int, by: Any, down: bool) -> list[Ware]:  # noqa: ANN401, ARG002
        """No page shows it."""
        return []

    def batches(self, *, by: Any, down: bool) -> Iterator[list[Ware]]:  # noqa: ANN401, ARG002
        """Every variant; of a listing those first that have no price of their own, for they say its ladder."""
        for listings in _listings(self.organisation_id):
            yield [
                Ware(listing, sku)
                for listing in listings
                if self.traded == _is_traded(listing)
                for sku in sorted(listing.skus, key=lambda sku: (sku.supply_price_fen is not None, sku.id))
            ]


def write_goods(parcel: Parcel, subject: Subject) -> None:
    """The goods as a price sheet that can be uploaded again, and how each listing and variant stands."""
    if subject.house.kind != "factory":
        return
    home = subject.house.id
    for name, traded in (("goods.csv", True), ("goods-retail.csv", False)):
        if (table := _sheet(home, traded=traded)) is not None:
            parcel.table(name, table, Shelf(home, traded))
    mine = select(Listing).where(Listing.organisation_id == home)
    parcel.table("listings.csv", _LISTINGS, Selected(mine, (Listing.id,), _first))
    columns = (Sku.public_id, Listing.code, Sku.options, Sku.retail_price_fen, Sku.supply_price_fen)
    variants = select(*columns, Sku.on_hand, Sku.reserved).join(Listing, Listing.id == Sku.listing_id)
    rows: Rows[Any] = Selected(variants.where(Listing.organisation_id == home), (Sku.id,), list)
    parcel.table("goods-variants.csv", _VARIANTS, rows)


def write_offers(parcel: Parcel, subject: Subject) -> None:
    """What she asks for each variant, and of a merchant what she picked up."""
    home = subject.house.id
    columns = (Offer.public_id, Listing.title, Sku.options, Offer.price_fen, Offer.supply_price_fen, Offer.state)
    offers = (
        select(*columns, Offer.created_at)
        .join(Listing, Listing.id == Offer.listing_id)
        .join(Sku, Sku.id == Offer.sku_id)
        .where(Offer.organisation_id == home)
    )
    parcel.table("offers.csv", _OFFERS, Selected(offers, (Offer.id,), list))
    if subject.house.kind == "factory":
        return
    held = (
        select(PickUp.public_id, Listing.title, Organisation.name, PickUp.markup_bp, PickUp.state, PickUp.picked_at)
        .join(Listing, Listing.id == PickUp.listing_id)
        .join(Organisation, Organisation.id == PickUp.factory_id)
        .where(PickUp.organisation_id == home)
    )
    parcel.table("pick-ups.csv", _PICK_UPS, Selected(held, (PickUp.id,), list))


def write_pictures(parcel: Parcel, subject: Subject, *, pictures: Mapping[str, bytes], files: Files) -> None:
    """Every picture of her goods once; photographs by the codes of the goods, as our own archives of them have it."""
    mine = select(Listing.image).where(Listing.organisation_id == subject.house.id).distinct().order_by(Listing.image)
    for image in session().scalars(mine):
        if image in pictures:
            parcel.picture(_picture_name(image), pictures[image])
    held = (ListingPicture.organisation_id == subject.house.id) & (ListingPicture.state != "removed")
    made = held & ListingPicture.made_at.is_not(None)
    query = select(ListingPicture, Listing.code).join(Listing, Listing.id == ListingPicture.listing_id).where(made)
    photographs = session().execute(query.order_by(ListingPicture.id)).all()
    parcel.table("pictures.csv", _PICTURES, Listed(photographs))
    for one, code in photographs:
        largest = f"{one.look.name}/{one.look.sizes[-1]}.webp"
        parcel.picture(_picture_name(one.address, code), files.get(key_of(largest)))


def _sheet(organisation_id: int, *, traded: bool) -> Table[Ware] | None:
    """A sheet with a column for every option, attribute and rung of a ladder that any of the goods has."""
    options, attributes, rungs = dict[str, None](), dict[str, None](), set[int]()
    for listing in chain.from_iterable(_listings(organisation_id)):
        if _is_traded(listing) != traded:
            continue
        attributes |= dict.fromkeys(listing.attributes)
        rungs |= {tier.min_quantity for tier in listing.tiers} or {1}
        for sku in listing.skus:
            options |= dict.fromkeys(sku.options)
    if not rungs:
        return None
    ladder = [_rung(least) for least in sorted(rungs)] if traded else []
    free = [_said(name) for name in options | attributes if name not in _HEADS]
    return Table(
        name="goods", title=lazy("商品"), key=lambda ware: ware.listing.code, columns=(*_FIXED, *free, *ladder)
    )


def _said(name: str) -> Column[Ware]:
    """What one goods has as an option another may have as an attribute."""
    return Column(
        name,
        Message(export_cell(name)),
        lambda ware: ware.sku.options.get(name) or ware.listing.attributes.get(name),
    )


def _rung(least: int) -> Column[Ware]:
    return Column(f"tier-{least}", Message(f"≥{least}"), lambda ware: ware.tier(least), "money")


def _stock(ware: Ware) -> str:
    return _MADE_TO_ORDER if ware.sku.made_to_order else str(ware.sku.on_hand)


def _least(ware: Ware) -> int | None:
    supplied = ware.way("supply")
    return supplied.min_quantity if supplied else None


def _drop_ship(ware: Ware) -> str | None:
    supplied = ware.way("supply")
    price = supplied.drop_ship_price_fen if supplied else None
    return None if price is None else plain_yuan(price)


_FIXED: Final[tuple[Column[Ware], ...]] = (
    Column("title", lazy("品名"), lambda ware: ware.listing.title),
    Column("category", lazy("分类"), lambda ware: ware.listing.category),
    Column("retail", lazy("零售价"), lambda ware: ware.sku.retail_price_fen, "money"),
    Column("drop_ship", lazy("代发价"), _drop_ship),
    Column("moq", lazy("起订量"), _least, "number"),
    Column("stock", lazy("库存"), _stock),
)


def _is_traded(listing: Listing) -> bool:
    return bool(listing.tiers) or any(sku.supply_price_fen is not None for sku in listing.skus)


def _listings(organisation_id: int) -> Iterator[list[Listing]]:
    last, whole = 0, (selectinload(Listing.skus), selectinload(Listing.ways), selectinload(Listing.tiers))
    query = select(Listing).where(Listing.organisation_id == organisation_id).options(*whole)
    while found := list(session().scalars(query.where(Listing.id > last).order_by(Listing.id).limit(BATCH))):
        last = found[-1].id
        yield found
        session().expunge_all()


def _first(rows: Any) -> list[Any]:  # noqa: ANN401  rows of one column
    return [row[0] for row in rows]


def _picture_name(image: str, code: str = "") -> str:
    if (photograph := look(image)) is not None:
        return f"pictures/{_SIGNS.sub('_', code)}-{photograph.picture}.webp"
    return f"pictures/{image.rpartition('/')[2]}"
