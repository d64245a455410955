"""Pages of read lines, as an engine gives them, without a picture: set in columns, then bent as a camera does."""

import math
from collections.abc import Callable

from onboarding.licences.ocr.extract import Extract, extract
from onboarding.licences.ocr.lines import Point, TextLine

CODE = "91130534MA07K3R29J"
HEIGHT = 30
Bend = Callable[[float, float], Point]
Row = tuple[float, float, str]

LANDSCAPE: tuple[Row, ...] = (
    (640, 60, "营业执照"),
    (80, 100, "统一社会信用代码"),
    (80, 145, CODE),
    (770, 120, "(副 本)"),
    (80, 250, "名　　称"),
    (260, 250, "清河县样绒羊绒制品有限公司"),
    (80, 310, "类　　型"),
    (260, 310, "有限责任公司（自然人投资或控股)"),
    (80, 370, "法定代表人"),
    (260, 370, "样本甲"),
    (80, 430, "经营范围"),
    (260, 430, "羊绒制品、毛纺织品、服装的生产、加工"),
    (260, 472, "；货物进出口。(依法须经批准的项目，经"),
    (260, 514, "相关部门批准后方可开展经营活动)"),
    (950, 250, "注册资本"),
    (1130, 250, "伍佰万元整"),
    (950, 310, "成立日期"),
    (1130, 310, "2015年03月18日"),
    (950, 370, "营业期限"),
    (1130, 370, "2015年03月18日至2035年03月17日"),
    (950, 430, "住　　所"),
    (1130, 430, "河北省邢台市清河县羊绒工业园"),
    (1130, 472, "区泰山路66号"),
    (1160, 960, "登记机关"),
    (1160, 1010, "2021年06月02日"),
)
PORTRAIT: tuple[Row, ...] = (
    (400, 60, "营业执照"),
    (160, 200, "统一社会信用代码 92321181MA1N8T5B4Q"),
    (160, 300, "名　　称"),
    (310, 300, "丹阳市样镜眼镜店"),
    (160, 355, "类　　型"),
    (310, 355, "个体工商户"),
    (160, 410, "经营者"),
    (310, 410, "范本青"),
    (160, 465, "组成形式"),
    (310, 465, "个人经营"),
    (160, 520, "经营范围"),
    (310, 520, "眼镜、镜片、镜架零售、批发；验光配镜服务。"),
    (160, 575, "注册日期"),
    (310, 575, "2009年05月12日"),
    (160, 630, "经营场所"),
    (310, 630, "江苏省镇江市丹阳市丹阳眼镜城二楼216号"),
    (580, 1100, "登记机关"),
    (580, 1150, "2018年04月09日"),
    (420, 1240, "SPECIMEN 样本 非真实证照"),
)
TRUE = {
    "uscc": CODE,
    "name": "清河县样绒羊绒制品有限公司",
    "type": "有限责任公司(自然人投资或控股)",
    "legal_representative": "样本甲",
    "address": "河北省邢台市清河县羊绒工业园区泰山路66号",
    "established_on": "2015-03-18",
    "business_scope": (
        "羊绒制品、毛纺织品、服装的生产、加工；货物进出口。（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
    ),
    "expires_on": "2035-03-17",
}


def line(row: Row, bend: Bend, *, score: float = 0.98) -> TextLine:
    """A line whose top left corner stands there, as wide as its text."""
    left, top, text = row
    width = sum(0.5 if char.isascii() else 1.0 for char in text) * HEIGHT * 0.86
    right, bottom = left + width, top + HEIGHT
    return TextLine(text, score, (bend(left, top), bend(right, top), bend(right, bottom), bend(left, bottom)))


def read(rows: tuple[Row, ...], bend: Bend = lambda x, y: (x, y)) -> Extract:
    """What a page of these lines says."""
    return extract([line(row, bend) for row in rows])


def values(found: Extract) -> dict[str, str]:
    """The fields without their places."""
    return {name: field.value for name, field in found.fields.items()}


def instead(rows: tuple[Row, ...], **changed: str | None) -> tuple[Row, ...]:
    """The page with texts replaced, `{old: new}`; None takes a line away."""
    texts = {old.replace("_", "　"): new for old, new in changed.items()}
    kept = [(left, top, texts.get(text, text)) for left, top, text in rows]
    return tuple((left, top, text) for left, top, text in kept if text is not None)


def camera(*, tilt: float = 0.0, nearer: float = 0.0, sag: float = 0.0, scale: float = 1.0) -> Bend:
    """Tilted by degrees, the right side nearer by a share, the paper sagging by px in its middle."""
    angle = math.radians(tilt)

    def bend(x: float, y: float) -> Point:
        x, y = x - 800, y - 500
        grown = 1 + nearer * x / 1600
        x, y = x * grown, y * grown + sag * (1 - (x / 800) ** 2)
        return (
            scale * (x * math.cos(angle) - y * math.sin(angle) + 1500),
            scale * (x * math.sin(angle) + y * math.cos(angle) + 1500),
        )

    return bend
