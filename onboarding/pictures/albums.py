"""An archive put to the goods of a factory: looked through whole before anything is noted, then noted all at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from kernel.audit import operation
from kernel.errors import DomainError
from kernel.files import key_of
from onboarding.pictures.archive import MAX_UNPACKED_BYTES, code_for, folded, members, opened, unpacked
from onboarding.pictures.intake import lay_by
from onboarding.pictures.operations import hand_in
from onboarding.pictures.queries import Coded, coded_goods

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.files import Files
    from kernel.permissions import Actor
    from onboarding.listings.enclosed import Handed
    from onboarding.pictures.archive import Member


@dataclass(slots=True)
class Attached:
    """A file of an archive: its goods if there are any, the picture in hand, or why it was left out."""

    name: str
    goods: Coded | None = None
    handed: Handed | None = None
    refusal: DomainError | None = None


def hand_in_album(
    stream: IO[bytes], *, actor: Actor, by_ai: bool, files: Files, organisation_id: int, now: datetime
) -> list[Attached]:
    """Hand in every picture of an archive for the goods that it is named after; what became of each, in their order.

    An archive that is refused (`archive.…`) leaves nothing behind; a file that is refused keeps no other.
    """
    goods = defaultdict[str, list[Coded]](list)
    for coded in coded_goods(organisation_id):
        goods[folded(coded.code)].append(coded)
    attached: list[Attached] = []
    try:
        with opened(stream) as archive:
            budget = MAX_UNPACKED_BYTES
            for member in sorted(members(archive), key=lambda one: one.order):
                attached.append(one := _told_to(member, goods))
                budget -= _lay_by(one, archive, member, by_ai=by_ai, files=files, budget=budget)
        _note_all(actor=actor, attached=attached, now=now)
    except Exception:
        _forget(attached, files)
        raise
    _forget([one for one in attached if one.refusal], files)
    return attached


def _told_to(member: Member, goods: Mapping[str, list[Coded]]) -> Attached:
    """A file with its goods; of codes that differ in case or widths alone, that which its name writes just so."""
    if member.is_astray:
        return Attached(member.name, refusal=DomainError("archive.astray"))
    alike = goods.get(code_for(member.name, {code: code for code in goods}) or "", [])
    meant = [one for one in alike if len(alike) == 1 or one.code in member.name]
    if len(meant) == 1:
        return Attached(member.name, meant[0])
    codes = " / ".join(one.code for one in alike)
    refusal = DomainError("archive.codes_alike", codes=codes) if alike else DomainError("archive.no_goods")
    return Attached(member.name, refusal=refusal)


def _lay_by(one: Attached, archive: zipfile.ZipFile, member: Member, *, by_ai: bool, files: Files, budget: int) -> int:
    """Keep the bytes of a file that has goods; how many it had."""
    if one.goods is None:
        return 0
    data = unpacked(archive, member, budget)
    try:
        one.handed = lay_by(data, filename=member.name, by_ai=by_ai, files=files)
    except DomainError as refusal:
        one.refusal = refusal
    return len(data)


@operation("picture.hand_in_album")
def _note_all(*, actor: Actor, attached: list[Attached], now: datetime) -> None:
    """One transaction: whoever is killed half-way has handed in nothing."""
    for one in attached:
        if one.handed is None or one.goods is None:
            continue
        try:
            hand_in(actor=actor, listing=one.goods.listing, handed=one.handed, now=now)
        except DomainError as refusal:
            one.refusal = refusal


def _forget(attached: list[Attached], files: Files) -> None:
    for one in attached:
        if one.handed is not None:
            files.forget(key_of(one.handed.picture))
