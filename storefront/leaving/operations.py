"""What can be done about leaving: close one's shop, stay after all, ask for all that is one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from commission.payees.operations import end_accounts
from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Actor, Permission
from kernel.text import clean
from kernel.wording import Words
from onboarding.accounts.operations import dissolve, tell
from onboarding.accounts.queries import is_proved, owners_of
from onboarding.departures import operations as departures
from onboarding.departures.queries import due, house_of, leaving_of
from onboarding.licences.operations import throw_away as forget_photos
from onboarding.listings.disposal import throw_away as forget_goods
from onboarding.pictures.operations import throw_away as forget_pictures
from onboarding.standing.queries import claim_of
from onboarding.standing.rules import CLAIM
from onboarding.verification import decisions
from onboarding.verification.queries import application_of
from storefront.after_sales.unfinished import open_matters
from storefront.leaving.facts import CopyAsked, CopyReady
from storefront.leaving.models import DataCopy
from storefront.leaving.queries import asked_since, copy_for, locked_copy
from storefront.leaving.rules import COPIES_A_DAY, COPY_KEPT, MAY_LEAVE

if TYPE_CHECKING:
    from datetime import datetime

    from onboarding.departures.queries import House, Leaving

_DAY = timedelta(days=1)
_AT_ONCE = 100


@operation("departure.announce")
def close_shop(*, actor: Actor, sid: str, organisation: str, name: str, now: datetime) -> None:
    """Sell nothing from now on and be closed in thirty days; `name` is that of the shop, typed as it is written.

    `proof.needed`, InvalidInputError on `name`, `departure.not_trading`, `departure.announced`.
    """
    _proved(sid, now)
    house = house_of(actor, organisation)
    if clean(name) != clean(house.name):
        raise InvalidInputError({"name": ("field.shop_name_typed", {})})
    application = application_of(house.id)
    trades = house.kind == "merchant" if application is None else application.state in MAY_LEAVE
    if not trades:
        raise DomainError("departure.not_trading")
    made = departures.announce(actor=actor, organisation=organisation, now=now)
    words = Words(
        "“%(name)s”开始关店公示，从现在起不再接新订单，%(day)s 起可以关店。已有的订单、退款和货款照常处理。"
        "在这之前改变主意，可以随时撤回。",
        {"name": house.name, "day": business_date(made.closes_at).isoformat()},
    )
    tell(owners_of(house.id), words, actor=actor, now=now)


@operation("departure.withdraw")
def stay(*, actor: Actor, organisation: str, now: datetime) -> None:
    """Take it back: what was sold before is sold again, unless something else forbids it."""
    house = house_of(actor, organisation)
    departures.withdraw(actor=actor, organisation=organisation, now=now)
    words = Words("“%(name)s”的关店已撤回，可以照常卖货了。", {"name": house.name})
    tell(owners_of(house.id), words, actor=actor, now=now)


@operation("factory.throw_away")
def throw_away(*, actor: Actor, organisation: str, now: datetime) -> list[str]:
    """Forget a draft that was never handed in, at once; the keys of the files that nothing names any more.

    `factory.handed_in`, `claim.open` while somebody looks at its claim to a credit code.
    """
    house = house_of(actor, organisation, lock=True)
    claim = claim_of(house.id)
    if claim is not None and claim.state == CLAIM.start:
        raise DomainError("claim.open")
    decisions.throw_away(actor=actor, organisation=organisation, now=now)
    keys = forget_photos(actor=actor, organisation=organisation, now=now)
    keys += forget_pictures(actor=actor, organisation=organisation, now=now)
    keys += forget_goods(actor=actor, organisation=organisation, now=now)
    end_accounts(party=organisation, now=now)
    dissolve(actor=actor, organisation=organisation, now=now)
    return keys


def due_departures(*, now: datetime) -> list[Leaving]:
    """Whose notice is over, for the worker to close one by one."""
    return list(due(now, limit=_AT_ONCE))


@operation("departure.finish", quiet=True)
def finish(*, actor: Actor, house: House, now: datetime) -> bool:
    """Close an organisation whose notice is over, if nothing of it is open; whether it was closed."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    standing = leaving_of(house.id)
    if standing is None or standing.state != "announced" or standing.closes_at > now:
        return False
    if open_matters(house.id, house.organisation, now=now):
        return False
    departures.finish(actor=actor, house=house, now=now)
    application = application_of(house.id)
    if application is not None and application.state in MAY_LEAVE:  # an operator may have closed it before
        decisions.leave(actor=actor, organisation_id=house.id, organisation=house.organisation, now=now)
    words = Words("“%(name)s”已关店。您仍可以登录查看和下载以前的记录；交易记录按法律保存三年。", {"name": house.name})
    tell(owners_of(house.id), words, actor=actor, now=now)
    return True


@operation("copy.ask")
def ask_copy(*, actor: Actor, sid: str, organisation: str, total: int, now: datetime) -> DataCopy:
    """Have all that is an organisation's own written into one file of `total` parts.

    `proof.needed`, `copy.waiting` while one is made, `copy.too_often`.
    """
    _proved(sid, now)
    house = house_of(actor, organisation, lock=True)
    if asked_since(house.id, now - _DAY) >= COPIES_A_DAY:
        raise DomainError("copy.too_often", most=COPIES_A_DAY)
    made = DataCopy(
        public_id=public_id("cpy"),
        organisation_id=house.id,
        asked_by=actor.user_id,
        state="waiting",
        done=0,
        total=total,
        size=0,
        file_key="",
        asked_at=now,
        expires_at=None,
    )
    session().add(made)
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError("copy.waiting") from error
    note(f"{house.kind}:{organisation}", after={"copy": made.public_id})
    publish(CopyAsked(copy=made.public_id, organisation=organisation), actor=actor, now=now)
    return made


@operation("copy.progress", quiet=True)
def record_progress(*, actor: Actor, copy: str, done: int, now: datetime) -> None:  # noqa: ARG001  audited
    """So many parts are written; one that is not waited for any more stays as it is."""
    found = locked_copy(copy)
    if found.state == "waiting":
        found.done = done


@operation("copy.record", quiet=True)
def record_copy(*, actor: Actor, copy: str, organisation: str, file_key: str, size: int, now: datetime) -> bool:
    """Keep the file that was written; False when another was first, and this one is nobody's."""
    found = locked_copy(copy)
    if found.state != "waiting":
        return found.file_key == file_key
    found.state, found.file_key, found.size, found.done = "ready", file_key, size, found.total
    found.expires_at = now + COPY_KEPT
    note(f"copy:{copy}", after={"state": found.state, "size": size})
    publish(CopyReady(copy=copy, organisation=organisation), actor=actor, now=now)
    words = Words("您要的数据副本已备好，7 天内登录后台下载，过期自动删除。不是您本人操作，请马上联系平台。")
    tell(owners_of(found.organisation_id), words, actor=actor, now=now)
    return True


@operation("copy.give_up", quiet=True)
def give_up_copy(*, actor: Actor, copy: str, now: datetime) -> bool:
    """Say that it could not be written, so that nobody waits for ever; whether there is none."""
    found = locked_copy(copy)
    if found.state == "waiting":
        found.state = "failed"
        note(f"copy:{copy}", after={"state": found.state})
        words = Words("您要的数据副本没有做成，请再试一次；还不行，请联系平台。")
        tell(owners_of(found.organisation_id), words, actor=actor, now=now)
    return found.state != "ready"


@operation("copy.fetch")
def fetch_copy(*, actor: Actor, sid: str, organisation: str, copy: str, now: datetime) -> DataCopy:
    """Take a copy along; each time is audited. `proof.needed`, `copy.gone` when it is not there any more or not yet."""
    house, found = house_of(actor, organisation), copy_for(actor, copy)
    if found.organisation_id != house.id:
        raise NotFoundError
    _proved(sid, now)
    if found.state != "ready" or found.expires_at is None or found.expires_at <= now:
        raise DomainError("copy.gone")
    note(f"copy:{copy}", after={"fetched": True})
    return found


@operation("copy.forget", quiet=True)
def forget_copy(*, actor: Actor, copy: str, now: datetime) -> None:
    """Say that its file is deleted."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    found = locked_copy(copy)
    if found.state == "ready" and found.expires_at is not None and found.expires_at <= now:
        found.state, found.file_key = "gone", ""
        note(f"copy:{copy}", after={"state": found.state})


def _proved(sid: str, now: datetime) -> None:
    if not is_proved(sid, now=now):
        raise DomainError("proof.needed")
