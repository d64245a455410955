"""What helps to try things out, and is never there in production: the mailbox, the clock, the components."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, redirect
from marshmallow import Schema, fields, validate

from kernel.clock import Clock, ShiftedClock
from kernel.desk import Sheet
from kernel.errors import NotFoundError
from kernel.i18n import gettext as _
from kernel.notify import latest
from kernel.specimens import SPECIMENS
from kernel.tables import Column, Filter, Listed, Table
from kernel.text import Message, lazy
from kernel.web import form_data, now, page, public, say, service

if TYPE_CHECKING:
    from flask import Response
    from flask.blueprints import BlueprintSetupState
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("dev", __name__, url_prefix="/dev")

_ORDERS: Table[dict[str, Any]] = Table(
    name="specimens",
    title=lazy("订单"),
    key=lambda row: row["number"],
    columns=(
        Column("number", lazy("订单号"), lambda row: row["number"], link=lambda _row: "#sheet_table"),
        Column("goods", lazy("商品"), lambda row: row["goods"], "authored", sort=True),
        Column("state", lazy("状态"), lambda row: Message(row["state"]), "badge", tone=lambda row: row["tone"]),
        Column("day", lazy("付款时间"), lambda row: row["day"], "day"),
        Column("pieces", lazy("数量"), lambda row: row["pieces"], "number"),
        Column("sum", lazy("货款"), lambda row: row["sum"], "money", sort=True),
        Column("reason", lazy("原因"), lambda row: row["reason"], "prose"),
    ),
    filters=(
        Filter("state", lazy("状态"), options=(("paid", lazy("待发货")), ("done", lazy("已收货")))),
        Filter("q", lazy("商品"), "words"),
        Filter("since", lazy("从哪天"), "day"),
    ),
)
_YEAR = 366
_SECONDS = "5"


class ShiftForm(Schema):
    """How far to move the clock on; time does not run back."""

    hours = fields.Integer(load_default=0, validate=validate.Range(min=0, max=24 * _YEAR))
    days = fields.Integer(load_default=0, validate=validate.Range(min=0, max=_YEAR))


@blueprint.record_once
def never_in_production(state: BlueprintSetupState) -> None:
    """Refuse to be part of a production application, whoever asks."""
    if state.app.config["YUANTOU_ENV"] == "production":
        raise RuntimeError("the development pages show every message and must not exist in production")


@blueprint.get("/messages")
@public
def messages() -> Response:
    """Every text that would have been sent, newest first; the page reloads itself."""
    shown = page("dev/messages.html", messages=latest())
    shown.headers["Refresh"] = _SECONDS
    return shown


@blueprint.get("/clock")
@public
def clock() -> Response:
    """What time it is here, and buttons that move it."""
    return page("dev/clock.html", present=now(), shift=_clock().shift())


@blueprint.post("/clock")
@public
def move() -> BaseResponse:
    """Move the clock of web and worker on."""
    form = form_data(ShiftForm())
    _clock().move(by=timedelta(days=form["days"], hours=form["hours"]))
    current_app.logger.info("clock moved by %s days %s hours", form["days"], form["hours"])
    return redirect("/dev/clock")


@blueprint.get("/components")
@public
def components() -> Response:
    """Every component in all its states, in the language and theme of the visitor."""
    orders = Sheet(_ORDERS, lambda _asked: Listed(SPECIMENS["orders"]), given=SPECIMENS["asked"])
    return page("dev/components.html", **SPECIMENS, desk=orders)


@blueprint.post("/components")
@public
def press() -> BaseResponse:
    """Where the buttons of the components lead: a message, and back."""
    say(_("已保存。"))
    return redirect("/dev/components")


def _clock() -> ShiftedClock:
    found = service(Clock)
    if not isinstance(found, ShiftedClock):
        raise NotFoundError
    return found
