"""Who has a part in a case, and may therefore not decide it; whose side of one must not see it either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import and_, or_

from onboarding.accounts.consents import barred, is_barred
from onboarding.moderation.models import Case
from onboarding.moderation.rules import WEIGHED
from onboarding.notices.queries import parties
from onboarding.reports.queries import reporters, seen_at
from onboarding.standing.queries import claim_named

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor


class Matter(Protocol):
    """A case, or its line in a list."""

    @property
    def subject_type(self) -> str:
        """What kind of matter it is."""

    @property
    def subject(self) -> str:
        """The public id of what it is about."""

    @property
    def organisation_id(self) -> int:
        """Whose it is."""


def part_in(actor: Actor, case: Matter) -> str:
    """Why somebody may not decide a case, as the code of a refusal: she has a part in one side of it, or is one."""
    people, organisations = _parties(case)
    return "case.own" if actor.user_id in people else barred(actor, *organisations)


def _parties(case: Matter) -> tuple[set[int], set[int]]:
    """The people and the organisations (ids) that a case is about.

    Besides its own: of a claim whoever stands to lose the code, of a notice who sent it and where she belongs, of
    reports who sent them and the shops where they saw the goods.
    """
    own = {case.organisation_id}
    if case.subject_type == "claim":
        return set(), own | {claim_named(case.subject).holder_id}
    if case.subject_type == "notice":
        sender, houses = parties(case.subject)
        return {sender}, own | set(houses)
    if case.subject_type == "report":
        people, shops = reporters(case.subject)
        return people, own | shops
    return set(), own


def accuses(actor: Actor) -> ColumnElement[bool]:
    """Whether a case is a report or notice against a house that she is barred from deciding about.

    Who sells is not told who spoke: a shopper's report names shops too, in which the goods were seen.
    """
    shops = seen_at(Case.subject)
    at_hers = shops.where(is_barred(actor, shops.selected_columns.organisation_id)).correlate(Case).exists()
    reported = and_(Case.subject_type == "report", at_hers)
    return and_(Case.subject_type.in_(WEIGHED), or_(is_barred(actor, Case.organisation_id), reported))
