"""Public ids: random, prefixed, safe to show; bigint keys never leave the database."""

from __future__ import annotations

import secrets

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 16


def public_id(prefix: str) -> str:
    """A new id such as `lst_7k2m9q…`: 79 random bits, no look-alike letters."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
