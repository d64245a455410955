"""Two factories, two merchants, two shoppers, whose every name, price and address tells whose it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from commission.settlement.operations import begin_payouts, settle
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.files import Files
from kernel.money import Money
from kernel.permissions import SYSTEM, Actor, Membership, Role
from kernel.work import drain
from onboarding.accounts.models import MembershipRow, Organisation, User
from onboarding.admissions.groups import make_group
from onboarding.admissions.operations import ask
from onboarding.closings.operations import rest
from onboarding.listings.models import Listing, Sku, SupplyTier
from onboarding.listings.operations import set_supply, submit_listing, upload_sheet
from onboarding.offers.models import Offer
from onboarding.offers.operations import open_own_offers, pick_up, set_price
from onboarding.offers.queries import offers_of_listing
from onboarding.terms.operations import promise
from onboarding.terms.rules import Terms
from onboarding.verification.operations import describe
from onboarding.verification.rules import Told
from storefront.after_sales.operations import agree, ask_refund, confirm_return, refuse
from storefront.cart.operations import add_line
from storefront.cart.queries import cart_of
from storefront.jobs import PLAN
from storefront.orders.operations import place, receive
from storefront.orders.queries import order_of
from storefront.orders.rules import Address
from storefront.search.index import Index
from storefront.search.tasks import rebuild
from storefront.shipments.operations import ship
from tests.attacks.town import staff
from tests.cast import BO, HUA, LIN, MEI, NOW, YU, Person
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop, make_person
from tests.support.certificates import certificate_of
from tests.support.goods import make_factory, make_listing, make_merchant, price_sheet
from tests.support.licences import read_licence_of
from tests.support.merchants import admit
from tests.support.notices import complained, reported
from tests.support.pictures import photo_asked, shown_picture
from tests.support.purses import give

QIN = Person("秦舒", "13800138021", "shopper")
NAN = Person("南雁", "13800138022", "merchant_clerk")  # works for Bo
RUI = Person("芮冬", "13800138023", "merchant_owner")  # resells too, beside Bo
LONG_AGO = NOW - timedelta(days=12)
TRADE = {"代理批发价": 377_113}
TOLD = Told(founded=1987, people=4_321, capacity="暗产己万件", makes="暗活庚：围巾和大衣")
GROUP = "暗组壬"
REST = "暗号放假辛，初八开工"
BESIDE = 20  # and as many orders again as a page holds


class Sides:
    """People by name and what stands between them: orders in every state, money on every leg."""

    def __init__(self, app: Flask) -> None:
        self.app, self.lin, self.qin = app, make_person(LIN), make_person(QIN)
        self.shop = Shop(app, self.lin)
        self.wei = named(self.shop.wei, "秘密工厂甲", "secret-jia")
        self.yu = named(make_factory(YU), "秘密工厂乙", "secret-yi")
        self.bo = named(make_merchant(BO), "暗号小店丙", "coded-bing")
        self.rui = named(make_merchant(RUI), "暗号小店丁", "coded-ding")
        self.mei, self.nan = clerk(MEI, self.wei), clerk(NAN, self.bo)
        for factory, merchant in ((self.wei, self.bo), (self.yu, self.bo), (self.yu, self.rui)):
            admit(factory, merchant)
        describe(actor=self.wei, told=TOLD, now=LONG_AGO)
        ask(actor=self.rui, factory=self.wei.memberships[0].organisation, words="暗号来信戊", now=NOW)
        make_group(actor=self.wei, name=GROUP, share_bp=9_700, now=NOW)
        self.orders: dict[str, str] = {}
        self.payments: dict[str, str] = {}
        self.carts: dict[str, str] = {}
        self._addresses = 0
        self._live()
        photo_asked(self.lin)

    @property
    def people(self) -> dict[str, Actor | None]:
        """Everybody who looks."""
        names = ("lin", "qin", "bo", "nan", "rui", "wei", "mei", "yu")
        return {"nobody": None} | {name: getattr(self, name) for name in names}

    def browser(self, who: str) -> FlaskClient:
        """The browser of somebody, or of nobody."""
        actor = self.people[who]
        browser = self.app.test_client() if actor is None else browser_of(self.app, actor)
        if who in self.carts:
            with browser.session_transaction() as kept:
                kept["cart"] = self.carts[who]
        return browser

    def buy(self, name: str, buyer: Actor, wanted: Mapping[str, int], now: datetime = NOW, *, paid: bool = True) -> str:
        """Place an order to an address of its own and pay it; remembered as `name`, a second one of it as `name+`."""
        cart = ""
        for offer, pieces in wanted.items():
            cart = add_line(cart=cart, offer=offer, quantity=pieces, actor=buyer, now=now)
        found, self._addresses = cart_of(cart), self._addresses + 1
        home = Address(
            f"暗号收货人{self._addresses:03d}",
            f"+861390000{self._addresses:04d}",
            *("浙江省", "杭州市", "西湖区", f"暗巷{self._addresses:03d}弄"),
        )
        form = {"form_token": found.form_token, "total": Money(found.total_fen)}
        payment = place(actor=buyer, cart=cart, address=home, **form, now=now)  # type: ignore[arg-type]
        if paid:
            self.shop.pay(payment, buyer=buyer, now=now)
        self.payments[name] = payment
        for part, order in enumerate(self.shop.orders(payment, buyer)):
            self.orders[name + "+" * part] = order
        return payment

    def phones(self) -> dict[str, str]:
        """Who is texted at which number."""
        users = {user.id: user.phone for user in session().scalars(select(User))}
        return {users[actor.user_id]: who for who, actor in self.people.items() if actor and actor.user_id in users}

    def fee(self, name: str) -> int:
        """What the rail kept of an order."""
        return order_of(self.buyer(name), self.orders[name]).processing_fen

    def _live(self) -> None:
        """All that happens between them, in its order."""
        self._goods()
        self._shelves()
        self._trade()
        self._refunds()
        self._prices_move()
        self._paperwork()
        drain(PLAN, ports=self.app.extensions["ports"])
        self._fill_pages()
        self._rests()
        rebuild(index=self.app.extensions["ports"].get(Index))

    def _goods(self) -> None:
        self.scarf = make_listing(self.wei, title="暗纹围巾", stock=(90, 60))
        self.coat = make_listing(self.wei, title="暗纹大衣", stock=(60,), supply_fen=137_771)
        self.hat = make_listing(self.yu, title="暗纹帽子", stock=(40,), supply_fen=57_913)
        set_supply(
            actor=self.wei,
            listing=self.scarf.public_id,
            drop_ship_price_fen=3_777,
            open_to_merchants=True,
            now=LONG_AGO,
        )
        open_own_offers(actor=self.wei, listing=self.scarf.public_id, now=LONG_AGO)
        with transaction():
            rungs = [(self.scarf, 20, 3_331), (self.coat, 10, 121_337), (self.hat, 30, 50_339)]
            for listing, least, fen in rungs:
                tier = {"min_quantity": least, "unit_price_fen": fen, "currency": "CNY"}
                session().add(SupplyTier(listing_id=listing.id, **tier))
            ours = Listing.organisation_id == self.wei.memberships[0].organisation_id
            columns = {head: f"{fen / 100:,.2f}" for head, fen in TRADE.items()}
            session().execute(update(Listing).where(ours).values(attributes={"材质": "羊绒", **columns}))

    def _shelves(self) -> None:
        """Bo sells the goods of both factories, Rui those of one, at prices made by hand."""
        picked = [listing.public_id for listing in (self.scarf, self.coat, self.hat)]
        pick_up(actor=self.bo, listings=picked, markup_bp=9_000, now=LONG_AGO)
        pick_up(actor=self.rui, listings=picked[2:], markup_bp=9_000, now=LONG_AGO)
        self.price(self.bo, self.scarf, 9_193)
        self.price(self.bo, self.coat, 229_193)
        self.price(self.bo, self.hat, 141_379)
        self.price(self.rui, self.hat, 151_733)

    def price(self, merchant: Actor, listing: Listing, fen: int) -> None:
        """Set her prices of a listing by hand."""
        for offer in self.offers(merchant, listing):
            set_price(actor=merchant, offer=offer, price_fen=fen, now=LONG_AGO)

    def offers(self, seller: Actor, listing: Listing) -> list[str]:
        """A seller's offers of a listing."""
        mine = (Offer.organisation_id == seller.memberships[0].organisation_id, Offer.listing_id == listing.id)
        return list(session().scalars(select(Offer.public_id).where(*mine).order_by(Offer.sku_id)))

    def _trade(self) -> None:
        one, two = self.offers(self.bo, self.scarf)
        [coat], [hat] = self.offers(self.bo, self.coat), self.offers(self.bo, self.hat)
        [other] = self.offers(self.rui, self.hat)
        self.buy("settled", self.qin, {one: 5}, LONG_AGO)
        self.buy("returned", self.lin, {coat: 2}, LONG_AGO)
        self.buy("rival settled", self.lin, {other: 1}, LONG_AGO)
        for name in ("settled", "returned", "rival settled"):
            self.deliver(name, LONG_AGO)
        settle(day=business_date(NOW), actor=SYSTEM, now=NOW)
        begin_payouts(actor=SYSTEM, now=NOW)
        self.buy("to ship", self.lin, {one: 2, coat: 1})
        self.buy("two parcels", self.lin, {two: 3, hat: 2})
        self.buy("rival paid", self.qin, {other: 4})
        self.buy("given up", self.qin, {two: 7})
        self.buy("direct", self.qin, {offers_of_listing(self.shop.listing.public_id)[0].offer: 3})
        self.buy("unpaid", self.lin, {one: 1}, paid=False)
        self.send("two parcels")
        self.send("two parcels+")

    def shipper(self, name: str) -> Actor:
        """Who ships an order."""
        buyer = self.buyer(name)
        houses = {one.memberships[0].organisation: one for one in (self.wei, self.yu)}
        return houses[order_of(buyer, self.orders[name]).shipper]

    def buyer(self, name: str) -> Actor:
        """Whose order it is."""
        return self.qin if name in {"settled", "rival paid", "given up", "direct"} else self.lin

    def send(self, name: str, now: datetime = NOW) -> None:
        """Put an order on its way, under a number of its own."""
        number = f"SF13137{len(name):03d}{sum(name.encode()) % 10_000:04d}"
        ship(actor=self.shipper(name), order=self.orders[name], carrier="sf", tracking=number, now=now)

    def deliver(self, name: str, now: datetime) -> None:
        """Send it, and the buyer has it."""
        self.send(name, now)
        receive(actor=self.buyer(name), order=self.orders[name], now=now)

    def _fill_pages(self) -> None:
        [coat] = self.offers(self.bo, self.coat)
        for number in range(BESIDE):
            self.buy(f"beside {number}", self.lin, {coat: 2})
        [other] = self.offers(self.rui, self.hat)
        for who, offer in (("lin", other), ("nobody", coat)):
            self.carts[who] = add_line(cart="", offer=offer, quantity=3, actor=self.lin, now=NOW)

    def _rests(self) -> None:
        """Wei takes days off after all this, and promises how it ships."""
        home, until = self.wei.memberships[0].organisation, business_date(NOW) + timedelta(days=3)
        rest(actor=self.wei, organisation=home, until=until, words=REST, now=NOW)
        promise(actor=self.wei, organisation=home, terms=Terms(2, "made_to_order"), now=NOW)

    def _refunds(self) -> None:
        """After settlement and before, of a part and of the whole, refused, and one that waits."""
        confirm_return(actor=self.wei, refund=self._agreed("returned", 1), now=NOW)
        self._agreed("rival paid", 1)
        self._agreed("given up", 7)
        refuse(actor=self.bo, refund=self.asked("settled", 2), answer="暗号答复己", now=NOW)
        self.asked("to ship", 1)

    def asked(self, name: str, pieces: int) -> str:
        """A refund of pieces of the first line of an order."""
        buyer, order = self.buyer(name), self.orders[name]
        line, words = order_of(buyer, order).lines[0].id, f"暗号退款{name}"
        return ask_refund(actor=buyer, order=order, pieces={line: pieces}, why="other", words=words, now=NOW)

    def _agreed(self, name: str, pieces: int) -> str:
        refund = self.asked(name, pieces)
        agree(actor=self.rui if name.startswith("rival") else self.bo, refund=refund, now=NOW)
        return refund

    def _prices_move(self) -> None:
        """What was sold is not what is asked now: the prices of orders are in no shop window any more."""
        set_supply(
            actor=self.wei, listing=self.scarf.public_id, drop_ship_price_fen=3_963, open_to_merchants=True, now=NOW
        )
        moved = [(self.bo, self.scarf, 9_929), (self.bo, self.coat, 241_993)]
        for merchant, listing, fen in (*moved, (self.bo, self.hat, 145_337), (self.rui, self.hat, 156_797)):
            self.price(merchant, listing, fen)

    def _paperwork(self) -> None:
        """A sheet, a licence, a case and a change of account, so that their pages are there to be opened."""
        key = self.app.extensions["ports"].get(Files).put(price_sheet("A1,围巾,驼色,20,59,10,1"))
        self.sheet = upload_sheet(actor=self.wei, filename="价目表.csv", file_key=key, now=NOW).public_id
        read_licence_of(self.app, self.wei)
        certificate_of(self.app, self.wei)
        shown_picture(self.app, self.wei, self.scarf.public_id)
        give(self.wei.memberships[0].organisation, number="1000 2000 3000 4000")
        draft = make_listing(self.wei, title="暗纹草稿", state="draft")
        self.gloves = make_listing(self.yu, title="暗纹手套")
        complained(self.app, self.qin, staff(HUA, Role.OPERATOR), self.gloves)
        reported(self.app, self.lin, self.shop.listing)
        with transaction():
            session().execute(update(Sku).where(Sku.listing_id == draft.id).values(supply_price_fen=6_173))
        submit_listing(actor=self.wei, listing=draft.public_id, now=NOW)


def named(owner: Actor, name: str, slug: str) -> Actor:
    """An owner whose house has this name, and who buys like anybody."""
    home = owner.memberships[0]
    with transaction():
        house = update(Organisation).where(Organisation.id == home.organisation_id)
        session().execute(house.values(name=name, slug=slug))
    return replace(owner, memberships=(replace(home, name=name),), roles=frozenset({Role.SHOPPER}))


def clerk(person: Person, owner: Actor) -> Actor:
    """Who works for an owner."""
    made, house = make_person(person), owner.memberships[0]
    with transaction():
        place_ = house.organisation_id
        session().add(MembershipRow(user_id=made.user_id, organisation_id=place_, role="clerk", created_at=NOW))
    return replace(made, memberships=(Membership(place_, house.organisation, house.name, house.kind, Role.CLERK),))
