"""Organisations without an owner, made by those who run the channel: of goods that came in as a whole catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from kernel.audit import note, operation
from kernel.db import next_ids, session
from kernel.ids import public_ids
from kernel.permissions import Permission
from onboarding.accounts.models import Organisation
from onboarding.accounts.operations import slug_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kernel.permissions import Actor


@operation("account.found_factories")
def found_factories(*, actor: Actor, names: Sequence[str], now: datetime) -> dict[str, int]:
    """Make a factory of each name that nobody owns yet; name → id. Whoever owns one is invited to it later."""
    actor.require(Permission.OPS_CASES_DECIDE)
    ids, made = next_ids(Organisation, len(names)), public_ids("fac", len(names))
    rows = [
        {
            "id": number,
            "public_id": one,
            "kind": "factory",
            "name": name,
            "slug": slug_of(name, one),
            "created_at": now,
            "left_at": None,
        }
        for number, one, name in zip(ids, made, names, strict=True)
    ]
    session().execute(insert(Organisation.__table__), rows)  # type: ignore[arg-type]
    for row in rows:
        note(f"organisation:{row['public_id']}", after={"kind": "factory", "name": row["name"]})
    return dict(zip(names, ids, strict=True))
