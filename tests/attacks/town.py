"""A town to attack: Wei's factory with everything that can be pointed at, and everybody who might point at it."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.audit import AuditRow
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.files import Files
from kernel.outbox import OutboxFact
from kernel.permissions import ANONYMOUS, Actor, Membership, Role, Scope, StaffGrant
from kernel.saved import save_filter, saved_filters
from onboarding.accounts import handoffs
from onboarding.accounts.consents import acting_for
from onboarding.accounts.models import HelpGrant, Invitation, MembershipRow, Organisation, StaffRole
from onboarding.accounts.team import invite
from onboarding.admissions.groups import make_group
from onboarding.admissions.operations import ask
from onboarding.licences.models import Licence
from onboarding.listings.models import WayOfSelling
from onboarding.listings.operations import submit_listing, upload_sheet
from onboarding.moderation.models import Case
from onboarding.offers.models import Offer
from onboarding.offers.queries import SellableOffer, sellable
from onboarding.standing.models import ShownLicence
from onboarding.tiers.operations import record_inspection
from onboarding.tiers.rules import FINDINGS, Seen, profile_mark
from onboarding.verification.models import Application
from onboarding.verification.queries import told_by
from storefront.after_sales.operations import ask_refund
from storefront.leaving.models import DataCopy
from storefront.orders.queries import checkout_of
from storefront.photos.operations import keep_search
from tests.cast import BO, FANG, HUA, LIN, MEI, NOW, TAN, YU, Person
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop, make_person
from tests.support.certificates import certificate_of
from tests.support.goods import make_factory, make_listing, make_merchant, make_resale, price_sheet
from tests.support.licences import read_licence_of
from tests.support.notices import complained, reported
from tests.support.pictures import shown_picture
from tests.support.purses import give

ELSEWHERE, CASHMERE = Scope("belt", "danyang-glasses"), Scope("belt", "qinghe-cashmere")
MIN = Person("闵姐", "13800138030", "helper")

FIXED = {
    "slug": "qinghe-cashmere",
    "digest": "x",
    "field": "name",
    "kind": "factory",
    "version": "2025-01-01",
    "place": "1",
    "part": "1",
}


class Town:
    """People by name, and one object of each kind, all of them Lin's or Wei's."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.shop = shop = Shop(app, make_person(LIN))
        self.people: dict[str, Actor | None] = {"nobody": None, "lin": shop.buyer}
        self.people["bo"] = bo = _at_home(make_merchant(BO))
        self.people |= {"wei": _at_home(shop.wei), "yu": _at_home(make_factory(YU))}
        self.people["mei"] = clerk_of(shop.wei)
        self.people |= {"tan": staff(TAN, Role.OPERATOR), "fang": staff(FANG, Role.FINANCE)}
        self.people["hua"] = staff(HUA, Role.OPERATOR, ELSEWHERE)
        self.people["min"] = helper_of(shop.wei)
        self.draft = make_listing(shop.wei, title="草稿手套", state="draft").public_id
        submit_listing(actor=shop.wei, listing=make_listing(shop.wei, state="draft").public_id, now=NOW)
        self.pick_up, self.resale = _resold(shop, bo)
        self.objects = self._objects()
        self.objects["certificate"] = certificate_of(app, shop.wei)
        self.objects |= shown_picture(app, shop.wei, shop.listing.public_id)
        self._complained()
        self.at_merchant = self._at_merchant()

    def _objects(self) -> dict[str, str]:
        shop, factory = self.shop, self.shop.wei.memberships[0].organisation
        return {
            **FIXED,
            **self._team(),
            **self._bought(),
            "admission": ask(actor=self.people["bo"] or ANONYMOUS, factory=factory, words="", now=NOW).public_id,
            "group": make_group(actor=shop.wei, name="老客户", share_bp=9_500, now=NOW).public_id,
            "listing": shop.listing.public_id,
            "sheet": self._sheet(),
            "case": session().scalars(select(Case.public_id)).one(),
            "offer": shop.offers[1],
            "name": shop.listing.public_id,
            "saved": self._saved(),
            "search": keep_search(actor=shop.buyer, thumb=b"", hits=[], now=NOW),
            "organisation": factory,
            "copy": self._copy(),
            "licence": self._licensed(),
            "inspection": self._inspected(),
            "account": give(factory, number="1000 2000 3000 4000"),
            "grant": session().scalars(select(HelpGrant.public_id)).one(),
        }

    def _bought(self) -> dict[str, str]:
        """What is left of a purchase that was paid and is wanted back."""
        shop = self.shop
        payment = shop.order({shop.offers[0]: 1})
        shop.pay(payment)
        order = checkout_of(shop.buyer, payment).orders[0]
        wanted, said = {order.lines[0].id: 1}, {"why": "other", "words": "想退"}
        refund = ask_refund(actor=shop.buyer, order=order.public_id, pieces=wanted, **said, now=NOW)
        return {"payment": payment, "order": order.public_id, "refund": refund}

    def _at_merchant(self) -> dict[str, str]:
        """The same addresses at a merchant's desk, where other things fill them."""
        [resold] = self.shop.bought({self.resale.offer: 1})
        return {
            "/merchant/orders/<order>": f"/merchant/orders/{resold}",
            "/merchant/offers/<offer>": f"/merchant/offers/{self.resale.offer}",
            "<pick_up>": self.pick_up,
        }

    def _team(self) -> dict[str, str]:
        """Wei's factory with Mei in it and an invitation to Lin."""
        house, mei = self.shop.wei.memberships[0].organisation, self.people["mei"] or ANONYMOUS
        asked = {"recipient": LIN.phone, "role": Role.CLERK, "site": "https://x.example"}
        token = invite(actor=self.shop.wei, organisation=house, **asked, now=NOW)
        invitation = session().scalars(select(Invitation.public_id)).one()
        link = handoffs.ask(device="", actor=ANONYMOUS, now=NOW).token
        self.offered = handoffs.offer(actor=self.shop.wei, now=NOW)
        return {"organisation": house, "member": mei.user, "invitation": invitation, "token": token, "link": link}

    def _saved(self) -> str:
        """A filter that Tan keeps."""
        tan = self.people["tan"] or ANONYMOUS
        save_filter(actor=tan, page="/ops", name="清河", query="belt=qinghe-cashmere", usual=False, now=NOW)
        return saved_filters(tan, "/ops")[0].public_id

    def _copy(self) -> str:
        """A copy of Wei's data that waits for the worker."""
        mine = self.shop.wei.memberships[0].organisation_id
        empty = {"state": "waiting", "done": 0, "total": 1, "size": 0, "file_key": "", "asked_at": NOW}
        with transaction():
            session().add(DataCopy(public_id="cpy_wei", organisation_id=mine, expires_at=None, **empty))
        return "cpy_wei"

    def _licensed(self) -> str:
        """Wei's licence, photographed, read and on show; Bo's is on show too."""
        public, wei = read_licence_of(self.app, self.shop.wei), self.shop.wei.memberships[0].organisation_id
        bo = (self.people["bo"] or ANONYMOUS).memberships[0].organisation_id
        with transaction():
            photo = session().scalars(select(Licence).where(Licence.public_id == public)).one()
            mine = update(Application).where(Application.organisation_id == wei)
            session().execute(mine.values(licence_id=photo.id))
            shown = {"licence_id": photo.id, "picture_key": photo.photo_key, "drawn_at": NOW}
            session().add_all(ShownLicence(organisation_id=one, **shown) for one in (wei, bo))
        return public

    def _inspected(self) -> str:
        """A visit of Tan to Wei's factory."""
        key = self.app.extensions["ports"].get(Files).put(b"a picture")
        home, tan = self.shop.wei.memberships[0], self.people["tan"] or ANONYMOUS
        found = {"found": dict.fromkeys(FINDINGS, True), "profile": profile_mark(told_by(home.organisation_id))}
        seen = Seen(visited_on=business_date(NOW), pictures=(key,), **found)
        return record_inspection(actor=tan, organisation=home.organisation, seen=seen, now=NOW).public_id

    def _complained(self) -> None:
        """Lin's notice against goods of Wei, which Tan has accepted, and her report of others, with a picture."""
        lin, tan = self.shop.buyer, self.people["tan"] or ANONYMOUS
        made = complained(self.app, lin, tan, make_listing(self.shop.wei, title="仿样手套"))
        self.objects |= {**made, "report": reported(self.app, lin, self.shop.listing)}

    def _sheet(self) -> str:
        key = self.app.extensions["ports"].get(Files).put(price_sheet("A1,围巾,驼色,20,59,10,1"))
        return upload_sheet(actor=self.shop.wei, filename="价目表.csv", file_key=key, now=NOW).public_id

    def browser(self, who: str) -> FlaskClient:
        """The browser of somebody, or of nobody."""
        actor = self.people[who]
        return self.app.test_client() if actor is None else browser_of(self.app, actor)

    def path(self, rule: str) -> str:
        """The address of a route with this town's objects in it."""
        filled = rule.replace("/f/<slug>", f"/f/{self.factory_slug}").replace("<path:name>", "<name>")
        filled = filled.replace("<case>/certificate", f"{self.case_about('certificate')}/certificate")
        filled = filled.replace("<case>/evidence", f"{self.case_about('notice')}/evidence")
        filled = filled.replace("<case>/reports", f"{self.case_about('report')}/reports")
        filled = filled.replace("/reports/new", f"/reports/new?goods={self.objects['listing']}")
        filled = filled.replace("/handoff/phone/<link>", f"/handoff/phone/{self.offered}")
        filled = filled.replace("/m/<slug>/<name>", self.resold).replace("/m/<slug>", self.resale.seller_page)
        for theirs, ours in self.at_merchant.items():
            filled = filled.replace(theirs, ours)
        for name, value in self.objects.items():
            filled = filled.replace(f"<{name}>", value)
        return filled

    def case_about(self, subject_type: str) -> str:
        """The only case of this kind."""
        return session().scalars(select(Case.public_id).where(Case.subject_type == subject_type)).one()

    @property
    def resold(self) -> str:
        """The page of Wei's scarf in Bo's shop."""
        return self.resale.page.split("?")[0]

    @property
    def factory_slug(self) -> str:
        """Where Wei's factory shows its face."""
        seller = self.shop.wei.memberships[0].organisation_id
        return session().scalars(select(Organisation.slug).where(Organisation.id == seller)).one()


def _resold(shop: Shop, merchant: Actor) -> tuple[str, SellableOffer]:
    """Wei's scarf in the shop of a merchant: her pick-up and an offer of it."""
    held = make_resale(merchant, shop.listing)
    with transaction():
        session().add(WayOfSelling(listing_id=shop.listing.id, way="supply", min_quantity=1, drop_ship_price_fen=8_000))
    offers = session().scalars(select(Offer.public_id).where(Offer.pick_up_id == held.id)).all()
    return held.public_id, min(sellable(offers), key=lambda offer: offer.sku_id)


def staff(person: Person, role: Role, scope: Scope | None = None) -> Actor:
    """A person on the staff."""
    return replace(make_person(person), staff=(StaffGrant(role, scope or Scope()),))


def clerk_of(owner: Actor) -> Actor:
    """Mei, who works for an owner."""
    mei, house = make_person(MEI), owner.memberships[0]
    with transaction():
        place = house.organisation_id
        session().add(MembershipRow(user_id=mei.user_id, organisation_id=place, role="clerk", created_at=NOW))
    return replace(mei, memberships=(Membership(place, house.organisation, house.name, house.kind, Role.CLERK),))


def helper_of(owner: Actor) -> Actor:
    """Min of the cashmere association, with an owner's matters in hand."""
    person, house, until = make_person(MIN), owner.memberships[0], NOW + timedelta(days=3650)
    role = {"role": "helper", "scope_kind": "belt", "scope_value": "qinghe-cashmere", "sent_by": "清河羊绒协会"}
    made = {"public_id": "hlp_min", "sent_by": "清河羊绒协会", "granted_at": NOW, "expires_at": until}
    who = {"helper_id": person.user_id, "owner_id": owner.user_id, "organisation_id": house.organisation_id}
    with transaction():
        session().add(StaffRole(user_id=person.user_id, **role, created_at=NOW))
        session().add(grant := HelpGrant(**made, **who))
        session().flush()
    return acting_for(replace(person, staff=(StaffGrant(Role.HELPER, CASHMERE),)), grant.id, now=NOW)


def traces() -> tuple[int, int]:
    """How many operations were done and facts published so far."""
    session().rollback()
    done, said = (len(session().scalars(select(table.id)).all()) for table in (AuditRow, OutboxFact))
    return done, said


def _at_home(owner: Actor) -> Actor:
    return replace(owner, roles=frozenset({Role.SHOPPER}))
