"""Filters that somebody keeps under a name, for her own lists; one of a list may be where she starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from kernel.audit import note, operation
from kernel.db import Base, Id, Instant, PublicId, Ref, is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.permissions import Permission
from kernel.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kernel.permissions import Actor

MOST: Final = 20
NAMED: Final = 30
_QUERY: Final = 500


class SavedFilter(Base):
    """A filter of one list and one person; `place` keeps her within twenty a list, whatever is sent at once."""

    __tablename__ = "saved_filters"
    __table_args__ = (
        UniqueConstraint("user_id", "page", "name"),
        UniqueConstraint("user_id", "page", "place"),
        CheckConstraint(f"place between 1 and {MOST}", name="place"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("page like '/%'", name="page"),
        Index(
            "uq_saved_filters_usual",
            "user_id",
            "page",
            unique=True,
            sqlite_where=text("usual = 1"),
            postgresql_where=text("usual"),
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    page: Mapped[str] = mapped_column(String(60))
    place: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(NAMED))
    query: Mapped[str] = mapped_column(String(_QUERY))
    usual: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    saved_at: Mapped[Instant]


def saved_filters(actor: Actor, page: str) -> Sequence[SavedFilter]:
    """The actor's own filters of a list, in the order she kept them."""
    mine = (SavedFilter.user_id == actor.user_id, SavedFilter.page == page)
    return session().scalars(select(SavedFilter).where(*mine).order_by(SavedFilter.place)).all()


@operation("filter.save")
def save_filter(*, actor: Actor, page: str, name: str, query: str, usual: bool, now: datetime) -> None:
    """Keep a filter under a name, instead of what had that name before.

    `field.required`, `field.too_long` for the name; `filter.too_many` beyond twenty of a list, `filter.too_long` for
    a filter that no address holds, `filter.at_once` when the same is being kept in another window.
    """
    _allowed(actor)
    name = _named(name)
    if len(query) > _QUERY:
        raise DomainError("filter.too_long")
    _hold(actor, page)
    mine = {one.name: one for one in saved_filters(actor, page)}
    if usual:
        _unusual(actor, page)
    if (known := mine.get(name)) is not None:
        known.query, known.usual, known.saved_at = query, usual or known.usual, now
    elif len(mine) >= MOST:
        raise DomainError("filter.too_many", most=MOST)
    else:
        place = next(free for free in range(1, MOST + 1) if free not in {one.place for one in mine.values()})
        _keep(actor, page=page, place=place, name=name, query=query, usual=usual, saved_at=now)
    note(f"list:{page}", after={"filter": name, "query": query, "usual": usual})


@operation("filter.drop")
def drop_filter(*, actor: Actor, saved: str, now: datetime) -> str:  # noqa: ARG001  audited
    """Forget a filter of one's own; returns the page it was of."""
    page = _page_of(actor, saved)
    gone = delete(SavedFilter).where(SavedFilter.public_id == saved)
    if session().scalar(gone.returning(SavedFilter.id)) is None:  # dropped meanwhile
        raise NotFoundError
    note(f"filter:{saved}", before={"page": page})
    return page


@operation("filter.prefer")
def prefer_filter(*, actor: Actor, saved: str, usual: bool, now: datetime) -> str:  # noqa: ARG001  audited
    """Start a list with this filter from now on, or with none; returns the page it is of."""
    page = _page_of(actor, saved)
    _hold(actor, page)
    _unusual(actor, page)
    chosen = update(SavedFilter).where(SavedFilter.public_id == saved).values(usual=usual)
    if session().scalar(chosen.returning(SavedFilter.id)) is None:  # dropped meanwhile
        raise NotFoundError
    note(f"filter:{saved}", after={"usual": usual})
    return page


def _page_of(actor: Actor, saved: str) -> str:
    """Where a filter of the actor's own is used; NotFoundError for anybody else's."""
    _allowed(actor)
    mine = (SavedFilter.public_id == saved, SavedFilter.user_id == actor.user_id)
    page = session().scalar(select(SavedFilter.page).where(*mine))
    if page is None:
        raise NotFoundError
    return page


def _hold(actor: Actor, page: str) -> None:
    """Hold her filters of a list until the transaction ends: of two that become the usual one at once, one is later."""
    mine = (SavedFilter.user_id == actor.user_id, SavedFilter.page == page)
    session().execute(select(SavedFilter.id).where(*mine).order_by(SavedFilter.id).with_for_update())


def _allowed(actor: Actor) -> None:
    """Whatever the reach of her desk: a filter is her own."""
    if not actor.holds(Permission.DESK_FILTERS_KEEP):
        raise NotFoundError


def _keep(actor: Actor, **values: Any) -> None:  # noqa: ANN401  the columns
    dialect = sqlite if is_sqlite() else postgresql
    row = {"public_id": public_id("flt"), "user_id": actor.user_id, **values}
    kept = dialect.insert(SavedFilter).values(**row).on_conflict_do_nothing().returning(SavedFilter.id)
    if session().scalar(kept) is None:
        raise DomainError("filter.at_once")


def _unusual(actor: Actor, page: str) -> None:
    mine = (SavedFilter.user_id == actor.user_id, SavedFilter.page == page, SavedFilter.usual)
    session().execute(update(SavedFilter).where(*mine).values(usual=False))


def _named(name: str) -> str:
    said = clean(name)
    if not said:
        raise InvalidInputError({"name": ("field.required", {})})
    if len(said) > NAMED:
        raise InvalidInputError({"name": ("field.too_long", {"most": NAMED})})
    return said
