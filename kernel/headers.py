"""What every answer says about how a browser may use it: what it may run and load, and whether it may keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g, request, session

if TYPE_CHECKING:
    from flask import Response

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' blob:; manifest-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def harden(response: Response) -> Response:
    """Nothing but what is ours runs on a page, nobody frames it, and what is personal is kept by nobody."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=g.get("nonce", "")))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "assets.file" and session:
        headers["Cache-Control"] = "no-store" if "sid" in session else "private, no-cache"
    return response
