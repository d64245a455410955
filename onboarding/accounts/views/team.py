"""Pages of the people who work for a factory or a merchant, and of being invited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import current_app, redirect, request, session

from kernel.errors import DomainError, NotFoundError
from kernel.i18n import gettext as _
from kernel.permissions import Membership, Permission, Role
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.accounts import queries, team
from onboarding.accounts.rules import WORKPLACES, invitation_limits, read_recipient
from onboarding.accounts.schemas import InvitationForm, RoleForm
from onboarding.accounts.views.door import PROOF, blueprint, hit, scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse


@blueprint.get("/factory/team")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def factory_team() -> Response:
    """Who works for the factory, and who is invited."""
    return _team_page(_house("factory"))


@blueprint.get("/merchant/team")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def merchant_team() -> Response:
    """Who works for the shop, and who is invited."""
    return _team_page(_house("merchant"))


@blueprint.post("/team/<organisation>/invitations")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def invite(organisation: str) -> BaseResponse:
    """Invite somebody by phone or e-mail."""
    house = _own(organisation)
    try:
        form = form_data(InvitationForm())
        to = read_recipient(form["recipient"])
        hit(invitation_limits(organisation=organisation, scale=scale()))
        asked = {"role": Role(form["role"]), "site": current_app.config["PUBLIC_URL"], **_doing(organisation)}
        team.invite(recipient=to.address, **asked)
    except DomainError as error:
        return _refused(house, error)
    say(_("邀请发到 %(recipient)s 了，7 天内有效。", recipient=to.masked), "good")
    return _back(house)


@blueprint.post("/team/<organisation>/invitations/<invitation>/revocation")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def revoke(organisation: str, invitation: str) -> BaseResponse:
    """Take an invitation back."""
    house = _own(organisation)
    team.revoke_invitation(actor=actor(), organisation=organisation, invitation=invitation, now=now())
    say(_("邀请收回了。"), "good")
    return _back(house)


@blueprint.post("/team/<organisation>/members/<member>/role")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def change_role(organisation: str, member: str) -> BaseResponse:
    """Change what a member is."""
    house = _own(organisation)
    try:
        role = Role(form_data(RoleForm())["role"])
        team.change_role(member=member, role=role, **_doing(organisation))
    except NotFoundError:
        raise
    except DomainError as error:
        return _refused(house, error)
    say(_("角色改好了。"), "good")
    return _away(house)


@blueprint.post("/team/<organisation>/members/<member>/removal")
@requires(Permission.SELLER_ORGANISATION_EDIT)
def remove(organisation: str, member: str) -> BaseResponse:
    """Part with a member at once."""
    house = _own(organisation)
    try:
        team.remove_member(member=member, **_doing(organisation))
    except NotFoundError:
        raise
    except DomainError as error:
        return _refused(house, error)
    say(_("已移出团队，马上生效。"), "good")
    return _away(house)


@blueprint.get("/invitations/<token>")
@requires(Permission.ACCOUNT_SELF_USE)
def invitation(token: str) -> BaseResponse:
    """What a link offers; straight in for whoever came in by it before."""
    house = team.came_in(token, actor=actor())
    return redirect(WORKPLACES[house.kind]) if house else _invitation_page(token)


@blueprint.post("/invitations/<token>")
@requires(Permission.ACCOUNT_SELF_USE)
def accept(token: str) -> BaseResponse:
    """Come in."""
    try:
        house = team.accept_invitation(actor=actor(), token=token, now=now())
    except NotFoundError:
        raise
    except DomainError as error:
        return _invitation_page(token, error)
    say(_("欢迎加入“%(organisation)s”。", organisation=house.name), "good")
    return redirect(WORKPLACES[house.kind])


def _house(kind: str) -> Membership:
    """The actor's own organisation of a kind; NotFoundError."""
    edits = Permission.SELLER_ORGANISATION_EDIT
    return _first(one for one in actor().memberships if one.kind == kind and edits in one.permissions)


def _own(organisation: str) -> Membership:
    edits = Permission.SELLER_ORGANISATION_EDIT
    return _first(one for one in actor().memberships if one.organisation == organisation and edits in one.permissions)


def _first(houses: Iterator[Membership]) -> Membership:
    found = next(houses, None)
    if found is None:
        raise NotFoundError
    return found


def _doing(organisation: str) -> dict[str, Any]:
    return {"actor": actor(), "sid": session["sid"], "organisation": organisation, "now": now()}


def _back(house: Membership) -> BaseResponse:
    return redirect(_url(house))


def _url(house: Membership) -> str:
    return f"{WORKPLACES[house.kind]}/team"


def _refused(house: Membership, error: DomainError) -> BaseResponse:
    """The page with what was wrong; to the page that asks for a proof first, where that is what is missing."""
    if error.code == "proof.needed":
        say(_("请来或换掉老板，先核对身份，再回来操作一次。"), "warn")
        return redirect(f"{PROOF}?next={quote(_url(house))}")
    return _team_page(house, error)


def _away(house: Membership) -> BaseResponse:
    """Back to the team, unless the actor has just taken herself out of it."""
    members = queries.members_of(house.organisation_id, actor=actor())
    is_owner = any(one.is_me and one.role == Role.OWNER for one in members)
    return _back(house) if is_owner else redirect("/account")


def _team_page(house: Membership, error: DomainError | None = None) -> Response:
    return page(
        "accounts/team.html",
        error=error,
        house=house,
        roles=team.ROLES,
        members=queries.members_of(house.organisation_id, actor=actor()),
        invitations=queries.invitations_of(house.organisation_id, now=now()),
        recipient=request.form.get("recipient", ""),
        role=request.form.get("role", Role.CLERK.value),
    )


def _invitation_page(token: str, error: DomainError | None = None) -> Response:
    found = queries.offered(token, actor=actor(), now=now())
    return page("accounts/invitation.html", error=error, offered=found, token=token, roles=team.ROLES)
