"""What shoppers do in the town, and the sellers for them: carts, money, parcels, refunds."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from commission.payments import operations as payments
from commission.payments.rules import PAYS
from kernel.db import session
from kernel.money import Money
from storefront.after_sales import operations as after_sales
from storefront.cart.operations import add_line
from storefront.cart.queries import EMPTY, cart_of
from storefront.cart.rules import Cart
from storefront.orders import operations as orders
from storefront.orders.queries import checkout_of
from storefront.shipments.operations import ship
from tests.storefront.shop import HOME
from tests.storefront.supply.trade.model import RAIL, UNSHIPPED, Line, Order, half_up
from tests.storefront.supply.trade.town import Town

ASK_WITHIN, TRIES = timedelta(days=90), 5


@dataclass
class Refund:
    """What a shopper asked for: `{order line: pieces}`."""

    order: str
    pieces: dict[int, int]
    state: str = "asked"


@dataclass
class Basket:
    """A shopper's cart, and the checkout page as she last saw it."""

    token: str = ""
    seen: Cart = EMPTY
    lines: Counter[tuple[str, int]] = field(default_factory=Counter)
    fresh: bool = False


class Shoppers:
    """The deeds of who buys, and of who ships it."""

    def __init__(self, town: Town) -> None:
        self.town, self.model = town, town.model
        self.baskets = [Basket() for _ in town.shoppers]
        self.payments: dict[str, str] = {}
        self.placed: dict[str, datetime] = {}
        self.made: dict[str, str] = {}
        self.flying: dict[str, tuple[str, datetime]] = {}
        self.refunds: dict[str, Refund] = {}

    def fill(self, who: int, seller: str, sku: int, pieces: int) -> None:
        basket, key = self.baskets[who], (seller, sku)
        more = Counter({sku: basket.lines[key] + pieces})
        do = partial(
            add_line,
            cart=basket.token,
            offer=self.town.offer(seller, sku),
            quantity=pieces,
            actor=self.town.shoppers[who],
            now=self.town.now,
        )
        code, token = self.town.attempt("fill", do)
        assert (code == "") is (key in self.model.shelf() and self.model.covers(more)), f"{key} {more}: {code}"
        if not code:
            basket.token, basket.fresh = str(token), False
            basket.lines[key] += pieces

    def look(self, who: int) -> None:
        basket = self.baskets[who]
        basket.seen, basket.fresh = cart_of(basket.token), True

    def place(self, who: int) -> None:
        """Order what she saw, be it long ago; the same page sent twice is one order."""
        basket, buyer = self.baskets[who], self.town.shoppers[who]
        do = partial(
            orders.place,
            actor=buyer,
            cart=basket.token,
            address=HOME,
            form_token=basket.seen.form_token,
            total=Money(basket.seen.total_fen),
            now=self.town.now,
        )
        code, payment = self.town.attempt("place", do)
        if basket.seen.form_token in self.made:
            assert payment == self.made[basket.seen.form_token]
            return
        assert (code == "") is self._may_place(who), f"{basket}: {code or 'not refused'}"
        if payment:
            self.made[basket.seen.form_token] = payment
            self._remember(who, payment)

    def pay(self, group: str, method: str, fault: str) -> None:
        """Pay as the page does; a fault loses the call on its way, or the answer."""
        buyer, now = self.town.shopper(self.model.buyers[group]), self.town.now
        do = partial(orders.begin_payment, payment=self.payments[group], method=method, actor=buyer, now=now)
        code, intent = self.town.attempt("pay", do)
        assert (code == "") is self.is_unpaid(group), f"{group}: {code or 'not refused'}"
        if code:
            return
        withdrawn = self.model.withdrawn(group, self.placed[group]) and group not in self.flying
        assert (not intent) is withdrawn, f"{group}: {intent}"
        if withdrawn:
            self.town.deeds["not paid", "taken down"] += 1
            self.model.give_up(group)
            return
        self.flying.setdefault(group, (method, now))
        self.town.rail.faults.planned["charge"] = [fault]
        outcome = payments.perform(str(intent), rail=self.town.rail)
        payments.record_outcome(intent=str(intent), outcome=outcome, actor=buyer, now=now)
        if outcome.is_known:
            self.answered(group)

    def answered(self, group: str) -> None:
        """The rail has said what became of a charge."""
        method, _ = self.flying.pop(group)
        if method == PAYS:
            of_group = self.model.group(group)
            fee = half_up(sum(order.paid for order in of_group.values()), RAIL)
            served = self.model.charged(group, fee, self.placed[group])
            self.town.deeds["paid" if served else "late money", ""] += 1
            self._share_fee(group, fee if served else 0)

    def cancel(self, group: str) -> None:
        buyer = self.town.shopper(self.model.buyers[group])
        do = partial(orders.cancel, actor=buyer, group=group, now=self.town.now)
        if self.town.done("cancel", do, legal=self.is_unpaid(group) and group not in self.flying):
            self.model.give_up(group)

    def pack(self, order: str) -> None:
        found = self.model.orders[order]
        do = partial(orders.pack, actor=self.town.factories[found.shipper], order=order, now=self.town.now)
        if self.town.done("pack", do, legal=found.state == "paid"):
            found.state = "packed"

    def ship(self, order: str) -> None:
        found = self.model.orders[order]
        parcel = {"carrier": "sf", "tracking": "SF1234567890123"}
        do = partial(ship, actor=self.town.factories[found.shipper], order=order, now=self.town.now, **parcel)
        if self.town.done("ship", do, legal=found.state in UNSHIPPED):
            found.state, found.shipped_at = "shipped", self.town.now

    def receive(self, order: str) -> None:
        found = self.model.orders[order]
        buyer = self.town.shopper(self.model.buyers[found.group])
        do = partial(orders.receive, actor=buyer, order=order, now=self.town.now)
        if self.town.done("receive", do, legal=found.state == "shipped"):
            found.state, found.received_at, found.release = "delivered", self.town.now, self.town.release

    def ask(self, order: str, pieces: dict[int, int]) -> None:
        found = self.model.orders[order]
        buyer = self.town.shopper(self.model.buyers[found.group])
        told = {"why": "unwanted", "words": "", "now": self.town.now}
        do = partial(after_sales.ask_refund, actor=buyer, order=order, pieces=pieces, **told)
        code, refund = self.town.attempt("ask", do)
        assert (code == "") is self._may_ask(order, pieces), f"{order} {pieces}: {code or 'not refused'}"
        if refund:
            self.refunds[refund] = Refund(order, {line: count for line, count in pieces.items() if count})

    def withdraw(self, refund: str) -> None:
        found = self.refunds[refund]
        buyer = self.town.shopper(self.model.buyers[self.model.orders[found.order].group])
        do = partial(after_sales.withdraw, actor=buyer, refund=refund, now=self.town.now)
        if self.town.done("withdraw", do, legal=found.state in {"asked", "agreed"}):
            found.state = "withdrawn"

    def refuse(self, refund: str) -> None:
        found = self.refunds[refund]
        told = {"refund": refund, "answer": "已经洗过", "now": self.town.now}
        do = partial(after_sales.refuse, actor=self.town.seller(self.model.orders[found.order].seller), **told)
        if self.town.done("refuse", do, legal=found.state in {"asked", "agreed"}):
            found.state = "refused"

    def agree(self, refund: str) -> None:
        found = self.refunds[refund]
        order = self.model.orders[found.order]
        do = partial(after_sales.agree, actor=self.town.seller(order.seller), refund=refund, now=self.town.now)
        if self.town.done("agree", do, legal=found.state == "asked"):
            if order.state in UNSHIPPED:
                self._refund(found, "unshipped")
            else:
                found.state = "agreed"

    def confirm(self, refund: str) -> None:
        found = self.refunds[refund]
        order = self.model.orders[found.order]
        shipper = self.town.factories[order.shipper]
        do = partial(after_sales.confirm_return, actor=shipper, refund=refund, now=self.town.now)
        if self.town.done("confirm", do, legal=found.state == "agreed"):
            self._refund(found, "settled" if order.settled else "shipped")

    def is_unpaid(self, group: str) -> bool:
        return all(order.state == "placed" for order in self.model.group(group).values())

    def _refund(self, refund: Refund, when: str) -> None:
        order = self.model.orders[refund.order]
        self.town.deeds["refunded", f"{'resold' if order.resold else 'own'} {when}"] += 1
        refund.state = "refunded"
        self.model.refund(order, refund.pieces, self.town.release)

    def _may_place(self, who: int) -> bool:
        basket, shelf = self.baskets[who], self.model.shelf()
        if not basket.fresh or not basket.lines or not basket.lines.keys() <= shelf.keys():
            return False
        pieces = Counter[int]()
        for (_, sku), count in basket.lines.items():
            pieces[sku] += count
        total = sum(shelf[key][0] * count for key, count in basket.lines.items())
        may_hold = self.model.may_hold(self.town.shoppers[who].user)
        return total == basket.seen.total_fen and self.model.covers(pieces) and may_hold

    def _remember(self, who: int, payment: str) -> None:
        """The orders just made, at the prices of the model's own shelf."""
        basket, buyer, shelf = self.baskets[who], self.town.shoppers[who], self.model.shelf()
        session().rollback()
        made = checkout_of(buyer, payment)
        group = made.group.public_id
        found = {}
        for order in made.orders:
            seller = order.seller
            lines = {row.id: Line(row.sku_id, *shelf[seller, row.sku_id], row.quantity) for row in order.lines}
            found[order.public_id] = Order(group, seller, self.town.maker(order.lines[0].listing), lines)
        self.model.place(group, buyer.user, found)
        self.payments[group], self.placed[group] = payment, self.town.now
        bought = {(order.seller, line.sku): line.pieces for order in found.values() for line in order.lines.values()}
        assert bought == basket.lines
        basket.lines.clear()

    def _share_fee(self, group: str, fee: int) -> None:
        """Each order bears its part of the fee of the payment, to the fen."""
        buyer, found = self.town.shopper(self.model.buyers[group]), self.model.group(group)
        session().rollback()
        kept = {order.public_id: order.processing_fen for order in checkout_of(buyer, self.payments[group]).orders}
        total = sum(order.paid for order in found.values())
        assert sum(kept.values()) == fee
        for ref, order in found.items():
            assert abs(kept[ref] * total - fee * order.paid) < total or not fee
            order.fee = kept[ref]

    def _may_ask(self, order: str, pieces: dict[int, int]) -> bool:
        found = self.model.orders[order]
        asked = [refund.state for refund in self.refunds.values() if refund.order == order]
        left = {line: one.pieces - one.back for line, one in found.lines.items()}
        in_time = found.received_at is None or self.town.now < found.received_at + ASK_WITHIN
        return (
            found.state in {"paid", "packed", "shipped", "delivered", "completed"}
            and in_time
            and not {"asked", "agreed"} & set(asked)
            and sum(state in {"refused", "withdrawn"} for state in asked) < TRIES
            and sum(pieces.values()) > 0
            and all(0 <= count <= left[line] for line, count in pieces.items())
        )
