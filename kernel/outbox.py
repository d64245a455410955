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


def waiting() -> bool:
    """Whether any fact has not been relayed; a cheap read before taking the writer's lock."""
    return session().scalar(select(OutboxFact.id).where(OutboxFact.relayed_at.is_(None)).limit(1)) is not None


def unrelayed(*, limit: int = 200) -> list[OutboxFact]:
    """Facts whose jobs are not made yet, oldest first, locked against other relays."""
    query = select(OutboxFact).where(OutboxFact.relayed_at.is_(None)).order_by(OutboxFact.id).limit(limit)
    return list(session().scalars(query.with_for_update(skip_locked=True)))


def young(*, since: datetime, limit: int) -> list[tuple[int, str, dict[str, Any]]]:
    """The same as `(id, kind, payload)`, of those that happened since a moment, without a lock."""
    columns = (OutboxFact.id, OutboxFact.kind, OutboxFact.payload)
    query = select(*columns).where(OutboxFact.relayed_at.is_(None), OutboxFact.happened_at >= since)
    return [(row.id, row.kind, row.payload) for row in session().execute(query.order_by(OutboxFact.id).limit(limit))]


def mark_relayed(facts: Sequence[OutboxFact], *, now: datetime) -> None:
    """Remember that the jobs of these facts exist."""
    ids = [fact.id for fact in facts]
    session().execute(update(OutboxFact).where(OutboxFact.id.in_(ids)).values(relayed_at=now))


def revive(fact: type[Fact], payload: Mapping[str, Any]) -> Fact:
    """The fact again, from its stored payload; fields added since then take their defaults."""
    known = {field.name for field in fields(fact)}
    return fact(**{name: value for name, value in payload.items() if name in known})
