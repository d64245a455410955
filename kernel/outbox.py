"""Facts: what happened, kept in the transaction in which it happened, and handed on from there.

A handler in the `within` column runs at once in the same transaction; one in the `after` column becomes a job.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sqlalchemy import JSON, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened; subclasses name their `kind` and carry public ids and plain values only."""

    kind: ClassVar[str]


class Within(Protocol):
    """A handler of the `within` column: joins the transaction in which the fact is published."""

    def __call__(self, fact: Any, *, actor: Actor, now: datetime) -> None:  # noqa: ANN401  each handler names its fact
        """Do what follows from the fact."""


class OutboxFact(Base):
    """A published fact; `relayed_at` is set when its jobs are made."""

    __tablename__ = "outbox_facts"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    happened_at: Mapped[Instant]
    relayed_at: Mapped[Instant | None] = mapped_column(index=True)


_within: dict[type[Fact], tuple[Within, ...]] = {}


def wire(handlers: Mapping[type[Fact], Sequence[Within]]) -> None:
    """Set the `within` column of the one table of handlers; called by the composition root."""
    _within.clear()
    _within.update({fact: tuple(column) for fact, column in handlers.items()})


def publish(fact: Fact, *, actor: Actor, now: datetime) -> None:
    """Keep a fact in the open transaction and run its `within` handlers there."""
    session().add(OutboxFact(kind=fact.kind, payload=asdict(fact), happened_at=now, relayed_at=None))
    for handler in _within.get(type(fact), ()):
        handler(fact, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A fact whose jobs are not made yet."""

    id: int
    kind: str
    happened_at: datetime
    payload: dict[str, Any]


def waiting(*, since: datetime | None = None, limit: int = 1) -> list[Waiting]:
    """Facts whose jobs are not made yet, oldest first, of those that happened since a moment; a read without a lock."""
    columns = (OutboxFact.id, OutboxFact.kind, OutboxFact.happened_at, OutboxFact.payload)
    query = select(*columns).where(OutboxFact.relayed_at.is_(None))
    if since is not None:
        query = query.where(OutboxFact.happened_at >= since)
    return [Waiting(*row) for row in session().execute(query.order_by(OutboxFact.id).limit(limit))]


def unrelayed(ids: Sequence[int]) -> list[OutboxFact]:
    """Those of these facts whose jobs are still not made, oldest first, locked against other relays."""
    query = select(OutboxFact).where(OutboxFact.relayed_at.is_(None), OutboxFact.id.in_(ids)).order_by(OutboxFact.id)
    return list(session().scalars(query.with_for_update(skip_locked=True)))


def mark_relayed(facts: Sequence[OutboxFact], *, now: datetime) -> None:
    """Remember that the jobs of these facts exist."""
    ids = [fact.id for fact in facts]
    session().execute(update(OutboxFact).where(OutboxFact.id.in_(ids)).values(relayed_at=now))


def revive(fact: type[Fact], payload: Mapping[str, Any]) -> Fact:
    """The fact again, from its stored payload; fields added since then take their defaults."""
    known = {field.name for field in fields(fact)}
    return fact(**{name: value for name, value in payload.items() if name in known})
