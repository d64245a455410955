"""The finance desk, and the statements of factories and merchants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request

from commission.payments.operations import retry_refunds
from commission.settlement import finance
from commission.settlement.desk import course, days_of, dues, settled_days
from commission.settlement.operations import begin_payouts, pay_parties
from commission.settlement.queries import held_lines, lines_of, months, payouts, payouts_of, statement, verify_books
from commission.settlement.rules import PAYOUT
from commission.settlement.schemas import OrderSearch, PayForm, StatementPeriod
from commission.settlement.statements import HELD, OWN_PAYOUTS, SETTLED
from commission.settlement.tables import (
    BALANCES,
    ENTRIES,
    KINDS,
    ORDER_SALES,
    PARTIES,
    PAYOUTS,
    REFUSED,
    TEMPLATES,
)
from commission.settlement.unsent import unsent
from kernel.desk import Sheet, chips, download, keeps_filters, offers_files, usual_place
from kernel.i18n import error_text, gettext, ngettext
from kernel.permissions import Permission
from kernel.tables import Listed
from kernel.web import actor, form_data, now, page, requires, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from commission.settlement.queries import Line
    from kernel.tables import Asked, Selected

_HASHED = 20  # blocks whose hashes the page recomputes; `yuantou ledger verify` does all
blueprint = Blueprint("settlement", __name__, template_folder="templates")


def _statement_files(permission: Permission, side: str) -> list[Callable[[], Sheet[Any]]]:
    """What a statement gives as files: settled and held lines and payouts of the actor's own organisation."""

    def party() -> str:
        return actor().membership(permission).organisation

    def settled(_asked: Asked) -> Selected[Line]:
        since, until = form_data(StatementPeriod(), request.args)["month"]
        return lines_of(party(), state="settled", since=since, until=until)

    def month() -> dict[str, str]:
        return {"month": said} if (said := request.args.get("month", "")) else {}

    return [
        lambda: Sheet(SETTLED[side], settled, given={}, also=month()),
        lambda: Sheet(HELD[side], lambda _asked: lines_of(party(), state="held"), given={}),
        lambda: Sheet(OWN_PAYOUTS, lambda _asked: payouts_of(party()), given={}),
    ]


@blueprint.get("/factory/statement")
@requires(Permission.FACTORY_STATEMENT_VIEW)
@offers_files(*_statement_files(Permission.FACTORY_STATEMENT_VIEW, "factory"))
def statement_page() -> Response:
    """What the actor's own factory earned, was charged and was paid."""
    return _statement(Permission.FACTORY_STATEMENT_VIEW, "factory")


@blueprint.get("/merchant/statement")
@requires(Permission.MERCHANT_STATEMENT_VIEW)
@offers_files(*_statement_files(Permission.MERCHANT_STATEMENT_VIEW, "merchant"))
def merchant_statement_page() -> Response:
    """What the actor's own shop sold, owed its suppliers, was charged and was paid."""
    return _statement(Permission.MERCHANT_STATEMENT_VIEW, "merchant")


@blueprint.get("/finance")
@requires(Permission.FINANCE_BOOKS_VIEW)
def finance_page() -> Response:
    """The book at a glance: what needs a hand, what is owed, money in and out, the proof; or one order in it."""
    actor().require(Permission.FINANCE_BOOKS_VIEW)
    if number := form_data(OrderSearch(), request.args)["order"].upper():
        return _order_page(number)
    report = verify_books(hashed=_HASHED)
    balances = Sheet(BALANCES, lambda _asked: Listed(report.balances), given={})
    refused = Sheet(REFUSED, lambda _asked: Listed(finance.refused()), given={})
    stuck = Sheet(PAYOUTS, lambda asked: finance.payouts(asked.values), given={"state": "attention"})
    return download(balances, refused, stuck) or page(
        "settlement/finance.html",
        report=report,
        balances=balances,
        refused=refused,
        stuck=stuck,
        days=finance.days(now=now()),
        may_pay=actor().may(Permission.FINANCE_PAYOUTS_RUN),
        unsent=unsent(),
        doubtful=finance.doubtful_accounts(),
    )


@blueprint.get("/finance/parties")
@requires(Permission.FINANCE_BOOKS_VIEW)
@keeps_filters
def parties_page() -> Response | BaseResponse:
    """What the books hold for each seller."""
    return _list_page("settlement/parties.html", Sheet(PARTIES, lambda asked: finance.parties(asked.values)))


@blueprint.get("/finance/payouts")
@requires(Permission.FINANCE_BOOKS_VIEW)
@keeps_filters
def payouts_page() -> Response | BaseResponse:
    """Every payout and what became of it."""
    return _list_page("settlement/payouts.html", Sheet(PAYOUTS, lambda asked: finance.payouts(asked.values)))


@blueprint.get("/finance/entries")
@requires(Permission.FINANCE_BOOKS_VIEW)
@keeps_filters
def entries_page() -> Response | BaseResponse:
    """The journal, leg by leg."""
    return _list_page("settlement/entries.html", Sheet(ENTRIES, lambda asked: finance.entries(asked.values)))


@blueprint.post("/finance/payouts")
@requires(Permission.FINANCE_PAYOUTS_RUN)
def begin_payouts_page() -> Response | BaseResponse:
    """Begin a payout to everyone with money payable, or to the chosen sellers alone."""
    if "chosen" in request.form:
        return _pay_chosen()
    begun = begin_payouts(actor=actor(), now=now())
    if begun:
        say(_begun(len(begun)), "good")
    else:
        say(gettext("没有可以打的款：应付为零、上一笔还在途中，或卖家还没填收款账户。"), "info")
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


def _list_page(template: str, sheet: Sheet[Any]) -> Response | BaseResponse:
    actor().require(Permission.FINANCE_BOOKS_VIEW)
    may_pay = actor().may(Permission.FINANCE_PAYOUTS_RUN)
    return (
        usual_place(sheet.table) or download(sheet) or page(template, sheet=sheet, chips=chips(sheet), may_pay=may_pay)
    )


def _order_page(number: str) -> Response:
    """Where the money of one order went."""
    found, asked = finance.order_money(number), {"order": number}
    sales = Sheet(ORDER_SALES, lambda _asked: Listed(found.sales if found else ()), given={}, also=asked)
    legs = Sheet(ENTRIES, lambda _asked: Listed(finance.legs_of(found) if found else ()), given={}, also=asked)
    return download(sales, legs) or page(
        "settlement/order.html",
        number=number,
        found=found,
        sales=sales,
        legs=legs,
        kinds=KINDS,
        templates=TEMPLATES,
    )


def _pay_chosen() -> Response | BaseResponse:
    """Pay out to the chosen sellers and say who was passed over, and why."""
    form = form_data(PayForm(), {"party": request.form.getlist("party")})
    result = pay_parties(parties=form["party"], actor=actor(), now=now())
    if not result.skipped:
        say(_begun(len(result.done)), "good")
        return redirect("/finance/parties", code=303)
    names = finance.names_of([*result.done, *result.skipped])
    return page(
        "settlement/paid.html",
        said=_begun(len(result.done)) if result.done else "",
        done=[_told(party, names, "") for party in result.done],
        skipped=[_told(party, names, error_text(why)) for party, why in result.skipped.items()],
    )


def _told(party: str, names: Mapping[str, str], why: str) -> tuple[str, str, str]:
    """One line of what became of many: who, why not, and the way to her balance."""
    return names.get(party, party), why, f"/finance/parties?{urlencode({'q': names.get(party, party)})}"


def _begun(count: int) -> str:
    return ngettext("已发起 %(num)s 笔打款，到账后这里会更新。", "已发起 %(num)s 笔打款，到账后这里会更新。", count)


def _statement(permission: Permission, side: str) -> Response:
    seller = actor().membership(permission)
    asked = form_data(StatementPeriod(), request.args)
    since, until = asked["month"]
    held, held_totals = held_lines(seller.organisation)
    settled = statement(seller.organisation, since=since, until=until, page=asked["page"])
    known = settled_days(seller.organisation, since=since, until=until)
    return page(
        "settlement/statement.html",
        course=course(known, since=since, until=until),
        settled_by_day=days_of(known, settled.lines),
        held_by_day=days_of(dues(seller.organisation), held),
        side=side,
        seller=seller,
        statement=settled,
        month=request.args.get("month", ""),
        months=months(seller.organisation),
        page_number=asked["page"],
        held=held,
        held_totals=held_totals,
        payouts=payouts(party=seller.organisation),
        states=PAYOUT.labels,
        unsent=unsent(seller.organisation),
    )
