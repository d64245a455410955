"""What the worker's jobs are called where an operator reads of them; a test knows when one has no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.text import lazy

if TYPE_CHECKING:
    from kernel.text import Message

JOBS: Final = {
    "admissions.tell_asked": lazy("短信：有商家申请合作"),
    "admissions.tell_ended": lazy("短信：合作终止"),
    "admissions.tell_granted": lazy("短信：合作通过"),
    "admissions.tell_refused": lazy("短信：合作被拒"),
    "after_sales.take_back_sales": lazy("退款冲减销量"),
    "after_sales.tell_agreed": lazy("短信：同意退款"),
    "after_sales.tell_refunded": lazy("短信：退款到账"),
    "after_sales.tell_refused": lazy("短信：拒绝退款"),
    "after_sales.tell_seller": lazy("短信：有退款申请"),
    "certificates.run_out": lazy("清点到期的商品证书"),
    "demand.tidy": lazy("汇总每天的搜索"),
    "kernel.tidy": lazy("清理过期数据"),
    "ledger.seal": lazy("封存账目"),
    "licences.read_licence": lazy("读营业执照"),
    "leaving.close_due": lazy("关闭公示期满的店"),
    "leaving.forget": lazy("删除过期的数据副本"),
    "leaving.tell_leaves": lazy("短信：工厂关店"),
    "leaving.tell_stays": lazy("短信：工厂撤回关店"),
    "leaving.write_copy": lazy("写数据副本"),
    "listings.bring_back": lazy("收回到期没改的商品"),
    "listings.let_begin": lazy("恢复证书已生效的商品"),
    "listings.read_sheet": lazy("读价目表"),
    "listings.write_sheet": lazy("写价目表的商品"),
    "notices.end_due": lazy("终止期满的知识产权措施"),
    "notify.deliver": lazy("发短信"),
    "offers.tell_merchant_held": lazy("短信：商品停售"),
    "offers.tell_reopened": lazy("短信：工厂恢复营业"),
    "offers.tell_rests": lazy("短信：工厂休息"),
    "orders.count_days": lazy("到期收货和完成订单"),
    "orders.expire": lazy("关闭超时未付的订单"),
    "orders.tell_seller": lazy("短信：有新订单"),
    "photos.ensure": lazy("检查以图找货索引"),
    "photos.forget_searches": lazy("删掉过期的找货照片"),
    "photos.index_photos": lazy("更新以图找货索引"),
    "photos.learn": lazy("认商品图片"),
    "photos.learn_missing": lazy("补认商品图片"),
    "photos.mend": lazy("核对以图找货索引"),
    "pictures.forget_files": lazy("清掉删了的图片"),
    "pictures.make_sizes": lazy("处理商品图片"),
    "pictures.take_from_sheet": lazy("取出价目表里的图片"),
    "purse.tell_owners": lazy("通知收款账户有变"),
    "payments.resolve_unknown": lazy("查没有结果的支付"),
    "payments.send_refund": lazy("向通道退款"),
    "orders.count_sales": lazy("统计销量"),
    "search.forget_sales": lazy("清理过期销量"),
    "search.ensure": lazy("检查搜索索引"),
    "search.mend": lazy("核对搜索索引"),
    "search.index_factory": lazy("更新工厂索引"),
    "search.index_merchant": lazy("更新商家索引"),
    "search.index_loaded": lazy("更新整批商品的索引"),
    "search.index_listing": lazy("更新商品索引"),
    "settlement.perform_payout": lazy("向通道打款"),
    "settlement.settle": lazy("结算到期订单"),
    "shipments.tell_buyer": lazy("短信：已发货"),
    "standing.draw_licence": lazy("画公示的执照"),
    "standing.open_due": lazy("发起到期的执照复核"),
}


def job_name(name: str) -> Message | str:
    """What a task is called."""
    return JOBS.get(name, name)
