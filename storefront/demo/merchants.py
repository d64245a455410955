"""The invented merchants: where they ask to be supplied, what they pick up, and at which prices they sell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from storefront.demo.people import Person

BO: Final = Person("薄亮", "13800138004", "/merchant", "商家 merchant")
XU: Final = Person("许静", "13800138010", "/merchant", "商家 merchant")
LU: Final = Person("陆鸣", "13800138011", "/merchant", "商家 merchant")
QIN: Final = Person("秦小满", "13800138032", "/merchant", "等审核的商家 merchant")


@dataclass(frozen=True)
class Ask:
    """One admission: the factory by its owner's phone, the day, her words, and what came of it.

    `decided` is the day of the answer (none: it still waits), `refusal` why not, `ended` the day and reason of an
    end. She picks up the first `goods` of the factory's codes at a markup in basis points.
    """

    factory: str
    day: int
    words: str
    decided: int | None = None
    refusal: str = ""
    ended: tuple[int, str] | None = None
    goods: int = 0
    markup_bp: int = 0


@dataclass(frozen=True)
class Merchant:
    """An invented merchant: `weight` says how often shoppers come; `by_hand` are prices in fen by the goods' code.

    `licensed` is what her licence calls her, where she hands in another name.
    """

    owner: Person
    name: str
    uscc: str
    joined: int
    weight: int
    asks: tuple[Ask, ...]
    by_hand: dict[str, int] = field(default_factory=dict)
    licensed: str = ""


@dataclass(frozen=True)
class Raise:
    """A factory asks more for single pieces of its goods: who sells them below that from then on is held."""

    factory: str
    code: str
    day: int
    price_fen: int


WEI, HAI, DAN = "13800138002", "13800138012", "13800138013"
BAIGOU, GAOYANG, DEHUA, DATANG, ANXI = (f"138001380{number}" for number in (14, 15, 16, 18, 19))
ZHILI, GUZHEN, CHENGHAI, CIXI = (f"138001380{number}" for number in (20, 21, 22, 23))

MERCHANTS: Final = (
    Merchant(
        BO,
        "薄荷生活馆",
        "91330106MA0DEM208W",
        joined=20,
        weight=6,
        asks=(
            Ask(WEI, 20, "杭州有三家门店，主营针织服饰，想长期合作。", decided=21, goods=8, markup_bp=6_500),
            Ask(BAIGOU, 22, "门店和小程序同时卖箱包，月销 300 件左右。", decided=23, goods=6, markup_bp=5_500),
            Ask(DAN, 26, "想加一个太阳镜专区。", decided=28, goods=4, markup_bp=9_000),
            Ask(DEHUA, 33, "茶器和马克杯，先铺几款试试。", decided=34, goods=6, markup_bp=6_000),
            Ask(ANXI, 38, "想代发铁观音。", decided=40, refusal="本季产量已排满，明年春茶再合作。"),
            Ask(ZHILI, 88, "想给门店加一个童装专柜。"),
        ),
        by_hand={"QH2604": 25_900, "QH2605": 7_990, "QH2608": 2_990, "BG-101": 12_900},
    ),
    Merchant(
        XU,
        "静好家居",
        "91440305MA0DEM216E",
        joined=34,
        weight=4,
        asks=(
            Ask(GAOYANG, 35, "做家居日用直播，每周三场。", decided=36, goods=7, markup_bp=7_000),
            Ask(DEHUA, 36, "直播间想上餐具和花瓶。", decided=37, goods=5, markup_bp=5_000),
            Ask(
                GUZHEN,
                43,
                "软装客户需要灯具配套。",
                decided=44,
                goods=4,
                markup_bp=4_500,
                ended=(82, "多次收到低价投诉，暂停供货，调整后可以再申请。"),
            ),
            Ask(WEI, 89, "想在直播间上羊绒围巾和护膝。"),
        ),
        by_hand={"GY03": 5_990},
    ),
    Merchant(
        LU,
        "鸣鸣优选",
        "91510107MA0DEM2246",
        joined=52,
        weight=3,
        asks=(
            Ask(CHENGHAI, 53, "社区团购，玩具需求稳定。", decided=54, goods=7, markup_bp=4_000),
            Ask(CIXI, 57, "团长反馈想要小家电。", decided=59, goods=5, markup_bp=3_500),
            Ask(HAI, 60, "想做工装裤团购。", decided=61, refusal="目前只供线下批发商，暂不做一件代发。"),
            Ask(DATANG, 64, "袜子复购高，想长期拿。", decided=65, goods=5, markup_bp=9_000),
        ),
    ),
)
NEWCOMER: Final = Merchant(
    QIN, "小满杂货铺", "91330110MA0DEM2326", joined=90, weight=0, asks=(), licensed="杭州小满百货商行"
)
"""She waits for an operator: her licence says another name."""
RAISES: Final = (Raise(WEI, "QH2608", day=75, price_fen=3_100),)
