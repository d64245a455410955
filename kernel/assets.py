"""Style sheets, scripts and pictures under an address that changes with them, so that browsers keep them for good."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app

from kernel.pictures import look
from kernel.web import public

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

blueprint = Blueprint("assets", __name__)
_IMPORT = re.compile(r'@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>\w+)\);')
_MODULE = re.compile(r'^import .*?"\./(?P<file>[^"]+)";$', re.MULTILINE)
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_YEAR_SECONDS = 31_536_000


class Assets:
    """The static tree at one moment, held in memory: its digest, its style sheets put together into one."""

    def __init__(self, folder: Path) -> None:
        self.style = flattened(folder / "css" / "app.css")
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        self.files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
        self.files["css/app.css"] = self.style.encode()
        told = (name.encode() + content for name, content in sorted(self.files.items()))
        self.digest = hashlib.sha256(b"".join(told)).hexdigest()[:16]
        scripts = (path.read_text() for path in sorted((folder / "js").glob("*.js")))
        self.modules = [
            f"js/{name}" for name in dict.fromkeys(name for text in scripts for name in _MODULE.findall(text))
        ]

    def url(self, name: str) -> str:
        """The address of a file such as `css/app.css`."""
        return f"/assets/{self.digest}/{name}"


def init_assets(app: Flask, folder: Path) -> None:
    """Serve the static tree and give templates `asset(name)` and the filters `picture`, `look`."""
    app.extensions["assets"] = assets = _tree(folder)
    app.jinja_env.globals["asset"] = assets.url
    app.jinja_env.globals["script_modules"] = [assets.url(name) for name in assets.modules]
    app.jinja_env.filters["look"] = look
    app.jinja_env.filters["picture"] = lambda name: name if name.startswith("/") else assets.url(name)
    app.jinja_env.filters["largest"] = lambda name: found.largest if (found := look(name)) else assets.url(name)
    app.register_blueprint(blueprint)


@cache
def _tree(folder: Path) -> Assets:
    return Assets(folder)


@blueprint.get("/assets/<digest>/<path:name>")
@public
def file(digest: str, name: str) -> Response:
    """One file; an address of an older tree is answered with today's file, kept only for a while."""
    assets: Assets = current_app.extensions["assets"]
    content = assets.files.get(name)
    if content is None:
        abort(404)
    response = Response(content, mimetype=_TYPES.get(PurePosixPath(name).suffix) or guess_type(name)[0])
    response.set_etag(assets.digest)
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR_SECONDS if digest == assets.digest else 60
    response.cache_control.immutable = digest == assets.digest
    return response


def flattened(sheet: Path) -> str:
    """A style sheet with every `@import … layer(x)` put in place as `@layer x { … }`: one request instead of many."""

    def inline(found: re.Match[str]) -> str:
        return f"@layer {found['layer']} {{\n{(sheet.parent / found['file']).read_text()}}}\n"

    return _IMPORT.sub(inline, sheet.read_text())
