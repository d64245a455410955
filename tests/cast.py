"""The people of every test, and how they write money down."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, noon in Shanghai


@dataclass(frozen=True)
class Person:
    """Somebody with a phone and one thing to do."""

    name: str
    phone: str
    role: str


LIN = Person("林晓", "13800138001", "shopper")
WEI = Person("魏国强", "13800138002", "factory_owner")
MEI = Person("梅芳", "13800138003", "factory_clerk")  # works for Wei
BO = Person("薄亮", "13800138004", "merchant_owner")  # resells
TAN = Person("谭敏", "13800138005", "operator")
HUA = Person("华军", "13800138006", "operator")  # the second pair of eyes
FANG = Person("方静", "13800138007", "finance")
GUO = Person("郭涛", "13800138008", "finance")  # the second signature
YU = Person("余远", "13800138009", "factory_owner")  # a stranger: right role, wrong factory

EVERYBODY = (LIN, WEI, MEI, BO, TAN, HUA, FANG, GUO, YU)
FEN = 100


def yuan(text: str) -> int:
    """`yuan("10.00")` is 1000 fen; a third decimal is refused, not rounded."""
    fen = Decimal(text) * FEN
    if fen != int(fen):
        message = f"{text} is not a whole number of fen"
        raise ValueError(message)
    return int(fen)
