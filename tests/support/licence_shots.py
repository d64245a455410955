"""The set of photographs that reading is judged by: every way of spoiling, in both layouts, each firm another one."""

import random
from dataclasses import dataclass

from tests.support import camera as c
from tests.support.licence_art import LAYOUTS, Facts, draw, invented

SEED = 20261122
WAYS: dict[str, tuple[c.Spoil, ...]] = {
    "flat scan": (),
    "turned 90": (c.turned(90),),
    "turned 180": (c.turned(180),),
    "turned 270": (c.turned(270),),
    "tilted": (c.tilted(6),),
    "tilted much": (c.tilted(14),),
    "tilted, on its head": (c.tilted(5), c.turned(180)),
    "aslant": (c.seen_aslant(0.06),),
    "aslant much": (c.seen_aslant(0.12),),
    "aslant, on its side": (c.seen_aslant(0.07), c.turned(90)),
    "bent": (c.bent,),
    "bent and tilted": (c.bent, c.tilted(4)),
    "blurred": (c.blurred(1.8),),
    "shaken": (c.shaken(7),),
    "noisy": (c.noisy(18),),
    "evening": (c.lit(0.25, 0.45), c.noisy(8)),
    "light from one side": (c.lit(0.35, 1.0),),
    "shadow": (c.shadowed,),
    "half size": (c.scaled(0.5),),
    "small": (c.scaled(0.42), c.noisy(4)),
    "large": (c.scaled(1.8),),
    "far away": (c.far_away,),
    "phone": (c.seen_aslant(0.05), c.lit(0.5, 1.0), c.blurred(1.0), c.noisy(6)),
    "bad phone": (c.bent, c.seen_aslant(0.06), c.shadowed, c.blurred(1.2), c.noisy(10), c.turned(270)),
}
POOR_QUALITY = {"half size": 60, "phone": 55, "bad phone": 60}


@dataclass(frozen=True)
class Shot:
    """One photograph, how it came about, and what it shows."""

    way: str
    layout: str
    jpeg: bytes
    facts: Facts


def shot(way: str, layout: str, *, seed: int = SEED) -> Shot:
    """A firm's licence spoilt in one way; the same for the same seed."""
    dice = random.Random(f"{seed} {way} {layout}")  # noqa: S311  seeded on purpose
    facts = invented(dice)
    page = draw(facts, layout, dice)
    return Shot(way, layout, c.shot(page, WAYS[way], dice, quality=POOR_QUALITY.get(way, 88)), facts)


def all_ways() -> list[tuple[str, str]]:
    """Every way in every layout."""
    return [(way, layout) for way in WAYS for layout in LAYOUTS]
