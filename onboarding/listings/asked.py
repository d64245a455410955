"""What a factory was asked to change of its goods: each field as it stood then, and what became of it since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from kernel.csv_file import plain_yuan
from kernel.db import session
from kernel.text import lazy
from onboarding.certificates.models import Certificate
from onboarding.certificates.queries import covers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from kernel.text import Message
    from onboarding.listings.models import Listing

GOODS_FIELDS: Final = {
    "title": lazy("品名"),
    "category": lazy("类目"),
    "attributes": lazy("商品参数"),
    "description": lazy("介绍"),
    "image": lazy("图片"),
    "price": lazy("价格"),
    "certificate": lazy("证书"),
}

_DONE: Final = "done."


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that was asked to be changed: as it stood, and as it is now."""

    field: str
    label: Message
    before: str
    now: str
    is_done: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether anything was done about it; a picture is changed by its words, order or neighbours, too."""
        return self.before != self.now or self.is_done


def asked_of(listing: Listing) -> list[Asked]:
    """Every field that its factory was asked to change, in the order of the form."""
    return [
        Asked(name, label, listing.asked[name], snapshot(listing, name), is_done=_DONE + name in listing.asked)
        for name, label in GOODS_FIELDS.items()
        if name in listing.asked
    ]


def note_done(listing: Listing, field: str) -> None:
    """What was asked of a field was done, though it reads as before."""
    if field in listing.asked:
        listing.asked = {**listing.asked, _DONE + field: ""}


def snapshots(listing: Listing, fields: Collection[str]) -> dict[str, str]:
    """These fields as they stand."""
    return {name: snapshot(listing, name) for name in GOODS_FIELDS if name in fields}


def snapshot(listing: Listing, field: str) -> str:
    """A field as it stands, to be read and to be compared."""
    return _TOLD[field](listing) if field in _TOLD else str(getattr(listing, field))


def _attributes(listing: Listing) -> str:
    return "\n".join(f"{name}：{told}" for name, told in sorted(listing.attributes.items()))


def _prices(listing: Listing) -> str:
    """Of every variant the retail price and its own trade price, then the ladder and the price for single pieces."""
    skus = [
        " ".join(filter(None, (*sku.options.values(), _yuan(sku.retail_price_fen), _yuan(sku.supply_price_fen))))
        for sku in listing.skus
    ]
    ladder = [f"{tier.min_quantity}+ {_yuan(tier.unit_price_fen)}" for tier in listing.tiers]
    single = [f"1 {_yuan(way.drop_ship_price_fen)}" for way in listing.ways if way.drop_ship_price_fen]
    return "\n".join((*skus, *ladder, *single))


def _certificates(listing: Listing) -> str:
    """Those that are handed in for it, whatever kind it needs by now."""
    mine = (Certificate.organisation_id == listing.organisation_id) & Certificate.state.in_(("waiting", "confirmed"))
    query = select(Certificate.number).where(mine, covers(listing.id)).order_by(Certificate.id)
    return "\n".join(session().scalars(query))


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"¥{plain_yuan(fen)}"


_TOLD: Final[dict[str, Callable[[Listing], str]]] = {
    "attributes": _attributes,
    "price": _prices,
    "certificate": _certificates,
}
