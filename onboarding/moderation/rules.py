"""How a case moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import lazy

CASE = Lifecycle(
    name="case",
    start="open",
    steps={
        ("open", "approve"): Step("approved", Permission.OPS_CASES_DECIDE),
        ("open", "refuse"): Step("refused", Permission.OPS_CASES_DECIDE),
        ("open", "ask"): Step("returned", Permission.OPS_CASES_DECIDE),
        ("open", "drop"): Step("dropped", Permission.LISTING_SALE_CHANGE),
    },
    labels={"open": "待处理", "approved": "已通过", "refused": "已退回", "returned": "待补正", "dropped": "对方撤回"},
    tones={"open": "warn", "approved": "good", "refused": "bad", "returned": "warn"},
)
SUBJECTS = (
    "factory",
    "merchant",
    "listing",
    "edit",
    "appeal",
    "claim",
    "recheck",
    "certificate",
    "takedown",
    "notice",
    "report",
    "pictures",
)
SELLERS = ("factory", "merchant")
"""Subjects that are applications; each is named as the kind of its seller."""
WEIGHED = ("notice", "report")
"""Subjects that two sides speak about: each is looked at by itself, and either may be asked for more."""
UNNAMED = ("report.send", *(f"notice.{deed}" for deed in ("send", "complete", "withdraw", "prove", "hand_outcome")))
"""What those do who complain of goods: the trail does not name them, for an operator may know who sells."""
PROMISED = {
    "factory": 24,
    "merchant": 24,
    "listing": 24,
    "edit": 24,
    "certificate": 24,
    "takedown": 48,
    "appeal": 48,
    "claim": 72,
    "recheck": 72,
    "notice": 24,
    "report": 24,
    "pictures": 24,
}
"""In how many hours the owner of a subject is answered, as her pages say it."""
BULK = 100
INTERNAL_CAP = 500
HOLD = timedelta(minutes=20)
"""So long is a case kept for whoever took it; after that a colleague may, so that a lunch holds nobody up."""


def is_held(taken_at: datetime | None, now: datetime) -> bool:
    """Whether whoever took a case at that moment still has it to herself."""
    return taken_at is not None and now - taken_at < HOLD


REASONS = {
    "factory": (
        lazy("执照照片不清楚，请在光线好的地方把四个角都拍进去，重新上传。"),
        lazy("填写的名称和营业执照上的不一致，请按执照改。"),
        lazy("统一社会信用代码和营业执照上的不一致，请核对后重填。"),
        lazy("营业执照已经过期，请上传有效的执照。"),
        lazy("所在地和选的产业带不符，请重选产业带，或说明在当地的生产地址。"),
        lazy("上传的不是营业执照，请上传正本或副本的照片。"),
    ),
    "merchant": (
        lazy("执照照片不清楚，请在光线好的地方把四个角都拍进去，重新上传。"),
        lazy("填写的名称和营业执照上的不一致，请按执照改。"),
        lazy("统一社会信用代码和营业执照上的不一致，请核对后重填。"),
        lazy("营业执照已经过期，请上传有效的执照。"),
        lazy("上传的不是营业执照，请上传正本或副本的照片。"),
    ),
    "claim": (
        lazy("执照照片和填写的代码对不上，请核对后再提交。"),
        lazy("照片看不清代码，请重拍后再认领。"),
    ),
    "recheck": (
        lazy("执照照片不清楚，请重新拍一张。"),
        lazy("执照已经过期，请上传有效的执照。"),
        lazy("执照上的名称变了，请上传新执照并联系我们变更。"),
    ),
    "certificate": (
        lazy("照片看不清编号或有效期，请重新拍一张。"),
        lazy("填的编号和证书上的不一样，请照着证书改。"),
        lazy("证书不是您工厂的，也没有写您工厂是生产企业。"),
        lazy("证书不包括这些商品，请交包括它们的证书。"),
    ),
    "notice.submitted": (
        lazy("没有权利证明，请上传注册证、专利证书或作品登记的照片。"),
        lazy("没有身份证明，请上传营业执照或身份证的照片。"),
        lazy("看不出这些商品和您的权利有什么关系，请补充对比说明。"),
        lazy("您交的权利证明已经过期或权利人不是您。"),
    ),
    "report": (
        lazy("对过图片、说明和证书，没有发现问题。"),
        lazy("举报的内容和这件商品无关。"),
    ),
    "pictures": (
        lazy("图片不清楚或和商品不符，请换成实拍图。"),
        lazy("图片里有电话、微信号或二维码，请去掉。"),
        lazy("图片是别家的，请用自己拍的。"),
    ),
    "listing": (
        lazy("图片不清楚或和商品不符，请换成实拍图。"),
        lazy("价格明显不对，请核对后再提交。"),
        lazy("标题里有广告法禁用的词，请去掉“最”“第一”一类的说法。"),
        lazy("类目选错了，请改到合适的类目。"),
    ),
}
"""What is usually wrong, ready to be sent and still to be changed; the owner reads it word by word."""
REASONS["edit"] = REASONS["listing"]
VERDICTS = {
    "edit": (lazy("同意改动"), lazy("不同意"), lazy("不同意的理由")),
    "pictures": (lazy("展示新图片"), lazy("不展示"), lazy("不展示的理由")),
    "appeal": (lazy("申诉成立，恢复营业"), lazy("申诉不成立"), lazy("不成立的理由")),
    "takedown": (lazy("申诉成立，恢复销售"), lazy("申诉不成立"), lazy("不成立的理由")),
    "claim": (lazy("认领成立，代码归申请人"), lazy("认领不成立"), lazy("不成立的理由")),
    "recheck": (lazy("复核无误"), lazy("请对方再交一次"), lazy("差在哪里")),
    "notice.submitted": (lazy("受理：停售勾选的商品，转送卖家"), lazy("不予受理"), lazy("不受理的理由")),
    "notice.countered": (lazy("转送权利人，15 天开始计"), lazy("请卖家补正声明"), lazy("差在哪里")),
    "notice.proved": (lazy("证明属实，措施保留到有结果"), lazy("不能证明"), lazy("为什么不能证明")),
    "notice.judged": (lazy("认定侵权，措施保留"), lazy("认定不侵权，恢复销售"), lazy("依据")),
    "report": (lazy("下架商品"), lazy("没有问题"), lazy("给卖家的原因")),
}
"""What approving and refusing are called where they mean something else, and what the reason is called."""
SAID = {
    ("report", "approve"): lazy("举报成立，商品已下架。"),
    ("report", "refuse"): lazy("已记下没有问题：举报的人会收到结果，您写的原因只有同事看得到。"),
    ("report", "ask"): lazy("已请卖家 3 天内改正；答复了或者到期，会回到审核单里。"),
    ("notice", "ask"): lazy("已请对方补正，原因已发给对方。"),
}
"""What an operator reads after a deed that means something else for these subjects."""
