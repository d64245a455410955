"""Factories that those who run the channel vouch for: they come in with goods, approved, and nobody owns them yet.

Their credit codes are stand-ins: given out by the state itself, `LD` and the number of the organisation inside. Both
checks of a code hold for them; whoever comes to own such a factory tells its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import insert, select

from kernel.audit import operation
from kernel.db import session
from kernel.ids import public_ids
from kernel.permissions import Permission
from onboarding.accounts.founding import found_factories
from onboarding.accounts.models import Organisation
from onboarding.licences.credit_code import ALPHABET, check_digit, inner_check_digit
from onboarding.verification.models import Application

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from kernel.permissions import Actor

_STAND_IN = "91100000LD"
_OWN_LETTERS = 6


class House(NamedTuple):
    """A factory that goods are loaded for."""

    id: int
    trades: bool


def houses_named(names: Collection[str]) -> dict[str, House]:
    """The factories of these names that stand, whoever owns them; of two of one name the one that trades, the older."""
    trades = Application.state == "approved"
    query = (
        select(Organisation.name, Organisation.id, trades)
        .join(Application, Application.organisation_id == Organisation.id)
        .where(Organisation.name.in_(names), Organisation.kind == "factory", Organisation.left_at.is_(None))
        .order_by(trades, Organisation.id.desc())
    )
    return {name: House(number, bool(is_open)) for name, number, is_open in session().execute(query)}


@operation("factory.vouch")
def vouch(*, actor: Actor, factories: Mapping[str, int], now: datetime) -> dict[str, House]:
    """Make approved factories that sell both ways, `{name: belt id}`."""
    actor.require(Permission.OPS_CASES_DECIDE)
    ids = found_factories(actor=actor, names=list(factories), now=now)
    rows = [
        {
            "public_id": made,
            "organisation_id": ids[name],
            "kind": "factory",
            "uscc": _stand_in(ids[name]),
            "belt_id": factories[name],
            "ways": "both",
            "state": "approved",
            "begun_at": now,
            "submitted_at": now,
            "decided_at": now,
            "approved_by": actor.user_id,
            "decided_by": actor.user_id,
        }
        for name, made in zip(ids, public_ids("app", len(ids)), strict=True)
    ]
    session().execute(insert(Application), rows)
    return {name: House(number, trades=True) for name, number in ids.items()}


def _stand_in(organisation_id: int) -> str:
    """A credit code that no other organisation has."""
    base = len(ALPHABET)
    code = _STAND_IN + "".join(ALPHABET[organisation_id // base**place % base] for place in range(_OWN_LETTERS))
    code += inner_check_digit(code)
    return code + check_digit(code)
