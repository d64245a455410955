"""The statements of factories and merchants, and the finance desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request

from commission.ledger.queries import recent_entries
from commission.payments.operations import retry_refunds
from commission.payments.queries import refused_refunds
from commission.settlement.finance import order_money, parties
from commission.settlement.operations import begin_payouts
from commission.settlement.queries import held_lines, months, payouts, statement, verify_books
from commission.settlement.rules import PAYOUT
from commission.settlement.schemas import OrderSearch, StatementPeriod
from kernel.i18n import gettext, ngettext
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

_HASHED = 20  # blocks whose hashes the page recomputes; `yuantou ledger verify` does all
blueprint = Blueprint("settlement", __name__, template_folder="templates")


@blueprint.get("/factory/statement")
@requires(Permission.FACTORY_STATEMENT_VIEW)
def statement_page() -> Response:
    """What the actor's own factory earned, was charged and was paid."""
    return _statement(Permission.FACTORY_STATEMENT_VIEW, "factory")


@blueprint.get("/merchant/statement")
@requires(Permission.MERCHANT_STATEMENT_VIEW)
def merchant_statement_page() -> Response:
    """What the actor's own shop sold, owed its suppliers, was charged and was paid."""
    return _statement(Permission.MERCHANT_STATEMENT_VIEW, "merchant")


@blueprint.get("/finance")
@requires(Permission.FINANCE_BOOKS_VIEW)
def finance_page() -> Response:
    """The whole book at a glance: its proof, its balances, its parties, its latest entries; or one order in it."""
    actor().require(Permission.FINANCE_BOOKS_VIEW)
    number = form_data(OrderSearch(), request.args)["order"].upper()
    if number:
        return page("settlement/order.html", number=number, found=order_money(number))
    return page(
        "settlement/finance.html",
        report=verify_books(hashed=_HASHED),
        parties=parties(),
        refused=refused_refunds(),
        payouts=payouts(limit=20),
        entries=recent_entries(),
        states=PAYOUT.labels,
        may_pay=actor().may(Permission.FINANCE_PAYOUTS_RUN),
    )


@blueprint.post("/finance/payouts")
@requires(Permission.FINANCE_PAYOUTS_RUN)
def begin_payouts_page() -> BaseResponse:
    """Begin a payout to everyone with money payable."""
    begun = begin_payouts(actor=actor(), now=now())
    if begun:
        say(
            ngettext(
                "已发起 %(num)s 笔打款，到账后这里会更新。", "已发起 %(num)s 笔打款，到账后这里会更新。", len(begun)
            ),
            "good",
        )
    else:
        say(gettext("没有可以打的款：应付为零，或上一笔还在途中。"), "info")
    return redirect("/finance", code=303)


@blueprint.post("/finance/refunds")
@requires(Permission.FINANCE_PAYOUTS_RUN)
def retry_refunds_page() -> BaseResponse:
    """Begin the refunds again that the rail refused."""
    if begun := retry_refunds(actor=actor(), now=now()):
        said = ngettext(
            "已重新发起 %(num)s 笔退款，结果会更新在这里。", "已重新发起 %(num)s 笔退款，结果会更新在这里。", len(begun)
        )
        say(said, "good")
    else:
        say(gettext("没有退不出去的款：都退成了，或正在退。"), "info")
    return redirect("/finance", code=303)


def _statement(permission: Permission, side: str) -> Response:
    seller = actor().membership(permission)
    asked = form_data(StatementPeriod(), request.args)
    since, until = asked["month"]
    held, held_totals = held_lines(seller.organisation)
    return page(
        "settlement/statement.html",
        side=side,
        seller=seller,
        statement=statement(seller.organisation, since=since, until=until, page=asked["page"]),
        month=request.args.get("month", ""),
        months=months(seller.organisation),
        page_number=asked["page"],
        held=held,
        held_totals=held_totals,
        payouts=payouts(party=seller.organisation),
        states=PAYOUT.labels,
    )
