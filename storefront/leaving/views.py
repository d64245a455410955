"""Pages about leaving: a copy of one's data, closing, and for operators who is on the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, redirect, request, send_file, session

from kernel.errors import DomainError, NotFoundError
from kernel.files import Files
from kernel.i18n import gettext as _
from kernel.permissions import Membership, Permission, Role
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.accounts.queries import is_proved
from onboarding.departures.queries import house_of, leaving_of
from onboarding.departures.rules import closes_at
from onboarding.standing.schemas import NothingForm
from onboarding.verification.queries import application_of
from storefront.after_sales.rules import prospect
from storefront.after_sales.unfinished import open_matters
from storefront.leaving import operations
from storefront.leaving.bundle import PARTS
from storefront.leaving.queries import copies_of, going
from storefront.leaving.schemas import ClosingForm

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("leaving", __name__, template_folder="templates")


@blueprint.get("/factory/leaving")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def factory_leaving() -> Response:
    """What a factory can take along, and what closing it means."""
    return _page(_home("factory"))


@blueprint.get("/merchant/leaving")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def merchant_leaving() -> Response:
    """What a merchant can take along, and what closing her shop means."""
    return _page(_home("merchant"))


@blueprint.post("/leaving/<organisation>/copies")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def ask_copy(organisation: str) -> Response | BaseResponse:
    """Have a copy written."""
    mine = _own(organisation)
    if stale := _proof_first(mine):
        return stale
    try:
        form_data(NothingForm())
        operations.ask_copy(actor=actor(), sid=_sid(), organisation=organisation, total=PARTS, now=now())
    except DomainError as error:
        return _page(mine, error)
    say(_("开始准备了，备好会发短信。"), "good")
    return redirect(_place(mine), 303)


@blueprint.post("/leaving/<organisation>/copies/<copy>/file")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def fetch_copy(organisation: str, copy: str) -> Response | BaseResponse:
    """Take a copy along."""
    mine = _own(organisation)
    if stale := _proof_first(mine):
        return stale
    try:
        form_data(NothingForm())
        found = operations.fetch_copy(actor=actor(), sid=_sid(), organisation=organisation, copy=copy, now=now())
        file = service(Files).open(found.file_key)
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(mine, error)
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=f"{copy}.zip")


@blueprint.post("/leaving/<organisation>/announcement")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def announce(organisation: str) -> Response | BaseResponse:
    """Close the shop."""
    mine = _own(organisation)
    if stale := _proof_first(mine):
        return stale
    try:
        name = form_data(ClosingForm())["name"]
        operations.close_shop(actor=actor(), sid=_sid(), organisation=organisation, name=name, now=now())
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(mine, error)
    say(_("关店公示开始了，从现在起不再接新订单。"), "good")
    return redirect(_place(mine), 303)


@blueprint.get("/leaving/<organisation>/announcement")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def announcing(organisation: str) -> BaseResponse:
    """Where a form stood that was not taken: its page."""
    return redirect(_place(_own(organisation)), code=301)


@blueprint.post("/leaving/<organisation>/withdrawal")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def withdraw(organisation: str) -> Response | BaseResponse:
    """Stay after all."""
    mine = _own(organisation)
    try:
        form_data(NothingForm())
        operations.stay(actor=actor(), organisation=organisation, now=now())
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(mine, error)
    say(_("已撤回，可以照常卖货了。"), "good")
    return redirect(_place(mine), 303)


@blueprint.post("/leaving/<organisation>/disposal")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def throw_away(organisation: str) -> Response | BaseResponse:
    """Throw a draft away."""
    mine = _own(organisation)
    try:
        form_data(NothingForm())
        keys = operations.throw_away(actor=actor(), organisation=organisation, now=now())
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(mine, error)
    for key in keys:
        service(Files).forget(key)
    say(_("草稿删掉了，想做的时候随时可以重新开始。"), "good")
    return redirect("/account", 303)


@blueprint.get("/ops/leaving")
@requires(Permission.OPS_CASES_VIEW)
def listed() -> Response:
    """Who is on the way out."""
    return page("leaving/going.html", lines=going(actor()))


def _home(kind: str) -> Membership:
    """The house of a kind whose owner she is, of several the one that is asked for, or the first; NotFoundError."""
    wanted = request.args.get("of")
    found = next((one for one in _houses(kind) if wanted in {None, one.organisation}), None)
    if found is None:
        raise NotFoundError
    return found


def _houses(kind: str) -> list[Membership]:
    """Her houses of a kind, those that she left last."""
    return [one for one in actor().memberships if one.kind == kind and one.role is Role.OWNER]


def _own(organisation: str) -> Membership:
    """The house of an address, if she owns it; NotFoundError."""
    mine = (one for one in actor().memberships if one.organisation == organisation and one.role is Role.OWNER)
    found = next(mine, None)
    if found is None:
        raise NotFoundError
    return found


def _place(mine: Membership) -> str:
    first = _houses(mine.kind)[0]
    return f"/{mine.kind}/leaving" + (f"?of={mine.organisation}" if mine.organisation != first.organisation else "")


def _sid() -> str:
    return str(session.get("sid", ""))


def _proof_first(mine: Membership) -> BaseResponse | None:
    if is_proved(_sid(), now=now()):
        return None
    return redirect(f"/account/proof?next={quote(_place(mine))}")


def _page(mine: Membership, error: DomainError | None = None) -> Response:
    house, standing = house_of(actor(), mine.organisation), leaving_of(mine.organisation_id)
    matters = open_matters(house.id, house.organisation, now=now())
    copies, application = copies_of(house.id), application_of(house.id)
    return page(
        "leaving/leaving.html",
        error=error,
        home=house,
        standing=standing,
        state=application.state if application else "",
        prospect=prospect(matters, standing.closes_at if standing else closes_at(now())),
        copies=copies,
        waiting=next((one for one in copies if one.state == "waiting"), None),
        typed=request.form.get("name", ""),
        place=_place(mine),
        others=[one for one in _houses(house.kind) if one.organisation != house.organisation],
    )
