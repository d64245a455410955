"""What was refused of goods on sale: handed in again as it is, or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request

from kernel.errors import DomainError, NotFoundError
from kernel.i18n import coded_text
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, now, requires, say
from onboarding.listings import again

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("again", __name__)

_EDIT = Permission.LISTING_GOODS_EDIT


@blueprint.post("/factory/listings/<listing>/edit-again")
@requires(_EDIT)
def ask_again(listing: str) -> BaseResponse:
    """Hand in again what was refused, and new variants that nobody looks at."""
    try:
        again.ask_again(actor=actor(), listing=listing, whole=True, now=now())
    except NotFoundError:
        raise
    except DomainError as refusal:
        say(coded_text(refusal.code, refusal.params), "bad")
    else:
        say(_("已再次提交审核，通过后生效，结果会发短信通知您；期间照原来的样子卖。"))
    return redirect(f"/factory/listings/{listing}", 303)


@blueprint.post("/factory/listings/<listing>/edit-dismissal")
@requires(_EDIT)
def give_up(listing: str) -> BaseResponse:
    """Be told no more of what was refused."""
    again.give_up(actor=actor(), listing=listing, edit=request.form.get("edit", ""), now=now())
    say(_("好的，商品照原来的样子卖。"))
    return redirect(f"/factory/listings/{listing}", 303)
