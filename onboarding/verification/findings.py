"""What an operator should look at before she decides about an application; judged from facts others have gathered.

`bad` speaks against approval, `warn` wants a look, `info` is good to know. None of them decides.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from kernel.text import lazy
from kernel.wording import Words
from onboarding.belts.divisions import place_in, place_of
from onboarding.licences import credit_code
from onboarding.verification.names import confusable, is_individual, is_individual_code, same_registered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kernel.errors import Param
    from onboarding.belts.divisions import Place

Severity = Literal["bad", "warn", "info"]
SURE: Final = 0.8  # below it a field was read badly, and what the owner typed is likelier right
PLAIN: Final = 0.9  # from it on a field was read without a doubt
SOON_DAYS: Final = 30

TEXTS: Final = {
    "licence.missing": lazy("还没有执照照片。"),
    "licence.unreadable": lazy("执照照片读不出来，请对着照片人工核对。"),
    "licence.not_one": lazy("照片看上去不是营业执照。"),
    "licence.expired": lazy("执照已于 %(day)s 到期。"),
    "licence.expiring": lazy("执照 %(day)s 到期，还有 %(days)s 天。"),
    "licence.future": lazy("成立日期 %(day)s 还没到。"),
    "licence.individual": lazy("这是个体工商户。"),
    "code.invalid": lazy("信用代码 %(code)s 校验不对。"),
    "code.differs": lazy("信用代码：填的是 %(typed)s，执照上是 %(read)s。"),
    "code.taken": lazy("这个信用代码已有别家在用。"),
    "record.sanctioned": lazy("同一个老板或同一个信用代码，有没通过、被暂停或关了的店。"),
    "code.region": lazy("信用代码是%(code)s发的，地址在%(address)s。"),
    "name.differs": lazy("名称：填的是“%(typed)s”，执照上是“%(read)s”。"),
    "name.same": lazy("名称和“%(other)s”一模一样。"),
    "name.confusable": lazy("名称和“%(other)s”容易混淆。"),
    "expires.differs": lazy("营业期限至：填的是 %(typed)s，执照上是 %(read)s。先按早的算。"),
    "representative.differs": lazy("法定代表人：填的是“%(typed)s”，执照上是“%(read)s”。"),
    "representative.shared": lazy("法定代表人和别家工厂是同一人。"),
    "bank.shared": lazy("收款账户和别家用过的是同一个。"),
    "owner.left": lazy("老板以前关过店，请先看那家的经过。"),
    "address.unknown": lazy("看不出地址在哪个县。"),
    "address.other_county": lazy("地址在%(address)s，产业带在%(belt)s，同市不同县。"),
    "address.other_city": lazy("地址在%(address)s，产业带在%(belt)s，同省不同市。"),
    "address.other_province": lazy("地址在%(address)s，产业带在%(belt)s，不在一个省。"),
    "reading.typed_over": lazy("%(field)s没读清，由填表人改成了“%(typed)s”，读到的是“%(read)s”。"),
}
FIELDS: Final = {
    "uscc": lazy("统一社会信用代码"),
    "name": lazy("名称"),
    "legal_representative": lazy("法定代表人"),
    "address": lazy("住所"),
    "established_on": lazy("成立日期"),
}
SEVERITIES: Final[Mapping[str, Severity]] = {
    "licence.not_one": "bad",
    "licence.expired": "bad",
    "licence.future": "bad",
    "code.invalid": "bad",
    "code.differs": "bad",
    "code.taken": "bad",
    "address.other_province": "bad",
    "licence.individual": "info",
    "code.region": "info",
    "address.unknown": "info",
    "address.other_county": "info",
}
_ORDER: Final = ("bad", "warn", "info")
_LAST_DAY: Final = lazy("营业期限至")
NO_END: Final = lazy("长期")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at; `who` are public ids of other organisations, which operators alone may see."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
    who: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return SEVERITIES.get(self.code, "warn")

    @property
    def words(self) -> Words:
        """What it says, to be said in the reader's language."""
        return Words(TEXTS[self.code], self.params)


@dataclass(frozen=True, slots=True)
class Read:
    """A field as read from the licence, with how sure the reader was, 0 to 1."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class BeltPlace:
    """Where the chosen belt lies."""

    province: str
    city: str
    county: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything findings are judged from; fields are named as the reader of licences names them, dates are ISO text.

    A merchant is of no belt. `photo` is none, waiting, read or unreadable. `names` are those of other organisations by
    public id; the three `…_holders` are public ids of others with the same credit code, bank account or legal
    representative. `left` are those that its owner left before, `sanctioned` those of the same owners or code that were
    refused, suspended or closed.
    """

    today: date
    typed: Mapping[str, str]
    belt: BeltPlace | None
    photo: Literal["none", "waiting", "read", "unreadable"] = "read"
    is_licence: bool = True
    read: Mapping[str, Read] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    code_holders: tuple[str, ...] = ()
    bank_holders: tuple[str, ...] = ()
    representative_holders: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    sanctioned: tuple[str, ...] = ()

    def told(self, name: str) -> str:
        """A field as typed, else as read."""
        return self.typed.get(name) or (self.read[name].value if name in self.read else "")


def findings(facts: Facts) -> list[Finding]:
    """What is to be looked at, the gravest first; empty for an application that is all right."""
    found = [*_photo(facts), *_dates(facts), *_end(facts), *_code(facts)]
    found += [*_written(facts), *_places(facts), *_others(facts)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def speaks_for_itself(facts: Facts) -> bool:
    """Whether a licence was read so well, and says so exactly what was handed in, that nobody need look at it."""
    told = facts.photo == "read" and facts.is_licence and all(_is_plain(facts, name) for name in ("uscc", "name"))
    as_read = all(_same(name, facts.typed.get(name, ""), read.value) for name, read in facts.read.items())
    return told and as_read and all(finding.severity == "info" for finding in findings(facts))


def _is_plain(facts: Facts, name: str) -> bool:
    return name in facts.read and facts.read[name].confidence >= PLAIN


def _same(name: str, typed: str, read: str) -> bool:
    """Whether a field was left as it was read; an end that is no day (长期) is said by leaving the field empty."""
    bare = [[char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum()] for text in (typed, read)]
    return bare[0] == bare[1] or (name == "expires_on" and not typed and day_of(read) is None)


def _photo(facts: Facts) -> Iterator[Finding]:
    if facts.photo == "none":
        yield Finding("licence.missing")
    elif facts.photo == "unreadable":
        yield Finding("licence.unreadable")
    elif facts.photo == "read" and not facts.is_licence:
        yield Finding("licence.not_one")


def _dates(facts: Facts) -> Iterator[Finding]:
    """Of two ends the earlier counts, until somebody has approved the other."""
    typed, read = _ends(facts)
    expires, established = min(filter(None, (typed, read)), default=None), day_of(facts.told("established_on"))
    if expires and expires < facts.today:
        yield Finding("licence.expired", {"day": expires.isoformat()})
    elif expires and (left := (expires - facts.today).days) <= SOON_DAYS:
        yield Finding("licence.expiring", {"day": expires.isoformat(), "days": left})
    if established and established > facts.today:
        yield Finding("licence.future", {"day": established.isoformat()})


def _end(facts: Facts) -> Iterator[Finding]:
    """An end other than that on the photo: what was left empty says that there is none."""
    (typed, end), read = _ends(facts), facts.read.get("expires_on")
    if read is None or typed == end:
        return
    said = {"typed": typed.isoformat() if typed else NO_END, "read": end.isoformat() if end else NO_END}
    if read.confidence < SURE:
        yield Finding("reading.typed_over", {"field": _LAST_DAY, **said})
    else:
        yield Finding("expires.differs", said)


def _ends(facts: Facts) -> tuple[date | None, date | None]:
    """The last day as typed and as read."""
    read = facts.read.get("expires_on")
    return day_of(facts.typed.get("expires_on", "")), day_of(read.value) if read else None


def day_of(text: str) -> date | None:
    """A day, or None for what is none: a licence without an end says 长期."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _code(facts: Facts) -> Iterator[Finding]:
    code = credit_code.normalise(facts.told("uscc"))
    if credit_code.fault(code) is not None:
        yield Finding("code.invalid", {"code": code})
    if facts.code_holders:
        yield Finding("code.taken", who=facts.code_holders)
    if is_individual(facts.told("type")) or is_individual_code(code):
        yield Finding("licence.individual")


def _written(facts: Facts) -> Iterator[Finding]:
    """What was typed against what was read: sure readings are held against the owner, unsure ones are mentioned."""
    differing = {"uscc": "code.differs", "name": "name.differs", "legal_representative": "representative.differs"}
    for name, label in FIELDS.items():
        typed, read = facts.typed.get(name, ""), facts.read.get(name)
        if not typed or read is None or same_registered(typed, read.value):
            continue
        said: dict[str, Param] = {"typed": typed, "read": read.value}
        if read.confidence < SURE:
            yield Finding("reading.typed_over", {"field": label, **said})
        elif name in differing:
            yield Finding(differing[name], said)


def _places(facts: Facts) -> Iterator[Finding]:
    region = credit_code.region(credit_code.normalise(facts.told("uscc")))
    place, given = place_in(facts.told("address"), region=region), place_of(region)
    if place is None:
        yield Finding("address.unknown")
        return
    if facts.belt and (outside := _outside(place, facts.belt)):
        yield Finding(outside, {"address": _named(place), "belt": _named(facts.belt)})
    if given and _apart(given, place):
        yield Finding("code.region", {"code": _named(given), "address": _named(place)})


def _outside(place: Place, belt: BeltPlace) -> str:
    if place.province != belt.province:
        return "address.other_province"
    if place.city != belt.city:
        return "address.other_city" if place.city else ""
    # A belt may name a town of a city without counties (中山 古镇镇), which no code tells apart.
    same = not place.county or place.county in {belt.county, belt.city}
    return "" if same else "address.other_county"


def _apart(one: Place, other: Place) -> bool:
    """Whether two places differ as far as both are told."""
    pairs = ((one.province, other.province), (one.city, other.city), (one.county, other.county))
    return any(left and right and left != right for left, right in pairs)


def _named(place: Place | BeltPlace) -> str:
    """Province, city and county, each said once."""
    return "".join(dict.fromkeys((place.province, place.city, place.county)))


def _others(facts: Facts) -> Iterator[Finding]:
    name = facts.told("name")
    alike = {who: other for who, other in facts.names.items() if confusable(name, other)}
    same = {who: other for who, other in alike.items() if same_registered(name, other)}
    if same:
        yield Finding("name.same", {"other": next(iter(same.values()))}, tuple(same))
    elif alike:
        yield Finding("name.confusable", {"other": next(iter(alike.values()))}, tuple(alike))
    if facts.sanctioned:
        yield Finding("record.sanctioned", who=facts.sanctioned)
    if facts.bank_holders:
        yield Finding("bank.shared", who=facts.bank_holders)
    if facts.representative_holders:
        yield Finding("representative.shared", who=facts.representative_holders)
    if facts.left:
        yield Finding("owner.left", who=facts.left)
