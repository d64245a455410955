"""What factories, merchants and operators do in the town, and what of it should be refused."""

from functools import partial

from kernel.permissions import SYSTEM
from onboarding.admissions import operations as admissions
from onboarding.listings import operations as listings
from onboarding.listings import takedowns
from onboarding.listings.relisting import relist
from onboarding.offers import operations as offers
from tests.storefront.supply.trade.model import Goods, Pick, earns
from tests.storefront.supply.trade.town import Town

ADMISSION = {
    "ask": (("refused", "ended"), "asked"),
    "admit": (("asked",), "admitted"),
    "refuse": (("asked",), "refused"),
    "end": (("admitted",), "ended"),
}
REVIEW = {
    "rewrite": (
        ("published", "refused", "taken_down"),
        {"published": "published", "refused": "refused", "taken_down": "taken_down"},
    ),
    "submit": (("refused", "taken_down"), {"refused": "submitted", "taken_down": "submitted"}),
    "publish": (("submitted",), {"submitted": "published"}),
    "refuse": (("submitted",), {"submitted": "refused"}),
    "archive": (("published", "taken_down"), {"published": "archived", "taken_down": "archived"}),
    "take_down": (("published", "taken_down"), {"published": "taken_down", "taken_down": "taken_down"}),
    "restore": (("taken_down",), {"taken_down": "published"}),
    "relist": (("archived",), {"archived": "published"}),
}
TAKEDOWN = {"take_down": {"reason_code": "complaint", "told": "", "internal": ""}, "restore": {"note": ""}}


class Sellers:
    """The deeds of who sells."""

    def __init__(self, town: Town) -> None:
        self.town, self.model = town, town.model
        self._titles = 0

    def supply(self, listing: str, single: int | None, *, is_open: bool) -> None:
        goods = self.model.goods[listing]
        priced = single is not None or all(goods.trade.values())
        do = partial(
            listings.set_supply,
            actor=self.town.factories[goods.maker],
            listing=listing,
            drop_ship_price_fen=single,
            open_to_merchants=is_open,
            now=self.town.now,
        )
        if self.town.done("supply", do, legal=goods.state != "archived" and (priced or not is_open)):
            goods.single, goods.open = goods.single if goods.single_waits(single) else single, is_open

    def retail(self, listing: str, sku: int, price: int) -> None:
        goods = self.model.goods[listing]
        if self._edit("retail", listing, legal=True, prices={self._name(sku): price}) and not goods.waits(sku, price):
            goods.retail[sku] = price

    def count(self, listing: str, sku: int, pieces: int) -> None:
        if self._edit("count", listing, legal=pieces >= self.model.reserved()[sku], stock={self._name(sku): pieces}):
            self.model.there[sku] = pieces

    def review(self, listing: str, how: str) -> None:
        goods = self.model.goods[listing]
        before, after = REVIEW[how]
        legal = goods.state in before
        if how == "rewrite":
            self._titles += 1
            done = self._edit("rewrite", listing, legal=legal, words={"title": f"围巾 {self._titles}"})
        elif how in TAKEDOWN:
            told = {"actor": SYSTEM, "listing": listing, "now": self.town.now}
            done = self.town.done(how, partial(getattr(takedowns, how), **told, **TAKEDOWN[how]), legal=legal)
        elif how == "relist":
            who = self.town.factories[goods.maker]
            done = self.town.done(how, partial(relist, actor=who, listing=listing, now=self.town.now), legal=legal)
        else:
            do = getattr(listings, f"{how}_listing")
            decides = how in {"publish", "refuse"}
            who = SYSTEM if decides else self.town.factories[goods.maker]
            why = {"reason": "图片不清楚"} if how == "refuse" else {}
            done = self.town.done(how, partial(do, actor=who, listing=listing, now=self.town.now, **why), legal=legal)
        if done:
            if how == "take_down" and goods.state != "taken_down":
                goods.taken_at = self.town.now
            self._move(listing, goods, how, after[goods.state])
        if done and how == "publish":
            goods.see()

    def _move(self, listing: str, goods: Goods, how: str, state: str) -> None:
        """What an operator had taken down before it was given up, she sees before it is on sale again."""
        if how == "archive":
            goods.given_up = goods.given_up or goods.state == "taken_down"
        if how == "relist" and goods.given_up:
            state, goods.given_up = "submitted", False
        picks = [pick for (_, picked), pick in self.model.picks.items() if picked == listing]
        for pick in picks:
            pick.closed = state == "archived" or (pick.closed and state != "published")
        goods.state = state

    def admission(self, factory: str, merchant: str, how: str) -> None:
        before, after = ADMISSION[how]
        told = {"admission": self.town.admission(factory, merchant), "now": self.town.now}
        if how == "ask":
            told = {"factory": factory, "words": "", "now": self.town.now}
        if how in {"refuse", "end"}:
            told["reason"] = "价格谈不拢，暂不供货"
        who = self.town.merchants[merchant] if how == "ask" else self.town.factories[factory]
        legal = self.model.admissions[factory, merchant] in before
        if self.town.done(f"admission.{how}", partial(getattr(admissions, how), actor=who, **told), legal=legal):
            self.model.admissions[factory, merchant] = after
            self._resync(factory, merchant, how)

    def _resync(self, factory: str, merchant: str, how: str) -> None:
        """Offers of goods that are off sale no more follow an admission before an operator has seen these."""
        for listing, goods in self.model.goods.items():
            pick = self.model.picks.get((merchant, listing))
            if pick and goods.maker == factory and goods.state != "archived" and how in {"admit", "end"}:
                pick.closed = False

    def pick(self, merchant: str, wanted: list[str], markup: int) -> None:
        who = self.town.merchants[merchant]
        do = partial(offers.pick_up, actor=who, listings=wanted, markup_bp=markup, now=self.town.now)
        if self.town.done("pick", do, legal=all(self._open(merchant, one) for one in wanted)):
            for listing in wanted:
                known = self.model.picks.setdefault((merchant, listing), Pick(markup))
                known.markup, known.stands = markup, True

    def price(self, merchant: str, listing: str, sku: int, price: int) -> None:
        pick, goods = self.model.picks[merchant, listing], self.model.goods[listing]
        offer = self.town.offer(merchant, sku)
        who = self.town.merchants[merchant]
        do = partial(offers.set_price, actor=who, offer=offer, price_fen=price, now=self.town.now)
        stands = pick.stands and not pick.closed
        owed = goods.owed(sku) if self._open(merchant, listing) else None
        code, _ = self.town.attempt("by hand", do)
        if not stands or owed is not None:  # else the last price she owed counts, which nobody buys at
            assert (code == "") is (stands and earns(price, owed or 0)), f"price {price} for {owed}: {code}"
        if not code:
            pick.by_hand[sku] = price

    def follow(self, merchant: str, listing: str, markup: int) -> None:
        pick, held = self.model.picks[merchant, listing], self.town.pick_up(merchant, listing)
        who = self.town.merchants[merchant]
        do = partial(offers.follow_markup, actor=who, pick_up=held, markup_bp=markup, now=self.town.now)
        if self.town.done("follow", do, legal=pick.stands):
            pick.markup, pick.by_hand = markup, {}

    def let_go(self, merchant: str, listing: str) -> None:
        pick, held = self.model.picks[merchant, listing], self.town.pick_up(merchant, listing)
        do = partial(offers.let_go, actor=self.town.merchants[merchant], pick_up=held, now=self.town.now)
        self.town.done("let go", do, legal=True)
        pick.stands, pick.by_hand = False, {}

    def _open(self, merchant: str, listing: str) -> bool:
        """Whether she may have it now."""
        goods = self.model.goods[listing]
        admitted = self.model.admissions[goods.maker, merchant] == "admitted"
        return admitted and goods.state == "published" and all(goods.owed(sku) for sku in goods.retail)

    def _edit(self, deed: str, listing: str, *, legal: bool, **changes: dict[str, object]) -> bool:
        goods = self.model.goods[listing]
        told = {"words": {}, "prices": {}, "stock": {}, **changes}
        who = self.town.factories[goods.maker]
        do = partial(listings.edit_listing, actor=who, listing=listing, now=self.town.now, **told)
        return self.town.done(deed, do, legal=legal and goods.state != "archived")

    def _name(self, sku: int) -> str:
        return self.town.skus[sku]
