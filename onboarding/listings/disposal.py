"""What becomes of goods that were prepared for a factory which is thrown away before it was one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError
from kernel.files import key_of
from onboarding.certificates.operations import uncover
from onboarding.licences.queries import organisation_for
from onboarding.listings.models import (
    ColumnChoice,
    Listing,
    SheetImport,
    SheetProgress,
    Sku,
    StockMovement,
    SupplyTier,
    WayOfSelling,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor


@operation("goods.throw_away")
def throw_away(*, actor: Actor, organisation: str, now: datetime) -> list[str]:
    """Forget goods that were never on sale, their stock, and the sheets they came from; the keys of files to forget.

    `factory.goods_waiting` while an operator looks at any of them. The database refuses to lose a movement of goods
    that were on sale, or were held for somebody.
    """
    home = organisation_for(actor, organisation)
    mine = Listing.organisation_id == home
    if session().scalar(select(Listing.id).where(mine, Listing.state == "submitted").limit(1)):
        raise DomainError("factory.goods_waiting")
    goods = select(Listing.id).where(mine)
    skus = select(Sku.id).where(Sku.listing_id.in_(goods))
    uncover(actor=actor, organisation=organisation, goods=session().scalars(goods).all(), now=now)
    session().execute(delete(StockMovement).where(StockMovement.sku_id.in_(skus)))
    for table in (Sku, WayOfSelling, SupplyTier):
        session().execute(delete(table).where(table.listing_id.in_(goods)))
    gone = session().scalars(delete(Listing).where(mine).returning(Listing.public_id)).all()
    session().execute(delete(ColumnChoice).where(ColumnChoice.organisation_id == home))
    note(f"organisation:{organisation}", after={"goods": f"{len(gone)} thrown away"})
    return _sheets(SheetImport.organisation_id == home)


def _sheets(mine: ColumnElement[bool]) -> list[str]:
    """Forget sheets and how far they came; the keys of the files that nobody else's row names."""
    sheets = select(SheetImport.id).where(mine)
    session().execute(delete(SheetProgress).where(SheetProgress.sheet_import_id.in_(sheets)))
    keys = (SheetImport.file_key, SheetImport.refused_key, SheetImport.reading)
    rows = session().execute(delete(SheetImport).where(mine).returning(*keys)).all()
    gone = {key for row in rows for key in (row.file_key, row.refused_key) if key}
    gone |= {key_of(one["handed"]["picture"]) for row in rows for one in row.reading.get("photos", ())}
    kept = set(session().scalars(select(SheetImport.file_key).where(SheetImport.file_key.in_(gone))))
    return sorted(gone - kept)
