"""What is left to do before the first sale: done, next, somebody else's turn, or as one likes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kernel.permissions import Role
from kernel.text import lazy
from kernel.wording import Words
from onboarding.verification.rules import FIELDS, WAITING, promised_by

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.permissions import Actor
    from kernel.text import Message
    from onboarding.terms.rules import Terms

FOR_CLERKS: Final = ("/factory/sheets", "/factory/listings", "/supply", "/merchant/goods")
FOR_HELPERS: Final = ("/factory/sheets", "/factory/listings", "/factory/profile", "/join/factory")
"""Where those may go who are no owners."""

_WAITS: Final = {
    ("factory", False): lazy("排队等审核，%(by)s 前给您结果，会发短信。不用等，先把货准备好。"),
    ("factory", True): lazy("审核员正在看，%(by)s 前给您结果，会发短信。不用等，先把货准备好。"),
    ("merchant", False): lazy("排队等审核，%(by)s 前给您结果，会发短信。不用等，先去挑货。"),
    ("merchant", True): lazy("审核员正在看，%(by)s 前给您结果，会发短信。不用等，先去挑货。"),
}
_LOOKED_AT: Final = {
    "name": lazy("店名和别家有点像，要请审核员看一眼，%(by)s 前给您结果，会发短信。不用等，先去挑货。"),
    "photo": lazy("照片或填的内容要请审核员对一眼，%(by)s 前给您结果，会发短信。不用等，先去挑货。"),
}
"""Why a merchant was not let in at once."""


class Turn(StrEnum):
    """Whose move a step is."""

    DONE = "done"
    YOURS = "yours"
    OURS = "ours"
    THEIRS = "theirs"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the list; its note may say `%(by)s` which moment, `url` and `action` lead to where it is done.

    `fields` are those to be corrected, `usual` is what one tap promises on the spot.
    """

    title: Message
    turn: Turn
    note: Message | Words | str = ""
    by: datetime | None = None
    url: str = ""
    action: Message | str = ""
    optional: bool = False
    fields: tuple[Message, ...] = ()
    usual: Terms | None = None

    @property
    def blocks(self) -> bool:
        """Whether nothing can be sold until it is done."""
        return self.turn is not Turn.DONE and not self.optional


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How far a seller is: its application, its licence photo (`""`, `waiting`, `read`, `unreadable`), its goods.

    `sent_back` names the fields that an operator wants corrected, `retake` says that the photo still is one of them,
    `claims` that she claims a code which another holds. `sheet` is the newest price sheet (public id) that nobody has
    looked through, `sheet_goods` how many goods it has, 0 while it is read. `usual` is what a factory's belt promises,
    once it has one.

    Her goods a merchant `picked` from factories that she `asked` and that `admitted` her: how many of each. She is
    `looked_at` for her `name`, her `photo`, or nothing that could be told.
    """

    kind: str = "factory"
    state: str
    handed_in: datetime | None = None
    licence: str = ""
    sent_back: tuple[str, ...] = ()
    retake: bool = False
    claims: bool = False
    sheet: str = ""
    sheet_goods: int = 0
    goods: Mapping[str, int] = field(default_factory=dict)
    described: bool = False
    has_account: bool = False
    promised: bool = False
    usual: Terms | None = None
    asked: int = 0
    admitted: int = 0
    picked: int = 0
    looked_at: str = ""

    @property
    def form(self) -> str:
        """Where its owner says what she has to say."""
        return f"/join/{self.kind}"


def steps(opening: Opening) -> list[Step]:
    """Every step of a factory or a merchant in its order, the optional ones last."""
    own = [*_goods(opening), _promise(opening), _words(opening)] if opening.kind == "factory" else _resale(opening)
    return [_licence(opening), _papers(opening), _review(opening), *own, _account(opening)]


def led_to(places: tuple[str, ...], found: list[Step]) -> list[Step]:
    """The same without the ways to what owners alone do."""
    return [step if step.url.startswith(places) else replace(step, url="", usual=None) for step in found]


def blocking(found: list[Step]) -> int:
    """How many steps are left before something can be sold."""
    return sum(step.blocks for step in found)


def reaches(actor: Actor, *, region: str, belt: str) -> bool:
    """Whether somebody may hand a factory of this belt in: an owner any, a helper where she is sent."""
    scopes = [one.scope for one in actor.staff if one.role is Role.HELPER]
    return not actor.helping or any(scope.covers(region=region, belt=belt) for scope in scopes)


def _licence(opening: Opening) -> Step:
    title = lazy("拍营业执照")
    if opening.licence == "":
        note = lazy("只要这一张照片，名称和信用代码我们替您读出来。")
        return Step(title, Turn.YOURS, note, url=opening.form, action=lazy("去拍照"))
    if opening.retake:
        note, url = lazy("审核员请您重新拍一张。"), f"{opening.form}?photo=1"
        return Step(title, Turn.YOURS, note, url=url, action=lazy("重新拍照"))
    if opening.licence == "waiting":
        return Step(title, Turn.OURS, lazy("正在识别，一般几秒钟。"), url=opening.form, action=lazy("现在看看"))
    return Step(title, Turn.DONE)


def _papers(opening: Opening) -> Step:
    is_factory = opening.kind == "factory"
    title = lazy("核对资料，选卖法") if is_factory else lazy("核对资料，同意协议")
    if opening.claims:
        note = lazy("您在认领信用代码，审核员核对两边的执照后自动提交，结果会发短信。")
        return Step(title, Turn.OURS, note, url=opening.form, action=lazy("看看"))
    if opening.state == "draft":
        turn = Turn.YOURS if opening.licence in {"read", "unreadable"} else Turn.LATER
        more = lazy("核对执照上的字，选产业带和卖法，同意协议，就能提交。")
        note = more if is_factory else lazy("核对执照上的字，同意协议，就能提交。")
        return Step(title, turn, note, url=opening.form, action=lazy("去核对"))
    if opening.state == "correction":
        note, fields = lazy("审核员请您改几处，改好再提交。"), tuple(FIELDS[name] for name in opening.sent_back)
        return Step(title, Turn.YOURS, note, url=opening.form, action=lazy("去补正"), fields=fields)
    if opening.state == "refused":
        return Step(
            title, Turn.YOURS, lazy("上次没有通过，看原因改好再提交。"), url=opening.form, action=lazy("去修改")
        )
    return Step(title, Turn.DONE)


def _review(opening: Opening) -> Step:
    title = lazy("平台审核")
    if opening.handed_in and opening.state in WAITING:
        is_seen = opening.state == "in_review"
        note = _LOOKED_AT.get(opening.looked_at, _WAITS[opening.kind, is_seen])
        return Step(title, Turn.OURS, note, promised_by(opening.handed_in))
    if opening.state in {"suspended", "closed"}:
        return Step(title, Turn.OURS, lazy("店铺已暂停，原因写在上面。"))
    later = lazy("提交后一般一个工作日内有结果。")
    note = (
        later
        if opening.kind == "factory"
        else lazy("照片清楚、和资料一致，提交就通过；要人工看的，一个工作日内有结果。")
    )
    return Step(title, Turn.DONE if opening.state == "approved" else Turn.LATER, note)


def _goods(opening: Opening) -> list[Step]:
    goods = opening.goods
    selling = goods.get("published", 0) > 0
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
    return [_sheet(opening), submit, Step(lazy("审核通过，开始接单"), done, lazy("通过后买家马上能看到。"))]


def _sheet(opening: Opening) -> Step:
    title = lazy("把货放进来")
    if any(opening.goods.values()):
        return Step(title, Turn.DONE)
    if opening.sheet:
        turn, url = Turn.YOURS if opening.sheet_goods else Turn.OURS, f"/factory/sheets/{opening.sheet}"
        read = Words("价目表收到了，读出 %(num)s 款，核对一遍就生成商品。", count=opening.sheet_goods)
        note = read if opening.sheet_goods else lazy("价目表收到了，正在识别。")
        return Step(title, turn, note, url=url, action=lazy("去核对") if opening.sheet_goods else lazy("看看"))
    note = lazy("有 Excel 价目表就传表，一次几十上百款；没有就写一句话，一句一款。审核没完也可以先传。")
    return Step(title, Turn.YOURS, note, url="/factory/sheets", action=lazy("上传价目表"))


def _promise(opening: Opening) -> Step:
    title = lazy("发货和退货")
    if opening.promised:
        return Step(title, Turn.DONE, optional=True)
    if opening.state == "draft" or opening.usual is None:
        return Step(title, Turn.LATER, lazy("提交资料后，点一下就用产业带常用的。"), optional=True)
    action = lazy("自己定")
    return Step(title, Turn.YOURS, url="/factory/terms", action=action, optional=True, usual=opening.usual)


def _resale(opening: Opening) -> list[Step]:
    """She may look for goods and prepare all from the moment she handed in; shoppers see them once she is let in."""
    waits = Turn.THEIRS if opening.asked else Turn.LATER if opening.state == "draft" else Turn.YOURS
    told = (
        lazy("已申请，等工厂答复，会发短信。")
        if opening.asked
        else lazy("看中谁的货，跟工厂说一句；同意后您就看得到供货价。")
    )
    opened = opening.state == "approved" and opening.picked > 0
    share = lazy("把地址发到微信群、朋友圈，或放进小红书简介，客人点开就能下单。")
    return [
        Step(
            lazy("向工厂申请铺货"),
            Turn.DONE if opening.admitted or opening.picked else waits,
            told,
            url="/supply",
            action=lazy("去挑货"),
        ),
        Step(
            lazy("挑几款货"),
            Turn.DONE if opening.picked else Turn.YOURS if opening.admitted else Turn.LATER,
            lazy("挑好货、定个加价就能开卖。卖出后工厂直接发货，您不用囤货。"),
            url="/supply",
            action=lazy("去挑货"),
        ),
        Step(
            lazy("把店铺地址发给客人"),
            Turn.YOURS if opened else Turn.LATER,
            share if opened else lazy("铺好货，这里会有一个可以复制的地址。"),
            url="/merchant/goods",
            action=lazy("去看商品"),
            optional=True,
        ),
        Step(
            lazy("卖出第一单"),
            Turn.LATER,
            lazy("客人付款后，工厂会收到供货单并直接发货，您不用动手。"),
            optional=True,
        ),
    ]


def _words(opening: Opening) -> Step:
    turn = Turn.LATER if opening.state == "draft" else Turn.YOURS
    return Step(
        lazy("介绍一下您的工厂"),
        Turn.DONE if opening.described else turn,
        lazy("建厂多少年、多少人、一个月能做多少，写了更让人放心。"),
        url="/factory/profile",
        action=lazy("去填写"),
        optional=True,
    )


def _account(opening: Opening) -> Step:
    return Step(
        lazy("收款账户"),
        Turn.DONE if opening.has_account else Turn.YOURS,
        lazy("第一笔货款结算前填好就行，不填不影响接单，只是货款打不出去。"),
        url=f"/{opening.kind}/payout-account",
        action=lazy("去填写"),
        optional=True,
    )
