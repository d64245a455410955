"""How a text becomes words: one spelling, the dictionary's words, single characters, and the nouns it names.

An index keeps two things of a text: a bag of terms (words, the words within them, single characters, models) and
the run of its smallest pieces in order. Blanks and punctuation never part a run: `iPhone 15` and `iphone15`,
`羊绒 围巾` and `羊绒围巾` lie alike.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import opencc
import rjieba

WORD_LISTS: Final = Path(__file__).with_name("data")

ASIDE: Final = "~"  # before a word that a title says only to name another thing
LAST_SIGN: Final = "\u33ff"  # of those before the Chinese characters
HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_LETTERS: Final = f"(?:(?!_)[^\\W{HAN}])"
_IS_HAN = re.compile(f"[{HAN}]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_TIMES = re.compile(r"(?<=\d)\s*[x×✕*]\s*(?=\d)")
_LATIN = re.compile(f"(?!_)[^\\W\\d{HAN}]")
_PIECE = re.compile(rf"[{HAN}]|\d+(?:\.\d+)?|(?:(?![{HAN}_])[^\W\d])+|\d")
MODEL: Final = re.compile(rf"{_LETTERS}+(?:(?:(?<=\d)\.(?=\d)|[-_'](?={_LETTERS})){_LETTERS}+)*")
_SETS: Final = ("套装", "礼盒", "组合", "系列", "套组", "套盒", "大礼包")
_FITS: Final = ("适用", "用于", "专用", "兼容", "适合", "适配")  # what follows names another thing: 适用苹果手机


class Analysis(NamedTuple):
    """What an index keeps of a text: its terms, its pieces in order, the nouns it names; and how it was cut.

    `aside` are the words that are only said to tell another thing apart: the 炒锅 of a 炒锅盖.
    """

    terms: frozenset[str]
    run: tuple[str, ...]
    heads: frozenset[str]
    aside: frozenset[str]
    cuts: tuple[str, ...]


def normalise(text: str) -> str:
    """One spelling: NFKC, lower case, simplified characters; × x * between digits are one sign."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower())
    return _TIMES.sub("*", str(_simplify().convert(_CONTROL.sub(" ", plain))))


def squeeze(text: str) -> str:
    """The letters and digits of a normalised text: two titles alike in these are the same title."""
    return "".join(c for c in text if c.isalnum())


def pieces(line: str) -> list[str]:
    """The smallest parts of a normalised text in order: characters, numbers, runs of letters."""
    return _PIECE.findall(line)


def is_han(text: str) -> bool:
    """Whether any of it is written in Chinese."""
    return _IS_HAN.search(text) is not None


def analyse(text: str) -> Analysis:
    """Everything an index needs of a text. A million titles go through here: few passes, all in C."""
    line = normalise(text)
    run = pieces(line)
    cuts = cut(line)
    terms = set(run)
    for each in cuts:
        if len(each) > 1 and (each[-1] > LAST_SIGN or each[0] > LAST_SIGN):
            terms |= _within(each)
    if _LATIN.search(line):
        terms |= _models(line)
    return Analysis(frozenset(terms), tuple(run), frozenset(_heads(cuts)), _aside(cuts), tuple(cuts))


def terms(text: str) -> frozenset[str]:
    """The terms of a text alone, read part by part: its parts, between blanks, repeat where it does not."""
    return frozenset[str]().union(*map(_terms_between, normalise(text).split()))


@lru_cache(maxsize=8_192)
def _terms_between(part: str) -> frozenset[str]:
    found = set(pieces(part))
    for each in cut(part) if is_han(part) else ():
        if len(each) > 1 and (each[-1] > LAST_SIGN or each[0] > LAST_SIGN):
            found |= _within(each)
    return frozenset(found | _models(part))


def cut(line: str) -> list[str]:
    """A normalised text cut into the words of the dictionary and of the trades; nothing is left out."""
    return segmenter().cut(line, hmm=False)


def cut_within(word: str) -> list[str]:
    """The words of two characters or more within a longer one, short ones first."""
    return [part for part in segmenter().cut_for_search(word, hmm=False) if 1 < len(part) < len(word)]


def _models(line: str) -> set[str]:
    """The models of a line without what parts them; 2-3 is none, nor is it 23."""
    return {joined(model) for model in MODEL.findall(line) if _LATIN.search(model)}


def joined(model: str) -> str:
    """A model without what parts it: `dy-9001` is `dy9001`, a number keeps its point."""
    return model if model.replace(".", "").isdigit() else re.sub(r"[-_'.]", "", model)


def knows(word: str) -> bool:
    """Whether the dictionary has it as a word."""
    return bool(segmenter().has_word(word))


@cache
def segmenter() -> rjieba.Jieba:
    """The dictionary's segmenter with the words of all lists."""
    jieba = rjieba.Jieba()
    lists = ("trade_words", "talk_words", "synonyms", "attribute_words", "part_words")
    known = frozenset[str]().union(*map(listed, lists))
    for word in sorted(each for each in known if len(each) > 1 and is_han(each)):
        jieba.add_word(word, None, None)
    return jieba


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one of the word lists."""
    return frozenset(word for row in rows(name) for word in row.split())


def rows(name: str) -> list[str]:
    """The lines of one of the word lists, without its remarks."""
    lines = (WORD_LISTS / f"{name}.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=262_144)
def _within(word: str) -> frozenset[str]:
    """A word and the words within it: 机 is a piece already, 保温杯 holds 保温."""
    return frozenset({word, *cut_within(word)})


@lru_cache(maxsize=262_144)
def _endings(word: str) -> tuple[str, ...]:
    return tuple(part for part in _within(word) if word.endswith(part))


def _heads(cuts: Sequence[str]) -> Iterator[str]:
    """The things that a title may be about: nouns that no part follows, for Chinese names the thing last.

    毛衣 in 羊绒毛衣女加厚, the 支架 in 手机支架 and never the 手机; what it fits (适用苹果手机) is not for sale.
    """
    said, parts = _attributes(), listed("part_words")
    fits = False
    for each, after in pairwise((*cuts, " ")):
        if not each[-1].isalnum():
            fits = False
        elif each in _FITS:
            fits = True
        elif each[-1] <= LAST_SIGN or fits or each in said:
            continue
        elif after in parts or (after in listed("thing_signs") and after not in said):
            yield each + after
        elif after[-1] <= LAST_SIGN or after in said or len(after) == 1 or after in _SETS:
            yield each[-1]
            yield from _endings(each)


def _aside(cuts: Sequence[str]) -> frozenset[str]:
    """The words that stand nowhere but before another thing or within its name: 手机 in 手机壳 and in 手机|支架."""
    aside, free = set[str](), set[str]()
    for each, after in pairwise((*cuts, " ")):
        if len(each) > 1 and each[-1] > LAST_SIGN:
            within, sold = _within(each), _sold(each)
            aside |= within - sold
            (aside if _is_named_by(each, after) else free).update(sold)
    return frozenset(aside - free)


@lru_cache(maxsize=262_144)
def _sold(word: str) -> frozenset[str]:
    """The words that a word ends in, what makes a set put aside: 茶具 in 茶具套装 is what is sold."""
    a_set = next((each for each in _SETS if word.endswith(each)), "")
    return frozenset(part for part in _within(word) if (word.removesuffix(a_set) or word).endswith(part))


def _is_named_by(each: str, after: str) -> bool:
    """Whether a word only says which: what follows is a part of it or another thing."""
    if after in listed("part_words"):
        return True
    said = _attributes()
    return after[-1] in listed("thing_signs") and after not in said and (len(after) == 1 or each not in said)


@cache
def _attributes() -> frozenset[str]:
    return listed("attribute_words") | listed("talk_words")


@cache
def _simplify() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
