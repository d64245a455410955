"""What the processes of one test run share: a directory, and who may build in it."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "YUANTOU_TEST_GROUND"
PREFIX = "yt-ground-"


def lay() -> None:
    """Make the directory; workers started after this find it by the environment."""
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))  # short: a Unix socket path ends at 107
    place.chmod(0o711)  # PostgreSQL runs as somebody else and must pass through
    (place / "owner").write_text(str(os.getpid()))
    os.environ[VARIABLE] = str(place)


def path() -> Path:
    """Return the directory of this run."""
    return Path(os.environ[VARIABLE])


def clear() -> None:
    """Remove the directory of this run."""
    shutil.rmtree(os.environ.pop(VARIABLE))


def abandoned() -> Iterator[Path]:
    """Directories of runs that were killed before they could clear."""
    for place in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = place / "owner"
        if owner.exists() and not Path("/proc", owner.read_text()).exists():
            yield place


def once(name: str, build: Callable[[Path], None]) -> Path:
    """Return `ground/name`, built by the first process that asks while the others wait."""
    place, done = path() / name, path() / f"{name}.done"
    with _one_at_a_time(name):
        if not done.exists():
            build(place)
            done.touch()
    return place


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    with (path() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
