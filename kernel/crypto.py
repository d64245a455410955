"""Personal data at rest: encrypted columns, and keyed fingerprints where equality must be looked up."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class Cipher:
    """Encrypts and fingerprints with keys derived from the deployment's secret."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"columns")))
        self._pepper = _derive(secret, b"fingerprints")

    def encrypt(self, text: str) -> str:
        """Encrypted and authenticated text."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """The text again; a token of another secret raises `InvalidToken`."""
        return self._fernet.decrypt(token.encode()).decode()

    def fingerprint(self, text: str) -> str:
        """A keyed SHA-256 for looking up what is stored encrypted or not at all (phones, codes, session ids)."""
        return hmac.new(self._pepper, text.encode(), hashlib.sha256).hexdigest()


class EncryptedText(TypeDecorator[str]):
    """A text column that is ciphertext on disk."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Encrypt on the way in."""
        return None if value is None else cipher().encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decrypt on the way out."""
        return None if value is None else cipher().decrypt(value)


def cipher() -> Cipher:
    """The running deployment's cipher."""
    found: Cipher = current_app.extensions["cipher"]
    return found


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"yuantou", info=purpose).derive(secret.encode())
