"""The colours and sizes of a sentence: lists of names become options, a bare count of them is asked about."""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Final

from onboarding.listings.sentences.colors import find_colors, listed_colors
from onboarding.listings.sentences.figures import whole
from onboarding.listings.sentences.parts import NEXT, NUMBER, Part, parts_of, runs_of, with_label
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sheets.options import COLOR, SIZE, is_size, split_sizes

_LETTER: Final = re.compile(r"(?:[2-9]x{1,2}|x{0,4})[sml]|[2-9]x", re.IGNORECASE)
_LETTERS_BETWEEN: Final = re.compile(r"(?:[2-9]?x{0,4}[sml])\s?[-~～至到—–]+\s?(?:[2-9]?x{0,4}[sml])码?", re.IGNORECASE)
_NUMBERS_BETWEEN: Final = re.compile(r"[0-9]{2,3}码?\s?[-~～至到—–]+\s?[0-9]{2,3}码")
_BARE_BETWEEN: Final = re.compile(r"[0-9]{2,3}(?:cm)?[-~～至到—–]+[0-9]{2,3}(?:cm)?")
_WAISTS: Final = re.compile(
    r"(?<=[\s\n,，])(?:2[4-9]|3[0-9]|[7-9][05])[-~到至](?:3[0-9]|4[0-9]|[7-9][05])(?=[\s\n,，！!]|$)"
)
_BABIES: Final = frozenset(("52", "59", "66", "73"))
"""Heights of the youngest, in cm."""
_ONE: Final = re.compile(r"均码|通码|单码|f码|free\s?size|one\s?size", re.IGNORECASE)
_MEASURED: Final = re.compile(
    r"(?P<figure>[0-9]+(?:\.[0-9]+)?)(?P<unit>英寸|寸|cm|厘米|mm|毫米|m|米|ml|毫升|l|升|g|克|kg|公斤|斤|w"
    r"|瓦|度|层|抽|片|支|头)",
    re.IGNORECASE,
)
_OF_SIZE: Final = frozenset(("英寸", "寸", "cm", "厘米", "mm", "毫米", "m", "米"))
_UNNAMED: Final = {
    "colours_unnamed": re.compile(
        rf"(?<![0-9.A-Za-z])(?:{NUMBER}\s?(?:个|种)\s?(?:颜色|花色|色)|(?:{NUMBER}|多|各|全)色(?=\s|$"
        rf"|[,，、/;；。!！()（）】]|可|任|混|[0-9]|{NEXT})|多(?:种|个)?(?:颜色|花色)|颜色(?:齐全?|多|{NUMBER}[几多]?[个种])"
        rf"|{NUMBER}\s?colou?rs?)(?:可选|任选|可混批?|混批|都有|齐全)?",
        re.IGNORECASE,
    ),
    "sizes_unnamed": re.compile(
        rf"(?<![0-9.A-Za-z])(?:{NUMBER}\s?(?:个|种)\s?(?:尺码|码|尺寸|号)|(?:[1-9]|1[0-4]"
        rf"|[二两三四五六七八九十]+)码(?=\s|$|[,，、/;；。!！()（）】]|可|任|{NEXT})|[多全]个?尺?码"
        rf"|尺码(?:齐全|全)|码数齐全|{NUMBER}\s?sizes?)(?:可选|任选|齐全)?",
        re.IGNORECASE,
    ),
    "kinds_unnamed": re.compile(
        rf"(?<![0-9.A-Za-z])(?:{NUMBER}\s?(?:个|种)\s?(?:款式?|规格|口味|味道|花型|图案|型号|香型)"
        rf"|{NUMBER}(?:个|种)[^\W\d_]{{1,3}}款(?=\s|$)|(?:花型|图案|款式|口味|香型){NUMBER}[几多]?[个种款]"
        rf"|(?:{NUMBER}|多)(?:款|种口味|口味)(?=可选|任选|可混|混批|混发)|多(?:种)?(?:规格|口味|款式))(?:可选"
        rf"|任选|可混批?|混批|混发)?"
    ),
}


Axes = dict[str, list[str]]


def read_choices(sentence: Sentence) -> Axes:
    """Option name → values, taken out of the sentence; at most one list of colours and one of sizes."""
    axes: Axes = listed_colors(sentence)
    for name, finder in ((COLOR, find_colors), (SIZE, _sizes)):
        runs = finder(sentence)
        distinct = {tuple(values): (found, values) for found, values in runs}
        if len(distinct) == 1 and runs and name not in axes:
            axes[name] = list(dict.fromkeys(runs[0][1]))
        elif distinct:
            said = "；".join(sentence.text[parts[0].start : parts[-1].end] for parts, _values in runs)
            sentence.tell("options_unclear", said)
        for parts, _values in runs:
            start = with_label(sentence.text, parts[0].start)
            sentence.take(start, parts[-1].end)
    _ask_of_waists(sentence)
    axes |= _measured(sentence)
    _ask_for_names(sentence, axes)
    return axes


def _sizes(sentence: Sentence) -> list[tuple[list[Part], list[str]]]:
    found = []
    for run in _alike(runs_of(parts_of(sentence.text), lambda part: _may_be_size(part.text))):
        labelled = bool(
            re.search(
                r"(?:尺码|身高|码数|鞋码|码段|号码|sizes?)(?:有|分|分为)?\s*[:：]?\s*$",
                sentence.text[: run[0].start],
                re.IGNORECASE,
            )
        )
        texts = [part.text for part in run]
        if labelled or _are_sizes(texts) or _are_shoes(run) or _fit_goods(sentence.text, run):
            values = [size for text in texts for size in _sizes_of(text)]
            if values:
                found.append((run, values))
    return found


def _alike(runs: list[list[Part]]) -> Iterator[list[Part]]:
    """Letters with letters, figures with figures, a range by itself."""
    for run in runs:
        for kind, parts in groupby(run, key=lambda part: _kind_of_size(part.text)):
            if kind == "between":
                yield from ([part] for part in parts)
            else:
                yield list(parts)


def _kind_of_size(text: str) -> str:
    between = (_LETTERS_BETWEEN, _NUMBERS_BETWEEN, _BARE_BETWEEN, _ONE)
    if any(pattern.fullmatch(text) for pattern in between):
        return "between"
    return "figure" if text[0].isdigit() and not _LETTER.fullmatch(text.removesuffix("码")) else "letter"


def _may_be_size(text: str) -> bool:
    patterns = (_LETTER, _LETTERS_BETWEEN, _NUMBERS_BETWEEN, _BARE_BETWEEN, _ONE)
    return any(pattern.fullmatch(text) for pattern in patterns) or _is_one(text)


def _is_one(text: str) -> bool:
    if text.removesuffix("码") in _BABIES:
        return True
    return bool(
        re.fullmatch(r"(?:(?:[2-9]x{1,2}|x{0,4})[sml]|[0-9]{2,3}|[特加]?[大中小])(?:码|号)?", text, re.IGNORECASE)
    ) and is_size(text)


def _are_sizes(texts: list[str]) -> bool:
    """Whether a run says by its look that it is one of sizes: letters, or figures of which the last bears 码."""
    if len(texts) == 1:
        one = re.fullmatch(r".+码", texts[0]) and is_size(texts[0])
        between = _LETTERS_BETWEEN.fullmatch(texts[0]) or _NUMBERS_BETWEEN.fullmatch(texts[0])
        return bool(one or between or _ONE.fullmatch(texts[0]))
    figures = [text for text in texts if text[0].isdigit() and not _LETTER.fullmatch(text)]
    if not figures:
        return len(texts) > 2 or not all(re.fullmatch("[特加]?[大中小]", text) for text in texts)  # noqa: PLR2004
    numbers = [int(re.sub("[^0-9]", "", text)) for text in texts]
    steps = {high - low for low, high in pairwise(numbers)}
    return len(figures) == len(texts) and texts[-1].endswith("码") and len(steps) == 1 and min(steps) > 0


def _are_shoes(run: list[Part]) -> bool:
    """`39/40/41`: one after the other, nothing else is written like that."""
    if len(run) < 3 or not all(part.text.isdigit() for part in run):  # noqa: PLR2004  35/36 may be one size
        return False
    steps = {int(after.text) - int(before.text) for before, after in pairwise(run)}
    return steps == {1} and all(is_size(part.text) and part.link in {"/", "、"} for part in run[1:])


def _fit_goods(text: str, run: list[Part]) -> bool:
    """`女鞋 45/双 34-39`, `童装 100/110/120`: what those goods are sized by, and no ladder."""
    between = _BARE_BETWEEN.fullmatch(run[0].text)
    if len(run) == 1 and between and re.search("[鞋靴]", text) and re.search(r"[/每一]双\s$", text[: run[0].start]):
        low, high = (int(figure) for figure in re.findall("[0-9]+", run[0].text))
        return 20 <= low < high <= 48 and high - low <= 16  # noqa: PLR2004
    if len(run) == 1 and between and re.search("[童婴]|宝宝", text):
        low, high = (int(figure) for figure in re.findall("[0-9]+", run[0].text))
        return low % 10 == high % 10 == 0 and 70 <= low < high <= 180  # noqa: PLR2004
    if len(run) < 3 or not re.search("[童婴]|宝宝", text) or not all(part.text.isdigit() for part in run):  # noqa: PLR2004
        return False
    heights = [int(part.text) for part in run]
    listed = all(part.link in {"/", "、"} for part in run[1:])
    return listed and min(heights) >= 70 and {high - low for low, high in pairwise(heights)} == {10}  # noqa: PLR2004


def _ask_of_waists(sentence: Sentence) -> None:
    """`男裤 42块 28到38`: sizes, of which only the owner knows whether each or every second."""
    if not re.search("裤|文胸|内衣", sentence.text) or not re.search("[0-9](?:元|块)|¥", sentence.text):
        return
    for match in sentence.take_all(_WAISTS):
        sentence.tell("options_unclear", match[0])


def _sizes_of(text: str) -> list[str]:
    if _ONE.fullmatch(text):
        return [text]
    between = split_sizes(re.sub(r"\s|码$", "", text))
    if len(between) > 1:
        return between
    return (
        [text.upper().removesuffix("码")]
        if _is_one(text) and not re.search("[大中小]", text)
        else [text]
        if _is_one(text)
        else []
    )


def _measured(sentence: Sentence) -> Axes:
    """`2寸 3寸 4寸`: several figures of one measure are sizes, or 规格 when they are weights and volumes."""
    runs = [
        run
        for run in runs_of(parts_of(sentence.text), lambda part: bool(_MEASURED.fullmatch(part.text)))
        if len(run) > 1
    ]
    units = {str(_MEASURED.fullmatch(part.text)["unit"]).lower() for run in runs for part in run}  # type: ignore[index]
    values = [part.text for run in runs for part in run]
    if len(runs) != 1 or len(units) != 1 or len(set(values)) < len(values):
        return {}
    label = re.search(
        r"(?:规格|尺寸|大小|容量|尺码|重量|净含量|口径|长度|功率)\s*[:：]?\s*$", sentence.text[: runs[0][0].start]
    )
    sentence.take(label.start() if label else runs[0][0].start, runs[0][-1].end)
    return {SIZE if units <= _OF_SIZE else "度数" if units == {"度"} else "规格": values}


def _ask_for_names(sentence: Sentence, axes: Axes) -> None:
    """Counts without names; one that counts the names that were listed says nothing new."""
    for (code, pattern), name in zip(_UNNAMED.items(), (COLOR, SIZE, "规格"), strict=True):
        for match in sentence.take_all(pattern):
            count = re.match(NUMBER, match[0])
            if name not in axes or (count and whole(count[0]) != len(axes[name])):
                sentence.tell(code, match[0])
