"""Sentences from a stream, one a line, however long or broken: each line has its answer before the next is read."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from onboarding.listings.sentences.reader import MAX_CHARS, SentenceReading, read_sentence, unread

_MAX_BYTES: Final = 4 * MAX_CHARS + 2
"""No character takes more than four, and a line may end in two."""


def read_lines(stream: BinaryIO) -> Iterator[SentenceReading]:
    """The reading of every line; one that is too long is passed over without being held in memory."""
    row = 0
    while line := stream.readline(_MAX_BYTES):
        row += 1
        whole = line.endswith(b"\n") or len(line) < _MAX_BYTES
        while not whole:
            rest = stream.readline(_MAX_BYTES)
            whole = rest.endswith(b"\n") or len(rest) < _MAX_BYTES
            line = b""
        yield _read(line, row)


def _read(line: bytes, row: int) -> SentenceReading:
    if not line:
        return unread(row, "line_too_long", limit=MAX_CHARS)
    try:
        return read_sentence(line.decode().rstrip("\r\n"), row)
    except UnicodeDecodeError:
        return unread(row, "line_not_text")
