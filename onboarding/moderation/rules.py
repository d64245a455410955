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
    },
    labels={"open": "待处理", "approved": "已通过", "refused": "已退回", "returned": "待补正"},
    tones={"open": "warn", "approved": "good", "refused": "bad", "returned": "warn"},
)
SUBJECTS = ("factory", "merchant", "listing", "appeal", "claim", "recheck")
SELLERS = ("factory", "merchant")
"""Subjects that are applications; each is named as the kind of its seller."""
BULK = 100
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
    "listing": (
        lazy("图片不清楚或和商品不符，请换成实拍图。"),
        lazy("价格明显不对，请核对后再提交。"),
        lazy("标题里有广告法禁用的词，请去掉“最”“第一”一类的说法。"),
        lazy("类目选错了，请改到合适的类目。"),
    ),
}
"""What is usually wrong, ready to be sent and still to be changed; the owner reads it word by word."""
VERDICTS = {
    "appeal": (lazy("申诉成立，恢复营业"), lazy("申诉不成立"), lazy("不成立的理由")),
    "claim": (lazy("认领成立，代码归申请人"), lazy("认领不成立"), lazy("不成立的理由")),
    "recheck": (lazy("复核无误"), lazy("请对方再交一次"), lazy("差在哪里")),
}
"""What approving and refusing are called where they mean something else, and what the reason is called."""
