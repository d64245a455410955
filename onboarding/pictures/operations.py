"""What can be done with pictures of goods: hand in, make, put in order, remove, show after a look, drop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.outbox import publish
from kernel.permissions import SYSTEM
from kernel.text import clean
from onboarding.licences.queries import organisation_for
from onboarding.listings.asked import note_done
from onboarding.listings.claims import forbidden_beside
from onboarding.listings.covers import set_cover
from onboarding.listings.queries import own_listing, place_of
from onboarding.listings.rules import PICTURES_CAP, REWRITABLE, WATCHED
from onboarding.pictures.facts import PictureHandedIn, PictureRemoved, PicturesAsked, PicturesShown
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.queries import listing_of, picture_named, pictures_of, refused_pictures, was_by_ai
from onboarding.pictures.rules import PICTURE, WORDS_CAP, arranged, bands, proposed_words, speaks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.enclosed import Handed
    from onboarding.listings.facts import ListingRenamed, ListingSubmitted
    from onboarding.listings.models import Listing
    from onboarding.pictures.rules import Made

_UNMADE: dict[str, Any] = {
    "reason": "",
    "label": "",
    "digest": "",
    "width": 0,
    "height": 0,
    "seen": "",
    "refusal": "",
    "refusal_params": {},
    "made_at": None,
    "shown_at": None,
}


@operation("picture.hand_in")
def hand_in(*, actor: Actor, listing: str, handed: Handed, now: datetime) -> ListingPicture:
    """Take note of a file that lies in the private files; the worker makes what is shown of it.

    `picture.twice` for a file that this listing has, `picture.too_many`, `listing.in_review` while somebody looks.
    """
    found = _open_to_change(actor, listing)
    held = pictures_of(found.id)
    if any(one.source == handed.source for one in held):
        raise DomainError("picture.twice")
    if len(held) >= PICTURES_CAP:
        raise DomainError("picture.too_many", most=PICTURES_CAP)
    picture = ListingPicture(
        public_id=handed.picture,
        listing_id=found.id,
        organisation_id=found.organisation_id,
        position=len(held),
        state=PICTURE.start,
        source=handed.source,
        words=proposed_words(found.title, [sku.options for sku in found.skus], handed.filename),
        by_ai=handed.by_ai or was_by_ai(found.organisation_id, handed.source),
        created_at=now,
        **_UNMADE,
    )
    session().add(picture)
    session().flush()
    note(f"picture:{handed.picture}", after={"listing": listing, "by_ai": picture.by_ai})
    publish(PictureHandedIn(handed.picture), actor=actor, now=now)
    return picture


@operation("picture.make")
def record_made(*, actor: Actor, picture: str, made: Made, now: datetime) -> None:
    """Keep what was made of a file; a second time, or after it was removed, changes nothing."""
    listing = own_listing(SYSTEM, listing_of(picture), lock=True)  # before its pictures, as everybody locks them
    found = _unmade(picture)
    if found is None:
        return
    found.digest, found.width, found.height, found.made_at = made.digest, made.width, made.height, now
    found.seen, found.label, found.by_ai = f"{made.seen:016x}", made.label, bool(made.label)
    if speaks(made.seen):
        for place, band in enumerate(bands(made.seen)):
            setattr(found, f"band_{place}", band)
    session().flush()
    note_done(listing, "image")
    note(f"picture:{picture}", after={"made": made.digest, "by_ai": found.by_ai})
    _cover(listing, actor=actor, now=now)
    if listing.state in WATCHED:
        publish(PicturesAsked(listing.public_id), actor=actor, now=now)


@operation("picture.refuse")
def record_refusal(*, actor: Actor, picture: str, error: DomainError, now: datetime) -> None:  # noqa: ARG001  a task's
    """Keep why nothing can be made of a file; the factory reads it on the page."""
    found = _unmade(picture)
    if found is not None:
        found.refusal, found.refusal_params = error.code, dict(error.params)
        note(f"picture:{picture}", after={"refusal": error.code})


@operation("picture.take_from_sheet")
def record_enclosed(*, actor: Actor, sheet_import: str, counts: Mapping[str, int], now: datetime) -> None:  # noqa: ARG001
    """Keep how many pictures of a price sheet were taken, and how many could not be."""
    note(f"sheet:{sheet_import}", after={"pictures": dict(counts)})


@operation("picture.arrange")
def arrange(
    *, actor: Actor, listing: str, order: Sequence[str], words: Mapping[str, str], now: datetime, move: str = ""
) -> None:
    """Put pictures (public ids) in order, the main one first, and say what they show; see `arranged` for `move`.

    What everybody sees keeps its words: nobody would look at new ones. `picture.advertising` for words that goods
    may not have.
    """
    found = _open_to_change(actor, listing)
    held = {one.public_id: one for one in pictures_of(found.id)}
    before = list(held)
    after, reworded = arranged(before, order, move), False
    _check_words({place: words.get(one, "") for place, one in enumerate(after, 1)})
    for place, public_id in enumerate(after):
        held[public_id].position = place
    for public_id, said in words.items():
        one, told = held.get(public_id), clean(said)[:WORDS_CAP]
        if one is not None and one.state == "waiting" and told and told != one.words:
            note(f"picture:{public_id}", before={"words": one.words}, after={"words": told})
            one.words, reworded = told, True
    session().flush()
    if after != before or reworded:
        note_done(found, "image")
    if after != before:
        note(f"listing:{listing}", before={"pictures": before}, after={"pictures": after})
    _cover(found, actor=actor, now=now)


@operation("picture.remove")
def remove(*, actor: Actor, listing: str, picture: str, now: datetime) -> None:
    """Take a picture off a listing; twice is once. NotFoundError for one that is none of this listing."""
    found = _open_to_change(actor, listing)
    one = picture_named(picture, lock=True)
    if one.listing_id != found.id:
        raise NotFoundError
    if one.state != "removed":
        _take_off(one, "remove", actor=actor, now=now)
        note_done(found, "image")
        _close_ranks(found, actor=actor, now=now)


@operation("picture.show_waiting")
def show_waiting(*, actor: Actor, listing: str, now: datetime) -> int:
    """Let everybody see the pictures of a listing that an operator looked at; those still being made go on waiting."""
    found = _for_decision(actor, listing, "show")
    waiting = [one for one in pictures_of(found.id) if one.state == "waiting" and one.made_at]
    for one in waiting:
        one.state, one.shown_at = PICTURE.step(one.state, "show").to, one.shown_at or now
        note(f"picture:{one.public_id}", before={"state": "waiting"}, after={"state": one.state})
    session().flush()
    _cover(found, actor=actor, now=now)
    if waiting:
        publish(PicturesShown(listing), actor=actor, now=now)
    return len(waiting)


@operation("picture.drop_waiting")
def drop_waiting(*, actor: Actor, listing: str, reason: str, now: datetime) -> int:
    """Take the waiting pictures of a listing off it; what is shown stays as it is."""
    found = _for_decision(actor, listing, "drop")
    waiting = [one for one in pictures_of(found.id) if one.state == "waiting"]
    for one in waiting:
        _take_off(one, "drop", actor=actor, now=now, reason=reason)
    _close_ranks(found, actor=actor, now=now)
    return len(waiting)


@operation("picture.put_aside")
def put_aside_refused(*, actor: Actor, listing: str, now: datetime) -> None:  # noqa: ARG001  audited
    """Be told no more of pictures that were not shown: the trail keeps why."""
    found = own_listing(actor, listing, lock=True)
    for one in refused_pictures(found.id):
        note(f"picture:{one.public_id}", before={"reason": one.reason}, after={"reason": ""})
        one.reason = ""


@operation("picture.throw_away")
def throw_away(*, actor: Actor, organisation: str, now: datetime) -> list[str]:  # noqa: ARG001  audited
    """Forget every picture of goods of a factory that is thrown away; the keys of their files."""
    mine = ListingPicture.organisation_id == organisation_for(actor, organisation)
    keys = [key for one in session().scalars(select(ListingPicture).where(mine)) for key in one.file_keys]
    session().execute(delete(ListingPicture).where(mine))
    note(f"organisation:{organisation}", after={"pictures": "thrown away"})
    return keys


def on_listing_renamed(fact: ListingRenamed, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Within `listing.renamed`: pictures that are called after their goods go on being so."""
    listing = own_listing(SYSTEM, fact.listing, lock=True)
    for one in pictures_of(listing.id):
        if one.words.startswith(fact.before):
            one.words = (listing.title + one.words.removeprefix(fact.before))[:WORDS_CAP]


def on_listing_submitted(fact: ListingSubmitted, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a check
    """Within `listing.submitted`: what its pictures are said to show is read by buyers too."""
    held = pictures_of(own_listing(SYSTEM, fact.listing, lock=True).id)
    _check_words({place: one.words for place, one in enumerate(held, 1)})


def _check_words(words: Mapping[int, str]) -> None:
    """Raise `picture.advertising` for the first of these words, by the place of their picture, that have to change."""
    for place, said in words.items():
        if refusal := forbidden_beside({"": said}, ()):
            raise DomainError("picture.advertising", place=place, **refusal.params)


def _open_to_change(actor: Actor, listing: str) -> Listing:
    found = own_listing(actor, listing, lock=True)
    if found.state not in REWRITABLE:
        raise DomainError("listing.in_review")
    return found


def _for_decision(actor: Actor, listing: str, action: str) -> Listing:
    """A listing within the scope of somebody who decides about pictures; outside of it there is nothing to see."""
    found = own_listing(SYSTEM, listing, lock=True)
    belt, region, _category = place_of(found.organisation_id)
    if not actor.may(PICTURE.step("waiting", action).permission, region=region, belt=belt):
        raise NotFoundError
    return found


def _unmade(picture: str) -> ListingPicture | None:
    query = select(ListingPicture).where(ListingPicture.public_id == picture).with_for_update()
    found = session().scalar(query, execution_options={"populate_existing": True})
    return None if found is None or found.made_at or found.refusal or found.state == "removed" else found


def _take_off(one: ListingPicture, action: str, *, actor: Actor, now: datetime, reason: str = "") -> None:
    before = one.state
    one.state, one.reason = PICTURE.step(before, action).to, reason
    note(f"picture:{one.public_id}", before={"state": before}, after={"state": one.state}, reason=reason)
    publish(PictureRemoved(one.public_id), actor=actor, now=now)
    session().flush()


def _close_ranks(listing: Listing, *, actor: Actor, now: datetime) -> None:
    for place, one in enumerate(pictures_of(listing.id)):
        one.position = place
    session().flush()
    _cover(listing, actor=actor, now=now)


def _cover(listing: Listing, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  done for whoever acts
    """The first picture stands for the goods; of goods that were ever on sale the first that everybody may see."""
    seen = {"shown"} if listing.published_at is not None else {"shown", "waiting"}
    made = (one.address for one in pictures_of(listing.id) if one.state in seen and one.made_at)
    set_cover(actor=SYSTEM, listing=listing.public_id, address=next(made, ""), now=now)
