"""The invented factories: who owns them, where they stand, which price sheets they keep and when they joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from onboarding.verification.rules import Told
from storefront.demo.people import DAN, HAI, WEI, Person


@dataclass(frozen=True)
class Factory:
    """An invented factory: `joined` is the day of the calendar, `weight` how often shoppers come to it.

    `stock` answers what one number beside several variants means in its sheet. A factory without a sheet has not
    been decided about; `refusal` is why it was sent back.
    """

    owner: Person
    name: str
    uscc: str
    belt: str
    joined: int
    weight: int = 0
    sheet: str = ""
    stock: Literal["per_sku", "total"] = "total"
    refusal: str = ""


@dataclass(frozen=True)
class LateSheet:
    """A sheet that came last week: by code, what was handed in, what was sent back and why; the rest are drafts."""

    owner: Person
    sheet: str
    day: int
    submitted: frozenset[str]
    refused: dict[str, str]


FACTORIES: Final = (
    Factory(
        WEI,
        "清河样绒羊绒制品厂",
        "91130534MA0DEM013U",
        "qinghe-cashmere",
        joined=0,
        weight=22,
        sheet="qinghe-cashmere.xlsx",
    ),
    Factory(
        HAI,
        "石狮市海样服装有限公司",
        "91350581MA0DEM021E",
        "shishi-garments",
        joined=0,
        weight=5,
        sheet="shishi-garments.xlsx",
        stock="per_sku",
    ),
    Factory(
        DAN,
        "丹阳样镜眼镜厂",
        "91321181MA0DEM03XH",
        "danyang-glasses",
        joined=0,
        weight=5,
        sheet="danyang-glasses.xlsx",
        stock="per_sku",
    ),
    Factory(
        Person("白玉成", "13800138014"),
        "保定白沟样途箱包有限公司",
        "91130684MA0DEM0481",
        "baigou-bags",
        joined=3,
        weight=5,
        sheet="baigou-bags.csv",
    ),
    Factory(
        Person("高秀兰", "13800138015"),
        "高阳县样柔纺织有限公司",
        "91130628MA0DEM056Q",
        "gaoyang-towels",
        joined=6,
        weight=4,
        sheet="gaoyang-towels.csv",
    ),
    Factory(
        Person("苏德明", "13800138016"),
        "德化县样白陶瓷有限公司",
        "91350526MA0DEM0647",
        "dehua-porcelain",
        joined=9,
        weight=5,
        sheet="dehua-porcelain.csv",
    ),
    Factory(
        Person("应永强", "13800138017"),
        "永康市样钢五金制品厂",
        "91330784MA0DEM0724",
        "yongkang-hardware",
        joined=14,
        weight=4,
        sheet="yongkang-hardware.csv",
    ),
    Factory(
        Person("章小燕", "13800138018"),
        "诸暨市样足针织有限公司",
        "91330681MA0DEM080E",
        "datang-socks",
        joined=19,
        weight=4,
        sheet="datang-socks.csv",
    ),
    Factory(
        Person("王清泉", "13800138019"),
        "安溪县样香茶业有限公司",
        "91350524MA0DEM099W",
        "anxi-tea",
        joined=25,
        weight=4,
        sheet="anxi-tea.csv",
    ),
    Factory(
        Person("沈织云", "13800138020"),
        "湖州织里样童服饰有限公司",
        "91330502MA0DEM101C",
        "zhili-childrenswear",
        joined=32,
        weight=5,
        sheet="zhili-childrenswear.csv",
        stock="per_sku",
    ),
    Factory(
        Person("梁光耀", "13800138021"),
        "中山市古镇样光灯饰厂",
        "91442000MA0DEM11X1",
        "guzhen-lighting",
        joined=39,
        weight=3,
        sheet="guzhen-lighting.csv",
    ),
    Factory(
        Person("陈乐童", "13800138022"),
        "汕头市澄海区样趣玩具厂",
        "91440515MA0DEM128R",
        "chenghai-toys",
        joined=46,
        weight=4,
        sheet="chenghai-toys.csv",
    ),
    Factory(
        Person("胡家暖", "13800138023"),
        "慈溪市样暖电器有限公司",
        "91330282MA0DEM136B",
        "cixi-appliances",
        joined=53,
        weight=4,
        sheet="cixi-appliances.csv",
    ),
    Factory(
        Person("李驼生", "13800138024"),
        "清河县样驼绒毛制品有限公司",
        "91130534MA0DEM144P",
        "qinghe-cashmere",
        joined=60,
        weight=4,
        sheet="qinghe-knitwear.csv",
    ),
    Factory(
        Person("金百顺", "13800138025"),
        "义乌市样百日用品厂",
        "91330782MA0DEM152T",
        "yiwu-smallwares",
        joined=68,
        weight=4,
        sheet="yiwu-smallwares.csv",
    ),
    Factory(
        Person("韦鲜梅", "13800138026"),
        "柳州市样鲜食品有限公司",
        "91450205MA0DEM160A",
        "liuzhou-noodles",
        joined=77,
        weight=3,
        sheet="liuzhou-noodles.csv",
    ),
    Factory(
        Person("崔发顺", "13800138027"),
        "许昌样发饰品有限公司",
        "91411003MA0DEM195H",
        "xuchang-wigs",
        joined=86,
        refusal="营业执照上的名称与填写的工厂名称不一致，请按执照全称改好再提交。",
    ),
    Factory(Person("竺结文", "13800138028"), "嵊州市样结服饰厂", "91330683MA0DEM179U", "shengzhou-ties", joined=89),
    Factory(
        Person("程瓷生", "13800138029"),
        "景德镇样瓷陶瓷有限公司",
        "91360203MA0DEM187J",
        "jingdezhen-ceramics",
        joined=90,
    ),
)
TOLD: Final = {
    "qinghe-cashmere.xlsx": Told(founded=2011, people=86, capacity="1.2 万件", makes="羊绒衫、围巾、护膝，纺纱到成衣"),
    "shishi-garments.xlsx": Told(founded=2016, people=210, capacity="15 万件", makes="夹克、卫衣、羽绒马甲、速干衣"),
    "danyang-glasses.xlsx": Told(founded=2005, people=64, capacity="8 万副", makes="镜架、太阳镜、老花镜，自有车房"),
    "baigou-bags.csv": Told(founded=2005, people=120, capacity="4 万只", makes="双肩包、拉杆箱、化妆包"),
    "gaoyang-towels.csv": Told(founded=2018, people=150, capacity="60 万条", makes="毛巾、浴巾、浴袍，自有织机 48 台"),
    "dehua-porcelain.csv": Told(founded=2008, people=72, capacity="20 万件", makes="白瓷茶器、餐具、花瓶，两条窑线"),
    "yongkang-hardware.csv": Told(founded=2008, people=95, capacity="30 万件", makes="工具、锅具、保温杯"),
    "datang-socks.csv": Told(founded=2004, people=130, capacity="200 万双", makes="棉袜、运动袜、儿童袜"),
    "anxi-tea.csv": Told(founded=2014, people=28, makes="铁观音：自有茶园 320 亩，春秋两季采制"),
    "zhili-childrenswear.csv": Told(founded=2004, people=60, capacity="5 万件", makes="童装：外套、裤子、连衣裙"),
    "guzhen-lighting.csv": Told(founded=2007, people=110, capacity="6 万盏", makes="吊灯、台灯、筒灯、灯带"),
    "chenghai-toys.csv": Told(founded=2018, people=180, capacity="40 万件", makes="积木、小汽车、沙滩玩具"),
    "cixi-appliances.csv": Told(founded=2016, people=260, capacity="9 万台", makes="电水壶、电饭煲、风扇、吹风机"),
    "qinghe-knitwear.csv": Told(founded=2011, people=45, capacity="8000 件"),
    "yiwu-smallwares.csv": Told(founded=2005, makes="日用百货：收纳、雨伞、发饰"),
}
"""What factories tell of themselves, by the sheet they keep, the year as their licence has it; one has told nothing."""
DESCRIBED: Final = {
    "QH2601": "山羊绒纱线在本厂纺成、织成、缝成，圆领，袖口和下摆是罗纹。平铺量尺寸，手工测量，误差在 2 厘米以内。"
    "反面冷水手洗，平铺晾干；头几次穿会起一点小球，用去球器修掉就好。",
    "QH2604": "长 200 厘米、宽 70 厘米，展开可以当披肩。水波纹是后整理时做出来的，洗后会淡一些。两头是手打的流苏。"
    "建议干洗，或者用中性洗涤剂冷水轻压，不要拧。",
    "QH2605": "双层罗纹，翻边可高可低，头围 54 到 60 厘米都能戴。羊绒混纺，比纯绒耐磨。冷水手洗，平铺晾干。",
    "DY-9001": "半框，钛材，鼻托可以调。镜架不带度数，镜片请到配镜的地方量好再配。附眼镜盒和擦镜布。",
    "DH2605": "一把壶、六个杯、一个茶盘，收到先用开水烫一遍。纸箱里每件单独有泡沫格，碰坏了拍照给我们，补发。",
}
"""What factories wrote about some of their goods, by code."""
CERTIFICATES: Final = {
    "qinghe-cashmere.xlsx": ("brand", "90026013", "商标“样绒”，第 25 类：服装、围巾、护膝"),
    "anxi-tea.csv": ("sc", "SC11435052400015", "茶叶（乌龙茶、红茶）"),
    "liuzhou-noodles.csv": ("sc", "SC10745020500018", "方便食品（米粉制品）"),
    "guzhen-lighting.csv": ("ccc", "2024011001100001", "GZ 系列固定式、可移式灯具"),
    "chenghai-toys.csv": ("ccc", "2024012202100002", "CH-30 系列玩具"),
    "cixi-appliances.csv": ("ccc", "2024010711100003", "CX 系列小家电"),
    "yongkang-hardware.csv": ("ccc", "2024010501100004", "YK-T04 电钻"),
}
"""What some goods of these sheets may not be sold without, and one mark: kind, number, what it covers."""
LATE_SHEETS: Final = (
    LateSheet(
        WEI,
        "qinghe-spring.csv",
        day=87,
        submitted=frozenset({"QH2701", "QH2702", "QH2704"}),
        refused={"QH2704": "成分写的是 100% 山羊绒，请在介绍里写明检测报告编号，再提交一次。"},
    ),
    LateSheet(HAI, "shishi-winter.csv", day=89, submitted=frozenset({"JP-811", "JP-812"}), refused={}),
)
