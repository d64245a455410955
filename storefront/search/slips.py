"""How likely it is that one word was typed for another: by fingers that slip, and by ears that hear alike. Pure."""

from itertools import pairwise, product, starmap
from typing import Final

_SWAPPED, _TWICE, _LESS, _BESIDE, _OTHER = 0.5, 0.5, 0.8, 0.8, 1.2  # what each slip costs
_FIRST: Final = 0.5  # more for a slip in the first letter: people know how a word begins
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDES: Final = frozenset(
    pair
    for some in (*map(pairwise, _ROWS), *starmap(zip, pairwise(_ROWS)), product("aeiou", repeat=2))
    for pair in map("".join, some)
)
_HEARD_ALIKE: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("l", "n"))


def heard_alike(sound: str) -> str:
    """Pinyin without what many do not tell apart: zh and z, ang and an, l and n."""
    for one, other in _HEARD_ALIKE:
        sound = sound.replace(one, other)
    return sound


def slip(typed: str, meant: str) -> float:
    """What it costs to have typed one word for another: letters swapped, left out, twice, or those beside."""
    rows = [[float(at) for at in range(len(meant) + 1)]]
    for i, letter in enumerate(typed, 1):
        row = [float(i)]
        for j, other in enumerate(meant, 1):
            first = _FIRST if 1 in (i, j) and typed[0] != meant[0] else 0.0
            ways = [
                rows[i - 1][j - 1] + (_changed(letter, other) + first) * (letter != other),
                rows[i - 1][j] + (_TWICE if typed[i - 2 : i - 1] == letter else _LESS) + first,
                row[j - 1] + (_TWICE if meant[j - 2 : j - 1] == other else _LESS) + first,
            ]
            if i > 1 and j > 1 and typed[i - 2 : i] == other + meant[j - 2]:
                ways.append(rows[i - 2][j - 2] + _SWAPPED)
            row.append(min(ways))
        rows.append(row)
    return rows[-1][-1]


def swapped(typed: str) -> list[str]:
    """What comes out when two neighbouring letters change places; digits stay: 6204 is no 6240."""
    return [
        typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
        for at in range(len(typed) - 1)
        if typed[at] != typed[at + 1] and typed[at].isalpha() and typed[at + 1].isalpha()
    ]


def _changed(letter: str, other: str) -> float:
    return _BESIDE if letter + other in _BESIDES or other + letter in _BESIDES else _OTHER
