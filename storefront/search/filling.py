"""Fills a new index: makes the lines it takes of goods, here or by helpers, each a process of its own.

A helper (`helper.py`) reads slices of the goods from the database and sends them back as lines, so that all cores
work and one process writes. Helpers are started anew, never forked: the worker has threads, whose locks a fork keeps.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, Final, Protocol, runtime_checkable

from storefront.search.counting import Counter
from storefront.search.fields import line
from storefront.search.rules import ListingDocument
from storefront.search.text import analyse

MOST_HELPERS: Final = 8
WORTH_A_HELPER: Final = 20_000  # goods: a helper takes seconds to start
_DIED: Final = "a helper of the index builder died"
_AHEAD: Final = 2  # slices asked of a helper at once: one under way, one to go on with


class HelperDiedError(RuntimeError):
    """A helper ended before its work was done; the index that was being built is given up."""


@runtime_checkable
class Sliced(Protocol):
    """Goods that other processes can read from the database at an address, a slice at a time."""

    @property
    def address(self) -> str:
        """The database."""

    @property
    def slices(self) -> Sequence[Sequence[int]]:
        """The keys of each slice."""

    @property
    def total(self) -> int:
        """How many goods there are, about."""

    @property
    def tell(self) -> Callable[[int, int], None]:
        """Who hears how many slices of how many are done."""


def lines(documents: Iterable[ListingDocument], counter: Counter) -> Generator[str]:
    """What the index takes of goods; the words of their titles are counted on the way."""
    number = helpers_for(documents)
    if number and isinstance(documents, Sliced):
        yield from _by_helpers(documents, counter, number)
    else:
        yield from made(documents, counter)


def made(documents: Iterable[ListingDocument], counter: Counter) -> Iterator[str]:
    """The same, made in this process."""
    for document in documents:
        title = analyse(document.title)
        counter.add(title.cuts)
        yield line(document, title)


def helpers_for(documents: Iterable[ListingDocument]) -> int:
    """How many helpers are worth it: none for few goods, nor where there is one core."""
    if not isinstance(documents, Sliced):
        return 0
    number = min(len(os.sched_getaffinity(0)), MOST_HELPERS, documents.total // WORTH_A_HELPER)
    return number if number > 1 else 0


def _by_helpers(goods: Sliced, counter: Counter, number: int) -> Iterator[str]:
    """Slices as they come; a helper that sends one back is asked for another, so that none waits."""
    ahead, done = iter(goods.slices), 0
    with _helpers(goods.address, number) as hands:
        owed = {hand: sum(_asked(hand, ahead) for _ in range(_AHEAD)) for hand in hands}
        while busy := [hand for hand in hands if owed[hand]]:
            ready = wait(busy)
            for hand in (one for one in busy if one in ready):
                some, counted = _received(hand)
                counter.take(counted)
                yield from some
                done += 1
                goods.tell(done, len(goods.slices))
                owed[hand] += _asked(hand, ahead) - 1


def _asked(hand: Any, ahead: Iterator[Sequence[int]]) -> bool:  # noqa: ANN401  a Connection
    """Ask for the next slice; whether there was one."""
    one = next(ahead, None)
    if one is not None:
        _send(hand, one)
    return one is not None


def _send(hand: Any, what: object) -> None:  # noqa: ANN401
    try:
        hand.send(what)
    except OSError:
        raise HelperDiedError(_DIED) from None


def _received(hand: Any) -> Any:  # noqa: ANN401
    try:
        return hand.recv()
    except (EOFError, OSError):
        raise HelperDiedError(_DIED) from None


@contextmanager
def _helpers(address: str, number: int) -> Iterator[list[Connection]]:
    """Connections to so many helpers; whatever happens, none is left behind."""
    hands, processes = [], []
    try:
        for _ in range(number):
            here, there = Pipe()
            hands.append(here)
            with there:
                processes.append(_started(there.fileno()))
            _send(here, address)
        yield hands
    finally:
        for process in processes:
            process.kill()
            process.wait()
        for hand in hands:
            hand.close()


def _started(line_to_us: int) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "storefront.search.helper", str(line_to_us))
    lean = os.environ | {"PYPINYIN_NO_PHRASES": "yes"}  # a helper asks for no sounds, whose phrases are 40 MB
    return subprocess.Popen(command, pass_fds=[line_to_us], env=lean)  # noqa: S603  our own module
