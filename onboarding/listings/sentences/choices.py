"""The colours and sizes of a sentence: lists of names become options, a bare count of them is asked about."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from onboarding.listings.sentences.figures import CHINESE, whole
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sheets.options import COLOR, SIZE, is_color, is_size, split_sizes

_NEXT: Final = (
    r"出厂|批发|零售|代发|现货|库存|起批|起订|建议|一件|定做|订做|预售|吊牌|每色|每码|均码|各[0-9色码]"
    r"|可选|任选|可混|随机|齐全|都有|共[0-9]|单价|价|moq"
)
_LABELS: Final = "颜色|花色|尺码|码数|鞋码|身高"
_PARTS: Final = re.compile(
    rf"(?:{_LABELS})(?=[^\s:：])"
    rf"|[^\s、/,，|+;；。!！()（）【】\[\]:：\n]+?(?=[\s、/,，|+;；。!！()（）【】\[\]:：\n]|$|(?:{_NEXT}"
    rf"|{_LABELS}))",
    re.IGNORECASE,
)
_LINKS: Final = re.compile(r"\s*[、/,，|+]\s*|\s+")
_NUMBER: Final = rf"(?:[0-9]{{1,3}}|{CHINESE})"
_COUNTED_COLORS: Final = rf"(?P<count>{_NUMBER})(?:个|种)?(?:颜色|色|花色)(?:可选|任选|可混批?)?"
_COLOR_COUNT: Final = re.compile(_COUNTED_COLORS)
_LABEL: Final = re.compile(
    r"(?P<color>颜色|花色|色系)(?:有|分|分为|可选)?|(?P<size>尺码|身高|码数|鞋码|码段|号码|尺寸|寸|大小"
    r"|sizes?)(?:有|分|分为|可选)?",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    rf"(?:颜色|花色|色系)(?:有|分为?|可选)?\s*[:：]\s*(?P<names>(?:(?!{_NEXT}"
    rf"|尺码)[^\W\d_]){{1,8}}(?:\s?[、/|]\s?(?:(?!{_NEXT}|尺码)[^\W\d_]){{1,8}})+)"
)
_NO_COLORS: Final = re.compile(
    rf"(?:{_NUMBER}|多|各|每|全|混|杂|纯|原|本|同|单|双|彩|花|变|出|角|特|景|夜|染|褪|掉|固|配|润|增|调|无"
    rf"|货|颜|间|撞|拼|渐变|.*混|素|随机|流行|其他|.*[0-9].*)色"
)
_GLUED: Final = re.compile(r"[黑白灰红蓝绿黄紫粉棕咖米驼橙青杏]{2,8}")
_LETTER: Final = re.compile(r"(?:[2-9]x{1,2}|x{0,4})[sml]|[2-9]x", re.IGNORECASE)
_LETTERS_BETWEEN: Final = re.compile(r"(?:[2-9]?x{0,4}[sml])\s?[-~～至到—–]+\s?(?:[2-9]?x{0,4}[sml])码?", re.IGNORECASE)
_NUMBERS_BETWEEN: Final = re.compile(r"[0-9]{2,3}码?\s?[-~～至到—–]+\s?[0-9]{2,3}码")
_BARE_BETWEEN: Final = re.compile(r"[0-9]{2,3}(?:cm)?[-~～至到—–]+[0-9]{2,3}(?:cm)?")
_ONE: Final = re.compile(r"均码|通码|单码|f码|free\s?size|one\s?size", re.IGNORECASE)
_MEASURED: Final = re.compile(
    r"(?P<figure>[0-9]+(?:\.[0-9]+)?)(?P<unit>英寸|寸|cm|厘米|mm|毫米|m|米|ml|毫升|l|升|g|克|kg|公斤|斤|w"
    r"|瓦|度|层|抽|片|支|头)",
    re.IGNORECASE,
)
_OF_SIZE: Final = frozenset(("英寸", "寸", "cm", "厘米", "mm", "毫米", "m", "米"))
_UNNAMED: Final = {
    "colours_unnamed": re.compile(
        rf"(?<![0-9.A-Za-z])(?:{_NUMBER}\s?(?:个|种)\s?(?:颜色|花色|色)|(?:{_NUMBER}|多|各|全)色(?=\s|$"
        rf"|[,，、/;；。!！()（）】]|可|任|混|[0-9]|{_NEXT})|多(?:种|个)?(?:颜色|花色)|颜色(?:齐全|多)"
        rf"|{_NUMBER}\s?colou?rs?)(?:可选|任选|可混批?|混批|都有|齐全)?",
        re.IGNORECASE,
    ),
    "sizes_unnamed": re.compile(
        rf"(?<![0-9.A-Za-z])(?:{_NUMBER}\s?(?:个|种)\s?(?:尺码|码|尺寸|号)|(?:[1-9]|1[0-4]"
        rf"|[二两三四五六七八九十]+)码(?=\s|$|[,，、/;；。!！()（）】]|可|任|{_NEXT})|[多全]个?尺?码"
        rf"|尺码(?:齐全|全)|码数齐全|{_NUMBER}\s?sizes?)(?:可选|任选|齐全)?",
        re.IGNORECASE,
    ),
    "kinds_unnamed": re.compile(
        rf"(?<![0-9.A-Za-z])(?:{_NUMBER}\s?(?:个|种)\s?(?:款式?|规格|口味|味道|花型|图案|型号|香型)"
        rf"|(?:{_NUMBER}|多)(?:款|种口味|口味)(?=可选|任选|可混|混批|混发)|多(?:种)?(?:规格|口味|款式))(?:可选"
        rf"|任选|可混批?|混批|混发)?"
    ),
}


@dataclass(frozen=True)
class Part:
    """A piece of the sentence between separators, and how it is tied to the one before: 、 or a space."""

    text: str
    start: int
    end: int
    link: str


Axes = dict[str, list[str]]


def read_choices(sentence: Sentence) -> Axes:
    """Option name → values, taken out of the sentence; at most one list of colours and one of sizes."""
    axes: Axes = _listed_colors(sentence)
    for name, finder in ((COLOR, _colors), (SIZE, _sizes)):
        runs = finder(sentence)
        distinct = {tuple(values): (found, values) for found, values in runs}
        if len(distinct) == 1 and runs and name not in axes:
            axes[name] = list(dict.fromkeys(runs[0][1]))
        elif distinct:
            said = "；".join(sentence.text[parts[0].start : parts[-1].end] for parts, _values in runs)
            sentence.tell("options_unclear", said)
        for parts, _values in runs:
            start = _with_label(sentence.text, parts[0].start)
            sentence.take(start, parts[-1].end)
    axes |= _measured(sentence)
    _ask_for_names(sentence, axes)
    return axes


def _listed_colors(sentence: Sentence) -> Axes:
    """`颜色：青花、白`: whatever is listed behind the word and a colon is a colour, known or not."""
    found = list(_LISTED.finditer(sentence.text))
    if len(found) != 1:
        return {}
    names = [name.strip() for name in re.split(r"[、/,，|]", found[0]["names"])]
    names = [re.sub(rf"(?<=.){_COUNTED_COLORS}$", "", name) for name in names]
    if len(set(names)) < len(names) or any(not name or _NO_COLORS.fullmatch(name) for name in names):
        return {}
    sentence.take(*found[0].span())
    return {COLOR: names}


def _with_label(text: str, start: int) -> int:
    before = re.search(rf"(?:{_LABEL.pattern})\s*[:：]?\s*$", text[:start], re.IGNORECASE)
    return before.start() if before else start


def _parts(text: str) -> list[Part]:
    parts: list[Part] = []
    end = 0
    for match in _PARTS.finditer(text):
        between = text[end : match.start()]
        link = between.strip() if parts and _LINKS.fullmatch(between) else "stop"
        parts.append(Part(match[0], match.start(), match.end(), link if between or not parts else "glued"))
        end = match.end()
    return parts


def _runs(parts: list[Part], is_one: Callable[[Part], bool]) -> list[list[Part]]:
    """Parts next to each other that are all such; one of a list tied by 、 or / to something else is none of it."""
    runs: list[list[Part]] = []
    for before, part in pairwise([Part("", 0, 0, "stop"), *parts]):
        if not is_one(part):
            if runs and runs[-1] and runs[-1][-1] is before and part.link in {"、", "/", "+"}:
                runs.pop()
            runs.append([])
        elif runs and runs[-1] and part.link != "stop":
            runs[-1].append(part)
        elif before.text and part.link in {"、", "/", "+"} and not (runs and runs[-1]):
            continue
        else:
            runs.append([part])
    return [run for run in runs if run]


def _colors(sentence: Sentence) -> list[tuple[list[Part], list[str]]]:
    found = []
    for run in _runs(_colour_parts(sentence.text), lambda part: bool(_colors_of(part.text))):
        values = [color for part in run for color in _colors_of(part.text)]
        labelled = _with_label(sentence.text, run[0].start) < run[0].start
        if len(values) > 1 or labelled or values[0].endswith("色"):
            found.append((run, values))
    return found


def _colour_parts(text: str) -> list[Part]:
    """The parts, with 围巾驼色/黑色 parted before its first colour."""
    parts = _parts(text)
    for index, (part, following) in enumerate(pairwise(parts)):
        if following.link in {"、", "/"} and not _colors_of(part.text) and _colors_of(following.text):
            tail = next((part.text[-size:] for size in (4, 3, 2) if _is_plain(part.text[-size:])), "")
            if tail and len(tail) < len(part.text):
                parts[index] = Part(tail, part.end - len(tail), part.end, "stop")
    return parts


def _is_plain(text: str) -> bool:
    return text.endswith("色") and is_color(text[:-1]) and not _NO_COLORS.fullmatch(text)


def _colors_of(text: str) -> list[str]:
    """The colours a part names: 驼色, 黑白灰三色, 灰色3色; none when it names something else."""
    count = re.search(rf"{_COUNTED_COLORS}$", text)
    bare, wanted = (text[: count.start()], whole(count["count"])) if count else (text, None)
    if _GLUED.fullmatch(bare) and wanted == len(bare):
        return list(bare)
    names = re.findall("[^色]{1,3}色", bare)
    if len(names) > 1 and "".join(names) == bare and all(map(_is_plain, names)):  # 黑色白色红色
        return list(names)
    if not bare or _NO_COLORS.fullmatch(bare) or re.search(r"[0-9a-z]", bare, re.IGNORECASE) or not is_color(bare):
        return []
    return [bare]


def _sizes(sentence: Sentence) -> list[tuple[list[Part], list[str]]]:
    found = []
    for run in _alike(_runs(_parts(sentence.text), lambda part: _may_be_size(part.text))):
        labelled = bool(
            re.search(
                r"(?:尺码|身高|码数|鞋码|码段|号码|sizes?)(?:有|分|分为)?\s*[:：]?\s*$",
                sentence.text[: run[0].start],
                re.IGNORECASE,
            )
        )
        texts = [part.text for part in run]
        if labelled or _are_sizes(texts) or _are_shoes(run):
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
        run for run in _runs(_parts(sentence.text), lambda part: bool(_MEASURED.fullmatch(part.text))) if len(run) > 1
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
            count = re.match(_NUMBER, match[0])
            if name not in axes or (count and whole(count[0]) != len(axes[name])):
                sentence.tell(code, match[0])
