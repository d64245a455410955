"""The only door to Flask: who may enter a route, what a form holds, how a page or a refusal is shown."""

from __future__ import annotations

import secrets
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    session,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from marshmallow import ValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from structlog import get_logger
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from kernel.charts import bars_of
from kernel.clock import Clock, business_date
from kernel.errors import DomainError, InvalidInputError, NotFoundError, TooManyError
from kernel.headers import harden
from kernel.i18n import coded_text, error_text, format_since, init_i18n, locale, proofread, said
from kernel.permissions import ANONYMOUS, ROLE_PERMISSIONS, Actor, Permission, Role
from kernel.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from marshmallow import Schema
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.errors import Param
    from kernel.ports import Ports

Port = TypeVar("Port")
View = TypeVar("View", bound="Callable[..., Any]")
PUBLIC = "public"
SECOND_FACTOR_PAGE, HELPING_PAGE = "/account/second-factor", "/assist"
_PICTURED = frozenset({401, 403, 404, 422, 429, 500, 503})
csrf = CSRFProtect()
_SUBNET = 64  # the bits of an IPv6 address that a network gives out: one household has all that follow
_log = get_logger("web")


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare who may enter a route: signed out is sent to sign in, a stranger gets 404."""

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Declare a route open to everyone."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def actor() -> Actor:
    """Who acts in this request; looked up once."""
    if "actor" not in g:
        sid = session.get("sid")
        g.actor = current_app.extensions["load_actor"](sid, now=now()) if sid else ANONYMOUS
    found: Actor = g.actor
    return found


def reload_actor() -> None:
    """Look the actor up again, after she became something in this very request."""
    g.pop("actor", None)


def now() -> datetime:
    """The moment of this request, the same throughout it."""
    if "now" not in g:
        g.now = service(Clock).now()
    moment: datetime = g.now
    return moment


def service(port: type[Port]) -> Port:
    """The running deployment's implementation of a port."""
    ports: Ports = current_app.extensions["ports"]
    return ports.get(port)


def form_data(schema: Schema, source: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The validated form (or `source`); unknown and doubled fields are refused. Raises InvalidInputError by field."""
    given = _given(request.form if source is None else source)
    given.pop("csrf_token", None)
    try:
        loaded: dict[str, Any] = schema.load({name: _cleaned(value) for name, value in given.items()})
    except ValidationError as error:
        raise InvalidInputError({name: _field_error(said) for name, said in error.messages_dict.items()}) from error
    return loaded


def _cleaned(value: Any) -> Any:  # noqa: ANN401  a field is a text, several, or what a caller put in
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return clean(value, keep_lines=True) if isinstance(value, str) else value


def _given(source: Mapping[str, Any]) -> dict[str, Any]:
    """A field as its one value; a field sent twice stays a list, which no schema of a single value takes."""
    if not isinstance(source, MultiDict):
        return dict(source)
    lists = source.to_dict(flat=False)
    return {name: values[0] if len(values) == 1 else values for name, values in lists.items()}


def _field_error(said: object) -> tuple[str, dict[str, Any]]:
    """Schemas give either a code of ours as the message or marshmallow's own words, which become `field.invalid`."""
    first = said[0] if isinstance(said, list) else said
    return (first, {}) if isinstance(first, str) and first.startswith("field.") else ("field.invalid", {})


def page(template: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  a page takes any value
    """Render a page; `error` among the values sets its status and gives templates `field_errors`."""
    error = values.get("error")
    if isinstance(error, DomainError):
        status, g.refused = error.status, True
        values["error_text"] = error_text(error)
    fields = error.fields if isinstance(error, InvalidInputError) else {}
    values["field_errors"] = {name: coded_text(*said) for name, said in fields.items()}
    shown = Response(proofread(render_template(template, **values)), status=status, mimetype="text/html")
    if isinstance(error, TooManyError):
        shown.headers["Retry-After"] = str(error.params.get("seconds", 60))
    return shown


def sign_in_session(sid: str) -> None:
    """Start a fresh cookie for a signed-in person, so that no token of before survives; the cart stays."""
    kept = {name: session[name] for name in ("locale", "cart", "province") if name in session}
    session.clear()
    session.update(kept, sid=sid)
    g.pop("actor", None)


def safe_path(target: str | None, default: str) -> str:
    r"""A path of this site to go on to, or the default: nothing that leaves it (`//evil`, `/\\evil`)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc or clean(target) != target else target


def say(text: str, kind: str = "good") -> None:
    """Show a text once on the next page."""
    flash(text, kind)


def client_address() -> str:
    """The address a request came from, as the trusted proxy tells it; of IPv6 the network, which is what one has."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((int(address), _SUBNET), strict=False).network_address)


def init_web(app: Flask, *, ports: Ports, load_actor: Callable[..., Actor]) -> None:
    """Wire guard, languages, headers and error pages into an application."""
    app.extensions["ports"] = ports
    app.extensions["load_actor"] = load_actor
    csrf.init_app(app)
    init_i18n(app)
    # What is wrong has the focus first, once on a refused page.
    app.jinja_env.globals["takes_focus"] = lambda: g.pop("refused", False)
    app.jinja_env.filters.update(
        bars=bars_of,
        ago=lambda moment: format_since(moment, now()),
        ahead=lambda moment: business_date(moment) if moment and now() < moment else None,
        years=lambda year: business_date(now()).year - year,
    )
    app.before_request(_guard)
    app.after_request(harden)
    app.context_processor(_layout_values)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(PoolTimeoutError, _busy)
    app.register_error_handler(Exception, _unexpected)


def _guard() -> BaseResponse | None:
    """Enforce what the route declares; a route that declares nothing is closed."""
    g.nonce = secrets.token_urlsafe(16)
    if not _is_readable():
        abort(400)
    if request.endpoint is None:
        return None
    access = getattr(current_app.view_functions[request.endpoint], "access", None) or abort(404)
    if access == PUBLIC:
        return None
    if not actor().is_signed_in:
        if request.method in {"GET", "HEAD"}:
            return redirect(f"/sign-in?next={quote(request.full_path.rstrip('?'))}")
        abort(401)
    return None if actor().holds(access) else _held_back(access)


def _held_back(access: Permission) -> BaseResponse:
    """To where what keeps her out is put right, if that is all: the second factor, the end of helping; else nowhere."""
    if (helping := actor().helping) and helping.is_live and access in ROLE_PERMISSIONS[Role.SHOPPER]:
        return redirect(HELPING_PAGE, 303)
    if helping or not actor().would_hold(access):
        raise NotFoundError
    reads = request.method in {"GET", "HEAD"}  # nobody is led back to what only takes forms
    return redirect(
        f"{SECOND_FACTOR_PAGE}?next={quote(request.full_path.rstrip('?'))}" if reads else SECOND_FACTOR_PAGE
    )


def _is_readable() -> bool:
    """Whether an address is text: UTF-8 without NUL, which PostgreSQL takes nowhere."""
    try:
        asked = request.query_string.decode()
    except UnicodeDecodeError:
        return False
    return not any("\0" in text for text in (request.path, unquote(asked)))


def _layout_values() -> dict[str, Any]:
    console = current_app.extensions.get("console_nav")
    return {
        "actor": actor(),
        "locale": locale(),
        "nonce": g.get("nonce", ""),
        "channel_name": said(current_app.config["CHANNEL_NAME"]),
        "flashes": get_flashed_messages(with_categories=True),
        # Asked once, by the console's layout alone: a page that says what went wrong must not ask the database again.
        "console_nav": cache(lambda: console(actor(), request.path) if console else []),
        "development": current_app.config["YUANTOU_ENV"] == "development",
    }


def _refused(error: DomainError) -> Response:
    response = _error_page(error.status, error.code, error.params)
    if isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(error.params.get("seconds", 60))
    return response


def _stale_form(_error: CSRFError) -> Response:
    return _error_page(400, "form.stale")


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:  # noqa: PLR2004  redirects are no errors
        return error
    codes = {401: "sign_in.needed", 404: "not_found", 405: "method_not_allowed", 413: "request.too_large"}
    return _error_page(error.code, codes.get(error.code, "request.bad"))


def _busy(error: Exception) -> Response:
    _log.warning("database busy", error=str(error))
    g.actor = ANONYMOUS  # the page that says so must not ask the database again
    response = _error_page(503, "busy")
    response.headers["Retry-After"] = "2"
    return response


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    _log.error("unexpected error", reference=reference, path=request.path, exc_info=error)
    g.setdefault("actor", ANONYMOUS)
    return _error_page(500, "unexpected", {"reference": reference})


def _error_page(status: int, code: str, params: Mapping[str, Param] | None = None) -> Response:
    """A refusal as people or as programs ask for it."""
    text = coded_text(code, dict(params or {}))
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        body = current_app.json.dumps({"error": {"code": code, "message": text, "fields": {}}})
        return Response(body, status=status, mimetype="application/json")
    template = f"errors/{status}.html" if status in _PICTURED else "errors/error.html"
    came_from = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return page(template, status=status, code=status, text=text, came_from=came_from)
