"""Messages to people: rows written with the operation, sent by the worker, shown at `/dev/messages` in development."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from sqlalchemy import CheckConstraint, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Base, Id, Instant, PublicId, session, transaction
from kernel.ids import public_id
from kernel.outbox import Fact, publish

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from kernel.wording import Words


class Notify(Protocol):
    """Delivers one message over SMS or mail."""

    def send(self, *, channel: str, recipient: str, text: str, key: str) -> None:
        """Deliver; `key` is stable per message so that a provider can drop a repeat. Raises when not accepted."""


class DevelopmentNotify:
    """Delivers nowhere: the message rows themselves are the mailbox that `/dev/messages` shows."""

    def send(self, *, channel: str, recipient: str, text: str, key: str) -> None:
        """Accept."""


class Message(Base):
    """One text to one person."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sent')", name="state"),
        CheckConstraint("channel in ('sms', 'mail')", name="channel"),
        CheckConstraint("language in ('zh', 'en')", name="language"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    channel: Mapped[str] = mapped_column(String(10))
    recipient: Mapped[str] = mapped_column(EncryptedText)
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(EncryptedText)
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Instant] = mapped_column(index=True)
    sent_at: Mapped[Instant | None]


@dataclass(frozen=True, slots=True)
class MessageQueued(Fact):
    """A message waits to be sent; published by `send_message`, handled by the worker."""

    kind: ClassVar[str] = "message.queued"
    message: str


def send_message(*, channel: str, recipient: str, language: str, words: Words, actor: Actor, now: datetime) -> None:
    """Queue a text in the open transaction, in the language of whoever reads it, not of whoever caused it."""
    message = Message(
        public_id=public_id("msg"),
        channel=channel,
        recipient=recipient,
        language=language,
        text=words.said_in(language),
        state="queued",
        created_at=now,
        sent_at=None,
    )
    session().add(message)
    publish(MessageQueued(message=message.public_id), actor=actor, now=now)


def deliver(message: str, *, notify: Notify, now: datetime) -> None:
    """Send a queued message; sending happens outside any transaction, a repeat carries the same key."""
    told = select(Message.channel, Message.recipient, Message.text).where(Message.public_id == message)
    row = session().execute(told.where(Message.state == "queued")).one_or_none()
    session().rollback()  # the read is over: no transaction waits for the provider
    if row is None:
        return
    notify.send(channel=row.channel, recipient=row.recipient, text=row.text, key=message)
    with transaction():
        sent = update(Message).where(Message.public_id == message)
        session().execute(sent.values(state="sent", sent_at=now))


def latest(*, limit: int = 50) -> list[Message]:
    """The newest messages, for the development mailbox."""
    return list(session().scalars(select(Message).order_by(Message.id.desc()).limit(limit)))
