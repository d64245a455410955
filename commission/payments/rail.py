"""The port to a payment company: what a rail must do, what it answers, and that an answer can be lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kernel.money import Money


class RailUnknownError(Exception):
    """No answer came back: the call may or may not have taken effect. Look it up by its key."""


class KeyReusedError(Exception):
    """A key came back with other parameters: a fault in our code, never to be retried."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rail said: `ok` or `failed`; `unknown` stands for a lost answer. Fees are in fen."""

    state: str
    rail_ref: str = ""
    fee_fen: int = 0
    reason: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the rail has spoken."""
        return self.state != "unknown"


UNKNOWN = Outcome("unknown")


class Rail(Protocol):
    """A payment company. Every call is idempotent by `key`; a lost answer raises RailUnknownError."""

    def charge(self, *, key: str, amount: Money, reference: str, method: str) -> Outcome:
        """Take money from a buyer by a payment method; the fee in the outcome is already kept back."""

    def refund(self, *, key: str, charge_ref: str, amount: Money) -> Outcome:
        """Give back part or all of a charge; the fee of the charge is not returned."""

    def payout(self, *, key: str, amount: Money, payee: str) -> Outcome:
        """Send money to a party from the balance held at the rail."""

    def query(self, *, key: str) -> Outcome | None:
        """What became of a key, or None when the rail never saw it."""
