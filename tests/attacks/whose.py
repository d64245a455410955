"""What is whose: every figure, id and word of the trade, and who of the people may know it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import select

from commission.payees.models import PayoutAccount
from commission.payments.models import Payment
from commission.settlement.models import Payout, RefundRow, SaleRow
from commission.settlement.queries import held_lines, statement
from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.admissions.models import Admission
from onboarding.listings.models import Listing, Sku, SupplyTier
from onboarding.listings.queries import supply_terms
from onboarding.notices.models import Notice, NoticeEvidence
from onboarding.offers.models import Offer, PickUp
from onboarding.reports.models import Report
from onboarding.verification.models import Profile
from storefront.after_sales.models import Refund
from storefront.orders.models import Order, OrderGroup
from storefront.orders.rules import CONSIGNEE_SHOWN, Address
from storefront.shipments.models import Shipment
from storefront.supply.models import SupplyOrder
from tests.attacks.sides import GROUP, REST, TRADE, Sides

People = frozenset[str]
SHOPPING = ("/m", "/cart", "/checkout", "/pay", "/orders", "/refunds")
DESKS = ("/factory", "/merchant", "/supply")
NOBODY: People = frozenset()


@dataclass(frozen=True)
class Secret:
    """A figure (fen), an id or a word that only some may know, on pages whose addresses begin so."""

    what: str
    value: int | str
    known_to: People
    places: tuple[str, ...] = ()

    def counts_at(self, path: str) -> bool:
        """Whether it may not be seen on the page of this path; without places it may be nowhere."""
        return not self.places or any(path == place or path.startswith(f"{place}/") for place in self.places)


class Whose:
    """The secrets of a ground as its database has them now."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.names = {actor.user_id: who for who, actor in sides.people.items() if actor}
        members: list[tuple[int, str, bool]] = [
            (one.organisation_id, who, one.role == "owner")
            for who, actor in sides.people.items()
            for one in (actor.memberships if actor else ())
        ]
        self._houses = {home: frozenset(w for h, w, _o in members if h == home) for home, _w, _o in members}
        self._owners = {home: frozenset(w for h, w, own in members if h == home and own) for home, _w, _o in members}
        self.keys = {row.public_id: row.id for row in session().scalars(select(Organisation))}

    def all(self) -> list[Secret]:
        """Every secret there is."""
        sources: tuple[Callable[[], Iterator[Secret]], ...] = (
            *(
                self._orders,
                self._supplies,
                self._payments,
                self._addresses,
                self._books,
                self._totals,
                self._refunds,
                self._payouts,
                self._accounts,
            ),
            *(self._supply_terms, self._admissions, self._groups, self._makers, self._windows, self._houses_names),
            *(self._notices, self._reports),
        )
        return list(chain.from_iterable(source() for source in sources))

    def house(self, organisation_id: int) -> People:
        """Who works there."""
        return self._houses.get(organisation_id, NOBODY)

    def owners(self, organisation: str) -> People:
        """Who owns a house (public id) and so sees its money."""
        return self._owners.get(self.keys[organisation], NOBODY)

    def owners_of_house(self, organisation_id: int) -> People:
        """Who owns a house (id)."""
        return self._owners.get(organisation_id, NOBODY)

    def buyer(self, order: Order) -> People:
        """Whose order it is."""
        return frozenset({self.names[order.group.buyer_id]})

    def _sold(self) -> Iterator[tuple[Order, People, People, People]]:
        """Orders with who bought, who sold and who ships."""
        for order in session().scalars(select(Order)):
            yield order, self.buyer(order), self.house(order.organisation_id), self.house(order.shipper_id)

    def _orders(self) -> Iterator[Secret]:
        windows = set(session().scalars(select(Offer.price_fen).where(Offer.state == "on")))
        parcels = {row.order_id: row.tracking for row in session().scalars(select(Shipment))}
        for order, buyer, seller, shipper in self._sold():
            everybody, paid = buyer | seller | shipper, buyer | seller
            yield Secret("id of an order", order.public_id, everybody)
            yield Secret("number of an order", order.number, everybody)
            yield Secret("id of a checkout", order.group.public_id, NOBODY)
            if order.id in parcels:
                yield Secret("tracking number", parcels[order.id], everybody)
            for fen in (order.goods_fen, order.total_fen, *(line.amount_fen for line in order.lines)):
                yield Secret("what a shopper paid", fen, paid)
            for line in order.lines:
                if line.unit_price_fen not in windows:
                    yield Secret("price of a piece sold", line.unit_price_fen, paid)

    def _supplies(self) -> Iterator[Secret]:
        supplies = {row.order_id: row for row in session().scalars(select(SupplyOrder))}
        for order, _buyer, seller, shipper in self._sold():
            if supply := supplies.get(order.id):
                yield Secret("id of a supply order", supply.public_id, seller | shipper)
                for fen in (supply.goods_fen, supply.goods_fen - supply.refunded_fen):
                    yield Secret("what a merchant owes for an order", fen, seller | shipper)
            for line in order.lines:
                if line.supply_price_fen:
                    yield from self._cost(line.unit_price_fen, line.supply_price_fen, line.quantity, seller, shipper)

    def _payments(self) -> Iterator[Secret]:
        payers = {actor.user: who for who, actor in self.sides.people.items() if actor}
        for payment in session().scalars(select(Payment)):
            yield Secret("id of a payment", payment.public_id, frozenset({payers[payment.payer]}))

    def _cost(self, price: int, supply: int, pieces: int, seller: People, shipper: People) -> Iterator[Secret]:
        yield Secret("supply price of a piece sold", supply, seller | shipper)
        yield Secret("supply price of a line", supply * pieces, seller | shipper)
        yield Secret("a merchant's margin", price - supply, seller)
        yield Secret("a merchant's margin", (price - supply) * pieces, seller)

    def _addresses(self) -> Iterator[Secret]:
        """A consignee is the buyer's and, until the parcel has left, the shipper's."""
        shown: dict[int, People] = {}
        for order, buyer, _seller, shipper in self._sold():
            packs = shipper if order.state in CONSIGNEE_SHOWN else NOBODY
            shown[order.group_id] = shown.get(order.group_id, NOBODY) | buyer | packs
        for group in session().scalars(select(OrderGroup)):
            home = Address.from_json(group.address)
            for part in (home.name, home.call, home.line):
                yield Secret("a consignee", part, shown[group.id])

    def _books(self) -> Iterator[Secret]:
        for sale in session().scalars(select(SaleRow)):
            mine = self.owners(sale.seller)
            left = sale.goods_fen - sale.refunded_goods_fen - (sale.supply_fen - sale.refunded_supply_fen)
            yield Secret("commission of an order", sale.commission_fen, mine)
            yield Secret("processing fee of an order", sale.processing_fen, mine)
            yield Secret("what an order earned its seller", left - sale.commission_fen - sale.processing_fen, mine)
            yield Secret("what an order leaves its seller before fees", left, mine | self._traders(sale))
        for back in session().scalars(select(RefundRow)):
            yield Secret("commission given back", back.commission_back_fen, NOBODY)

    def _traders(self, sale: SaleRow) -> People:
        """Both sides of a supply order know its sum; who bought from a factory knows what she paid it."""
        order = session().scalars(select(Order).where(Order.number == sale.number)).one()
        others = {"merchant": NOBODY, "supply": self.house(order.shipper_id), "direct": self.buyer(order)}
        return self.house(order.organisation_id) | others[sale.way]

    def _totals(self) -> Iterator[Secret]:
        for seller in {sale.seller for sale in session().scalars(select(SaleRow))}:
            for totals in (statement(seller).totals, held_lines(seller)[1]):
                figures = (totals.gross, totals.refunded, totals.supplied, totals.commission, totals.processing)
                for fen in (*figures, totals.net):
                    yield Secret("a sum of a statement", fen, self.owners(seller))

    def _refunds(self) -> Iterator[Secret]:
        orders = {order.id: sides for order, *sides in self._sold()}
        for refund in session().scalars(select(Refund)):
            buyer, seller, shipper = orders[refund.order_id]
            everybody = buyer | seller | shipper
            yield Secret("id of a refund", refund.public_id, everybody)
            yield Secret("words of a refund", refund.words, everybody)
            yield Secret("what a shopper gets back", refund.goods_fen, buyer | seller)
            yield Secret("what a factory gives back", refund.supply_fen, seller | shipper)
            if refund.answer:
                yield Secret("answer to a refund", refund.answer, everybody)

    def _payouts(self) -> Iterator[Secret]:
        for payout in session().scalars(select(Payout)):
            for value in (payout.public_id, payout.amount_fen, payout.kept_fen):
                yield Secret("a payout", value, self.owners(payout.party))

    def _accounts(self) -> Iterator[Secret]:
        for account in session().scalars(select(PayoutAccount)):
            yield Secret("number of a payout account", account.number, NOBODY)
            yield Secret("id of a payout account", account.public_id, self.owners(account.party))

    def _supply_terms(self) -> Iterator[Secret]:
        """Prices of supply are the factory's and of the merchants that it admitted."""
        listings = {row.id: row for row in session().scalars(select(Listing))}
        tiers: dict[int, list[int]] = {}
        for row in session().scalars(select(SupplyTier)):
            tiers.setdefault(row.listing_id, []).append(row.unit_price_fen)
        for sku in session().scalars(select(Sku).where(Sku.supply_price_fen.is_not(None))):
            tiers.setdefault(sku.listing_id, []).append(sku.supply_price_fen or 0)
        for key, terms in supply_terms(listings).items():
            tiers.setdefault(key, []).extend(terms.prices.values())
        for key, listing in listings.items():
            known = self.house(listing.organisation_id) | self._admitted(listing.organisation_id)
            for fen in tiers.get(key, ()):
                yield Secret("a supply price", fen, known)
        for head, fen in TRADE.items():
            traders = frozenset({"wei", "mei", "bo", "nan"})
            yield Secret("a trade price of the sheet", fen, traders)
            yield Secret("a trade column of the sheet", head, traders)

    def _admitted(self, factory_id: int) -> People:
        mine = (Admission.factory_id == factory_id, Admission.state == "admitted")
        merchants = session().scalars(select(Admission.merchant_id).where(*mine))
        return frozenset(who for merchant in merchants for who in self.house(merchant))

    def _admissions(self) -> Iterator[Secret]:
        for row in session().scalars(select(Admission)):
            yield Secret("id of an admission", row.public_id, self.house(row.factory_id))
            if row.words:
                both = self.house(row.factory_id) | self.house(row.merchant_id)
                yield Secret("words of a merchant", row.words, both)

    def _groups(self) -> Iterator[Secret]:
        """What some merchants owe is theirs and their factory's owner's alone."""
        yield Secret("a price group", GROUP, frozenset({"wei"}))

    def _notices(self) -> Iterator[Secret]:
        """A right holder's word is hers and the seller's; how she is reached and who she is she tells the channel."""
        for notice in session().scalars(select(Notice)):
            sender, seller = frozenset({self.names[notice.notifier_id]}), self.owners_of_house(notice.organisation_id)
            yield Secret("id of a notice", notice.public_id, sender | seller)
            yield Secret("statement of a notice", notice.statement, sender | seller)
            yield Secret("how a right holder is reached", notice.contact, NOBODY)
            for one in session().scalars(select(NoticeEvidence).where(NoticeEvidence.notice_id == notice.id)):
                known = sender if one.kind == "identity" else sender | seller
                yield Secret(f"evidence of a notice, {one.kind}", one.public_id, known)

    def _reports(self) -> Iterator[Secret]:
        """What shoppers report is read by operators alone."""
        for one in session().scalars(select(Report)):
            for value in (one.public_id, one.words):
                yield Secret("a report", value, NOBODY)

    def _makers(self) -> Iterator[Secret]:
        """Who makes what a merchant sells is nowhere beside it: not in her shop, nor in a cart or an order."""
        direct = {order.shipper_id: self.buyer(order) for order, *_sides in self._sold() if order.way == "direct"}
        resold = tuple(f"/orders/{order.public_id}" for order, *_sides in self._sold() if order.way == "merchant")
        for house in session().scalars(select(Organisation).where(Organisation.kind == "factory")):
            known = self.house(house.id) | direct.get(house.id, NOBODY)
            for value in (house.public_id, house.slug, house.name):
                yield Secret("who makes resold goods", value, self.house(house.id), ("/m", *resold))
                yield Secret("who makes resold goods", value, known, SHOPPING)
        for told in session().scalars(select(Profile)):
            for words in (told.capacity, told.makes):
                yield Secret("what a maker tells of itself", words, NOBODY, SHOPPING)
        yield Secret("what a maker says of its rest", REST, NOBODY, SHOPPING)
        for listing in session().scalars(select(Listing)):
            known = direct.get(listing.organisation_id, NOBODY)
            for goods in (listing.public_id, *(sku.public_id for sku in listing.skus)):
                yield Secret("goods of a factory", goods, known, SHOPPING)

    def _windows(self) -> Iterator[Secret]:
        """What merchants ask stands in their windows, and on no desk but their own."""
        for offer in session().scalars(select(Offer).where(Offer.kind == "resale")):
            mine = self.house(offer.organisation_id)
            yield Secret("price in a merchant's window", offer.price_fen, mine, DESKS)
            yield Secret("id of a merchant's offer", offer.public_id, mine, DESKS)
        for held in session().scalars(select(PickUp)):
            yield Secret("id of a pick-up", held.public_id, self.house(held.organisation_id), DESKS)

    def _houses_names(self) -> Iterator[Secret]:
        """On a desk stand the names of those one deals with and of nobody else; merchants see all factories."""
        deals: dict[int, People] = {}
        for row in session().scalars(select(Admission)):
            deals[row.merchant_id] = deals.get(row.merchant_id, NOBODY) | self.house(row.factory_id)
        merchants = frozenset(who for who, actor in self.sides.people.items() if _is_merchant(actor))
        for house in session().scalars(select(Organisation)):
            known = self.house(house.id) | (merchants if house.kind == "factory" else deals.get(house.id, NOBODY))
            for value in (house.name, house.slug, house.public_id):
                yield Secret("a house that is none of hers", value, known, DESKS)


def _is_merchant(actor: object) -> bool:
    return any(one.kind == "merchant" for one in getattr(actor, "memberships", ()))
