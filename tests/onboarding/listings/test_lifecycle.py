"""What may happen to a listing, who may do it, and what follows."""

import pytest
from flask import Flask
from sqlalchemy import Update, select, update

from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM, Actor, Role, Scope, StaffGrant
from onboarding.listings import operations
from onboarding.listings.models import Listing, Sku
from onboarding.listings.relisting import relist
from onboarding.listings.rules import LISTING
from onboarding.listings.submissions import submit_all
from onboarding.moderation.models import Case
from onboarding.offers.queries import offers_of_listing
from tests.cast import NOW, WEI, YU
from tests.support.goods import make_factory, make_listing, stock_of

VERBS = {
    "submit": lambda actor, listing: operations.submit_listing(actor=actor, listing=listing, now=NOW),
    "publish": lambda _actor, listing: operations.publish_listing(actor=SYSTEM, listing=listing, now=NOW),
    "refuse": lambda _actor, listing: operations.refuse_listing(actor=SYSTEM, listing=listing, reason="模糊", now=NOW),
    "archive": lambda actor, listing: operations.archive_listing(actor=actor, listing=listing, now=NOW),
    "relist": lambda actor, listing: relist(actor=actor, listing=listing, now=NOW),
    "withdraw": lambda actor, listing: operations.withdraw_listing(actor=actor, listing=listing, now=NOW),
}


def facts() -> list[str]:
    of_listings = OutboxFact.kind.startswith("listing.")
    return list(session().scalars(select(OutboxFact.kind).where(of_listings).order_by(OutboxFact.id)))


def edit(actor: Actor, listing: Listing, **changes: dict[str, object]) -> Listing:
    told = {"words": {}, "prices": {}, "stock": {}} | changes
    return operations.edit_listing(actor=actor, listing=listing.public_id, now=NOW, **told)


def operator(kind: str, value: str = "") -> Actor:
    return Actor(user_id=9, user="usr_tan", staff=(StaffGrant(Role.OPERATOR, Scope(kind, value)),))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", LISTING.states)
def test_every_step_is_taken_or_refused(app: Flask, state: str, verb: str) -> None:
    wei = make_factory()
    listing = make_listing(wei, state=state).public_id
    step = LISTING.steps.get((state, verb))
    if step is None:
        with pytest.raises(DomainError, match=r"listing\.state"):
            VERBS[verb](wei, listing)
    else:
        assert VERBS[verb](wei, listing).state == step.to
        assert facts() == [step.fact]


def test_a_refusal_needs_a_reason_and_mending_clears_it(app: Flask) -> None:
    wei = make_factory()
    listing = make_listing(wei, state="submitted")
    with pytest.raises(DomainError, match="reason_missing"):
        operations.refuse_listing(actor=SYSTEM, listing=listing.public_id, reason=" \n", now=NOW)
    assert VERBS["refuse"](wei, listing.public_id).reason == "模糊"
    assert VERBS["submit"](wei, listing.public_id).reason == ""


@pytest.mark.parametrize("verb", ["submit", "archive", "relist", "withdraw"])
def test_a_stranger_finds_no_listing(app: Flask, verb: str) -> None:
    listing = make_listing(make_factory(WEI), state="draft")
    with pytest.raises(NotFoundError):
        VERBS[verb](make_factory(YU), listing.public_id)


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (operator("channel"), True),
        (operator("belt", "qinghe-cashmere"), True),
        (operator("region", "河北省"), True),
        (operator("belt", "danyang-glasses"), False),
        (Actor(user_id=8), False),
    ],
)
def test_only_an_operator_of_the_belt_decides(app: Flask, actor: Actor, *, allowed: bool) -> None:
    listing = make_listing(make_factory(), state="submitted").public_id
    if allowed:
        assert operations.publish_listing(actor=actor, listing=listing, now=NOW).state == "published"
    else:
        with pytest.raises(NotFoundError):
            operations.publish_listing(actor=actor, listing=listing, now=NOW)


def test_offers_follow_publishing_prices_and_archiving(app: Flask) -> None:
    wei = make_factory()
    listing = make_listing(wei, state="submitted")
    VERBS["publish"](wei, listing.public_id)
    assert [one.price_fen for one in offers_of_listing(listing.public_id)] == [12_800]
    edit(wei, listing, prices={listing.skus[0].public_id: 9_900})
    assert [one.price_fen for one in offers_of_listing(listing.public_id)] == [9_900]
    VERBS["archive"](wei, listing.public_id)
    assert offers_of_listing(listing.public_id) == []


@pytest.mark.parametrize(
    "change",
    [update(Listing).values(attributes={"材质": "全国销量第一"}), update(Sku).values(options={"颜色": "全国第一红"})],
    ids=["attributes", "options"],
)
def test_forbidden_words_beside_the_title_are_not_handed_in(app: Flask, change: Update) -> None:
    wei = make_factory()
    listing = make_listing(wei, state="draft")
    with transaction():
        session().execute(change)
    with pytest.raises(DomainError, match=r"listing\.advertising"):
        VERBS["submit"](wei, listing.public_id)


def test_under_review_nothing_changes_but_the_stock(app: Flask) -> None:
    wei = make_factory()
    listing = make_listing(wei, state="submitted", stock=(5,))
    sku = listing.skus[0]
    edit(wei, listing, stock={sku.public_id: 8}, prices={sku.public_id: sku.retail_price_fen})
    assert stock_of(sku.id) == (8, 0)
    with pytest.raises(DomainError, match=r"listing\.in_review"):
        edit(wei, listing, prices={sku.public_id: 1})
    with pytest.raises(DomainError, match=r"listing\.in_review"):
        operations.set_supply(
            actor=wei, listing=listing.public_id, drop_ship_price_fen=1, open_to_merchants=False, now=NOW
        )


def test_prices_never_change_senselessly(app: Flask) -> None:
    wei = make_factory()
    listing = make_listing(wei, state="draft")
    sku = listing.skus[0]
    for price in (0, -3, 10**9):
        with pytest.raises(DomainError, match=r"listing\.price"):
            edit(wei, listing, prices={sku.public_id: price})


def test_all_drafts_are_submitted_and_nothing_else(app: Flask) -> None:
    wei = make_factory()
    for state in LISTING.states:
        make_listing(wei, state=state)
    make_listing(make_factory(YU), state="draft")
    assert submit_all(actor=wei, now=NOW).count == 1
    assert submit_all(actor=wei, now=NOW).count == 0


def test_forbidden_words_are_mended_before_an_operator_sees_them(app: Flask) -> None:
    wei = make_factory()
    listing = make_listing(wei, title="全国第一的羊绒围巾", state="draft")
    with pytest.raises(InvalidInputError) as refused:
        VERBS["submit"](wei, listing.public_id)
    assert (refused.value.fields["title"][0], refused.value.fields["title"][1]["term"]) == (
        "listing.advertising",
        "全国第一",
    )
    assert submit_all(actor=wei, now=NOW).count == 0
    edit(wei, listing, words={"title": "羊绒围巾，最近到货"})
    assert submit_all(actor=wei, now=NOW).count == 1


def test_goods_on_sale_are_never_renamed_to_what_is_forbidden(app: Flask) -> None:
    wei = make_factory()
    listing = make_listing(wei, state="published")
    with pytest.raises(InvalidInputError):
        edit(wei, listing, words={"description": "治疗颈椎病"})
    assert facts() == []


def test_what_needs_proof_may_be_handed_in(app: Flask) -> None:
    wei = make_factory()
    listing = make_listing(wei, title="有机大米", state="draft")
    assert VERBS["submit"](wei, listing.public_id).state == "submitted"


def test_goods_that_wait_are_taken_back_and_nobody_need_decide(app: Flask) -> None:
    wei = make_factory()
    listing = make_listing(wei, state="draft").public_id
    VERBS["submit"](wei, listing)
    assert VERBS["withdraw"](wei, listing).state == "draft"
    assert session().scalars(select(Case.state)).all() == ["dropped"]
    VERBS["submit"](wei, listing)
    assert sorted(session().scalars(select(Case.state))) == ["dropped", "open"]


def test_goods_that_were_on_sale_are_not_taken_back(app: Flask) -> None:
    wei = make_factory()
    listing = make_listing(wei, state="submitted")
    with transaction():
        session().execute(update(Listing).values(published_at=NOW))
    with pytest.raises(DomainError, match=r"listing\.known"):
        VERBS["withdraw"](wei, listing.public_id)
