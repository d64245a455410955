"""Files by content hash: originals private, named by the machine, never by what a person called them."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

from kernel.errors import NotFoundError

_KEY = re.compile(r"[0-9a-f]{64}")


class Files(Protocol):
    """Keeps private originals by content hash."""

    def put(self, data: bytes) -> str:
        """Keep the bytes; returns their key. Keeping the same bytes twice is once."""

    def get(self, key: str) -> bytes:
        """The bytes of a key, or NotFoundError."""


class LocalFiles:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Written beside and renamed, so that a killed process leaves no half file under a key."""
        key = hashlib.sha256(data).hexdigest()
        target = self._path(key)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        return key

    def get(self, key: str) -> bytes:
        """The bytes of a key; anything that is no key is not found."""
        if not _KEY.fullmatch(key):
            raise NotFoundError
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise NotFoundError from None

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key
