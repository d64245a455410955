"""The self-check: books, statements and stock agree, or it says where they do not."""

from __future__ import annotations

from commission.settlement.queries import verify_books
from onboarding.listings.stock import imbalances


def self_check() -> list[str]:
    """One line per finding; none when all is well."""
    books = [f"{found.code} {found.subject} {found.detail}".rstrip() for found in verify_books().violations]
    stock = [
        f"stock {found.sku}: on hand {found.on_hand}, moved {found.moved}, reserved {found.reserved}, held {found.held}"
        for found in imbalances()
    ]
    return [*books, *stock]
