"""What must be true of the town: after every deed what is cheap to ask, at the end all of it, to the fen."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from commission.ledger import rules as books
from commission.ledger.queries import party_balances
from commission.settlement.models import SaleRow
from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.listings.models import Listing, Sku, StockMovement
from onboarding.offers.models import Offer
from storefront.checks import self_check
from storefront.orders.models import Order, OrderLine
from storefront.supply.models import SupplyOrder
from tests.faults.books import differences
from tests.storefront.supply.trade.model import Model, Shelf, earns
from tests.storefront.supply.trade.shoppers import Shoppers
from tests.storefront.supply.trade.town import Town

Line = tuple[str, str, str, str, int, int, int | None, int, int]


def after_a_deed(town: Town) -> None:
    """Stock, shelves and orders are the model's: nothing oversold, nothing on sale that may not be."""
    session().rollback()
    model, reserved = town.model, town.model.reserved()
    rows = session().execute(select(Sku.id, Sku.on_hand, Sku.reserved)).all()
    assert {row[0]: (row[1], row[2]) for row in rows} == {sku: (model.there[sku], reserved[sku]) for sku in town.skus}
    assert all(0 <= held <= there for _, there, held in rows)
    assert _shelf() == model.shelf()
    assert _lines() == _expected_lines(model)


def of_all_books(town: Town) -> None:
    """Every book says what the model says, and every order adds up."""
    after_a_deed(town)
    assert self_check() == []
    _nothing_sold_twice(town)
    _supply_orders(town.model)
    _sales(town.model)


def of_a_closed_year(town: Town, shoppers: Shoppers) -> None:
    """Nothing is under way any more: the payment company says what we say, and what was earned was paid out."""
    of_all_books(town)
    assert differences(town.rail) == []
    _parties(town)
    _platform(town, shoppers)


def _shelf() -> Shelf:
    """What can be bought now; every resale offer among it earns, and a held one is not among it."""
    columns: tuple[Any, ...] = (Organisation.public_id, Offer.sku_id, Offer.price_fen, Offer.supply_price_fen)
    query = select(*columns).join(Organisation, Organisation.id == Offer.organisation_id)
    on_sale = query.join(Listing, Listing.id == Offer.listing_id).where(Listing.state == "published")
    found = {(row[0], row[1]): (row[2], row[3]) for row in session().execute(on_sale.where(Offer.state == "on"))}
    assert all(owed is None or earns(price, owed) for price, owed in found.values())
    return found


def _lines() -> set[Line]:
    columns: tuple[Any, ...] = (
        Order.public_id,
        Order.seller,
        Order.shipper,
        Order.state,
        OrderLine.sku_id,
        OrderLine.unit_price_fen,
        OrderLine.supply_price_fen,
        OrderLine.quantity,
        OrderLine.refunded_quantity,
    )
    return {tuple(row) for row in session().execute(select(*columns).join(OrderLine))}


def _expected_lines(model: Model) -> set[Line]:
    return {
        (ref, order.seller, order.shipper, order.state, line.sku, line.price, line.owed, line.pieces, line.back)
        for ref, order in model.orders.items()
        for line in order.lines.values()
    }


def _nothing_sold_twice(town: Town) -> None:
    """Pieces sold less those that came back are those of paid orders, and never more than were ever there."""
    sold, back, ever = Counter[int](), Counter[int](), Counter[int]()
    for sku, reason, pieces in session().execute(
        select(StockMovement.sku_id, StockMovement.reason, StockMovement.pieces)
    ):
        {"sold": sold, "refunded": back}.get(reason, ever)[sku] += abs(pieces) if reason == "sold" else max(pieces, 0)
    paid = [order for order in town.model.orders.values() if order.was_paid]
    for sku in town.skus.keys() - town.model.uncounted:
        assert sold[sku] == sum(line.pieces for order in paid for line in order.lines.values() if line.sku == sku)
        assert sold[sku] - back[sku] <= ever[sku]


def _supply_orders(model: Model) -> None:
    """Exactly one per paid resold order, for what its lines froze; none for any other."""
    columns = (Order.public_id, SupplyOrder.goods_fen, SupplyOrder.refunded_fen)
    rows = session().execute(select(*columns).join(Order, Order.id == SupplyOrder.order_id)).all()
    found = [tuple(row) for row in rows]
    assert sorted(found) == sorted(
        (ref, order.owed(all_pieces=True), order.owed(all_pieces=True) - order.owed())
        for ref, order in model.orders.items()
        if order.resold and order.was_paid
    )


def _sales(model: Model) -> None:
    """Each leg in the books is the model's: net, commission, fee; both legs of an order make up what was paid."""
    legs = {(row.serves or row.order_ref, row.seller): row for row in session().scalars(select(SaleRow))}
    expected = {(ref, side) for ref, order in model.orders.items() if order.was_paid for side in order.held()}
    assert legs.keys() == expected
    for (ref, side), row in legs.items():
        order = model.orders[ref]
        left = row.goods_fen - row.refunded_goods_fen - row.supply_fen + row.refunded_supply_fen
        assert (row.state, left) == ("settled" if order.settled else "held", order.held()[side])
        assert row.commission_fen == order.commissions()[side]
        assert left - row.commission_fen - row.processing_fen == order.nets()[side]
    for order in model.orders.values():
        taken = sum(order.commissions().values()) + order.fee
        assert order.paid == order.back + sum(order.nets().values()) + taken
        assert order.back or not order.was_paid or min(order.nets().values()) >= 0


def _parties(town: Town) -> None:
    """Held is what is not settled; paid out, under way, payable and owed are together what was earned."""
    rows = party_balances()
    told = {(row.party, row.kind): row.fen for row in session().execute(select(rows))}
    sent = Counter[str]()
    for payout in town.rail.payouts():
        sent[payout.counterpart] += payout.amount if payout.state == "ok" else 0
    for party in (*town.factories, *town.merchants):
        mine = [order for order in town.model.orders.values() if order.was_paid and party in order.held()]
        held = sum(order.held()[party] for order in mine if not order.settled)
        earned = sum(order.nets()[party] for order in mine if order.settled)
        due = sum(told.get((party, kind), 0) for kind in (books.PAYABLE, books.RECEIVABLE, books.PAYOUT_IN_TRANSIT))
        assert (-told.get((party, books.HELD), 0), sent[party] - due) == (held, earned), party


def _platform(town: Town, shoppers: Shoppers) -> None:
    """Commission and fees are those of the orders; the shoppers have back what is theirs or are owed it."""
    rows = party_balances()
    told = {row.kind: row.fen for row in session().execute(select(rows).where(rows.c.party == books.PLATFORM))}
    orders = [order for order in town.model.orders.values() if order.was_paid]
    commission = sum(sum(order.commissions().values()) for order in orders if order.settled)
    fees = sum(order.fee for order in orders if not order.settled) + sum(fee for _, fee in town.model.late)
    back = sum(order.back for order in orders) + sum(paid for paid, _ in town.model.late)
    returned = sum(refund.amount for refund in town.rail.refunds() if refund.state == "ok")
    assert -told.get(books.COMMISSION, 0) == commission
    assert told.get(books.PROCESSING_COST, 0) == fees
    assert -told.get(books.REFUNDS_DUE, 0) == back - returned
    refunded = sum(
        town.model.orders[one.order].lines[line].price * count
        for one in shoppers.refunds.values()
        if one.state == "refunded"
        for line, count in one.pieces.items()
    )
    assert refunded == sum(order.back for order in orders)
