"""How a title or a query becomes words: one spelling, words and single characters, and their sound.

Positions count letters and digits only, so blanks and punctuation never part a phrase:
`iPhone 15` and `iphone15`, `羊绒 围巾` and `羊绒围巾` lie alike.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import opencc
import rjieba
from pypinyin import lazy_pinyin

from storefront.search.english import in_chinese

WORD_LISTS = Path(__file__).with_name("data")
LONGEST_QUERY = 200  # characters; what lies beyond is not looked at
MOST_WORDS = 16
INITIALS = "="  # marks initials among the sounds: "=yr" beside "yangrong"

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_IS_HAN = re.compile(f"[{_HAN}]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_TIMES = re.compile(r"(?<=\d)\s*[x×✕*]\s*(?=\d)")
_LETTERS = f"(?:(?!_)[^\\W{_HAN}])"
_MODEL = re.compile(rf"{_LETTERS}+(?:(?:(?<=\d)\.(?=\d)|[-_'](?={_LETTERS})){_LETTERS}+)*")
_PART = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_CHUNK = re.compile(f"[0-9a-z{_HAN}]+")
_FITS = ("适用", "用于", "专用", "兼容", "适合", "适配")  # what follows names another thing: 适用苹果手机


class Token(NamedTuple):
    """A term and where it starts, in letters and digits from the beginning."""

    text: str
    position: int


class Word(NamedTuple):
    """One thing the searcher asked for.

    `forms` are its spellings, each a run of tokens that must stand together; any one will do.
    """

    text: str
    position: int
    forms: tuple[tuple[Token, ...], ...]
    optional: bool = False

    @property
    def is_han(self) -> bool:
        """Whether it is written in Chinese (then its characters can be sought singly)."""
        return _IS_HAN.search(self.text) is not None

    @property
    def as_sound(self) -> str:
        """The word taken as pinyin, or nothing when it cannot be."""
        sound = self.text.replace("ü", "v")
        return sound if sound.isascii() and sound.isalpha() else ""


class Analysis(NamedTuple):
    """What an index keeps of a text: words in place, sounds, and the nouns its phrases end in."""

    tokens: tuple[Token, ...]
    sounds: tuple[str, ...]
    heads: tuple[str, ...]


class _Cut(NamedTuple):
    text: str
    start: int
    end: int


def normalise(text: str) -> str:
    """One spelling: NFKC, lower case, simplified characters; × x * between digits are one sign."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower())
    return _TIMES.sub("*", str(_simplify().convert(_CONTROL.sub(" ", plain))))


def squeeze(text: str) -> str:
    """The letters and digits of a normalised text: two titles alike in these are the same title."""
    return "".join(c for c in text if c.isalnum())


def analyse(text: str) -> Analysis:
    """Everything an index needs of a text."""
    line = normalise(text)
    at = _places(line)
    cuts = _han_words(line)
    tokens = {Token(cut.text, at[cut.start]) for cut in cuts if len(cut.text) > 1}
    tokens |= {Token(found.group(), at[found.start()]) for found in _IS_HAN.finditer(line)}
    for found in _MODEL.finditer(line):
        tokens |= {token for form in _model_forms(found) for token in _placed(form, at[found.start()])}
    return Analysis(
        tokens=tuple(sorted(tokens, key=lambda token: (token.position, token.text))),
        sounds=tuple(sorted(_sounds(line, cuts))),
        heads=tuple(sorted(_heads(line, cuts))),
    )


def words(query: str) -> tuple[Word, ...]:
    """What a query asks for, in order; empty when it holds no letter or digit.

    Words that say nothing about the goods (批发, 厂家, 的) come back optional unless they stand alone.
    """
    line = normalise(query[:LONGEST_QUERY])[:LONGEST_QUERY]
    found = _asked(line)[:MOST_WORDS]
    talk = _listed("talk_words")
    if all(word.text in talk for word in found):
        return tuple(found)
    return tuple(word._replace(optional=word.text in talk) for word in found)


def _asked(line: str) -> list[Word]:
    at = _places(line)
    han = list(_joined_singles(_cuts(line, "default")))
    found = [Word(cut.text, at[cut.start], (_han_form(cut.text),)) for cut in han if _IS_HAN.search(cut.text)]
    for model in _MODEL.finditer(line):
        if not any(cut.start <= model.start() and model.end() <= cut.end for cut in han):
            forms = _model_forms(model)
            word = forms[0][0].text
            found.append(Word(word, at[model.start()], forms + tuple(map(_han_form, in_chinese(word)))))
    return sorted(set(found), key=lambda word: (word.position, word.text))


def _joined_singles(cuts: list[_Cut]) -> Iterator[_Cut]:
    """Neighbouring single characters are a word the dictionary lacks: 燃 面 is 燃面."""
    held: _Cut | None = None
    for cut in cuts:
        if not _IS_HAN.search(cut.text):
            continue
        single = len(cut.text) == 1 and cut.text not in _listed("talk_words")
        if held and single and held.end == cut.start:
            held = _Cut(held.text + cut.text, held.start, cut.end)
            continue
        if held:
            yield held
        held = cut if single else None
        if not single:
            yield cut
    if held:
        yield held


def _han_form(text: str) -> tuple[Token, ...]:
    """A dictionary word is one term, any other run is its characters side by side."""
    if _segmenter().has_word(text):
        return (Token(text, 0),)
    return tuple(Token(char, i) for i, char in enumerate(text))


def _model_forms(found: re.Match[str]) -> tuple[tuple[Token, ...], ...]:
    """`DY-9001` whole as `dy9001`, and as its parts `dy`, `9001` side by side."""
    run = found.group()
    whole = run if re.fullmatch(r"[\d.]+", run) else re.sub(r"[-_']", "", run)
    parts = tuple(Token(part.group(), len(squeeze(run[: part.start()]))) for part in _PART.finditer(run))
    return ((Token(whole, 0),), parts) if len(parts) > 1 else ((Token(whole, 0),),)


def _placed(form: tuple[Token, ...], start: int) -> Iterator[Token]:
    return (Token(token.text, start + token.position) for token in form)


def _places(line: str) -> list[int]:
    return [0, *accumulate(map(str.isalnum, line))]


def _han_words(line: str) -> list[_Cut]:
    """Every dictionary word within the cut, short ones inside long ones too, single ones as well."""
    return [cut for cut in _cuts(line, "search") if _IS_HAN.search(cut.text)]


def _cuts(line: str, mode: str) -> list[_Cut]:
    return [_Cut(*token) for token in _segmenter().tokenize(line, mode=mode, hmm=False)]


def _sounds(line: str, cuts: list[_Cut]) -> set[str]:
    """Pinyin and initials of words and of up to four neighbours, and of each character."""
    runs = [cut.text for cut in cuts]
    chain: list[_Cut] = []
    for cut in _cuts(line, "default"):
        if not _IS_HAN.search(cut.text) or (chain and chain[-1].end != cut.start):
            chain = []
        if _IS_HAN.search(cut.text):
            chain = [*chain[-3:], cut]
            runs += ["".join(each.text for each in chain[i:]) for i in range(len(chain))]
    return set().union(*(_heard(run) for run in runs))


@lru_cache(maxsize=32_768)
def _heard(run: str) -> frozenset[str]:
    words = _segmenter().cut(run, hmm=False)
    syllables = [syllable for word in words for syllable in _pinyin(word)]
    initials = INITIALS + "".join(syllable[0] for syllable in syllables)
    heard = {"".join(syllables), *syllables, initials if len(syllables) > 1 else ""}
    return frozenset(heard - {""})


@lru_cache(maxsize=32_768)
def _pinyin(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word, errors="ignore"))


def _heads(line: str, cuts: list[_Cut]) -> set[str]:
    """The nouns that phrases end in: Chinese names the thing last, 手机壳 is a 壳."""
    ends = {
        chunk.end()
        for chunk in _CHUNK.finditer(line)
        if not chunk.group().startswith(_FITS) and _IS_HAN.match(chunk.group()[-1])
    }
    return {cut.text for cut in cuts if cut.end in ends} | {line[end - 1] for end in ends}


@cache
def _segmenter() -> rjieba.Jieba:
    jieba = rjieba.Jieba()
    for word in _listed("trade_words"):
        jieba.add_word(word, None, None)
    return jieba


@cache
def _listed(name: str) -> frozenset[str]:
    rows = (WORD_LISTS / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for row in rows if not row.startswith("#") for word in row.split())


@cache
def _simplify() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
