"""The colours of a sentence: 黑/白, 黑白灰三色, 颜色：青花、白."""

import re
from itertools import pairwise
from typing import Final

from onboarding.listings.sentences.figures import whole
from onboarding.listings.sentences.parts import NEXT, NUMBER, Part, parts_of, runs_of, with_label
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sheets.options import COLOR, is_color

_COUNTED_COLORS: Final = rf"(?P<count>{NUMBER})(?:个|种)?(?:颜色|色|花色)(?:可选|任选|可混批?)?"
_LISTED: Final = re.compile(
    rf"(?:颜色|花色|色系)(?:有|分为?|可选)?\s*[:：]\s*(?P<names>(?:(?!{NEXT}"
    rf"|尺码)[^\W\d_]){{1,8}}(?:\s?[、/|]\s?(?:(?!{NEXT}|尺码)[^\W\d_]){{1,8}})+)"
)
_NO_COLORS: Final = re.compile(
    rf"(?:{NUMBER}|多|各|每|全|混|杂|纯|原|本|同|单|双|彩|花|变|出|角|特|景|夜|染|褪|掉|固|配|润|增|调|无"
    rf"|货|颜|间|撞|拼|渐变|.*混|素|随机|流行|其他|.*[0-9].*)色"
)
_SHORT: Final = "黑白灰红蓝绿黄紫粉棕咖米驼橙青杏金银"
_GLUED: Final = re.compile(f"[{_SHORT}]{{2,8}}")
_GLUED_TAIL: Final = re.compile(f"(?<=[^{_SHORT}\\s][^{_SHORT}\\s])[{_SHORT}]{{3,6}}$")
_SHADES: Final = frozenset(
    ("粉红", "紫红", "橙红", "棕红", "橙黄", "青绿", "蓝绿", "黄绿", "灰蓝", "灰绿", "灰粉", "粉紫", "粉蓝")
)
"""Two colours that are one."""
_TALLIED: Final = re.compile(
    rf"(?<![^\W\d_])(?P<names>[^\W\d_]{{1,4}}(?:\s?[、/]\s?[^\W\d_]{{1,4}})+)\s?(?P<count>{NUMBER})(?:个|种|组)?(?:颜色|色)"
    rf"(?![^\W\d_])"
)


def listed_colors(sentence: Sentence) -> dict[str, list[str]]:
    """`颜色：青花、白`, `黑/枪/金 三色`: what is listed as colours, or counted as such, is one, known or not."""
    found = [*_LISTED.finditer(sentence.text), *_TALLIED.finditer(sentence.text)]
    if len(found) != 1:
        return {}
    names = [name.strip() for name in re.split(r"[、/,，|]", found[0]["names"])]
    names = [re.sub(rf"(?<=.){_COUNTED_COLORS}$", "", name) for name in names]
    if len(set(names)) < len(names) or any(not name or _NO_COLORS.fullmatch(name) for name in names):
        return {}
    if found[0].re is _TALLIED and whole(found[0]["count"]) != len(names):
        return {}
    sentence.take(*found[0].span())
    return {COLOR: names}


def find_colors(sentence: Sentence) -> list[tuple[list[Part], list[str]]]:
    """Lists of colours as they stand there, and what each names."""
    found = []
    for run in runs_of(_colour_parts(sentence.text), lambda part: bool(_colors_of(part.text) or _is_glued(part))):
        if len(run) == 1 and _is_glued(run[0]):
            found.append((run, list(run[0].text)))
            continue
        values = [color for part in run for color in _colors_of(part.text) or [part.text]]
        labelled = with_label(sentence.text, run[0].start) < run[0].start
        if len(values) > 1 or labelled or values[0].endswith("色"):
            found.append((run, values))
    return found


def _is_glued(part: Part) -> bool:
    """`黑红蓝` behind the goods: three colours; `粉红` is one."""
    text = part.text
    several = _GLUED.fullmatch(text) and len(set(text)) == len(text) and not is_color(text) and text not in _SHADES
    return bool(several and part.start > 0)


def _colour_parts(text: str) -> list[Part]:
    """The parts, with 围巾驼色/黑色 parted before its first colour, and 披肩黑白灰 before its three."""
    parts = parts_of(text)
    for index, (part, following) in enumerate(pairwise(parts)):
        if following.link in {"、", "/"} and not _colors_of(part.text) and _colors_of(following.text):
            tail = next((part.text[-size:] for size in (4, 3, 2) if _is_plain(part.text[-size:])), "")
            if tail and len(tail) < len(part.text):
                parts[index] = Part(tail, part.end - len(tail), part.end, "stop")
    for index, part in enumerate(parts):
        glued = _GLUED_TAIL.search(part.text)
        if glued:
            parts[index] = Part(glued[0], part.end - len(glued[0]), part.end, "stop")
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
