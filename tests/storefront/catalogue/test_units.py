"""Attributes whose names carry the unit of their number."""

import pytest

from storefront.catalogue.rules import united


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("镜宽mm", "138", ("镜宽", "138 mm")),
        ("鼻梁（mm）", "18", ("鼻梁", "18 mm")),
        ("尺寸(cm)", "200*70", ("尺寸", "200*70 cm")),
        ("净重/g", "52-18", ("净重", "52-18 g")),
        ("功率（瓦）", "9.5", ("功率", "9.5 瓦")),
        ("镜宽mm", "138mm", ("镜宽mm", "138mm")),
        ("镜宽mm", "常规", ("镜宽mm", "常规")),
        ("mm", "138", ("mm", "138")),
        ("夹克", "3", ("夹克", "3")),
        ("材质", "TR90", ("材质", "TR90")),
    ],
)
def test_a_unit_goes_to_its_number(name: str, value: str, said: tuple[str, str]) -> None:
    assert united(name, value) == said
