"""What can be asked about promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.db import session
from onboarding.terms.models import ShopTerms
from onboarding.terms.rules import Terms

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, SQLColumnExpression


def sold_to_order(
    maker_id: SQLColumnExpression[int], is_made_to_order: SQLColumnExpression[bool]
) -> ColumnElement[bool]:
    """That goods are sold as made to order, as a column: they are, and their maker says that it takes none back for it.

    Nobody sends those back without a reason (消费者权益保护法, article 25).
    """
    said = (ShopTerms.organisation_id == maker_id) & (ShopTerms.returns == "made_to_order")
    return is_made_to_order & select(ShopTerms.id).where(said).exists()


def terms_of(organisation_id: int) -> Terms | None:
    """What a factory promises, if it ever said."""
    return terms_in(session().scalar(select(ShopTerms).where(ShopTerms.organisation_id == organisation_id)))


def terms_in(row: ShopTerms | None) -> Terms | None:
    """The same of a row that a query brought along."""
    return Terms(row.lead_days, row.returns) if row else None
