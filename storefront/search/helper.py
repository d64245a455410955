"""A process that helps to build the index: reads the slices of goods it is asked for, sends back lines.

python -m storefront.search.helper FD — a socket to whoever started it, who sends the database's address, then slices,
until it closes the line. No application is imported here: half the memory, and sooner at work.
"""

from __future__ import annotations

import gc
import signal
import sys
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from kernel.db import reading
from storefront.search.counting import Counter
from storefront.search.filling import made
from storefront.search.slices import read_slice

if TYPE_CHECKING:
    from storefront.search.documents import Sellers


def main(line: Connection) -> None:
    """Work until whoever asks is gone; that is how it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started it, who ends it
    sellers: Sellers = {}
    with reading(line.recv()) as asked:
        gc.freeze()  # what is loaded by now stays, and need not be looked at again and again
        while True:
            counter = Counter()
            lines = list(made(read_slice(line.recv(), sellers, asked), counter))
            line.send((lines, counter.told()))


if __name__ == "__main__":
    try:
        main(Connection(int(sys.argv[1])))
    except (EOFError, ConnectionError):
        sys.exit()
