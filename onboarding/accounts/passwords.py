"""Passwords: which are too weak to keep, and how they are kept and compared."""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kernel.errors import InvalidInputError, TooManyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEAST, MOST = 8, 128  # NIST SP 800-63B-4, and a length that costs nothing to hash

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP: 19 MiB, two passes
_AT_ONCE = BoundedSemaphore(2)  # so that a crowd at the door takes 38 MiB of a process, not its memory
_PATIENCE = 3  # seconds to wait for a turn
_COMMONEST = Path(__file__).parent / "data" / "commonest_passwords.txt"
_TELLING = 5  # characters of a name or a number that give a password away


def checked(password: str, *, known: Iterable[str]) -> str:
    """The password as it is hashed; InvalidInputError on `password`, when it is short, common or says who one is.

    `known` is what others know of the person: her name, phone, e-mail.
    """
    read = _read(password)
    if not LEAST <= len(read) <= MOST:
        raise InvalidInputError({"password": ("field.password_length", {"least": LEAST, "most": MOST})})
    folded = read.casefold()
    if folded in _commonest() or len(set(folded)) == 1:
        raise InvalidInputError({"password": ("field.password_common", {})})
    if any(_tells(folded, word) for word in known):
        raise InvalidInputError({"password": ("field.password_telling", {})})
    return read


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _turn():
        return _HASHER.hash(_read(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether this is the password; where none is kept the same work is done for nothing."""
    with _turn():
        try:
            return _HASHER.verify(kept or _nobodys(), _read(password)[: MOST + 1]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def _read(password: str) -> str:
    """The same password however a keyboard composes it (NIST SP 800-63B-4)."""
    return unicodedata.normalize("NFKC", password)


def _tells(folded: str, word: str) -> bool:
    said = word.casefold().removeprefix("+86").partition("@")[0]
    return said == folded or (len(said) >= _TELLING and said in folded) or (len(said) > LEAST and folded in said)


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise TooManyError("rate.limited", seconds=_PATIENCE)
    try:
        yield
    finally:
        _AT_ONCE.release()


@cache
def _commonest() -> frozenset[str]:
    return frozenset(line for line in _COMMONEST.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))


@cache
def _nobodys() -> str:
    """A hash that costs what anybody's costs."""
    return _HASHER.hash("nobody has this password")
