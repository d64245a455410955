"""What operations, jobs and things are called where an operator reads of them; tests know when one has no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.text import lazy

if TYPE_CHECKING:
    from kernel.text import Message

_JOB = "job."

AREAS: Final = (
    ("case.", lazy("审核")),
    ("factory.", lazy("工厂入驻")),
    ("merchant.", lazy("商家入驻")),
    ("listing.", lazy("商品")),
    ("sheet.", lazy("价目表")),
    ("offer.", lazy("报价和铺货")),
    ("admission.", lazy("商家合作")),
    ("order.", lazy("订单")),
    ("shipment.", lazy("发货")),
    ("refund.", lazy("退款")),
    ("payment.", lazy("支付")),
    ("settlement.", lazy("结算和打款")),
    ("agreement.", lazy("协议")),
    ("account.", lazy("账号")),
    ("job.", lazy("后台任务")),
)

DEEDS: Final = {
    "account.add_member": lazy("加了成员"),
    "account.ensure_user": lazy("建了账号"),
    "account.forget_expired": lazy("清理过期登录"),
    "account.found_organisation": lazy("建了店铺或工厂"),
    "account.grant_staff_role": lazy("授予工作人员权限"),
    "account.rename": lazy("改了自己的名字"),
    "account.rename_organisation": lazy("改了店铺或工厂名"),
    "account.request_code": lazy("要了验证码"),
    "account.sign_in": lazy("登录"),
    "account.sign_out": lazy("退出登录"),
    "account.sign_out_elsewhere": lazy("退出了其他设备"),
    "account.use_language": lazy("换了语言"),
    "admission.admit": lazy("同意商家合作"),
    "admission.ask": lazy("申请合作"),
    "admission.end": lazy("终止合作"),
    "admission.refuse": lazy("拒绝商家合作"),
    "admission.tell_owners": lazy("通知合作结果"),
    "agreement.accept": lazy("同意了协议"),
    "belts.load": lazy("载入产业带"),
    "cart.add": lazy("加进购物车"),
    "cart.change": lazy("改了购物车"),
    "cart.empty": lazy("清空购物车"),
    "cart.remove": lazy("从购物车删掉"),
    "case.approve": lazy("审核通过"),
    "case.refuse": lazy("审核退回"),
    "factory.apply": lazy("提交入驻资料"),
    "factory.approve": lazy("工厂通过入驻"),
    "factory.correct": lazy("改了入驻资料"),
    "factory.describe": lazy("写了工厂介绍"),
    "factory.refuse": lazy("工厂被退回"),
    "filter.drop": lazy("删了存下的筛选"),
    "filter.prefer": lazy("改了常用筛选"),
    "filter.save": lazy("存了筛选"),
    "job.retry": lazy("重跑失败的任务"),
    "ledger.seal_block": lazy("封存账目"),
    "listing.archive": lazy("下架商品"),
    "listing.edit": lazy("改了商品"),
    "listing.publish": lazy("商品上架"),
    "listing.refuse": lazy("商品被退回"),
    "listing.set_supply": lazy("改了供货设置"),
    "listing.submit": lazy("提交商品审核"),
    "listing.submit_all": lazy("批量提交商品"),
    "merchant.register": lazy("商家开店"),
    "offer.close": lazy("停卖报价"),
    "offer.follow_markup": lazy("改了加价"),
    "offer.let_go": lazy("撤下铺货"),
    "offer.open_own": lazy("开卖报价"),
    "offer.pick_up": lazy("铺货"),
    "offer.set_price": lazy("改了零售价"),
    "offer.tell_merchant_held": lazy("通知商家停售"),
    "order.cancel": lazy("取消订单"),
    "order.complete_due": lazy("订单到期完成"),
    "order.expire": lazy("超时未付，关闭订单"),
    "order.pack": lazy("开始备货"),
    "order.pay": lazy("订单付款"),
    "order.place": lazy("下单"),
    "order.receive": lazy("确认收货"),
    "order.receive_due": lazy("到期自动收货"),
    "order.refund": lazy("退回货款"),
    "order.ship": lazy("订单发出"),
    "order.take_back": lazy("订单退货"),
    "order.tell_seller": lazy("通知卖家有新订单"),
    "payment.charge.begin": lazy("发起付款"),
    "payment.close": lazy("关闭付款单"),
    "payment.open": lazy("开了付款单"),
    "payment.outcome.record": lazy("记下支付结果"),
    "payment.payout.begin": lazy("向通道发起打款"),
    "payment.refund.begin": lazy("向通道发起退款"),
    "payment.refunds.retry": lazy("重新发起退款"),
    "rates.publish_card": lazy("公布费率"),
    "rates.publish_first_card": lazy("公布首版费率"),
    "refund.agree": lazy("同意退款"),
    "refund.ask": lazy("申请退款"),
    "refund.confirm_return": lazy("确认收到退货"),
    "refund.paid": lazy("退款到账"),
    "refund.refuse": lazy("拒绝退款"),
    "refund.tell_agreed": lazy("通知同意退款"),
    "refund.tell_refunded": lazy("通知退款到账"),
    "refund.tell_refused": lazy("通知拒绝退款"),
    "refund.tell_seller": lazy("通知卖家有退款"),
    "refund.unpaid": lazy("退款没退成"),
    "refund.withdraw": lazy("撤回退款申请"),
    "settlement.begin_payout": lazy("发起打款"),
    "settlement.record_payout": lazy("记下打款结果"),
    "settlement.record_receipt": lazy("记下收货日"),
    "settlement.record_refund_paid": lazy("记账：退款付出"),
    "settlement.record_sale": lazy("记账：订单付款"),
    "settlement.record_supply": lazy("记账：供货"),
    "settlement.record_unallocated": lazy("记账：迟到付款"),
    "settlement.refund_sale": lazy("记账：订单退款"),
    "settlement.refund_supply": lazy("记账：供货退款"),
    "settlement.settle_batch": lazy("结算到期订单"),
    "sheet.import": lazy("从价目表建商品"),
    "sheet.read": lazy("读价目表"),
    "sheet.upload": lazy("上传价目表"),
    "shipment.ship": lazy("发货"),
    "shipment.tell_buyer": lazy("通知买家已发货"),
    "supply.make_order": lazy("生成供货单"),
    "supply.refund": lazy("供货单退款"),
}

JOBS: Final = {
    "admissions.tell_asked": lazy("短信：有商家申请合作"),
    "admissions.tell_ended": lazy("短信：合作终止"),
    "admissions.tell_granted": lazy("短信：合作通过"),
    "admissions.tell_refused": lazy("短信：合作被拒"),
    "after_sales.tell_agreed": lazy("短信：同意退款"),
    "after_sales.tell_refunded": lazy("短信：退款到账"),
    "after_sales.tell_refused": lazy("短信：拒绝退款"),
    "after_sales.tell_seller": lazy("短信：有退款申请"),
    "kernel.tidy": lazy("清理过期数据"),
    "ledger.seal": lazy("封存账目"),
    "listings.read_sheet": lazy("读价目表"),
    "notify.deliver": lazy("发短信"),
    "offers.tell_merchant_held": lazy("短信：商品停售"),
    "orders.count_days": lazy("到期收货和完成订单"),
    "orders.expire": lazy("关闭超时未付的订单"),
    "orders.tell_seller": lazy("短信：有新订单"),
    "payments.resolve_unknown": lazy("查没有结果的支付"),
    "payments.send_refund": lazy("向通道退款"),
    "search.ensure": lazy("检查搜索索引"),
    "search.index_factory": lazy("更新工厂索引"),
    "search.index_listing": lazy("更新商品索引"),
    "settlement.perform_payout": lazy("向通道打款"),
    "settlement.settle": lazy("结算到期订单"),
    "shipments.tell_buyer": lazy("短信：已发货"),
}

THINGS: Final = {
    "admission": lazy("合作"),
    "belts": lazy("产业带"),
    "block": lazy("封存块"),
    "case": lazy("审核单"),
    "factory": lazy("工厂"),
    "filter": lazy("筛选"),
    "group": lazy("订单组"),
    "intent": lazy("通道请求"),
    "job": lazy("任务"),
    "list": lazy("列表"),
    "listing": lazy("商品"),
    "merchant": lazy("商家"),
    "offer": lazy("报价"),
    "order": lazy("订单"),
    "organisation": lazy("店铺或工厂"),
    "payment": lazy("付款单"),
    "payout": lazy("打款单"),
    "pick_up": lazy("铺货"),
    "rate_card": lazy("费率表"),
    "refund": lazy("退款单"),
    "sale": lazy("账上订单"),
    "session": lazy("登录"),
    "settlement": lazy("结算日"),
    "sheet": lazy("价目表"),
    "shipment": lazy("包裹"),
    "supply_order": lazy("供货单"),
    "user": lazy("用户"),
}


def deed(operation: str) -> Message | str:
    """What an operation is called; of a job its own name; an operation of no name is said as it is."""
    if operation in DEEDS or not operation.startswith(_JOB):
        return DEEDS.get(operation, operation)
    return job_name(operation.removeprefix(_JOB))


def job_name(name: str) -> Message | str:
    """What a task is called."""
    return JOBS.get(name, name)


def thing(subject: str) -> tuple[Message | str, str]:
    """What kind of thing a subject such as `case:cas_x` is, and which."""
    kind, _colon, which = subject.partition(":")
    return THINGS.get(kind, kind), which
