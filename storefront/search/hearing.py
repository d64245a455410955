"""Latin letters taken as the sound of Chinese words: whole, as initials, mixed with characters, or mistyped."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from storefront.search.counting import LONGEST
from storefront.search.english import in_chinese
from storefront.search.lexicon import Entry, Lexicon, sound_of
from storefront.search.meaning import Word, meant, phrase
from storefront.search.pinyin import syllables
from storefront.search.slips import swapped
from storefront.search.text import knows
from storefront.search.usage import Usage

_SOUND: Final = 0.5  # what a word heard counts beside a word read
_LETTERS: Final = 0.3
_LESS: Final = 0.6  # what each less likely word counts beside the one before it
_MOST: Final = 6
_MOST_CUTS: Final = 3


class Corrected(NamedTuple):
    """A query as it was probably meant, and how to write it. `is_sure`: no goods use what was typed."""

    words: tuple[Word, ...]
    text: str
    is_sure: bool


def heard(words: Sequence[Word], lexicon: Lexicon) -> tuple[Word, ...]:
    """The words, those in Latin letters also by their sound."""
    return tuple(part for word in _joined(words, lexicon) for part in _by_sound(word, lexicon))


def corrected(words: Sequence[Word], usage: Usage) -> Corrected | None:
    """The words with those that no goods use set right by their sound; nothing when there is nothing to set right."""
    made: list[Word] = []
    start = 0
    while start < len(words):
        length, text = next(_meant(words[start:], usage), (1, ""))
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


def _by_sound(word: Word, lexicon: Lexicon) -> list[Word]:
    """A word in Latin letters may be pinyin; initials only when nothing else is spelled so (LED is no 乐而大)."""
    sound = word.as_sound
    if len(sound) < 2:  # noqa: PLR2004
        return [word]
    forms = [phrase(each.text, _SOUND) for each in lexicon.sounding(sound) if each.text != sound]
    if not forms and len(word.forms) == 1 and not lexicon.count(sound):  # of several forms it is English
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


def _meant(words: Sequence[Word], usage: Usage) -> Iterator[tuple[int, str]]:
    """How many of the first words are one that was misspelled, and what it was: 老花 境, one alone last."""
    for length in range(min(_MOST_CUTS, len(words)), 0, -1):
        run = words[:length]
        text = "".join(word.text for word in run)
        if any(one.start + len(one.text) != other.start for one, other in pairwise(run)) or len(text) > LONGEST:
            continue
        if length > 1 and all(word.is_han and not word.optional for word in run) and not usage.holds_run(text):
            alike = usage.words.sounding(_plain(text))
            yield from ((length, each.text) for each in alike if each.text != text and len(each.text) == len(text))
        elif length == 1 and not usage.holds_run(text):
            found = _right(run[0], usage.words, alone=len(words) == 1)
            yield from ((length, right) for right in ([found.text] if found else _right_model(run[0], usage)))


def _right(word: Word, lexicon: Lexicon, *, alone: bool) -> Entry | None:
    """The word that goods use and that sounds like one that none uses, or is spelled nearly so."""
    sound = word.as_sound or (_plain(word.text) if word.is_han else "")
    if word.optional or word.is_measure or not sound or len(word.text) < 2 or lexicon.count(word.text):  # noqa: PLR2004
        return None
    said = (part[0] for form in word.forms for part in form.parts if len(part) == 1 and len(part[0]) > 1)
    if any(lexicon.count(text) for text in said):
        return None
    alike = [each for each in lexicon.sounding(sound) if each.text != word.text]
    if not alike and not (
        word.is_han and knows(word.text)
    ):  # a real word is misheard only for one that sounds the same
        alike = [each for each in lexicon.sounding_alike(sound) if each.text != word.text and not each.pair]
    if alike or word.is_han:  # who writes characters may mishear, but her fingers do not slip
        return next(iter(alike), None)
    near = (each for each in lexicon.near(sound) if each.text != word.text)
    return next((each for each in near if not alone or _is_of_use(each, lexicon)), None)


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
