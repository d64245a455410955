"""Every write is an operation: one transaction, one audit row that says who did what to what, and why."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import JSON, CheckConstraint, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, Ref, session, transaction
from kernel.permissions import SYSTEM, Actor

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Change = dict[str, Any]

_NOTES = "yuantou_audit_notes"


class AuditRow(Base):
    """One finished operation; `under` is the grant by which a helper acted `on_behalf_of` somebody (public ids)."""

    __tablename__ = "audit_rows"
    __table_args__ = (CheckConstraint("(under = '') = (on_behalf_of = '')", name="on_behalf"),)

    id: Mapped[Id]
    at: Mapped[Instant] = mapped_column(index=True)
    actor_user_id: Mapped[Ref | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(60))
    on_behalf_of: Mapped[str] = mapped_column(String(40), server_default="")
    under: Mapped[str] = mapped_column(String(40), server_default="", index=True)
    operation: Mapped[str] = mapped_column(String(60), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    changes: Mapped[list[Change]] = mapped_column(JSON)


def operation(
    name: str, *, quiet: bool = False
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Make a function an operation named `area.verb`; it takes `actor` and `now` by keyword.

    It joins an open transaction; the outermost one writes the audit row and commits. A `quiet` one, such as a
    schedule that mostly finds nothing to do, leaves a row only when it noted a change.
    """

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @functools.wraps(function)
        def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            with transaction() as outermost:
                if outermost:
                    session().info[_NOTES] = []
                result = function(*args, **kwargs)
                if outermost and (session().info[_NOTES] or not quiet):
                    _write(name, kwargs)
                return result

        run.operation = name  # type: ignore[attr-defined]
        return run

    return decorate


def note(subject: str, *, before: Change | None = None, after: Change | None = None, reason: str = "") -> None:
    """Say what the running operation changed; `subject` is `kind:public_id`. Personal data stays out."""
    change = {"subject": subject, "before": before or {}, "after": after or {}, "reason": reason}
    session().info.setdefault(_NOTES, []).append(change)


def _write(name: str, arguments: dict[str, Any]) -> None:
    actor: Actor = arguments.get("actor", SYSTEM)
    now: datetime = arguments["now"]
    changes: list[Change] = session().info.pop(_NOTES, [])
    session().execute(
        insert(AuditRow).values(
            at=now,
            actor_user_id=actor.user_id,
            actor=actor.user or actor.name or "visitor",
            on_behalf_of=actor.helping.owner if actor.helping else "",
            under=actor.helping.grant if actor.helping else "",
            operation=name,
            reason=next((change["reason"] for change in changes if change["reason"]), ""),
            changes=changes,
        ),
    )
