"""A change of goods on sale as people compare it: field by field, words beside words, prices with how far they move."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import select

from kernel.db import session
from kernel.i18n import amount
from kernel.text import Message, lazy
from onboarding.listings.models import ListingEdit
from onboarding.listings.rules import EDIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from onboarding.listings.models import Listing

Part = tuple[Literal["same", "gone", "new"], str]
PRICE: Final = "price."
NAME: Final = "options."
SUPPLY: Final = "supply."
DIRECT: Final = "terms.direct"
DROP_SHIP: Final = "terms.drop_ship"
TIERS: Final = "terms.tiers"
LABELS: Final = {
    "title": lazy("品名"),
    "category": lazy("类目"),
    "description": lazy("介绍"),
    "image": lazy("图片"),
}
_LATEST: Final = 50
"""So many changes back one that was refused is told."""
_KIND: Final = {"image": "picture", "category": "category"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a change.

    Its kind: `words` with the parts that go and come, a `category`, `whole` or `picture` replaced, a `price` in fen,
    nought for none.
    `option` is the variant whose price it is, as people name it, or the attribute; `moved_bp` how far the price moves.
    """

    label: Message
    kind: str
    before: str | int
    after: str | int
    option: str = ""

    @property
    def parts(self) -> list[Part]:
        """The words before and after, woven into one."""
        return [*_woven(str(self.before), str(self.after))]

    @property
    def moved_bp(self) -> int:
        """How far a price moves, in basis points of the one before; down is below nought, without one it is nought."""
        return (int(self.after) - int(self.before)) * 10_000 // int(self.before) if self.before else 0


@dataclass(frozen=True, slots=True)
class Refused:
    """What of a refused change (public id) was not asked for again since: fields with their values, and why."""

    edit: str
    listing: Listing
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


def waiting_edit(listing_id: int) -> ListingEdit | None:
    """The change of a listing (id) that waits for an operator."""
    waits = (ListingEdit.listing_id == listing_id) & (ListingEdit.state == EDIT.start)
    return session().scalar(select(ListingEdit).where(waits))


def edit_named(edit: str) -> ListingEdit:
    """A change of goods by its public id."""
    return session().scalars(select(ListingEdit).where(ListingEdit.public_id == edit)).one()


def last_edit(listing_id: int) -> ListingEdit | None:
    """The newest change of a listing (id) that waits for an operator, or that one decided."""
    told = ListingEdit.state.not_in(["withdrawn", "sampled"])
    asked = select(ListingEdit).where(ListingEdit.listing_id == listing_id, told)
    return session().scalar(asked.order_by(ListingEdit.id.desc()).limit(1))


def refused_of(listing: Listing) -> Refused | None:
    """The newest refused change of a listing of which anything is open still; what is off sale is not."""
    told = ListingEdit.state.not_in(["withdrawn", "sampled"])
    asked = select(ListingEdit).where(ListingEdit.listing_id == listing.id, told)
    since = {kind + sku.public_id for sku in listing.skus if sku.off for kind in (PRICE, NAME, SUPPLY)}
    for edit in session().scalars(asked.order_by(ListingEdit.id.desc()).limit(_LATEST)):
        left = {name: value for name, value in edit.after.items() if name not in since}
        if edit.state == "refused" and left:
            return Refused(edit.public_id, listing, edit.before, left, edit.reason)
        since |= edit.after.keys()
    return None


def as_asked(listing: Listing, waiting: ListingEdit | None) -> dict[str, Any]:
    """Its words, `price.<public id>` and `options.<public id>` of each SKU, as they will be once what waits holds."""
    return as_it_is(listing) | (waiting.after if waiting else {})


def as_it_is(listing: Listing) -> dict[str, Any]:
    """All that may wait of a listing, as it holds now."""
    words = {name: getattr(listing, name) for name in (*LABELS, "attributes")}
    prices = {PRICE + sku.public_id: sku.retail_price_fen for sku in listing.skus}
    return words | prices | {NAME + sku.public_id: dict(sku.options) for sku in listing.skus}


def of_variants(fields: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The fields of a change that are of one kind (`PRICE`, `NAME`), by SKU public id."""
    return {name.removeprefix(kind): value for name, value in fields.items() if name.startswith(kind)}


def words_in(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a change that are of the goods as a whole."""
    return {name: value for name, value in fields.items() if "." not in name}


def changes_of(edit: ListingEdit | Refused) -> list[Change]:
    """The fields of a change, words first, in the order of the form; prices in that of the variants."""
    named = [
        Change(label, _KIND.get(name, "words"), edit.before[name], edit.after[name])
        for name, label in LABELS.items()
        if name in edit.after
    ]
    return named + _answers(edit) + _names(edit) + _prices(edit) + _terms(edit)


def _answers(edit: ListingEdit | Refused) -> list[Change]:
    before, after = edit.before.get("attributes", {}), edit.after.get("attributes", {})
    moved = [name for name in before | after if before.get(name, "") != after.get(name, "")]
    return [Change(lazy("参数"), "whole", before.get(name, ""), after.get(name, ""), name) for name in moved]


def _names(edit: ListingEdit | Refused) -> list[Change]:
    fields = [NAME + sku.public_id for sku in edit.listing.skus]
    return [
        Change(lazy("规格"), "whole", spelled(edit.before[field]), spelled(edit.after[field]))
        for field in fields
        if field in edit.after
    ]


def _prices(edit: ListingEdit | Refused) -> list[Change]:
    """A variant that nobody has seen yet is new: no price of it goes."""
    found = []
    for sku in edit.listing.skus:
        if (field := PRICE + sku.public_id) in edit.after:
            before, after = edit.before[field], edit.after[field]
            is_new = before == after or (sku.late and sku.vetted_price_fen is None)
            label, before = (lazy("新规格"), 0) if is_new else (lazy("零售价"), before)
            found.append(Change(label, "price", before, after, " / ".join(sku.options.values())))
    return found


def _terms(edit: ListingEdit | Refused) -> list[Change]:
    before, after = edit.before, edit.after
    found = []
    if DIRECT in after:
        found.append(Change(lazy("起批量 × 装箱倍数"), "whole", _lot(before[DIRECT]), _lot(after[DIRECT])))
    if DROP_SHIP in after:
        found.append(Change(lazy("代发价"), "price", before[DROP_SHIP] or 0, after[DROP_SHIP] or 0))
    if TIERS in after:
        found.append(Change(lazy("阶梯价"), "whole", _ladder(before[TIERS]), _ladder(after[TIERS])))
    for sku in edit.listing.skus:
        if (field := SUPPLY + sku.public_id) in after:
            option = " / ".join(sku.options.values())
            found.append(Change(lazy("规格供货价"), "price", before[field] or 0, after[field] or 0, option))
    return found


def _lot(lot: Sequence[int]) -> str:
    return " × ".join(map(str, lot))


def _ladder(tiers: Sequence[Sequence[int]]) -> str:
    return " · ".join(f"{least}+ {amount(fen)}" for least, fen in tiers)


def spelled(options: Mapping[str, str]) -> str:
    """The options of a variant with their names, so that another name of an option is seen, too."""
    return " / ".join(f"{name}：{value}" for name, value in options.items())


def _woven(before: str, after: str) -> Iterator[Part]:
    for tag, left, right, low, high in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", before[left:right]
            continue
        if right > left:
            yield "gone", before[left:right]
        if high > low:
            yield "new", after[low:high]
