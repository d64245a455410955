"""Parts of a copy that are about the organisation itself: papers, people, agreements, partners, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import aliased

from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.tables import Column, Listed, Selected, Table
from kernel.text import Message, lazy
from kernel.wording import LOCALES
from onboarding.accounts.models import MembershipRow, Organisation, User
from onboarding.admissions.models import Admission
from onboarding.admissions.rules import ADMISSION
from onboarding.belts.models import Belt
from onboarding.compliance.models import AgreementAcceptance
from onboarding.compliance.queries import version_of
from onboarding.licences.models import Licence
from onboarding.licences.queries import photo_of
from onboarding.moderation.deeds import deed
from onboarding.tiers.queries import inspections_of
from onboarding.tiers.rules import FINDINGS
from onboarding.verification.queries import application_of, told_by
from onboarding.verification.rules import APPLICATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kernel.files import Files
    from onboarding.tiers.queries import InspectionLine
    from storefront.leaving.parcel import Parcel
    from storefront.leaving.queries import Subject

Line = tuple[str, Message, Any]

_SAID: Final[Table[Line]] = Table(
    name="application",
    title=lazy("入驻资料"),
    key=lambda line: line[0],
    columns=(
        Column("item", lazy("项目"), lambda line: line[1]),
        Column("value", lazy("内容"), lambda line: line[2]),
    ),
)
_TEAM: Final[Table[Any]] = Table(
    name="team",
    title=lazy("团队"),
    key=lambda line: line.public_id,
    columns=(
        Column("name", lazy("姓名"), lambda line: line.name),
        Column("role", lazy("角色"), lambda line: _ROLES[line.role]),
        Column("since", lazy("加入时间"), lambda line: line.created_at, "moment"),
    ),
)
_LICENCES: Final[Table[Licence]] = Table(
    name="licences",
    title=lazy("营业执照"),
    key=lambda line: line.public_id,
    columns=(
        Column("uploaded", lazy("上传时间"), lambda line: line.uploaded_at, "moment"),
        Column("state", lazy("状态"), lambda line: _READ[line.state]),
        *(
            Column(name, label, lambda line, name=name: line.reading.get("fields", {}).get(name, {}).get("value"))  # type: ignore[misc]
            for name, label in (
                ("uscc", lazy("统一社会信用代码")),
                ("name", lazy("名称")),
                ("legal_representative", lazy("法定代表人")),
                ("address", lazy("住所")),
                ("established_on", lazy("成立日期")),
            )
        ),
    ),
)
_AGREEMENTS: Final[Table[Any]] = Table(
    name="agreements",
    title=lazy("协议"),
    key=lambda line: f"{line.kind}-{line.version}",
    columns=(
        Column("version", lazy("版本"), lambda line: line.version),
        Column("accepted", lazy("同意时间"), lambda line: line.accepted_at, "moment"),
        Column("by", lazy("同意人"), lambda line: line.name),
        Column("digest", lazy("全文指纹"), lambda line: line.digest, "codes"),
    ),
)
_ADMISSIONS: Final[Table[Any]] = Table(
    name="admissions",
    title=lazy("合作"),
    key=lambda line: line.key,
    columns=(
        Column("other", lazy("合作方"), lambda line: line.name),
        Column("state", lazy("状态"), lambda line: lazy(ADMISSION.labels[line.state])),
        Column("words", lazy("申请时说的话"), lambda line: line.words),
        Column("reason", lazy("原因"), lambda line: line.reason),
        Column("asked", lazy("申请时间"), lambda line: line.asked_at, "moment"),
        Column("decided", lazy("答复时间"), lambda line: line.decided_at, "moment"),
    ),
)
_VISITS: Final[Table[InspectionLine]] = Table(
    name="inspections",
    title=lazy("验厂记录"),
    key=lambda line: line.inspection,
    columns=(
        Column("visited", lazy("哪天去的"), lambda line: line.visited_on, "day"),
        Column("passed", lazy("验厂通过"), lambda line: _YES_NO[line.is_passed]),
        *(
            Column(name, label, lambda line, label=label: _YES_NO[line.found[label]])  # type: ignore[misc]
            for name, label in FINDINGS.items()
        ),
        Column("note", lazy("补充说明"), lambda line: line.note or None),
        Column("until", lazy("这天以前有效"), lambda line: line.valid_until, "day"),
        Column("recorded", lazy("什么时候记的"), lambda line: line.recorded_at, "moment"),
        Column("withdrawn", lazy("撤销的原因"), lambda line: line.withdrawn_reason or None),
    ),
)
_TRAIL: Final[Table[Any]] = Table(
    name="audit",
    title=lazy("操作记录"),
    key=lambda line: str(line[0]),
    columns=(
        Column("at", lazy("时间"), lambda line: line[1], "moment"),
        Column("who", lazy("谁"), lambda line: line[2]),
        Column("deed", lazy("做了什么"), lambda line: line[3]),
        Column("subjects", lazy("对象"), lambda line: line[4], "codes"),
    ),
)
_ROLES: Final[dict[str, Message]] = {"owner": lazy("老板"), "clerk": lazy("店员")}
_READ: Final[dict[str, Message]] = {"waiting": lazy("识别中"), "read": lazy("已识别"), "unreadable": lazy("没读出来")}
_YES_NO: Final[dict[bool, Message]] = {True: lazy("是"), False: lazy("不是")}
_PLATFORM: Final = lazy("平台")


def write_application(parcel: Parcel, subject: Subject) -> None:
    """What was handed in and decided, what is told to shoppers, and who works here."""
    parcel.table("application.csv", _SAID, Listed(list(_said(subject))))
    query = (
        select(User.public_id, User.name, MembershipRow.role, MembershipRow.created_at)
        .join(MembershipRow, MembershipRow.user_id == User.id)
        .where(MembershipRow.organisation_id == subject.house.id)
    )
    parcel.table("team.csv", _TEAM, Selected(query, (MembershipRow.id,), list))


def write_licences(parcel: Parcel, subject: Subject, *, files: Files) -> None:
    """Every photograph of the licence, upright, and what was read in it; a photo that was not kept is left out."""
    mine = select(Licence).where(Licence.organisation_id == subject.house.id)
    found = session().scalars(mine.order_by(Licence.id)).all()
    if not found:
        return
    parcel.table("licences.csv", _LICENCES, Listed(found))
    for one in found:
        try:
            parcel.picture(f"licences/{one.public_id}.jpg", photo_of(one, files=files))
        except NotFoundError:
            continue


def write_agreements(parcel: Parcel, subject: Subject) -> None:
    """What was agreed to, by whom and when, with the text in both languages."""
    columns = (AgreementAcceptance.kind, AgreementAcceptance.version, AgreementAcceptance.digest)
    query = (
        select(*columns, AgreementAcceptance.accepted_at, User.name)
        .join(User, User.id == AgreementAcceptance.user_id)
        .where(AgreementAcceptance.organisation_id == subject.house.id)
    )
    rows: Selected[Any] = Selected(query, (AgreementAcceptance.id,), list)
    accepted = [line for batch in rows.batches(by=None, down=False) for line in batch]
    if not accepted:
        return
    parcel.table("agreements.csv", _AGREEMENTS, Listed(accepted))
    for one in accepted:
        agreement = version_of(one.kind, one.version)
        for language in LOCALES:
            said = agreement.texts[language]
            text = "\r\n\r\n".join([said.title, *(line for block in said.blocks for line in block.lines)])
            parcel.words(f"agreements/{one.kind}-{one.version}.{language}.txt", text)


def write_admissions(parcel: Parcel, subject: Subject) -> None:
    """Whom she works with, or asked to; the other side by its name alone, as the factory's own numbers are its own."""
    home = subject.house.id
    mine, other = (
        (Admission.factory_id, Admission.merchant_id)
        if subject.house.kind == "factory"
        else (Admission.merchant_id, Admission.factory_id)
    )
    partner = aliased(Organisation)
    key = (Admission.public_id if subject.house.kind == "factory" else partner.name).label("key")
    columns = (key, partner.name, Admission.state, Admission.words, Admission.reason)
    query = (
        select(*columns, Admission.asked_at, Admission.decided_at)
        .join(partner, partner.id == other)
        .where(mine == home)
    )
    parcel.table("admissions.csv", _ADMISSIONS, Selected(query, (Admission.id,), list))


def write_inspections(parcel: Parcel, subject: Subject) -> None:
    """What was seen on visits to a factory; who went and the pictures are the platform's."""
    if found := inspections_of(subject.house.id):
        parcel.table("inspections.csv", _VISITS, Listed(found))


def write_trail(parcel: Parcel, subject: Subject) -> None:
    """What was done about the organisation: by whom of its own, or by the platform; nobody else is named."""
    house = subject.house
    members = select(User.id, User.name).join(MembershipRow, MembershipRow.user_id == User.id)
    found = session().execute(members.where(MembershipRow.organisation_id == house.id))
    names: dict[int | None, str] = {row[0]: row[1] for row in found}
    about = [f'"{kind}:{house.organisation}"' for kind in (house.kind, "organisation")]
    changes = cast(AuditRow.changes, String)
    query = select(AuditRow.id, AuditRow.at, AuditRow.actor_user_id, AuditRow.operation, AuditRow.changes)
    query = query.where(or_(*(changes.contains(one, autoescape=True) for one in about)))
    own = {f"{kind}:{house.organisation}" for kind in (house.kind, "organisation")}

    def read(rows: Any) -> list[Any]:  # noqa: ANN401  rows of the query
        return [
            (
                row[0],
                row[1],
                names.get(row[2], _PLATFORM),
                lazy(deed(row[3])),
                " ".join(dict.fromkeys(change["subject"] for change in row[4] if change["subject"] in own)),
            )
            for row in rows
        ]

    parcel.table("audit.csv", _TRAIL, Selected(query, (AuditRow.id,), read))


def _said(subject: Subject) -> Iterator[Line]:
    house = subject.house
    yield "organisation", lazy("编号"), house.organisation
    yield "name", lazy("名称"), house.name
    found = application_of(house.id)
    if found is None:
        return
    belt = session().get(Belt, found.belt_id) if found.belt_id else None
    yield "uscc", lazy("统一社会信用代码"), found.uscc
    yield "belt", lazy("产业带"), belt.name_zh if belt else None
    yield "ways", lazy("卖法"), _WAYS.get(found.ways)
    yield "legal_representative", lazy("法定代表人"), found.legal_representative
    yield "address", lazy("住所"), found.address
    yield "sort", lazy("类型"), found.sort
    yield "established_on", lazy("成立日期"), found.established_on
    yield "expires_on", lazy("营业期限至"), found.expires_on
    yield "scope", lazy("经营范围"), found.scope
    yield "state", lazy("状态"), lazy(APPLICATION.labels[found.state])
    yield "reason", lazy("原因"), found.reason
    yield "submitted_at", lazy("提交时间"), found.submitted_at
    yield "decided_at", lazy("决定时间"), found.decided_at
    yield "checked_at", lazy("上次核验"), found.checked_at
    told = told_by(house.id)
    yield "founded", lazy("建厂年份"), told.founded
    yield "people", lazy("多少人"), told.people
    yield "capacity", lazy("一个月能做多少"), told.capacity
    yield "makes", lazy("主要做什么"), told.makes


_WAYS: Final = {"both": lazy("直接卖和供货"), "direct": lazy("直接卖"), "supply": lazy("供货")}
