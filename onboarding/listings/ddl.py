"""What tables alone cannot state, on both databases: movements are append-only, tiers fall strictly, and goods are
on sale only with every kind of certificate that they need, each confirmed and for them.

Movements of goods that were never on sale, nor ever held for anybody, may go with them: a draft is deleted whole.

Migrations and test grounds call `create_triggers` after the tables stand, and `drop_triggers` before they change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_APPEND_ONLY = "stock movements are append-only"
_FALLING = "supply tiers fall strictly"
_MATTERS = (
    "exists (select 1 from skus s join listings l on l.id = s.listing_id where s.id = old.sku_id and ("
    "l.published_at is not null or exists (select 1 from stock_reservations r where r.sku_id = s.id)))"
)
_NOT_FALLING = """
    exists (
        select 1 from supply_tiers as other
        where other.listing_id = new.listing_id and other.id <> new.id
          and ((other.min_quantity < new.min_quantity and other.unit_price_fen <= new.unit_price_fen)
            or (other.min_quantity > new.min_quantity and other.unit_price_fen >= new.unit_price_fen))
    )
"""
_EVENTS = ("update", "delete")
_TIER_EVENTS = ("insert", "update")


def create_triggers(connection: Connection) -> None:
    """Create the triggers of this context."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    names = [*(f"stock_movements_no_{event}" for event in _EVENTS), *(f"supply_tiers_{on}" for on in _TIER_EVENTS)]
    for name in names:
        table = "stock_movements" if name.startswith("stock") else "supply_tiers"
        on = "" if connection.dialect.name == "sqlite" else f" on {table}"
        connection.execute(text(f"drop trigger if exists {name}{on}"))


def create_certificate_triggers(connection: Connection) -> None:
    """Create the triggers that hold published goods to their certificates; the tables of certificates stand by then."""
    for statement in _CERTIFIED_SQLITE if connection.dialect.name == "sqlite" else _CERTIFIED_POSTGRESQL:
        connection.execute(text(statement))


def drop_certificate_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    on = "" if connection.dialect.name == "sqlite" else " on listings"
    for event in _TIER_EVENTS:
        connection.execute(text(f"drop trigger if exists listings_certified_{event}{on}"))


_UNCERTIFIED = "goods on sale lack a certificate that they need"
# As many different kinds as there are words in `needs`: fewer held than needed is one that lacks.
_LACKS = """
    new.state = 'published' and new.needs <> '' and (
        select count(distinct c.kind) from certificates as c
        where c.organisation_id = new.organisation_id and c.state = 'confirmed'
          and ' ' || new.needs || ' ' like '% ' || c.kind || ' %'
          and (c.covers_all or exists (
            select 1 from certificate_goods g where g.certificate_id = c.id and g.listing_id = new.id))
    ) < length(new.needs) - length(replace(new.needs, ' ', '')) + 1
"""
_CERTIFIED_SQLITE = tuple(
    f"create trigger listings_certified_{event} after {columns} on listings when {_LACKS} "
    f"begin select raise(abort, '{_UNCERTIFIED}'); end"
    for event, columns in (("insert", "insert"), ("update", "update of state, needs"))
)
_CERTIFIED_POSTGRESQL = (
    (
        "create or replace function listings_certified() returns trigger language plpgsql as $$ "
        f"begin if {_LACKS} then "
        f"raise exception using errcode = '23514', message = '{_UNCERTIFIED}'; end if; return null; end $$"
    ),
    *(
        f"create trigger listings_certified_{event} after {columns} on listings "
        "for each row execute function listings_certified()"
        for event, columns in (("insert", "insert"), ("update", "update of state, needs"))
    ),
)
_SQLITE = (
    *(
        f"create trigger stock_movements_no_{event} before {event} on stock_movements "
        f"{f'when {_MATTERS} ' if event == 'delete' else ''}begin select raise(abort, '{_APPEND_ONLY}'); end"
        for event in _EVENTS
    ),
    *(
        f"create trigger supply_tiers_{event} after {event} on supply_tiers when {_NOT_FALLING} "
        f"begin select raise(abort, '{_FALLING}'); end"
        for event in _TIER_EVENTS
    ),
)
_POSTGRESQL = (
    (
        "create or replace function stock_movements_refuse() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'DELETE' then if not ({_MATTERS}) then return old; end if; end if; "
        f"raise exception using errcode = '23514', message = '{_APPEND_ONLY}'; end $$"
    ),
    (
        "create or replace function supply_tiers_check() returns trigger language plpgsql as $$ "
        f"begin if {_NOT_FALLING} then "
        f"raise exception using errcode = '23514', message = '{_FALLING}'; end if; return null; end $$"
    ),
    *(
        f"create trigger stock_movements_no_{event} before {event} on stock_movements "
        "for each row execute function stock_movements_refuse()"
        for event in _EVENTS
    ),
    *(
        f"create trigger supply_tiers_{event} after {event} on supply_tiers "
        "for each row execute function supply_tiers_check()"
        for event in _TIER_EVENTS
    ),
)
