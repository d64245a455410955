"""Public ids: random, prefixed, safe to show; bigint keys never leave the database."""

from __future__ import annotations

import secrets

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 16
_FAIR = 256 // len(_ALPHABET) * len(_ALPHABET)
"""Bytes from here on would favour the first letters."""
_LETTERS = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_UNFAIR = bytes(range(_FAIR, 256))


def public_id(prefix: str) -> str:
    """A new id such as `lst_7k2m9q…`: 79 random bits, no look-alike letters."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def public_ids(prefix: str, count: int) -> list[str]:
    """Many new ids at once, for a tenth of the time each."""
    letters = ""
    while len(letters) < count * _LENGTH:
        letters += secrets.token_bytes(count * _LENGTH + 64).translate(_LETTERS, _UNFAIR).decode()
    return [f"{prefix}_{letters[start : start + _LENGTH]}" for start in range(0, count * _LENGTH, _LENGTH)]
