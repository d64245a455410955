"""The command line `yuantou`; every reading command speaks JSON on request."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

import click

from commission.settlement import operations as settlement
from commission.settlement import tasks as payouts
from commission.settlement.queries import verify_books
from kernel.clock import Clock, business_date
from kernel.errors import DomainError
from kernel.permissions import SYSTEM, Role
from onboarding.accounts import grants, security
from onboarding.accounts import operations as accounts
from onboarding.belts.queries import provinces
from storefront import checks, processes
from storefront.app import create_app
from storefront.demo.load import load as load_demo
from storefront.finding import photos, reindex, search
from storefront.jobs import PLAN
from storefront.loading import load
from storefront.orders import tasks as orders
from storefront.readings import as_json, json_text, licence, lint_text, listings, refuse, sheet
from storefront.reference import prepare

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask

    from kernel.ports import Ports

_STAFF = click.Choice([Role.OPERATOR.value, Role.FINANCE.value, Role.HELPER.value])


@click.group()
def main() -> None:
    """Yuantou 源头: factories sell directly and supply merchants."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.option("--workers", default=2, show_default=True)
@click.option("--threads", default=4, show_default=True)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the web pages with worker and scheduler; one Ctrl-C stops all."""
    prepare(create_app())
    sys.exit(processes.serve(host=host, port=port, workers=workers, threads=threads))


@main.command()
@click.option("--queue", type=click.Choice(["index", "light", "heavy"]), help="Run one queue only.")
def worker(queue: str | None) -> None:
    """Run the work behind the pages: relay, index, light and heavy jobs."""
    if queue is None:
        sys.exit(processes.supervise_worker())
    app = create_app()
    processes.run_queue(app, PLAN, queue=queue)


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    prepare(create_app())


@main.command()
def demo() -> None:
    """Load the demo once and print the logins."""
    app = create_app()
    prepare(app)
    with app.app_context():
        click.echo(load_demo(ports=_ports(app), public_url=app.config["PUBLIC_URL"]))


@main.group()
def staff() -> None:
    """People who run the channel."""


@staff.command("add")
@click.argument("phone")
@click.argument("name")
@click.option("--role", type=_STAFF, required=True)
@click.option("--scope", default="channel", show_default=True, help="channel, region:PROVINCE or belt:SLUG.")
@click.option("--from", "sent_by", default="", help="Who sends a helper, as owners read it: the trade association.")
@as_json
def staff_add(phone: str, name: str, role: str, scope: str, sent_by: str, *, as_json: bool) -> None:
    """Put a person on the staff; she signs in with her phone. Adding her twice changes nothing."""
    if (role == Role.HELPER) != bool(sent_by.strip()):
        raise click.UsageError("A helper is sent by somebody (--from), and nobody else is.")
    app = create_app()
    with app.app_context():
        kind, value = _scope(scope)
        now = _ports(app).get(Clock).now()
        try:
            accounts.ensure_user(phone=phone, name=name, actor=SYSTEM, now=now)
            accounts.grant_staff_role(
                actor=SYSTEM, phone=phone, role=Role(role), scope_kind=kind, scope_value=value, sent_by=sent_by, now=now
            )
        except DomainError as error:
            refuse(error, as_json=as_json)
    added = {"phone": phone, "name": name, "role": role, "scope": scope}
    click.echo(json_text(added) if as_json else " ".join(added.values()))


@staff.command("remove")
@click.argument("phone")
@click.option("--role", type=_STAFF, required=True)
@as_json
def staff_remove(phone: str, role: str, *, as_json: bool) -> None:
    """Take a role away, whatever its scope, at once; all that owners granted to a helper ends with it."""
    app = create_app()
    with app.app_context():
        try:
            now = _ports(app).get(Clock).now()
            person = grants.take_staff_role(actor=SYSTEM, phone=phone, role=Role(role), now=now)
        except DomainError as error:
            refuse(error, as_json=as_json)
    click.echo(json_text({"user": person.public_id, "role": role}) if as_json else f"{person.public_id} {role}")


@staff.command("reset-second-factor")
@click.argument("phone")
@as_json
def staff_reset_second_factor(phone: str, *, as_json: bool) -> None:
    """Take away the second factor of whoever lost it; she is signed out everywhere, told, and sets it up anew."""
    app = create_app()
    with app.app_context():
        try:
            person = security.reset_second_factor(actor=SYSTEM, recipient=phone, now=_ports(app).get(Clock).now())
        except DomainError as error:
            refuse(error, as_json=as_json)
    click.echo(json_text({"user": person.public_id, "second_factor": "off"}) if as_json else f"{person.public_id} off")


main.add_command(sheet)
main.add_command(licence)
main.add_command(listings)
listings.add_command(load)
main.add_command(lint_text)


@main.group("ledger")
def ledger_group() -> None:
    """The books."""


@ledger_group.command("verify")
@as_json
def ledger_verify(*, as_json: bool) -> None:
    """Check every invariant of the books; exit 1 when one is broken."""
    with create_app().app_context():
        report = verify_books()
    click.echo(json_text(report.as_json()) if as_json else report.as_text())
    sys.exit(0 if report.ok else 1)


@main.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Business day, today by default.")
@as_json
def settle(day: Any, *, as_json: bool) -> None:  # noqa: ANN401  click gives a datetime or None
    """Complete orders whose return window is over and settle every sale due by a day."""
    app = create_app()
    with app.app_context():
        now = _ports(app).get(Clock).now()
        due: date = day.date() if day else business_date(now)
        completed = orders.complete_all(day=due, now=now)
        settled = settlement.settle(day=due, actor=SYSTEM, now=now)
    result = {"day": due.isoformat(), "completed": completed, "settled": settled}
    click.echo(json_text(result) if as_json else f"{due}: {completed} orders completed, {settled} sales settled")


@main.group("payouts")
def payouts_group() -> None:
    """Money sent to parties."""


@payouts_group.command("run")
@as_json
def payouts_run(*, as_json: bool) -> None:
    """Begin a payout for every party with money due and perform the open ones."""
    app = create_app()
    with app.app_context():
        ports = _ports(app)
        now = ports.get(Clock).now()
        begun = settlement.begin_payouts(actor=SYSTEM, now=now)
        for payout in begun:
            payouts.perform_payout({"payout": payout}, ports=ports, now=now)
    click.echo(json_text({"payouts": begun}) if as_json else f"{len(begun)} payouts")


main.add_command(search)
main.add_command(reindex)
main.add_command(photos)


@main.command("self-check")
@as_json
def self_check(*, as_json: bool) -> None:
    """Check that books, statements and stock agree; exit 1 when they do not."""
    with create_app().app_context():
        findings = checks.self_check()
    click.echo(json_text({"findings": findings}) if as_json else "\n".join(findings) or "ok")
    sys.exit(1 if findings else 0)


def _scope(text: str) -> tuple[Literal["channel", "region", "belt"], str]:
    """A scope as typed; one that no belt lies in would let its person see nothing, so it is refused."""
    known = provinces()
    slugs = {belt.slug for belts in known.values() for belt in belts}
    match text.split(":", 1):
        case ["channel"]:
            return "channel", ""
        case ["region", province] if province in known:
            return "region", province
        case ["belt", slug] if slug in slugs:
            return "belt", slug
    raise click.BadParameter(f"no belt lies in {text!r}", param_hint="--scope")


def _ports(app: Flask) -> Ports:
    ports: Ports = app.extensions["ports"]
    return ports


if __name__ == "__main__":
    main()
