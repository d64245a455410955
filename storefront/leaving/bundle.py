"""All that is an organisation's own, part by part, and the letter that says what is what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.clock import SHANGHAI
from kernel.text import lazy
from kernel.wording import LOCALES, Words
from storefront.leaving.dealings import (
    write_books,
    write_orders,
    write_refunds,
    write_supply_orders,
)
from storefront.leaving.interventions import write_notices, write_reports, write_takedowns
from storefront.leaving.papers import (
    write_admissions,
    write_agreements,
    write_application,
    write_inspections,
    write_licences,
    write_trail,
)
from storefront.leaving.parcel import Parcel
from storefront.leaving.wares import write_goods, write_offers, write_pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import BinaryIO

    from kernel.files import Files
    from storefront.leaving.queries import Subject

_PARTS: Final = (
    write_application,
    write_agreements,
    write_goods,
    write_offers,
    write_takedowns,
    write_reports,
    write_orders,
    write_supply_orders,
    write_refunds,
    write_books,
    write_admissions,
    write_inspections,
    write_trail,
)
_PICTURED: Final = 3  # licences, goods, evidence
PARTS: Final = len(_PARTS) + _PICTURED + 1
"""How many steps it takes; the last is the letter."""


def write_bundle(
    file: BinaryIO,
    subject: Subject,
    *,
    files: Files,
    pictures: Mapping[str, bytes],
    on_part: Callable[[int], None],
    now: datetime,
) -> None:
    """Write a ZIP; `pictures` are those of the house by their static path, `on_part` hears how many parts are done."""
    with Parcel(file) as parcel:
        for done, part in enumerate(_PARTS, start=1):
            part(parcel, subject)
            on_part(done)
        write_licences(parcel, subject, files=files)
        on_part(len(_PARTS) + 1)
        write_pictures(parcel, subject, pictures=pictures, files=files)
        on_part(len(_PARTS) + 2)
        write_notices(parcel, subject, files=files)
        on_part(len(_PARTS) + _PICTURED)
        parcel.words("README.txt", _letter(parcel.names, subject, now))


def _letter(names: list[str], subject: Subject, now: datetime) -> str:
    """In both languages, for it is read wherever the file goes."""
    at = now.astimezone(SHANGHAI).isoformat(sep=" ", timespec="minutes")
    lines = [subject.house.name]
    for language in LOCALES:
        lines += [
            "",
            Words(_HEAD, {"copy": subject.copy, "at": at}).said_in(language),
            Words(_USE).said_in(language),
            "",
        ]
        lines += [f"{name:<24}{Words(what).said_in(language)}" for name, what in _CONTENTS if _is_there(name, names)]
    return "\r\n".join([*lines, ""])


def _is_there(name: str, names: list[str]) -> bool:
    return any(one.startswith(name) for one in names)


_HEAD: Final = lazy("数据副本 %(copy)s，%(at)s。金额单位：元。表格是 UTF-8 编码的 CSV，可以直接用 Excel 打开。")
_USE: Final = lazy("goods.csv 可以原样上传到“上新”，读出来就是同样的商品。买家的个人信息和您在后台看到的一样，已隐去。")
_CONTENTS: Final = (
    ("application.csv", lazy("入驻资料和工厂介绍")),
    ("team.csv", lazy("团队成员")),
    ("licences", lazy("营业执照照片")),
    ("agreements", lazy("同意过的协议和全文")),
    ("goods", lazy("商品、规格、价格和库存")),
    ("listings.csv", lazy("商品的状态和介绍")),
    ("pictures", lazy("商品图片")),
    ("offers.csv", lazy("报价")),
    ("take-downs.csv", lazy("平台下架的经过")),
    ("reports.csv", lazy("查实的举报，不含举报人")),
    ("notices.csv", lazy("知识产权通知")),
    ("notice-steps.csv", lazy("通知的经过")),
    ("evidence", lazy("您交的证据")),
    ("pick-ups.csv", lazy("铺货")),
    ("orders.csv", lazy("订单")),
    ("supply-orders.csv", lazy("供货单")),
    ("refunds.csv", lazy("退款")),
    ("statement-settled.csv", lazy("已结算的订单")),
    ("statement-held.csv", lazy("待结算的订单")),
    ("payouts.csv", lazy("打款记录")),
    ("balance.csv", lazy("余额，和账簿一致")),
    ("admissions.csv", lazy("合作")),
    ("inspections.csv", lazy("验厂记录")),
    ("audit.csv", lazy("操作记录")),
)
