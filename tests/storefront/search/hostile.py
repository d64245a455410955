"""Queries of people who mean no good, and of keyboards on which a cat slept: endless, by seed."""

import random
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from urllib.parse import quote, urlencode

from storefront.search.paging import seen_as

Dice = random.Random
Pairs = list[tuple[str, str]]


def _parted(line: str) -> tuple[str, ...]:
    return tuple(line.split(" "))


PAGES: Final = ("/factory-goods", "/factory-goods", "/factory-goods", "/factory-goods/suggestions", "/工厂货")
OPERATORS: Final = _parted("AND OR NOT TO IN + - && || ! ( ) { } [ ] ^ ~ * ? : \\ / title: *:* ~2 ^9 > < = @ #")
QUOTES: Final = "\"'`´‘’“”„«»「」『』《》＂＇"
BOMBS: Final = _parted("(a+)+$ (.*)* (((((( [[[[[[ .{99999} (?:x|x)*y \\1\\2 a{1,9999} $(id) %s%n%x")
EMOJI: Final = (
    *("👓", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "🇨🇳", "❤\ufe0f\u200d🔥", "\U0001f3fb", "e\u0301"),
    *("ﷺ", "㍿", "ﬃ", "İ", "ß", "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319"),
)
TURNED: Final = "\u202e\u202d\u2066\u2067\u2069\u200f\u061cمرحبا עולם"
HIDDEN: Final = "\x00\x01\x1f\x7f\u200b\u200d\ufeff\u00ad\u2060\ufe0f\ud800\udfff\ufffe\t\r\n\v\u2028\u3000"
SYLLABLES: Final = _parted("zhuang xian shi rong wei jin yang mao bei chuang xi an ge lü er a o yi wu")
NUMBERS: Final = (*_parted("٣ ² １２ 1.2.3.4 200*70cm 1e999 -1 ½ 1x2x3x4 500g 3斤"), "9" * 400, "0" * 90)
FILTERS: Final = ("belt", "province", "category", "price", "low", "high", "least", "from", "way", "verified", "order")
MORE: Final = ("stock", "new", "sort", "page", "exact", "seen", "nonsense", "q", "belt", "category")
RIGHT: Final = (
    *("1", "qinghe-cashmere", "服饰", "浙江省", "100-9999", "-price"),
    *("sales", "direct", "licence", "inspected", "2-9", "12.5"),
)


def addresses(dice: Dice, titles: Sequence[str]) -> Iterator[str]:
    """Addresses of searches without an end; `titles` are of goods there are."""
    while True:
        told = [("q", _text(dice, titles)), *_filters(dice, titles)]
        asked = urlencode(told, errors="surrogatepass")
        if dice.random() < 0.05:
            asked += "&q=" + "".join(f"%{dice.randrange(256):02x}" for _ in range(dice.randrange(1, 200)))
        yield f"{quote(dice.choice(PAGES))}?{asked}"


def _text(dice: Dice, titles: Sequence[str]) -> str:
    kinds: list[Callable[[], str]] = [
        lambda: dice.choice(titles),
        lambda: _part(dice, dice.choice(titles)),
        lambda: "".join(dice.sample(dice.choice(titles) * 3, 20)),
        lambda: " ".join(dice.choices([*OPERATORS, *titles[:9]], k=dice.randrange(1, 30))),
        lambda: "".join(dice.choices(QUOTES + dice.choice(titles), k=dice.randrange(1, 90))),
        lambda: dice.choice(dice.choice(titles) + HIDDEN + TURNED + QUOTES) * dice.choice((1, 79, 200, 10_000)),
        lambda: "".join(dice.choices(EMOJI, k=dice.randrange(1, 90))),
        lambda: "".join(dice.choices(TURNED + HIDDEN + dice.choice(titles), k=dice.randrange(1, 90))),
        lambda: "".join(dice.choices(BOMBS, k=dice.randrange(1, 20))),
        lambda: dice.choice(("", " ", "-")).join(dice.choices(NUMBERS, k=dice.randrange(1, 20))),
        lambda: dice.choice(("", " ", "'")).join(dice.choices(SYLLABLES, k=dice.randrange(1, 30))),
        lambda: "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randrange(1, 90))),
        lambda: "".join(chr(dice.randrange(1, 0x30000)) for _ in range(dice.randrange(1, 90))),
        lambda: "".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(dice.randrange(1, 90))),
    ]
    texts = [dice.choice(kinds)() for _ in range(dice.choice((1, 1, 1, 2, 3)))]
    return dice.choice(("", " ")).join(texts)


def _filters(dice: Dice, titles: Sequence[str]) -> Pairs:
    many = dice.choice((0, 0, 1, 2, 5, 40, 300))
    return [(name, _value(dice, name, titles)) for name in dice.choices([*FILTERS, *MORE], k=many)]


def _value(dice: Dice, name: str, titles: Sequence[str]) -> str:
    if name == "seen":
        return _token(dice)
    if dice.random() < 0.6:
        return dice.choice(RIGHT)
    return dice.choice([*NUMBERS, *BOMBS, _part(dice, _text(dice, titles))])


def _token(dice: Dice) -> str:
    """What pages before have shown: rightly written, cut off, or never written by us."""
    known = seen_as(dice.sample(range(1, dice.choice((2_000, 1 << 50))), dice.choice((1, 40, 900))))
    noise = urlsafe_b64encode(dice.randbytes(dice.choice((1, 90, 2_000)))).decode()
    return dice.choice((known, _part(dice, known), noise, "_" * 2_999, "=" * 50, "é"))


def _part(dice: Dice, text: str) -> str:
    start = dice.randrange(len(text) + 1)
    return text[start : start + dice.choice((1, 3, 9, 60))]
