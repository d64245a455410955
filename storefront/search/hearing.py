"""Latin letters taken as the sound of Chinese words: whole, as initials, mixed with characters, or mistyped."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from storefront.search.counting import LONGEST
from storefront.search.english import in_chinese
from storefront.search.lexicon import Entry, Lexicon, sound_of
from storefront.search.meaning import Word, meant, phrase
from storefront.search.names import is_place, things
from storefront.search.pinyin import syllables
from storefront.search.slips import swapped
from storefront.search.text import is_han, knows
from storefront.search.usage import Usage

_SOUND: Final = 0.5  # what a word heard counts beside a word read
_LETTERS: Final = 0.3
_LESS: Final = 0.6  # what each less likely word counts beside the one before it
_MOST: Final = 6
_MOST_CUTS: Final = 3
_USUAL: Final = 2  # goods that use a word, before another is taken for it that only sounds nearly so
_MANY: Final = 5  # goods of a name, before a real word is taken for it


class Corrected(NamedTuple):
    """A query as it was probably meant, and how to write it. `is_sure`: no goods use what was typed."""

    words: tuple[Word, ...]
    text: str
    is_sure: bool


def heard(words: Sequence[Word], usage: Usage) -> tuple[Word, ...]:
    """The words, those in Latin letters also by their sound."""
    return tuple(part for word in _joined(words, usage.words) for part in _by_sound(word, usage))


def corrected(words: Sequence[Word], usage: Usage, finds: Callable[[Word], bool]) -> Corrected | None:
    """The words with those that find nothing set right by their sound; nothing when there is nothing to set right.

    A slip is what finds nothing anywhere and is no word: places, belts, factories and whatever a dictionary knows are
    left as they are, but for a word that is taken for another of the very same sound (眼睛 for 眼镜).
    """
    made: list[Word] = []
    start = 0
    while start < len(words):
        length, text = next(_meant(words[start:], usage, finds), (1, ""))
        made += meant(text, words[start].start) if text else [words[start]]
        start += length
    if tuple(made) == tuple(words):
        return None
    return Corrected(tuple(made), _written(made), is_sure=True)


def _joined(words: Sequence[Word], lexicon: Lexicon) -> Iterator[Word]:
    """Neighbours that are one word together: 羊 rong, yang 绒, and syllables typed apart: yang rong."""
    held: Word | None = None
    for word in words:
        both = _mixed(held, word, lexicon) if held else None
        if held and both is None:
            yield held
        held = both or word
    if held:
        yield held


def _mixed(one: Word, other: Word, lexicon: Lexicon) -> Word | None:
    """Two words as one, when goods use a word that sounds so and is written so where it is written."""
    if not (one.as_sound or other.as_sound) or (one.as_sound and not syllables(one.as_sound)):
        return None
    if other.as_sound and not syllables(other.as_sound):
        return None
    if one.as_sound and other.as_sound and not len(syllables(one.as_sound)) == len(syllables(other.as_sound)) == 1:
        return None
    sound = (one.as_sound or _plain(one.text)) + (other.as_sound or _plain(other.text))
    first, last = ("" if one.as_sound else one.text), ("" if other.as_sound else other.text)
    alike = [each for each in lexicon.sounding(sound) if each.text.startswith(first) and each.text.endswith(last)]
    if not alike:
        return None
    forms = tuple(phrase(each.text, _SOUND) for each in alike[:_MOST])
    return Word(one.text + other.text, one.start, forms)


def _by_sound(word: Word, usage: Usage) -> list[Word]:
    """A word in Latin letters may be pinyin; initials only when nothing else is spelled so (LED is no 乐而大)."""
    sound, lexicon = word.as_sound, usage.words
    if len(sound) < 2:  # noqa: PLR2004
        return [word]
    forms = [phrase(each.text, _SOUND) for each in lexicon.sounding(sound) if each.text != sound]
    is_english = len(word.forms) > 1
    if not (forms or is_english or lexicon.count(sound) or usage.in_rest(sound)):
        run, near = lexicon.words_of(sound), lexicon.near(sound)
        if run and (not near or all(len(alike[0].text) > 1 for alike in run)):
            return [_part(word, alike) for alike in run]
        likely = lexicon.initialled(sound)
        likely = [each for each in likely if not each.pair] or likely
        forms = [phrase(each.text, _LETTERS * _LESS**place) for place, each in enumerate(likely)]
    return [word._replace(forms=(*word.forms, *forms[:_MOST]))]


def _part(word: Word, alike: list[Entry]) -> Word:
    """One word of several that were typed in one run."""
    return word._replace(text=alike[0].sound.replace("'", ""), forms=tuple(phrase(each.text, _SOUND) for each in alike))


def _meant(words: Sequence[Word], usage: Usage, finds: Callable[[Word], bool]) -> Iterator[tuple[int, str]]:
    """How many of the first words are one that was misspelled, and what it was: 老花 境, one alone last."""
    for length in range(min(_MOST_CUTS, len(words)), 0, -1):
        run = words[:length]
        text = "".join(word.text for word in run)
        if any(one.start + len(one.text) != other.start for one, other in pairwise(run)) or len(text) > LONGEST:
            continue
        if usage.in_titles(text) or is_place(text):
            continue
        if length > 1:
            rights = _right_run(run, text, usage, finds)
        elif not finds(run[0]):
            found = _right(run[0], usage, alone=len(words) == 1)
            rights = iter([found] if found else _right_model(run[0], usage))
        else:
            continue
        right = next(rights, "")
        if right and not usage.holds_run(text):  # asked last: of a common word it is dear
            yield length, right


def _right_run(run: Sequence[Word], text: str, usage: Usage, finds: Callable[[Word], bool]) -> Iterator[str]:
    """What sounds like several words together, unless each of them is right by itself."""
    if any(word.optional or not word.is_han or is_place(word.text) for word in run):
        return
    if all(len(word.text) > 1 and (knows(word.text) or finds(word)) for word in run):
        return
    yield from _same(text, [each.text for each in usage.words.sounding(_plain(text))])


def _right(word: Word, usage: Usage, *, alone: bool) -> str:
    """The word that goods use and that sounds like one that none uses, or is spelled nearly so."""
    lexicon = usage.words
    if word.optional or word.is_measure or len(word.text) < 2 or lexicon.count(word.text):  # noqa: PLR2004
        return ""
    if word.is_han:
        return next(_misheard(word.text, usage), "")
    sound = word.as_sound
    if not sound:
        return ""
    alike = [each for each in lexicon.sounding(sound) if each.text != word.text]
    if not alike:
        alike = [each for each in lexicon.sounding_alike(sound) if each.text != word.text and not each.pair]
    if alike:
        return alike[0].text
    near = (each for each in lexicon.near(sound) if each.text != word.text)
    return next((each.text for each in near if not alone or _is_of_use(each, lexicon)), "")


def _misheard(text: str, usage: Usage) -> Iterator[str]:
    """The Chinese words that may be meant by one that finds nothing: who writes characters errs by ear alone.

    A real word is taken only for one of the very same sound that names many goods; what is no word, for any of the
    same sound, or for a usual one that sounds so to those who tell neither zh from z nor n from ng.
    """
    sound = _plain(text)
    same = [each.text for each in usage.words.sounding(sound)]
    if knows(text) or text in things():
        yield from _same(text, (each for each in [*same, *_things_sounding(sound)] if _names_many(each, usage)))
        return
    yield from _same(text, [*same, *(each for each in _things_sounding(sound) if usage.in_rest(each))])
    alike = usage.words.sounding_alike(sound)
    yield from _same(text, (each.text for each in alike if not each.pair and each.goods >= _USUAL))


def _same(text: str, others: Iterable[str]) -> Iterator[str]:
    """Those of others that are Chinese too, and as long."""
    return (each for each in others if each != text and is_han(each) and len(each) == len(text))


def _names_many(text: str, usage: Usage) -> bool:
    """Whether many titles are about a word, or many goods stand among the things of that name."""
    return usage.about(text) >= _MANY or (text in things() and usage.in_rest(text) >= _MANY)


@cache
def _sounds() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for each in sorted(filter(is_han, things())):
        known[_plain(each)] = (*known.get(_plain(each), ()), each)
    return known


def _things_sounding(sound: str) -> tuple[str, ...]:
    """The words of the tree of goods that sound so."""
    return _sounds().get(sound, ())


def _right_model(word: Word, usage: Usage) -> list[str]:
    """The models that come out when two letters of one that no title has change places: NMVR050 is NMRV050."""
    if word.is_han or word.text.isalpha() or usage.in_titles(word.text):
        return []
    return [each for each in swapped(word.text) if usage.in_titles(each)]


def _is_of_use(entry: Entry, lexicon: Lexicon) -> bool:
    """Whether goods use a word, or are called so in Chinese: of `hearing aid` the first word alone finds nothing."""
    return bool(entry.goods) or any(lexicon.count(each) for each in in_chinese(entry.text))


def _plain(text: str) -> str:
    return sound_of(text).replace("'", "")


def _written(words: Sequence[Word]) -> str:
    """Words as people type them: a blank only beside Latin letters."""
    text = ""
    for word in words:
        parted = text and (word.text[0].isascii() or text[-1].isascii())
        text += f" {word.text}" if parted else word.text
    return text
