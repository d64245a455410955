"""What follows from what: the one table of facts, and the schedules.

`within` runs in the transaction in which the fact is published; `after` becomes a job of the worker. A new fact that
nobody handles is written here too, with nothing beside it: a test fails until someone has thought about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app

from commission.ledger import tasks as ledger
from commission.payees import facts as payees
from commission.payments import facts as paid
from commission.payments import tasks as payments
from commission.settlement import facts as settled
from commission.settlement import operations as settlements
from commission.settlement import tasks as settlement
from kernel import jobs, limits, notify
from kernel.permissions import SYSTEM
from kernel.work import Plan, Schedule, Task
from onboarding.accounts import operations as accounts
from onboarding.admissions import operations as admitted
from onboarding.admissions import tasks as admissions
from onboarding.admissions.facts import PriceGroupChanged
from onboarding.certificates import facts as certified
from onboarding.certificates import tasks as certificates
from onboarding.closings import facts as closed
from onboarding.departures import facts as departed
from onboarding.licences import facts as licensed
from onboarding.licences import tasks as licences
from onboarding.listings import facts as listed
from onboarding.listings import lapses, takedowns
from onboarding.listings import tasks as listings
from onboarding.moderation import decisions as weighed
from onboarding.moderation import operations as moderation
from onboarding.moderation import pictured as looked_at
from onboarding.notices import facts as noticed
from onboarding.notices import tasks as notices
from onboarding.offers import facts as offered
from onboarding.offers import loaded
from onboarding.offers import operations as offers
from onboarding.offers import tasks as offer_tasks
from onboarding.pictures import facts as pictured
from onboarding.pictures import operations as look
from onboarding.pictures import tasks as pictures
from onboarding.purse import tasks as purse
from onboarding.reports import facts as reported
from onboarding.standing import facts as stood
from onboarding.standing import tasks as standing_tasks
from onboarding.tiers import facts as toured
from onboarding.verification import facts as verified
from storefront.after_sales import facts as returned
from storefront.after_sales import operations as after_sales
from storefront.after_sales import tasks as after_sales_tasks
from storefront.demand import tasks as demand
from storefront.leaving import facts as copied
from storefront.leaving import tasks as leaving
from storefront.orders import facts as ordered
from storefront.orders import operations as orders
from storefront.orders import tasks as order_tasks
from storefront.photos import facts as photographed
from storefront.photos import tasks as photos
from storefront.search import facts as searched
from storefront.search import tasks as search
from storefront.shipments import tasks as shipments
from storefront.supply import operations as supplied

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.outbox import Fact, Within
    from kernel.ports import Ports

_KEPT_JOBS = timedelta(days=7)


def deliver_message(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Send one queued message."""
    notify.deliver(payload["message"], notify=ports.get(notify.Notify), now=now)


def tidy(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Forget what has served its time: rate counters, finished jobs, sessions and codes."""
    limits.forget_expired(now=now)
    jobs.forget_done(before=now - _KEPT_JOBS)
    accounts.forget_expired(actor=SYSTEM, now=now)


def draw_licence(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Draw the licence that everybody may see, marked with the name of this channel."""
    standing_tasks.draw_licence(payload, ports=ports, now=now, channel=str(current_app.config["CHANNEL_NAME"]))


@dataclass(frozen=True)
class Follow:
    """What follows from one fact."""

    within: tuple[Within, ...] = ()
    after: tuple[Task, ...] = ()


DELIVER = Task("notify.deliver", deliver_message, inside=False)
READ_SHEET = Task(
    "listings.read_sheet", listings.read_sheet, queue="heavy", inside=False, given_up=listings.give_up_sheet
)
WRITE_SHEET = Task(
    "listings.write_sheet", listings.write_sheet, queue="heavy", inside=False, given_up=listings.stop_sheet
)
READ_LICENCE = Task(
    "licences.read_licence", licences.read_licence, queue="heavy", inside=False, given_up=licences.give_up_licence
)
MAKE_SIZES = Task("pictures.make_sizes", pictures.make_sizes, queue="heavy", inside=False, given_up=pictures.give_up)
TAKE_FROM_SHEET = Task("pictures.take_from_sheet", pictures.take_from_sheet, queue="heavy", inside=False)
FORGET_PICTURE = Task("pictures.forget_files", pictures.forget_files, inside=False)
SEND_REFUND = Task("payments.send_refund", payments.send_refund, inside=False)
PERFORM_PAYOUT = Task("settlement.perform_payout", settlement.perform_payout, inside=False)
TELL_PAYEE = Task("purse.tell_owners", purse.tell_owners)
TELL_SELLER = Task("orders.tell_seller", order_tasks.tell_seller_paid)
COUNT_SALES = Task("orders.count_sales", order_tasks.count_sales)
TAKE_BACK_SALES = Task("after_sales.take_back_sales", after_sales_tasks.take_back_sales)
TELL_BUYER = Task("shipments.tell_buyer", shipments.tell_buyer_shipped)
TELL_FACTORY_ASKED = Task("admissions.tell_asked", admissions.tell_factory_asked)
TELL_MERCHANT_GRANTED = Task("admissions.tell_granted", admissions.tell_merchant_granted)
TELL_MERCHANT_REFUSED = Task("admissions.tell_refused", admissions.tell_merchant_refused)
TELL_MERCHANT_ENDED = Task("admissions.tell_ended", admissions.tell_merchant_ended)
TELL_MERCHANT_HELD = Task("offers.tell_merchant_held", offer_tasks.tell_merchant_held)
TELL_REFUND_ASKED = Task("after_sales.tell_seller", after_sales_tasks.tell_seller_asked)
TELL_REFUND_AGREED = Task("after_sales.tell_agreed", after_sales_tasks.tell_agreed)
TELL_REFUND_REFUSED = Task("after_sales.tell_refused", after_sales_tasks.tell_buyer_refused)
TELL_REFUNDED = Task("after_sales.tell_refunded", after_sales_tasks.tell_buyer_refunded)
TELL_RESTS = Task("offers.tell_rests", offer_tasks.tell_merchants_rests)
TELL_REOPENED = Task("offers.tell_reopened", offer_tasks.tell_merchants_reopened)
INDEX_LISTING = Task(
    "search.index_listing", search.index_listing, queue="index", inside=False, together=search.index_together
)
INDEX_LOADED = Task("search.index_loaded", search.index_loaded, queue="index", inside=False)
INDEX_FACTORY = Task("search.index_factory", search.index_factory, queue="index", inside=False)
WRITE_COPY = Task("leaving.write_copy", leaving.write_copy, queue="heavy", inside=False, given_up=leaving.give_up_copy)
TELL_LEAVES = Task("leaving.tell_leaves", leaving.tell_resellers_leaves)
TELL_STAYS = Task("leaving.tell_stays", leaving.tell_resellers_stays)
INDEX_MERCHANT = Task("search.index_merchant", search.index_merchant, queue="index", inside=False)
LEARN_PHOTOS = Task("photos.learn", photos.learn, queue="heavy", inside=False)
INDEX_PHOTOS = Task("photos.index_photos", photos.index_photos, queue="index", inside=False)
DRAW_LICENCE = Task("standing.draw_licence", draw_licence, inside=False)

HANDLERS: Mapping[type[Fact], Follow] = {
    notify.MessageQueued: Follow(after=(DELIVER,)),
    verified.FactoryApplied: Follow(within=(moderation.open_case_for_factory,)),
    verified.FactoryApproved: Follow(after=(INDEX_FACTORY, DRAW_LICENCE)),
    verified.FactoryRefused: Follow(),
    verified.FactorySentBack: Follow(),
    verified.FactorySuspended: Follow(after=(INDEX_FACTORY,)),
    verified.FactoryClosed: Follow(after=(INDEX_FACTORY,)),
    closed.FactoryRests: Follow(after=(TELL_RESTS,)),
    closed.FactoryReopened: Follow(after=(TELL_REOPENED,)),
    departed.DepartureAnnounced: Follow(after=(INDEX_FACTORY, TELL_LEAVES)),
    departed.DepartureWithdrawn: Follow(after=(INDEX_FACTORY, TELL_STAYS)),
    departed.DepartureFinished: Follow(),
    copied.CopyAsked: Follow(after=(WRITE_COPY,)),
    copied.CopyReady: Follow(),
    verified.MerchantApplied: Follow(within=(moderation.look_at_merchant,)),
    verified.MerchantApproved: Follow(after=(INDEX_MERCHANT, DRAW_LICENCE)),
    verified.MerchantRefused: Follow(),
    verified.MerchantSentBack: Follow(),
    verified.MerchantSuspended: Follow(after=(INDEX_MERCHANT,)),
    verified.MerchantClosed: Follow(after=(INDEX_MERCHANT,)),
    stood.AppealMade: Follow(within=(moderation.open_case_for_appeal,)),
    stood.ClaimMade: Follow(within=(moderation.open_case_for_claim,)),
    stood.CheckDue: Follow(within=(moderation.open_case_for_check,)),
    stood.CheckAnswered: Follow(within=(moderation.open_case_for_check,)),
    stood.CheckConfirmed: Follow(after=(DRAW_LICENCE,)),
    toured.VisitAsked: Follow(),
    toured.InspectionRecorded: Follow(after=(INDEX_FACTORY,)),
    toured.InspectionWithdrawn: Follow(after=(INDEX_FACTORY,)),
    admitted.AdmissionAsked: Follow(after=(TELL_FACTORY_ASKED,)),
    admitted.AdmissionGranted: Follow(within=(offers.on_admission_decided,), after=(TELL_MERCHANT_GRANTED,)),
    admitted.AdmissionRefused: Follow(after=(TELL_MERCHANT_REFUSED,)),
    admitted.AdmissionEnded: Follow(within=(offers.on_admission_decided,), after=(TELL_MERCHANT_ENDED,)),
    licensed.LicenceUploaded: Follow(after=(READ_LICENCE,)),
    licensed.LicenceRead: Follow(within=(moderation.look_once_read,)),
    certified.CertificateHandedIn: Follow(within=(moderation.open_case_for_certificate,)),
    certified.CertificateConfirmed: Follow(within=(lapses.on_certificate_confirmed,)),
    certified.CertificateRefused: Follow(within=(lapses.on_certificate_ended,)),
    certified.CertificateWithdrawn: Follow(within=(moderation.drop_case,)),
    certified.CertificateExpired: Follow(within=(lapses.on_certificate_ended,)),
    noticed.NoticeWaits: Follow(within=(weighed.open_case_for_notice,)),
    noticed.NoticeMoved: Follow(),
    noticed.NoticeEnded: Follow(within=(weighed.close_case_of_notice,)),
    reported.GoodsReported: Follow(within=(weighed.open_case_for_report,)),
    listed.SheetUploaded: Follow(after=(READ_SHEET,)),
    listed.SheetConfirmed: Follow(after=(WRITE_SHEET,)),
    listed.SheetImported: Follow(after=(TAKE_FROM_SHEET,)),
    pictured.PictureHandedIn: Follow(after=(MAKE_SIZES,)),
    pictured.PictureRemoved: Follow(within=(looked_at.on_picture_removed,), after=(FORGET_PICTURE, LEARN_PHOTOS)),
    pictured.PicturesAsked: Follow(within=(looked_at.open_case_for_pictures,)),
    pictured.PicturesShown: Follow(within=(looked_at.on_pictures_shown,), after=(LEARN_PHOTOS,)),
    photographed.PhotosLearnt: Follow(after=(INDEX_PHOTOS,)),
    listed.ListingSubmitted: Follow(
        within=(look.on_listing_submitted, takedowns.on_listing_submitted, moderation.open_case_for_listing),
        after=(INDEX_LISTING,),
    ),
    listed.ListingWithdrawn: Follow(within=(moderation.drop_case,)),
    listed.ListingRenamed: Follow(within=(look.on_listing_renamed,)),
    listed.ListingsLoaded: Follow(within=(loaded.on_listings_loaded,), after=(INDEX_LOADED,)),
    listed.ListingPublished: Follow(within=(offers.on_listing_published,), after=(INDEX_LISTING, LEARN_PHOTOS)),
    listed.ListingRelisted: Follow(
        within=(offers.on_listing_published, looked_at.on_listing_relisted), after=(INDEX_LISTING, LEARN_PHOTOS)
    ),
    listed.ListingRefused: Follow(),
    listed.ListingTakenDown: Follow(within=(offers.on_listing_taken_down,), after=(INDEX_LISTING, LEARN_PHOTOS)),
    listed.TakedownAppealed: Follow(within=(moderation.open_case_for_takedown,)),
    listed.MendingBack: Follow(within=(weighed.open_case_for_mending,)),
    listed.ListingLapsed: Follow(after=(INDEX_LISTING, LEARN_PHOTOS)),
    PriceGroupChanged: Follow(within=(offers.on_price_group_changed,)),
    listed.ListingChanged: Follow(within=(offers.on_listing_changed,), after=(INDEX_LISTING,)),
    listed.EditAsked: Follow(within=(moderation.open_case_for_edit,)),
    listed.EditWithdrawn: Follow(within=(moderation.drop_case,)),
    listed.ListingArchived: Follow(
        within=(takedowns.on_listing_archived, offers.on_listing_archived, looked_at.on_listing_archived),
        after=(INDEX_LISTING, LEARN_PHOTOS),
    ),
    offered.OfferHeld: Follow(after=(TELL_MERCHANT_HELD,)),
    offered.OffersChanged: Follow(after=(INDEX_LISTING,)),
    ordered.OrderPlaced: Follow(),
    paid.ChargeSucceeded: Follow(within=(orders.record_payment,)),
    paid.ChargeFailed: Follow(),
    ordered.OrderPaid: Follow(within=(supplied.on_order_paid,), after=(TELL_SELLER, COUNT_SALES)),
    searched.SalesCounted: Follow(after=(INDEX_LISTING,)),
    searched.EntriesStrayed: Follow(after=(INDEX_LOADED,)),
    ordered.OrderCancelled: Follow(),
    ordered.LatePaymentReturned: Follow(),
    ordered.OrderShipped: Follow(after=(TELL_BUYER,)),
    ordered.OrderReceived: Follow(within=(supplied.on_order_received,)),
    ordered.OrderCompleted: Follow(),
    paid.RefundBegun: Follow(after=(SEND_REFUND,)),
    paid.RefundSucceeded: Follow(within=(orders.record_refund, after_sales.record_paid)),
    paid.RefundFailed: Follow(within=(after_sales.record_unpaid,)),
    returned.RefundAsked: Follow(after=(TELL_REFUND_ASKED,)),
    returned.RefundAgreed: Follow(after=(TELL_REFUND_AGREED,)),
    returned.RefundRefused: Follow(after=(TELL_REFUND_REFUSED,)),
    returned.RefundWithdrawn: Follow(),
    returned.OrderRefunded: Follow(within=(supplied.on_order_refunded,), after=(TELL_REFUNDED, TAKE_BACK_SALES)),
    payees.AccountChanged: Follow(after=(TELL_PAYEE,)),
    settled.SaleSettled: Follow(),
    settled.PayoutBegun: Follow(after=(PERFORM_PAYOUT,)),
    paid.PayoutSucceeded: Follow(within=(settlements.on_payout_answered,)),
    paid.PayoutFailed: Follow(within=(settlements.on_payout_answered,)),
}

SCHEDULES = (
    Schedule(Task("payments.resolve_unknown", payments.resolve_unknown, inside=False), timedelta(seconds=5)),
    Schedule(Task("ledger.seal", ledger.seal), timedelta(seconds=5)),
    Schedule(Task("orders.expire", order_tasks.expire_unpaid, inside=False), timedelta(seconds=30)),
    Schedule(Task("search.ensure", search.ensure_index, queue="index", inside=False), timedelta(minutes=1)),
    Schedule(Task("search.mend", search.mend_index, queue="heavy", inside=False), search.TURN),
    Schedule(Task("search.forget_sales", search.forget_sales, inside=False), timedelta(hours=1)),
    Schedule(Task("orders.count_days", order_tasks.count_days, inside=False), timedelta(hours=1)),
    Schedule(Task("settlement.settle", settlement.settle_due, inside=False), timedelta(hours=1)),
    Schedule(Task("standing.open_due", standing_tasks.open_due), timedelta(hours=1)),
    Schedule(Task("certificates.run_out", certificates.let_run_out), timedelta(hours=1)),
    Schedule(Task("listings.let_begin", listings.let_begin), timedelta(hours=1)),
    Schedule(Task("listings.bring_back", listings.bring_back), timedelta(hours=1)),
    Schedule(Task("notices.end_due", notices.end_due), timedelta(hours=1)),
    Schedule(Task("leaving.close_due", leaving.close_due, inside=False), timedelta(hours=1)),
    Schedule(Task("leaving.forget", leaving.forget_copies, inside=False), timedelta(hours=1)),
    Schedule(Task("demand.tidy", demand.tidy), timedelta(hours=1)),
    Schedule(Task("photos.ensure", photos.ensure_index, queue="index", inside=False), timedelta(minutes=1)),
    Schedule(Task("photos.forget_searches", photos.forget_searches), timedelta(minutes=1)),
    Schedule(Task("photos.learn_missing", photos.learn_missing, queue="heavy", inside=False), timedelta(minutes=5)),
    Schedule(Task("photos.mend", photos.mend_index, queue="index", inside=False), timedelta(hours=1)),
    Schedule(Task("kernel.tidy", tidy), timedelta(hours=1)),
)

WITHIN: Mapping[type[Fact], tuple[Within, ...]] = {fact: follow.within for fact, follow in HANDLERS.items()}
PLAN = Plan(after={fact.kind: follow.after for fact, follow in HANDLERS.items()}, schedules=SCHEDULES)
