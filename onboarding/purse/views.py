"""Pages of where a factory's or a merchant's money goes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from flask import Blueprint, redirect, request
from flask import session as cookie

from commission.payees.operations import confirm_account, give_account, withdraw_account
from commission.payees.queries import account as find_account
from commission.payees.queries import accounts_of, registered
from commission.payees.rules import BANKS, OTHER, Details, is_settled
from commission.settlement.unsent import unsent
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.text import clean
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.accounts.queries import is_proved
from onboarding.purse.queries import owners_since, owns_since, past
from onboarding.purse.schemas import AccountForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from commission.payees.queries import AccountLine
    from kernel.permissions import Membership
    from onboarding.purse.queries import Past

blueprint = Blueprint("purse", __name__, template_folder="templates")

_OWN: Final = Permission.SELLER_ORGANISATION_EDIT
_TRIES: Final = (20, timedelta(hours=1))  # a stolen session is no place to try numbers at


@blueprint.get("/factory/payout-account")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def factory_account() -> Response:
    """Where the factory's money goes."""
    return _account_page(_home("factory"))


@blueprint.get("/merchant/payout-account")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def merchant_account() -> Response:
    """Where the shop's money goes."""
    return _account_page(_home("merchant"))


@blueprint.post("/factory/payout-account")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def give_factory_account() -> BaseResponse:
    """Say where the factory's money goes."""
    return _give("factory")


@blueprint.post("/merchant/payout-account")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def give_merchant_account() -> BaseResponse:
    """Say where the shop's money goes."""
    return _give("merchant")


@blueprint.post("/payout-accounts/<account>/confirmation")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def confirm(account: str) -> BaseResponse:
    """Let a change count at once, as the second owner."""
    home = _home_of(account)
    if stale := _proof_first(home.kind):
        return stale
    try:
        confirm_account(account=account, since=owns_since(home, actor()), actor=actor(), now=now())
    except DomainError as error:
        return _account_page(home, error)
    say(_("确认了，货款从现在起打到新账户。"), "good")
    return redirect(_url(home.kind), code=303)


@blueprint.get("/payout-accounts/<account>")
@requires(Permission.ACCOUNT_SELF_USE)
def change(account: str) -> Response:
    """A change, for whoever was told of it by its address."""
    return _change_page(account)


@blueprint.post("/payout-accounts/<account>/withdrawal")
@requires(Permission.ACCOUNT_SELF_USE)
def withdraw(account: str) -> BaseResponse:
    """Take a change back: the safe way needs no further proof, and is open to who was an owner of late."""
    _line, home, once = _owned(account)
    try:
        withdraw_account(account=account, left=once.left if once else None, actor=actor(), now=now())
    except DomainError as error:
        return _account_page(home, error) if home else _change_page(account, error)
    say(_("撤回了，货款还是打到原来的账户。"), "good")
    return redirect(_url(home.kind) if home else f"/payout-accounts/{account}", code=303)


def _give(side: str) -> BaseResponse:
    home = _home(side)
    if stale := _proof_first(side):
        return stale
    try:
        hit([(f"payout-accounts:{actor().user}", *_TRIES)], now=now())
        form = form_data(AccountForm())
        give_account(
            party=home.organisation,
            details=_details(form),
            consent=form["consent"],
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _account_page(home, error)
    if accounts_of(home.organisation, now=now()).waiting:
        say(_("收到了，72 小时后生效；另一位老板确认则马上生效。"), "good")
    else:
        say(_("设好了，货款会打到这里。"), "good")
    return redirect(_url(side), code=303)


def _details(form: dict[str, Any]) -> Details:
    """The form as an account: the name of a bank counts for the bank that is not on the list alone."""
    return Details(
        personal=form["personal"],
        holder=clean(form["holder"]),
        bank=form["bank"],
        number=clean(form["number"]),
        bank_name=clean(form["bank_name"]) if form["bank"] == OTHER else "",
        branch=clean(form["branch"]),
    )


def _account_page(home: Membership, error: DomainError | None = None) -> Response:
    """The page; what was typed stays, but for the number and the consent."""
    found, proved = accounts_of(home.organisation, now=now()), is_proved(cookie["sid"], now=now())
    asks = proved and not found.waiting and not home.is_left
    return page(
        "purse/account.html",
        url=_url(home.kind),
        known=registered(home.organisation) if asks else None,
        current_account=found.current,
        waiting=found.waiting,
        **(_second_owner(home, found.waiting) if found.waiting else {}),
        due=[] if found.current and not found.current.is_held else unsent(home.organisation),
        has_left=home.is_left,
        proved=proved,
        banks=list(BANKS.items()),
        typed=request.form,
        error=error,
    )


def _change_page(account: str, error: DomainError | None = None) -> Response:
    line, *mine = _owned(account)
    waits = line.state == "new" and line.usable_from > now()
    return page("purse/change.html", change=line, name=next(one.name for one in mine if one), waits=waits, error=error)


def _owned(account: str) -> tuple[AccountLine, Membership | None, Past | None]:
    """An account, and the home that it is of, or how the actor left it who may object still; NotFoundError."""
    line = find_account(account)
    if line is None:
        raise NotFoundError
    mine = (one for one in actor().memberships if one.organisation == line.party and _OWN in one.permissions)
    if home := next(mine, None):
        return line, home, None
    once = past(line, actor())
    if once is None:
        raise NotFoundError
    return line, None, once


def _second_owner(home: Membership, waiting: AccountLine) -> dict[str, bool]:
    """Whether the change is the actor's own, whether she may confirm it, whether somebody else may."""
    is_mine = waiting.created_by == actor().user
    settled = {user for user, since in owners_since(home.organisation_id) if is_settled(since, now=now())}
    return {
        "is_mine": is_mine,
        "may_confirm": not is_mine and actor().user in settled,
        "others": bool(settled - {waiting.created_by}),
    }


def _home(side: str) -> Membership:
    """The actor's own organisation of this side; NotFoundError."""
    return _first(one for one in actor().memberships if one.kind == side and _OWN in one.permissions)


def _home_of(account: str) -> Membership:
    """The actor's own organisation that an account is of; NotFoundError."""
    found = find_account(account)
    party = found.party if found else ""
    return _first(one for one in actor().memberships if one.organisation == party and _OWN in one.permissions)


def _first(homes: Iterator[Membership]) -> Membership:
    if (home := next(homes, None)) is None:
        raise NotFoundError
    return home


def _url(side: str) -> str:
    return f"/{side}/payout-account"


def _proof_first(side: str) -> BaseResponse | None:
    if is_proved(cookie["sid"], now=now()):
        return None
    return redirect(f"/account/proof?next={quote(_url(side))}", code=303)
