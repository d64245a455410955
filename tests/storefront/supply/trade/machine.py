"""The machine that trades at random: any deed of anybody at any time, then a look at everything."""

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from commission.payments.rules import DECLINES, PAYS
from tests.storefront.supply.trade.proof import after_a_deed, of_a_closed_year, of_all_books
from tests.storefront.supply.trade.sellers import ADMISSION, REVIEW, Sellers
from tests.storefront.supply.trade.shoppers import Shoppers
from tests.storefront.supply.trade.town import Town, chosen
from tests.storefront.supply.trade.worker import Worker

DICE = st.integers(0, 99)
WHO = st.integers(0, 1)
WANTED = st.lists(st.tuples(DICE, st.sampled_from([1, 1, 1, 2, 3])), min_size=1, max_size=3)
BACK = st.lists(st.sampled_from([1, 1, 2, 3, 0]), min_size=1, max_size=3)
METHODS = st.sampled_from([PAYS, PAYS, PAYS, DECLINES])
FAULTS = st.sampled_from(["", "", "before", "after_commit_drop"])
ANSWERS = st.sampled_from([*["agree"] * 4, *["confirm"] * 3, "refuse", "withdraw"])
WORK = st.sampled_from(["expire", "release", "look_up", "count_days", "settle", "settle", "pay_out"])
MINUTES, DAYS = st.sampled_from([1, 31, 46]), st.sampled_from([0, 0, 0, 1, 9, 11])
MARKUPS = st.sampled_from([0, 150, 163, 200, 1_000, 3_000, 5_000])
OWED = st.sampled_from([None, 1, 62, 63, 99, 633, 1_230, 4_999, 9_990, 12_345])
PRICES = st.sampled_from([1, 2, 63, 64, 99, 101, 1_250, 5_081, 9_990, 20_005])

# How often somebody does what, and the numbers that choose among what is there.
DEEDS: dict[str, tuple[int, tuple[st.SearchStrategy[Any], ...]]] = {
    "buys_and_pays": (6, (WHO, WANTED, METHODS)),
    "buys": (4, (WHO, WANTED, st.sampled_from([False, False, True]))),
    "orders_what_she_saw": (2, (WHO,)),
    "pays": (4, (DICE, METHODS, FAULTS)),
    "gives_up": (1, (DICE,)),
    "ships": (5, (DICE, st.sampled_from([False, False, False, True]))),
    "receives": (5, (DICE,)),
    "wants_money_back": (4, (DICE, BACK)),
    "answers": (7, (DICE, ANSWERS)),
    "pays_late": (2, (DICE, st.booleans())),
    "closes_a_deal": (3, (DICE,)),
    "sends_back": (5, (DICE, BACK)),
    "time_passes": (4, (MINUTES, DAYS)),
    "works": (5, (WORK,)),
    "calls_the_rail": (2, (FAULTS,)),
    "supplies": (3, (DICE, OWED, st.sampled_from([True, True, False]))),
    "counts_or_reprices": (4, (DICE, PRICES, st.sampled_from([None, 0, 1, 3, 6, 6, 9]))),
    "looks_at_goods": (
        8,
        (DICE, st.sampled_from([*REVIEW, "submit", "publish", "take_down", "restore", "restore", "relist"])),
    ),
    "admits": (3, (DICE, st.sampled_from([*ADMISSION, "ask", "admit"]))),
    "picks_up": (2, (WHO, st.lists(DICE, min_size=1, max_size=2), MARKUPS)),
    "sets_a_price": (3, (DICE, DICE, st.sampled_from([-1, 0, 1, 10, 500]))),
    "follows_or_lets_go": (1, (DICE, st.none() | MARKUPS)),
}
ANY_DEED = st.sampled_from([deed for deed, (often, _) in DEEDS.items() for _ in range(often)]).flatmap(
    lambda deed: st.tuples(st.just(deed), *DEEDS[deed][1])
)


def any_trade(make_town: Callable[[], Town], deeds: Counter[tuple[str, str]]) -> type[RuleBasedStateMachine]:
    """A machine that begins each trade in a new town and counts there what was done."""

    class AnyTrade(Trade):
        def __init__(self) -> None:
            super().__init__(make_town())
            self.town.deeds = deeds

    return AnyTrade


class Trade(RuleBasedStateMachine):
    """One rule: somebody does something. A deed that there is nothing to do with is left undone."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.town, self.model = town, town.model
        self.sellers, self.shoppers = Sellers(town), Shoppers(town)
        self.worker = Worker(town, self.shoppers)
        for merchant, markup in zip(town.merchants, (1_000, 163), strict=True):
            self.sellers.pick(merchant, list(self.model.goods), markup)

    @rule(deed=ANY_DEED)
    def somebody(self, deed: tuple[Any, ...]) -> None:
        getattr(self, f"_{deed[0]}")(*deed[1:])
        after_a_deed(self.town)

    def teardown(self) -> None:
        """The year is closed, unless something is wrong already."""
        if sys.exc_info()[0] is None:
            of_all_books(self.town)
            self.worker.close_year()
            of_a_closed_year(self.town, self.shoppers)

    def _buys(self, who: int, wanted: list[tuple[int, int]], waits: bool) -> None:  # noqa: FBT001  a drawn number
        for number, pieces in wanted:
            shelf = sorted(self.model.shelf(), key=lambda key: (key[1], key[0] in self.town.merchants))
            if shelf:
                there = [key for key in shelf if self.model.covers(Counter({key[1]: pieces}))]
                self.shoppers.fill(who, *chosen(there * 9 + shelf, number), pieces)
        self.shoppers.look(who)
        if not waits and self.shoppers.baskets[who].lines:
            self.shoppers.place(who)

    def _buys_and_pays(self, who: int, wanted: list[tuple[int, int]], method: str) -> None:
        before = len(self.shoppers.payments)
        self._buys(who, wanted, False)
        if len(self.shoppers.payments) > before:
            self.shoppers.pay(list(self.shoppers.payments)[-1], method, "")

    def _orders_what_she_saw(self, who: int) -> None:
        if self.shoppers.baskets[who].seen.lines:
            self.shoppers.place(who)

    def _pays(self, which: int, method: str, fault: str) -> None:
        if self.shoppers.payments:
            self.shoppers.pay(self._group(which), method, fault)

    def _gives_up(self, which: int) -> None:
        if self.shoppers.payments:
            self.shoppers.cancel(self._group(which))

    def _ships(self, which: int, packs: bool) -> None:  # noqa: FBT001  a drawn number
        if order := self._order(which, "paid", "packed"):
            (self.shoppers.pack if packs else self.shoppers.ship)(order)

    def _receives(self, which: int) -> None:
        if order := self._order(which, "shipped"):
            self.shoppers.receive(order)

    def _wants_money_back(self, which: int, back: list[int]) -> None:
        if order := self._order(which, "paid", "packed", "shipped", "delivered", "completed"):
            lines = self.model.orders[order].lines
            left = [one.pieces - one.back + (which == 0) for one in lines.values()]  # one more than there is, at times
            pieces = [min(count, most) for count, most in zip(back, left, strict=False)]
            self.shoppers.ask(order, dict(zip(lines, pieces, strict=False)))

    def _answers(self, which: int, how: str) -> None:
        if refunds := self.shoppers.refunds:
            state = "agreed" if how == "confirm" else "asked"
            waiting = [one for one, refund in refunds.items() if refund.state == state]
            getattr(self.shoppers, how)(chosen(waiting * 9 + list(refunds), which))

    def _pays_late(self, which: int, sold_out: bool) -> None:  # noqa: FBT001  a drawn number
        """When her goods are anybody's again; sold, for all she knows."""
        if not self.shoppers.payments:
            return
        group = self._group(which)
        self.town.let_pass(minutes=46)
        self.worker.release()
        if sold_out:
            line = next(iter(next(iter(self.model.group(group).values())).lines.values()))
            listing = next(name for name, goods in self.model.goods.items() if line.sku in goods.retail)
            self.sellers.count(listing, line.sku, self.model.reserved()[line.sku])
        self.shoppers.pay(group, PAYS, "")

    def _closes_a_deal(self, which: int) -> None:
        if order := self._order(which, "paid", "packed"):
            self.shoppers.ship(order)
            self.shoppers.receive(order)
            self.town.let_pass(days=9)
            self.worker.settle()

    def _sends_back(self, which: int, back: list[int]) -> None:
        """Asked, agreed and looked at in one go."""
        known = len(self.shoppers.refunds)
        self._wants_money_back(which, back)
        for refund in list(self.shoppers.refunds)[known:]:
            self.shoppers.agree(refund)
            self.shoppers.confirm(refund)

    def _time_passes(self, minutes: int, days: int) -> None:
        self.town.let_pass(minutes=minutes, days=days)

    def _works(self, what: str) -> None:
        getattr(self.worker, what)()

    def _calls_the_rail(self, fault: str) -> None:
        self.worker.send(fault)

    def _supplies(self, which: int, single: int | None, is_open: bool) -> None:  # noqa: FBT001  a drawn number
        """Rather goods that somebody has ordered and not paid for: what was frozen then must hold."""
        unpaid = [order for order in self.model.orders.values() if order.state == "placed" and order.resold]
        skus = {line.sku for order in unpaid for line in order.lines.values()}
        ordered = [listing for listing, goods in self.model.goods.items() if skus & goods.retail.keys()]
        self.sellers.supply(chosen(ordered * 4 + list(self.model.goods), which), single, is_open=is_open)

    def _counts_or_reprices(self, which: int, price: int, pieces: int | None) -> None:
        variants = [(listing, sku) for listing, goods in self.model.goods.items() for sku in goods.retail]
        if pieces is None:
            self.sellers.retail(*chosen(variants, which), price)
        else:
            self.sellers.count(*chosen(variants, which), pieces)

    def _looks_at_goods(self, which: int, how: str) -> None:
        """Taken down they come back, or are mended; the first are never given up: else nothing is left to sell."""
        goods = list(self.model.goods)[how == "archive" :]
        fit = [one for one in goods if self.model.goods[one].state in REVIEW[how][0]]
        self.sellers.review(chosen(fit * 4 + goods, which), how)

    def _admits(self, which: int, how: str) -> None:
        self.sellers.admission(*chosen(list(self.model.admissions), which), how)

    def _picks_up(self, who: int, wanted: list[int], markup: int) -> None:
        listings = dict.fromkeys(chosen(list(self.model.goods), one) for one in wanted)
        self.sellers.pick(chosen(list(self.town.merchants), who), list(listings), markup)

    def _sets_a_price(self, which: int, sku: int, above: int) -> None:
        """About the least price that earns."""
        merchant, listing = chosen(list(self.model.picks), which)
        goods = self.model.goods[listing]
        one = chosen(list(goods.retail), sku)
        self.sellers.price(merchant, listing, one, max(1, (goods.owed(one) or 100) * 10_000 // 9_840 + 1 + above))

    def _follows_or_lets_go(self, which: int, markup: int | None) -> None:
        merchant, listing = chosen(list(self.model.picks), which)
        if markup is None:
            self.sellers.let_go(merchant, listing)
        else:
            self.sellers.follow(merchant, listing, markup)

    def _group(self, which: int) -> str:
        unpaid = [group for group in self.shoppers.payments if self.shoppers.is_unpaid(group)]
        return chosen(unpaid * 9 + list(self.shoppers.payments), which)

    def _order(self, which: int, *states: str) -> str:
        fit = [ref for ref, order in self.model.orders.items() if order.state in states]
        everything = fit * 9 + list(self.model.orders)
        return chosen(everything, which) if everything else ""
