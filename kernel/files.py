"""Files by content hash: originals private, named by the machine, never by what a person called them."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from kernel.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

_KEY = re.compile(r"[0-9a-f]{64}")
_PARTIAL: Final = "partial"
_STALE_SECONDS: Final = 86_400


def key_of(name: str) -> str:
    """The key of what is kept by a name of ours, a public id, and not by what it says."""
    return hashlib.sha256(name.encode()).hexdigest()


class Files(Protocol):
    """Keeps private originals by content hash."""

    def put(self, data: bytes) -> str:
        """Keep the bytes; returns their key. Keeping the same bytes twice is once."""

    def get(self, key: str) -> bytes:
        """The bytes of a key, or NotFoundError."""

    def write(self, fill: Callable[[BinaryIO], None], *, key: str) -> None:
        """Keep what is too large for the memory, written bit by bit into a file that `fill` is given, under `key_of`.

        Whoever was killed before she kept the key writes it anew, in the place of the first.
        """

    def open(self, key: str) -> BinaryIO:
        """The file of a key, to be read bit by bit; NotFoundError."""

    def forget(self, key: str) -> None:
        """Keep it no longer; what is not there is forgotten already."""


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

    def write(self, fill: Callable[[BinaryIO], None], *, key: str) -> None:
        """Written apart and renamed; what killed processes left there is removed a day later."""
        partial = self._folder / _PARTIAL
        partial.mkdir(parents=True, exist_ok=True)
        for left in partial.iterdir():
            with suppress(FileNotFoundError):  # a rival has just finished it
                if left.stat().st_mtime < time.time() - _STALE_SECONDS:
                    left.unlink()
        handle, name = tempfile.mkstemp(dir=partial)
        try:
            with os.fdopen(handle, "w+b") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
            target = self._path(key)
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)

    def open(self, key: str) -> BinaryIO:
        """Opened for reading; anything that is no key is not found."""
        if not _KEY.fullmatch(key):
            raise NotFoundError
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise NotFoundError from None

    def forget(self, key: str) -> None:
        """Removed from the folder."""
        if _KEY.fullmatch(key):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key
