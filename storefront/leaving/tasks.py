"""What the worker does for who leaves: write copies, delete them in time, tell merchants, close what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app

from kernel.audit import operation
from kernel.db import session
from kernel.files import Files, key_of
from kernel.permissions import SYSTEM
from kernel.wording import Words
from kernel.work import each
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from storefront.leaving import operations
from storefront.leaving.bundle import write_bundle
from storefront.leaving.queries import expired_copies, resellers, waiting_copy

if TYPE_CHECKING:
    from datetime import datetime
    from typing import BinaryIO

    from kernel.permissions import Actor
    from kernel.ports import Ports


def write_copy(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Write the copy of `{"copy": public id}` into one file and say so; a second run finds nothing that waits.

    A run killed half-way leaves a part of a file that nobody knows, or a whole one; the next one takes its place.
    """
    copy: str = payload["copy"]
    subject, files = waiting_copy(copy), ports.get(Files)
    session().rollback()
    if subject is None:
        return
    pictures, sizes = current_app.extensions["assets"].files, [0]

    def on_part(done: int) -> None:
        session().rollback()  # what was read for this part is read
        operations.record_progress(actor=SYSTEM, copy=copy, done=done, now=now)

    def fill(file: BinaryIO) -> None:
        write_bundle(file, subject, files=files, pictures=pictures, on_part=on_part, now=now)
        sizes[0] = file.tell()

    key = key_of(copy)
    files.write(fill, key=key)
    house = subject.house.organisation
    kept = operations.record_copy(actor=SYSTEM, copy=copy, organisation=house, file_key=key, size=sizes[0], now=now)
    if not kept:
        files.forget(key)


def give_up_copy(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Tell the owner that there will be none, and leave none behind."""
    copy: str = payload["copy"]
    if operations.give_up_copy(actor=SYSTEM, copy=copy, now=now):
        ports.get(Files).forget(key_of(copy))


def forget_copies(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Delete what has lain ready for a week: the file first, so that nothing says it is gone before it is."""
    files, old = ports.get(Files), expired_copies(now)
    session().rollback()

    def forget(one: tuple[str, str]) -> None:
        copy, key = one
        files.forget(key)
        operations.forget_copy(actor=SYSTEM, copy=copy, now=now)

    each(old, forget)


def close_due(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Close everybody whose notice is over and of whom nothing is open; the others are looked at again."""
    houses = [one.house for one in operations.due_departures(now=now)]
    session().rollback()
    each(houses, lambda house: operations.finish(actor=SYSTEM, house=house, now=now))


def tell_resellers_leaves(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text every merchant who sells a factory's goods that it leaves; runs after `departure.announced`."""
    words = Words(
        "%(factory)s 准备关店，您店里它的商品现在起不能下单；已付款的订单照常发货，售后照常处理。请尽快另找货源。"
    )
    _tell_resellers(factory=payload["organisation"], words=words, actor=SYSTEM, now=now)


def tell_resellers_stays(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text them that it stays after all; runs after `departure.withdrawn`."""
    words = Words("%(factory)s 不关店了，您店里它的商品现在又可以下单，您不用做什么。")
    _tell_resellers(factory=payload["organisation"], words=words, actor=SYSTEM, now=now)


@operation("departure.tell_resellers")
def _tell_resellers(*, factory: str, words: Words, actor: Actor, now: datetime) -> None:
    for merchant_id, name in resellers(factory):
        tell(owners_of(merchant_id), Words(words.message, {"factory": name}), actor=actor, now=now)
