"""Where an index lives on disk: one directory for each time it was built, and a file that names the one in use.

A new index grows beside the old one; what changes meanwhile is written down and done again before the swap, under
the lock that writers take. Whoever reads goes on with what it has open until it looks again.
"""

import fcntl
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_CURRENT: Final = "current"
_FIRST: Final = "first"
_GOODS: Final = "goods/meta.json"  # without which there is nothing to open
_TOUCHED: Final = "touched"


class Home:
    """The directory of one shape of index."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    @property
    def is_built(self) -> bool:
        """Whether an index was ever built here, and is still there."""
        return (self.path / _CURRENT).exists() and (self.current() / _GOODS).exists()

    def stamp(self) -> tuple[int, ...]:
        """Another one whenever another generation came into use."""
        try:
            stat = (self.path / _CURRENT).stat()
        except FileNotFoundError:
            return ()
        return stat.st_mtime_ns, stat.st_ino

    def current(self) -> Path:
        """The generation in use; one that is empty until the first was built."""
        try:
            return self.path / (self.path / _CURRENT).read_text()
        except FileNotFoundError:
            return self.path / _FIRST

    def use(self, generation: Path) -> None:
        """Put a generation in the place of the one in use, and forget all others."""
        named = self.path / f"{_CURRENT}.new"
        named.write_text(generation.name)
        named.rename(self.path / _CURRENT)
        for other in self.path.iterdir():
            if other.is_dir() and other != generation:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold back all who write, and the swap; ends with the process."""
        self.path.mkdir(parents=True, exist_ok=True)  # somebody may have thrown it away
        with self._locked("writing", fcntl.LOCK_EX):
            yield

    @contextmanager
    def building(self) -> Iterator[Path]:
        """A directory for a new generation; one builder at a time, BlockingIOError for a second."""
        self.path.mkdir(parents=True, exist_ok=True)
        with self._locked("building", fcntl.LOCK_EX | fcntl.LOCK_NB):
            (self.path / _TOUCHED).write_text("")
            generation = self.path / uuid.uuid4().hex[:12]
            try:
                yield generation
            finally:
                (self.path / _TOUCHED).unlink(missing_ok=True)
                if generation != self.current():
                    shutil.rmtree(generation, ignore_errors=True)

    def touch(self, public_ids: Iterable[str]) -> None:
        """Write down what was changed while a new generation is built; nothing to do when none is."""
        if (self.path / _TOUCHED).exists():
            with (self.path / _TOUCHED).open("a") as file:
                file.writelines(f"{public_id}\n" for public_id in public_ids)

    def touched(self) -> list[str]:
        """What was changed since the building began, each once."""
        return list(dict.fromkeys((self.path / _TOUCHED).read_text().split()))

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Hold back others who open: two first comers would both write an empty index."""
        with self._locked("opening", fcntl.LOCK_EX):
            yield

    @contextmanager
    def _locked(self, name: str, how: int) -> Iterator[None]:
        with (self.path / name).open("w") as door:
            fcntl.flock(door, how)
            yield
