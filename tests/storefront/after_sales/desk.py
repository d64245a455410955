"""Asking and answering in few words, for the tests of refunds."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from commission.ledger.queries import balances
from commission.payments.models import RailIntent
from commission.payments.tasks import send_refund
from kernel.db import session
from storefront.after_sales.models import Refund
from storefront.after_sales.operations import agree, ask_refund
from storefront.orders.queries import order_of
from tests.cast import NOW
from tests.storefront.shop import Shop


def lines_of(shop: Shop, order: str) -> list[int]:
    """The ids of the order's lines."""
    session().rollback()
    return [line.id for line in order_of(shop.buyer, order).lines]


def ask(shop: Shop, order: str, *pieces: int, why: str = "unwanted") -> str:
    """Lin asks for so many pieces of each line; all of the first when none are named."""
    wanted = dict(zip(lines_of(shop, order), pieces or (1,), strict=False))
    return ask_refund(actor=shop.buyer, order=order, pieces=wanted, why=why, words="", now=NOW)


def refunded(shop: Shop, order: str, *pieces: int) -> str:
    """Asked and agreed, before anything was shipped."""
    refund = ask(shop, order, *pieces)
    assert agree(actor=shop.wei, refund=refund, now=NOW) == "refunded"
    return refund


def state_of(refund: str) -> str:
    """As the database has it now."""
    session().rollback()
    return session().scalars(select(Refund.state).where(Refund.public_id == refund)).one()


def order_state(shop: Shop, order: str) -> str:
    session().rollback()
    return order_of(shop.buyer, order).state


def begun(refund: str) -> list[tuple[str, int]]:
    """The calls to the rail that a refund led to: `(public id, fen)`."""
    session().rollback()
    of_refund = (RailIntent.kind == "refund") & (RailIntent.subject == refund)
    rows = session().execute(select(RailIntent.public_id, RailIntent.amount_fen).where(of_refund))
    return [(intent, fen) for intent, fen in rows]


def send(shop: Shop, refunds: Sequence[str]) -> None:
    """What the worker does with refunds that are begun."""
    for refund in refunds:
        for intent, _fen in begun(refund):
            send_refund({"intent": intent}, ports=shop.ports, now=NOW)


def books(party: str) -> Mapping[str, int]:
    """What a party has in the ledger, zeros left out."""
    session().rollback()
    return {kind: fen for kind, fen in balances(party, currency="CNY").items() if fen}
