"""The self-check: books, statements, stock and supply orders agree, or it says where they do not."""

from __future__ import annotations

from commission.settlement.queries import verify_books
from onboarding.listings.stock import imbalances
from storefront.supply.queries import wrong_supply_orders


def self_check() -> list[str]:
    """One line per finding; none when all is well."""
    books = [f"{found.code} {found.subject} {found.detail}".rstrip() for found in verify_books().violations]
    stock = [
        f"stock {found.sku}: on hand {found.on_hand}, moved {found.moved}, reserved {found.reserved}, held {found.held}"
        for found in imbalances()
    ]
    wrong = "missing, or not what its lines and the books say"
    supply = [f"supply order of {number}: {wrong}" for number in wrong_supply_orders()]
    return [*books, *stock, *supply]
