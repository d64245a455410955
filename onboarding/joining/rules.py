"""What is left to do before the first sale: done, next, somebody else's turn, or as one likes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kernel.text import lazy
from onboarding.verification.rules import promised_by

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.text import Message

_FORM: Final = "/join/factory"


class Turn(StrEnum):
    """Whose move a step is."""

    DONE = "done"
    YOURS = "yours"
    OURS = "ours"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the list; its note may say `%(by)s` which moment, `url` and `action` lead to where it is done."""

    title: Message
    turn: Turn
    note: Message | str = ""
    by: datetime | None = None
    url: str = ""
    action: Message | str = ""
    optional: bool = False

    @property
    def blocks(self) -> bool:
        """Whether nothing can be sold until it is done."""
        return self.turn is not Turn.DONE and not self.optional


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How far a factory is: its application, its licence photo (`""`, `waiting`, `read`, `unreadable`), its goods."""

    state: str
    handed_in: datetime | None = None
    licence: str = ""
    goods: Mapping[str, int] = field(default_factory=dict)
    described: bool = False


def steps(opening: Opening) -> list[Step]:
    """Every step in its order, the optional ones last."""
    return [_licence(opening), _papers(opening), _review(opening), *_goods(opening), _words(opening)]


def blocking(found: list[Step]) -> int:
    """How many steps are left before something can be sold."""
    return sum(step.blocks for step in found)


def _licence(opening: Opening) -> Step:
    title = lazy("拍营业执照")
    if opening.licence == "":
        note = lazy("只要这一张照片，名称和信用代码我们替您读出来。")
        return Step(title, Turn.YOURS, note, url=_FORM, action=lazy("去拍照"))
    if opening.licence == "waiting":
        return Step(title, Turn.OURS, lazy("正在识别，一般几秒钟。"), url=_FORM, action=lazy("现在看看"))
    return Step(title, Turn.DONE)


def _papers(opening: Opening) -> Step:
    title = lazy("核对资料，选卖法")
    if opening.state == "draft":
        turn = Turn.YOURS if opening.licence in {"read", "unreadable"} else Turn.LATER
        return Step(
            title, turn, lazy("核对执照上的字，选产业带和卖法，同意协议，就能提交。"), url=_FORM, action=lazy("去核对")
        )
    if opening.state == "correction":
        return Step(title, Turn.YOURS, lazy("审核员请您改几处，改好再提交。"), url=_FORM, action=lazy("去补正"))
    if opening.state == "refused":
        return Step(title, Turn.YOURS, lazy("上次没有通过，看原因改好再提交。"), url=_FORM, action=lazy("去修改"))
    return Step(title, Turn.DONE)


def _review(opening: Opening) -> Step:
    title = lazy("平台审核")
    if opening.handed_in and opening.state in {"submitted", "in_review"}:
        by = promised_by(opening.handed_in)
        if opening.state == "in_review":
            return Step(title, Turn.OURS, lazy("审核员正在看，%(by)s 前给您结果，会发短信。不用等，先把货准备好。"), by)
        return Step(title, Turn.OURS, lazy("排队等审核，%(by)s 前给您结果，会发短信。不用等，先把货准备好。"), by)
    if opening.state in {"suspended", "closed"}:
        return Step(title, Turn.OURS, lazy("店铺已暂停，原因写在上面。"))
    done = opening.state == "approved"
    return Step(title, Turn.DONE if done else Turn.LATER, lazy("提交后一般一个工作日内有结果。"))


def _goods(opening: Opening) -> list[Step]:
    goods = opening.goods
    listed, selling = any(goods.values()), goods.get("published", 0) > 0
    sheet = Step(
        lazy("把货放进来"),
        Turn.DONE if listed else Turn.YOURS,
        lazy("有 Excel 价目表就能上架，一次几十上百款。审核没完也可以先传。"),
        url="/factory/sheets",
        action=lazy("上传价目表"),
    )
    handed_in = selling or goods.get("submitted", 0) > 0
    submit = Step(
        lazy("提交商品审核"),
        Turn.DONE if handed_in else Turn.YOURS if goods.get("draft") else Turn.LATER,
        lazy("看一眼品名和价格，没问题就提交。"),
        url="/factory/listings?state=draft",
        action=lazy("去提交"),
    )
    waits = Turn.OURS if handed_in else Turn.LATER
    done = Turn.DONE if selling and opening.state == "approved" else waits
    return [sheet, submit, Step(lazy("审核通过，开始接单"), done, lazy("通过后买家马上能看到。"))]


def _words(opening: Opening) -> Step:
    return Step(
        lazy("介绍一下您的工厂"),
        Turn.DONE if opening.described else Turn.YOURS,
        lazy("建厂多少年、多少人、一个月能做多少，写了更让人放心。"),
        url="/factory/profile",
        action=lazy("去填写"),
        optional=True,
    )
