"""The page of one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, session

from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.accounts import operations, queries
from onboarding.accounts.rules import DESKS, WORKPLACES
from onboarding.accounts.schemas import NameForm
from onboarding.accounts.views.door import HOME, blueprint

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse


@blueprint.get("/account")
@requires(Permission.ACCOUNT_SELF_USE)
def account() -> Response:
    """Who one is here: name, phone, e-mail, how safe the account is, organisations, sessions."""
    return _account_page()


@blueprint.post("/account/name")
@requires(Permission.ACCOUNT_SELF_USE)
def rename() -> BaseResponse:
    """Change one's name."""
    try:
        operations.rename(actor=actor(), name=form_data(NameForm())["name"], now=now())
    except DomainError as error:
        return _account_page(error)
    say(_("名字改好了。"), "good")
    return redirect(HOME)


@blueprint.post("/account/other-sessions")
@requires(Permission.ACCOUNT_SELF_USE)
def sign_out_elsewhere() -> BaseResponse:
    """End one's sessions on all other devices."""
    operations.sign_out_elsewhere(sid=session["sid"], actor=actor(), now=now())
    say(_("其他设备都已退出登录。"), "good")
    return redirect(HOME)


def _account_page(error: DomainError | None = None) -> Response:
    return page(
        "accounts/account.html",
        error=error,
        safety=queries.safety_of(actor()),
        workplaces=WORKPLACES,
        desks=list(dict.fromkeys(DESKS[grant.role] for grant in actor().staff)),
        browsers=queries.browsers_of(actor(), sid=session["sid"], now=now()),
    )
