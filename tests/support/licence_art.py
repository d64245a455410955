"""Business licences of firms that do not exist, drawn as licences look: two layouts, both editions of each label."""

import random
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from onboarding.licences.credit_code import ALPHABET, check_digit, inner_check_digit

FOLDERS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/truetype/wqy"))
FACES = ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "wqy-zenhei.ttc")
SIMPLIFIED = 2  # of the faces in a collection
LAYOUTS = ("landscape", "portrait")
PAPERS = ((250, 246, 232), (255, 255, 250), (246, 250, 240), (252, 243, 238))
INKS = ((20, 20, 20), (45, 40, 40), (60, 45, 25))

PLACES = (
    ("130534", "河北省邢台市清河县", "清河县"),
    ("321181", "江苏省镇江市丹阳市", "丹阳市"),
    ("350581", "福建省泉州市石狮市", "石狮市"),
    ("330782", "浙江省金华市义乌市", "义乌市"),
    ("440606", "广东省佛山市顺德区", "佛山市顺德区"),
    ("371722", "山东省菏泽市单县", "单县"),
    ("420115", "湖北省武汉市江夏区", "武汉市江夏区"),
    ("510116", "四川省成都市双流区", "成都市双流区"),
)
WORDS = ("样绒", "海样", "晟样", "恒样源", "样锦", "金样盛", "宏样达", "瑞样", "样之星", "百样通", "鑫样", "样丰")
TRADES = (
    ("羊绒制品", "羊绒制品、毛纺织品、服装的生产、加工、销售；货物进出口"),
    ("眼镜", "眼镜、镜片、镜架零售、批发；验光配镜服务；光学仪器销售"),
    ("服装", "服装、服饰、鞋帽的制造与销售；互联网销售（除销售需要许可的商品）"),
    ("五金塑料制品", "五金制品、塑料制品、模具的研发、制造、加工、销售；普通货物仓储服务"),
    ("家具", "家具、木制品、床垫加工、销售；室内装饰装修工程施工；道路普通货物运输"),
)
ROADS = ("泰山路", "人民东路", "工业大道", "滨河北街", "创业二路", "迎宾大道", "学府路")
SPOTS = ("羊绒工业园区", "经济开发区", "宝盖镇", "城关镇西关村", "国际商贸城一区", "高新技术产业园")
SURNAMES, GIVEN = "范样李王陈周郑吴孙马", ("本青", "例一", "样甲", "德本", "晓样", "建国", "样", "丽华")
KINDS = ("有限责任公司(自然人投资或控股)", "有限责任公司", "有限责任公司(自然人独资)", "股份有限公司(非上市)")
SUMS = ("伍佰万元整", "贰佰万元整", "壹仟零捌拾万元整", "100万人民币", "叁拾万元整")
APPROVAL = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"


@dataclass(frozen=True)
class Facts:
    """What a licence says; dates as ISO text, `expires_on` empty when it runs for ever."""

    uscc: str
    name: str
    type: str
    legal_representative: str
    address: str
    established_on: str
    business_scope: str
    expires_on: str

    @property
    def is_individual(self) -> bool:
        """Whether it is the licence of an individual business, whose labels differ."""
        return self.type == "个体工商户"


def invented(dice: random.Random) -> Facts:
    """A firm that does not exist, under a code whose checks hold."""
    region, province, town = dice.choice(PLACES)
    trade, scope = dice.choice(TRADES)
    individual = dice.random() < 0.3
    brackets = f"（{town}）" if dice.random() < 0.2 else ""
    ending = dice.choice(("店", "经营部", "加工厂")) if individual else dice.choice(("有限公司", "科技有限公司"))
    name = f"{'' if brackets else town}{dice.choice(WORDS)}{brackets}{trade}{ending}"
    year = dice.randrange(1996, 2024)
    address = f"{province}{dice.choice(SPOTS)}{dice.choice(ROADS)}{dice.randrange(1, 1299)}号{_house(dice)}"
    return Facts(
        uscc=_code(dice, "92" if individual else "91", region),
        name=name,
        type="个体工商户" if individual else dice.choice(KINDS),
        legal_representative=dice.choice(SURNAMES) + dice.choice(GIVEN),
        address=address,
        established_on=f"{year}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}",
        business_scope=scope + "。" + (APPROVAL if dice.random() < 0.6 else ""),
        expires_on="" if individual or dice.random() < 0.6 else f"{year + 30}-{dice.randrange(1, 13):02d}-15",
    )


def _house(dice: random.Random) -> str:
    return dice.choice(
        ("", f"{dice.randrange(1, 30)}幢", f"A座{dice.randrange(201, 2399)}室", f"第{dice.choice('三五')}厂房")
    )


def _code(dice: random.Random, sort: str, region: str) -> str:
    inner = "MA" + "".join(dice.choice(ALPHABET) for _place in range(6))
    start = sort + region + inner
    start += inner_check_digit(start)
    return start + check_digit(start)


@dataclass(frozen=True)
class Sheet:
    """How a licence is set: sizes in px at the drawn scale."""

    size: tuple[int, int]
    text: int
    columns: tuple[tuple[int, int, int], ...]  # left edge of labels, of values, right edge of values
    top: int


SHEETS = {
    "landscape": Sheet((1650, 1160), 30, ((86, 266, 880), (950, 1130, 1566)), 376),
    "portrait": Sheet((1160, 1640), 30, ((130, 320, 1040),), 480),
}


def draw(facts: Facts, layout: str, dice: random.Random) -> Image.Image:
    """A licence as a flat scan."""
    sheet = SHEETS[layout]
    sheet = replace(sheet, text=sheet.text + dice.randrange(-3, 3))
    page = Image.new("RGB", sheet.size, dice.choice(PAPERS))
    pen, face, ink = ImageDraw.Draw(page), dice.choice(faces()), dice.choice(INKS)
    _frame(pen, sheet)
    _head(pen, sheet, facts, face, layout)
    _body(pen, sheet, facts, (face, ink), layout)
    _foot(page, sheet, facts, face, dice)
    return page


@cache
def faces() -> tuple[str, ...]:
    """The Chinese faces of this machine."""
    there = [str(folder / name) for name in FACES for folder in FOLDERS if (folder / name).exists()]
    assert there, "no Chinese font: install fonts-noto-cjk"
    return tuple(there)


@cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face, size, index=SIMPLIFIED if "Noto" in face else 0)


def _frame(pen: ImageDraw.ImageDraw, sheet: Sheet) -> None:
    width, height = sheet.size
    pen.rectangle((30, 30, width - 30, height - 30), outline=(178, 138, 60), width=9)
    pen.rectangle((48, 48, width - 48, height - 48), outline=(178, 138, 60), width=2)


def _head(pen: ImageDraw.ImageDraw, sheet: Sheet, facts: Facts, face: str, layout: str) -> None:
    middle = sheet.size[0] // 2
    pen.ellipse((middle - 55, 70, middle + 55, 180), fill=(200, 30, 30))
    pen.regular_polygon((middle, 125, 30), 5, fill=(245, 210, 60))
    title = _font(face, 76)
    pen.text((middle, 240), "营 业 执 照", font=title, fill=(20, 20, 20), anchor="mm")
    pen.text((middle, 308), "（副 本）", font=_font(face, 28), fill=(20, 20, 20), anchor="mm")
    left, top = (86, 220) if layout == "landscape" else (130, 380)
    pen.text((left, top), "统一社会信用代码", font=_font(face, 27), fill=(60, 60, 60))
    below = (left, top + 42) if layout == "landscape" else (left + 250, top)
    pen.text(below, facts.uscc, font=_font(faces()[1 % len(faces())], 34), fill=(10, 10, 10))
    _square(pen, sheet.size[0] - 230, 110, facts.uscc)


def _square(pen: ImageDraw.ImageDraw, left: int, top: int, seed: str) -> None:
    """Something as busy as a QR code."""
    dice = random.Random(seed)  # noqa: S311  the same picture each time
    for row in range(25):
        for column in range(25):
            if dice.random() < 0.5:
                pen.rectangle(
                    (left + column * 5, top + row * 5, left + column * 5 + 4, top + row * 5 + 4), fill="black"
                )


def _body(
    pen: ImageDraw.ImageDraw, sheet: Sheet, facts: Facts, how: tuple[str, tuple[int, int, int]], layout: str
) -> None:
    face, ink = how
    entries = _entries(facts)
    split = [entries[:4], entries[4:]] if layout == "landscape" else [[*entries[:3], *entries[4:], entries[3]]]
    font, pitch = _font(face, sheet.text), round(sheet.text * 1.4)
    for (label_at, value_at, end), column in zip(sheet.columns, split, strict=True):
        down = sheet.top
        for label, value in column:
            pen.text((label_at, down), _spread(label), font=font, fill=(110, 85, 40))
            for line in _wrapped(value, font, end - value_at):
                pen.text((value_at, down), line, font=font, fill=ink)
                down += pitch
            down += round(sheet.text * 0.75)


def _entries(facts: Facts) -> list[tuple[str, str]]:
    who, where, since = (
        ("经营者", "经营场所", "注册日期") if facts.is_individual else ("法定代表人", "住所", "成立日期")
    )
    term = f"{_written(facts.established_on)}至{_written(facts.expires_on)}" if facts.expires_on else "长期"
    second = ("组成形式", "个人经营") if facts.is_individual else ("注册资本", SUMS[len(facts.name) % len(SUMS)])
    return [
        ("名称", facts.name),
        ("类型", facts.type),
        (who, facts.legal_representative),
        ("经营范围", facts.business_scope),
        second,
        (since, _written(facts.established_on)),
        *([] if facts.is_individual else [("营业期限", term)]),
        (where, facts.address),
    ]


def _written(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{month}月{date}日"


def _spread(label: str) -> str:
    return label[0] + "\u3000\u3000" + label[1] if len(label) == 2 else label


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for char in text:
        if font.getlength(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def _foot(page: Image.Image, sheet: Sheet, facts: Facts, face: str, dice: random.Random) -> None:
    width, height = sheet.size
    pen = ImageDraw.Draw(page)
    left, top = width - 480, height - 200
    pen.text((left, top), "登记机关", font=_font(face, 28), fill=(110, 85, 40))
    pen.text((left, top + 50), _written(facts.established_on[:4] + "-06-02"), font=_font(face, 28), fill=(20, 20, 20))
    seal = Image.new("RGBA", (220, 220))
    ring = ImageDraw.Draw(seal)
    ring.ellipse((5, 5, 215, 215), outline=(205, 30, 30, 220), width=7)
    ring.text((110, 110), "样 本", font=_font(face, 40), fill=(205, 30, 30, 220), anchor="mm")
    page.paste(seal, (left + 130 + dice.randrange(30), top - 80), seal)
    small = _font(face, 20)
    pen.text((width // 2, height - 66), "SPECIMEN 样本 非真实证照", font=small, fill=(150, 150, 150), anchor="mm")
    pen.text(
        (90, height - 100), "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn", font=small, fill=(120, 120, 120)
    )
