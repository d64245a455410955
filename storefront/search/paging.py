"""What was shown on the pages before, as an address carries it: sorted keys, their differences, as few letters as can.

So goods that move up or down meanwhile are neither shown twice nor passed over.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable, Sequence
from typing import Final

MOST_SEEN: Final = 1_000  # 25 pages; beyond that pages are counted off
LONGEST: Final = 3_000  # letters; servers take lines of 4,094

_LAST_KEY: Final = 1 << 53
_SEVEN_BITS: Final = 0x7F
_MORE: Final = 0x80


def seen_as(keys: Iterable[int]) -> str:
    """The letters for those keys; empty for none."""
    packed = bytearray()
    before = 0
    for key in sorted(set(keys)):
        step, before = key - before, key
        while step > _SEVEN_BITS:
            packed.append(step & _SEVEN_BITS | _MORE)
            step >>= 7
        packed.append(step)
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def seen_in(letters: str) -> tuple[int, ...]:
    """The keys that such letters stand for; none where they were written by somebody else."""
    if not letters or len(letters) > LONGEST or not letters.isascii():
        return ()
    try:
        packed = urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
    except (Error, ValueError):
        return ()
    keys = _unpacked(packed)
    return keys if len(keys) <= MOST_SEEN and seen_as(keys) == letters else ()


def added(seen: Sequence[int], shown: Iterable[int]) -> tuple[int, ...]:
    """What was seen and is shown now, as the next page is told; as before where that would be too much to carry."""
    more = tuple(sorted({*seen, *shown}))
    return more if len(more) <= MOST_SEEN and len(seen_as(more)) <= LONGEST else tuple(seen)


def _unpacked(packed: bytes) -> tuple[int, ...]:
    keys: list[int] = []
    key = step = shift = 0
    for byte in packed:
        step |= (byte & _SEVEN_BITS) << shift
        shift += 7
        if byte & _MORE:
            continue
        key += step
        if key > _LAST_KEY or shift > _LAST_KEY.bit_length() + 7:
            return ()
        keys.append(key)
        step = shift = 0
    return tuple(keys)
