"""The one place where the house is put together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from commission.payments.rail import Rail
from commission.payments.sandbox import SandboxRail
from commission.rates.views import blueprint as rates
from commission.settlement.views import blueprint as settlement
from kernel import desk, dev, language, logs, outbox
from kernel.assets import init_assets
from kernel.clock import Clock, ShiftedClock, SystemClock
from kernel.crypto import Cipher
from kernel.db import db, prepare_engine
from kernel.delivery import init_delivery
from kernel.files import Files, LocalFiles
from kernel.finding import init_finding
from kernel.i18n import locale
from kernel.notify import DevelopmentNotify, Notify
from kernel.pieces import Templates, init_pieces
from kernel.ports import Ports
from kernel.web import init_web
from onboarding.accounts.operations import use_language
from onboarding.accounts.queries import actor_for
from onboarding.accounts.views import blueprint as accounts
from onboarding.admissions.group_views import blueprint as price_groups
from onboarding.admissions.views import blueprint as admissions
from onboarding.closings.views import blueprint as closings
from onboarding.compliance.views import blueprint as compliance
from onboarding.helping.views import blueprint as helping
from onboarding.joining.views import blueprint as joining
from onboarding.licences.views import blueprint as licences
from onboarding.listings.again_views import blueprint as again
from onboarding.listings.categories import category_name, said_in
from onboarding.listings.certificate_views import blueprint as certificates
from onboarding.listings.file_views import blueprint as goods_files
from onboarding.listings.list_views import blueprint as goods_list
from onboarding.listings.new_views import blueprint as new_goods
from onboarding.listings.queries import Resellers
from onboarding.listings.sheet_views import blueprint as sheets
from onboarding.listings.stock_views import blueprint as stock
from onboarding.listings.terms_views import blueprint as listing_terms
from onboarding.listings.variant_views import blueprint as variants
from onboarding.listings.views import blueprint as listings
from onboarding.moderation.case_views import blueprint as cases
from onboarding.moderation.factory_views import blueprint as factories
from onboarding.moderation.goods_views import blueprint as goods
from onboarding.moderation.timing_views import blueprint as timing
from onboarding.moderation.views import blueprint as moderation
from onboarding.moderation.visit_views import blueprint as visits
from onboarding.notices.views import blueprint as notices
from onboarding.offers.queries import resellers_of
from onboarding.pictures.queries import InOrders
from onboarding.pictures.views import blueprint as pictures
from onboarding.purse.views import blueprint as purse
from onboarding.reports.views import blueprint as reports
from onboarding.standing.views import blueprint as standing
from onboarding.terms.views import blueprint as terms
from onboarding.tiers.views import blueprint as tiers
from onboarding.verification.views import blueprint as verification
from storefront.after_sales.views import blueprint as after_sales
from storefront.cart.views import blueprint as cart
from storefront.catalogue.goods_views import blueprint as goods_pages
from storefront.catalogue.rules import united
from storefront.catalogue.views import blueprint as catalogue
from storefront.config import Config
from storefront.demand.views import blueprint as demand
from storefront.jobs import SCHEDULES, WITHIN
from storefront.leaving.views import blueprint as leaving
from storefront.merchants.views import blueprint as merchants
from storefront.navigation import console_nav
from storefront.orders.queries import is_pictured
from storefront.orders.views import blueprint as orders
from storefront.photos.index import PhotoIndex
from storefront.photos.views import blueprint as photos
from storefront.probes import blueprint as probes
from storefront.search.index import Index, TantivyIndex
from storefront.search.views import blueprint as search
from storefront.shipments.views import blueprint as shipments
from storefront.sitemap import blueprint as sitemap
from storefront.supply.views import blueprint as supply

ROOT = Path(__file__).parent.parent
BLUEPRINTS = (
    catalogue,
    goods_pages,
    search,
    demand,
    photos,
    cart,
    orders,
    after_sales,
    shipments,
    supply,
    merchants,
    leaving,
    accounts,
    verification,
    closings,
    terms,
    standing,
    tiers,
    joining,
    helping,
    licences,
    compliance,
    listings,
    goods_list,
    certificates,
    goods_files,
    sheets,
    new_goods,
    pictures,
    variants,
    again,
    listing_terms,
    stock,
    admissions,
    price_groups,
    notices,
    reports,
    moderation,
    cases,
    factories,
    goods,
    timing,
    visits,
    settlement,
    purse,
    rates,
    probes,
    sitemap,
    language.blueprint,
    desk.blueprint,
)


@dataclass(frozen=True)
class Services:
    """What a deployment plugs in; tests replace single ones."""

    rail: Rail
    files: Files
    notify: Notify
    index: Index
    photos: PhotoIndex
    clock: Clock

    def ports(self) -> Ports:
        """The services by the port they fill."""
        return Ports(
            {
                Rail: self.rail,
                Files: self.files,
                Notify: self.notify,
                Index: self.index,
                PhotoIndex: self.photos,
                Clock: self.clock,
                Resellers: resellers_of,
                InOrders: is_pictured,
                language.KeepLanguage: use_language,
            },
        )


def create_app(config: Config | None = None, services: Services | None = None) -> Flask:
    """Compose the application of a deployment."""
    config = config or Config.from_environment()
    config.data_dir.mkdir(parents=True, exist_ok=True)
    logs.configure(production=config.is_production)
    services = services or default_services(config)
    app = Flask(
        "storefront",
        static_folder=None,
        template_folder=str(ROOT / "kernel" / "templates"),
    )
    app.jinja_environment = Templates
    app.config.update(config.flask_settings())
    app.extensions["cipher"] = Cipher(config.secret_key)
    app.extensions["console_nav"] = console_nav
    app.extensions["schedules"] = SCHEDULES
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        prepare_engine(db.engine)
    outbox.wire(WITHIN)
    init_assets(app, ROOT / "static")
    init_delivery(app)
    init_finding(app)
    init_pieces(app)
    load_actor = partial(actor_for, staff_needs_second_factor=config.staff_needs_second_factor)
    init_web(app, ports=services.ports(), load_actor=load_actor)
    app.jinja_env.filters["category"] = lambda path: category_name(path, locale())
    app.jinja_env.filters["told"] = lambda facts: [united(*said_in(locale(), *one)) for one in facts.items()]
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if not config.is_production:
        app.register_blueprint(dev.blueprint)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1) if config.is_production else app.wsgi_app  # type: ignore[method-assign]
    return app


def default_services(config: Config) -> Services:
    """The embedded services: everything in the data folder, nothing outside this machine."""
    clock = SystemClock() if config.is_production else ShiftedClock(config.data_dir / "clock-shift")
    return Services(
        rail=SandboxRail(config.data_dir / "sandbox-rail.db"),
        files=LocalFiles(config.data_dir / "private"),
        notify=DevelopmentNotify(),
        index=TantivyIndex(config.data_dir / "index"),
        photos=PhotoIndex(config.data_dir / "index" / "photos"),
        clock=clock,
    )
