from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from storefront.search.rules import ListingDocument

BELTS = {
    "qinghe-cashmere": "清河羊绒",
    "danyang-glasses": "丹阳眼镜",
    "shishi-garments": "石狮服装",
    "yiwu-smallwares": "义乌小商品",
    "guzhen-lighting": "古镇灯饰",
    "anxi-tea": "安溪铁观音",
}
DAY_ONE = datetime(2026, 10, 1, tzinfo=UTC)

Make = Callable[..., ListingDocument]


def make_listing(number: int, title: str = "羊绒围巾", **facts: object) -> ListingDocument:
    """A listing numbered `number`, made that many minutes after the first day."""
    usual: dict[str, Any] = {
        "id": number,
        "public_id": f"lst_{number}",
        "title": title,
        "factory": "宏达制造有限公司",
        "belt": "qinghe-cashmere",
        "belt_name": "",
        "province": "",
        "category": "服饰/针织",
        "price_fen": 100_00,
        "created_at": DAY_ONE + timedelta(minutes=number),
    }
    return ListingDocument(**usual | facts)
