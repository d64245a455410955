"""What a query asks for: words, each with all the forms that a title may give it."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from storefront.search.english import LONGEST_PHRASE, in_chinese
from storefront.search.quantities import quantities
from storefront.search.text import ASIDE, MODEL, cut, cut_within, is_han, joined, knows, listed, normalise, pieces, rows

LONGEST_QUERY: Final = 200  # characters; what lies beyond is not looked at
MOST_WORDS: Final = 16

_ENDING: Final = 0.5  # what the thing a compound ends in counts beside it
_KIND: Final = 0.6  # what a kind of the sort of goods counts that was asked for
_LATER: Final = 0.95  # what each further Chinese word for an English one counts: wool is 羊毛 before 羊绒
_ALIKE: Final = 0.95  # what a synonym counts beside the word itself


class Form(NamedTuple):
    """One way to say a word: parts that must all be there, each a term or a run of pieces side by side.

    `is_about`: only a title that is about it counts, no 糖果色 among 零食.
    """

    parts: tuple[tuple[str, ...], ...]
    worth: float = 1.0
    is_about: bool = False


class Word(NamedTuple):
    """One thing the searcher asked for; any of its forms will do. `start` is its place in the normalised query."""

    text: str
    start: int
    forms: tuple[Form, ...]
    optional: bool = False

    @property
    def is_han(self) -> bool:
        """Whether it is written in Chinese (then its characters can be sought singly)."""
        return is_han(self.text)

    @property
    def is_measure(self) -> bool:
        """Whether it begins with a number: how much, how long, which model."""
        return self.forms[0].parts[0][0][:1].isdigit()

    @property
    def is_model(self) -> bool:
        """Whether it is letters and digits together, or how such a model begins: dy90."""
        return self.text.isascii() and self.text.isalnum() and not (self.text.isalpha() or self.text[:1].isdigit())

    @property
    def as_sound(self) -> str:
        """The word taken as pinyin, or nothing when it cannot be."""
        sound = self.text.replace("ü", "v")
        return sound if sound.isascii() and sound.isalpha() else ""


def words(query: str) -> tuple[Word, ...]:
    """What a query asks for, in order; empty when it holds no letter or digit.

    Words that say nothing about the goods (批发, 厂家, 的) come back optional unless they stand alone.
    """
    line = normalise(query[:LONGEST_QUERY])[:LONGEST_QUERY]
    found = _of_which(sorted(_asked(line), key=lambda word: (word.start, word.text))[:MOST_WORDS])
    talk = listed("talk_words")
    if all(word.text in talk for word in found):
        return tuple(found)
    return tuple(word._replace(optional=word.text in talk) for word in found)


def meant(text: str, start: int) -> list[Word]:
    """The words of a text that stands where others stood; none of them is optional."""
    return [word._replace(start=start + word.start) for word in _asked(text)]


def ending(word: Word) -> Word:
    """A compound also as the thing it ends in: 珍珠项链 is a 项链."""
    last = next((part for part in reversed(cut_within(word.text)) if word.text.endswith(part)), "")
    return word._replace(forms=(*word.forms, Form(((last,),), _ENDING))) if last else word


def form_of(text: str) -> Form:
    """A word of the dictionary is one term, any other run is its pieces side by side."""
    return Form(((text,),) if knows(text) or len(text) == 1 else (tuple(pieces(text)),))


def phrase(text: str, worth: float) -> Form:
    """A run of Chinese words, each of which must be there: 羊绒围巾 is 羊绒 and 围巾."""
    parts = tuple(part for word in cut(text) for part in form_of(word).parts)
    return Form(parts, worth)


def _of_which(found: list[Word]) -> list[Word]:
    """Parts at large are whatever says the word before only to name something of it: 缝纫机配件 are 缝纫机针 too."""
    told = found[:1]
    for before, word in pairwise(found):
        own = [Form(((ASIDE + form.parts[-1][0],),)) for form in before.forms if len(form.parts[-1]) == 1]
        is_part = word.text in listed("part_names") and before.is_han
        told.append(word._replace(forms=(*own, *word.forms)) if is_part else word)
    return told


def _asked(line: str) -> list[Word]:
    """The words of a line; quantities first, then Chinese words, then models in between."""
    found = []
    taken: list[tuple[int, int]] = []
    for each in quantities(line):
        text = line[each.start : each.end].replace(" ", "")
        found.append(Word(text, each.start, tuple(Form((way,)) for way in each.ways)))
        taken.append((each.start, each.end))
    for low, high in taken:
        line = line[:low] + " " * (high - low) + line[high:]
    for text, start in _joined_singles(_placed(line)):
        if is_han(text) and not _within(taken, start, start + len(text)):
            found.append(Word(text, start, (form_of(text), *_alike(text))))
            taken.append((start, start + len(text)))
    models = [model for model in MODEL.finditer(line) if not _within(taken, model.start(), model.end())]
    found += [
        Word(joined(run), start, tuple(_model_forms(run)))
        for run, start in _phrases([(model.group(), model.start()) for model in models], line)
    ]
    return list(dict.fromkeys(found))


def _placed(line: str) -> Iterator[tuple[str, int]]:
    start = 0
    for each in cut(line):
        yield each, start
        start += len(each)


def _joined_singles(cuts: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Neighbouring single characters are a word the dictionary lacks: 燃 面 is 燃面."""
    held, held_at = "", 0
    for text, start in cuts:
        single = len(text) == 1 and is_han(text) and text not in listed("talk_words") and text not in _told_apart()
        if held and single:
            held += text
            continue
        if held:
            yield held, held_at
        held, held_at = (text, start) if single else ("", 0)
        if not single:
            yield text, start
    if held:
        yield held, held_at


def _within(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(low < end and start < high for low, high in taken)


def _phrases(models: list[tuple[str, int]], line: str) -> Iterator[tuple[str, int]]:
    """English words that are one thing together: `power bank`."""
    while models:
        for length in range(min(LONGEST_PHRASE, len(models)), 0, -1):
            start, (last, at) = models[0][1], models[length - 1]
            run = line[start : at + len(last)]
            if length == 1 or in_chinese("_".join(run.split())):
                yield run, start
                del models[:length]
                break


def _model_forms(run: str) -> Iterator[Form]:
    """`dy-9001` whole, and as its parts side by side; an English word also as what Chinese listings call the thing."""
    whole = joined(run)
    parts = tuple(pieces(run))
    if " " not in run:
        yield Form(((whole,),))
    if len(parts) > 1:
        yield Form((parts,))
    for place, chinese in enumerate(in_chinese("_".join(whole.split()))):
        yield phrase(chinese, _ALIKE * _LATER**place)
    yield from _alike(whole)


def _alike(text: str) -> Iterator[Form]:
    if len(text) > 1 and _told_apart().issuperset(text):  # 女裤 may be 裤 女
        yield Form(tuple((sign,) for sign in text), _ALIKE)
    for other in _synonyms().get(text, ()):
        yield form_of(other)._replace(worth=_ALIKE)
    for kind in _kinds().get(text, ()):
        form = form_of(kind)
        yield form._replace(worth=_KIND, is_about=len(form.parts[0]) == 1)


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    told = (row.partition(" = ") for row in rows("kinds"))
    return {name: tuple(kinds.split()) for names, _, kinds in told for name in names.split()}


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    known: dict[str, dict[str, None]] = {}
    for row in rows("synonyms"):
        for word in row.split():
            known.setdefault(word, {}).update(dict.fromkeys(row.split()))
    return {word: tuple(other for other in others if other != word) for word, others in known.items()}


@cache
def _told_apart() -> frozenset[str]:
    """Single characters that are words of their own: 女 裤 is two things, a woman's and trousers."""
    return frozenset(word for word in _synonyms() if len(word) == 1)
