"""How answers travel: compressed, and not a second time while a browser has them already.

Compression beside secrets (BREACH): the token of a form is signed anew every second, so no two answers hold the same
secret to guess at, and the session cookie (`SameSite=Lax`) does not come along with what another site fetches.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from flask import request, session
from flask_compress import Compress

from kernel.i18n import locale
from kernel.wording import TAGS

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.wrappers import Response as BaseResponse

_CHANGES_ALWAYS = re.compile(rb'nonce="[^"]*"|name="csrf_token" value="[^"]*"')
_LEAST_BYTES = 500  # below it the header costs what compression saves


def init_delivery(app: Flask) -> None:
    """Wire tags, compression and the answer 304 into an application; before `init_web`, whose headers come first."""
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_MIN_SIZE", _LEAST_BYTES)
    app.config.setdefault("COMPRESS_EVALUATE_CONDITIONAL_REQUEST", False)  # `_spared` does, of short answers too
    app.after_request(_spared)  # the last one registered runs first
    _Compress(app)
    app.after_request(_tagged)


class _Compress(Compress):
    """The library leaves errors as they are; but a form that is refused is as long as the form."""

    def after_request(self, response: BaseResponse | None) -> BaseResponse:
        code = response.status_code if response else 204
        if response and 400 <= code < 500:  # noqa: PLR2004
            response.status_code = 200
        answer = super().after_request(response)
        answer.status_code = code
        return answer


def _tagged(response: Response) -> Response:
    """A page says its language and what it depends on; one that anybody may see, by which tag to ask for it again."""
    if response.mimetype != "text/html":
        return response
    response.content_language.add(TAGS[locale()])
    response.vary.update(["Accept-Language", "Cookie"])
    if response.status_code != 200 or request.method not in {"GET", "HEAD"} or response.cache_control.no_store:  # noqa: PLR2004
        return response
    body = response.get_data()
    if b"<style" not in body:  # its nonce must be that of the same answer's policy
        response.set_etag(_tag(body), weak=True)
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _tag(body: bytes) -> str:
    """What a page says; of its form's token only the session it belongs to, for an older signature is as good."""
    said = _CHANGES_ALWAYS.sub(b"", body)
    return hashlib.sha256(said + str(session.get("csrf_token", "")).encode()).hexdigest()[:32]


def _spared(response: Response) -> Response:
    """304 instead of what the browser has; pages and pictures alike."""
    if "ETag" in response.headers:
        response.make_conditional(request)
    return response
