"""An address pasted in one piece is told apart as far as it can be; what is not sure is left to be typed."""

import pytest

from storefront.orders.rules import PROVINCES
from storefront.orders.text import split_address

LIN = {
    "name": "林晓",
    "phone": "13800138001",
    "province": "浙江省",
    "city": "杭州市",
    "county": "西湖区",
    "line": "文三路 1 号 2 幢 301 室",
}


@pytest.mark.parametrize(
    "text",
    [
        "林晓 13800138001 浙江省杭州市西湖区文三路 1 号 2 幢 301 室",
        "林晓，138 0013 8001，浙江省 杭州市 西湖区 文三路 1 号 2 幢 301 室",
        "浙江省杭州市西湖区文三路 1 号 2 幢 301 室\n林晓\n+86 138-0013-8001",
        "收货人：林晓\n手机号码：13800138001\n所在地区：浙江省杭州市西湖区\n详细地址：文三路 1 号 2 幢 301 室",
        "林晓13800138001浙江杭州市西湖区文三路 1 号 2 幢 301 室",
        "１３８００１３８００１ 林晓 浙江杭州市西湖区文三路 1 号 2 幢 301 室",
    ],
)
def test_all_six_parts_are_found(text: str) -> None:
    assert split_address(text, PROVINCES) == LIN


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("北京市朝阳区望京西路 50 号", ("北京市", "北京市", "朝阳区", "望京西路 50 号")),
        ("上海市上海市徐汇区漕溪北路 18 号", ("上海市", "上海市", "徐汇区", "漕溪北路 18 号")),
        ("广西壮族自治区南宁市青秀区民族大道 1 号", ("广西壮族自治区", "南宁市", "青秀区", "民族大道 1 号")),
        ("内蒙古锡林郭勒盟锡林浩特市团结路", ("内蒙古自治区", "锡林郭勒盟", "锡林浩特市", "团结路")),
        ("湖南省湘西土家族苗族自治州凤凰县古城", ("湖南省", "湘西土家族苗族自治州", "凤凰县", "古城")),
    ],
)
def test_places_of_every_kind_are_told_apart(text: str, place: tuple[str, ...]) -> None:
    found = split_address(text, PROVINCES)
    assert tuple(found[part] for part in ("province", "city", "county", "line")) == place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("你好，这个还有货吗？", {}),
        ("13800138001", {"phone": "13800138001"}),
        ("身份证 110101199003071234 号", {}),
        ("文三路 1 号", {}),
    ],
)
def test_what_cannot_be_told_stays_empty(text: str, found: dict[str, str]) -> None:
    assert split_address(text, PROVINCES) == found
