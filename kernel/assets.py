"""Style sheets, scripts and pictures under an address that changes with them, so that browsers keep them for good."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, send_from_directory

from kernel.web import public

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

blueprint = Blueprint("assets", __name__)
_IMPORT = re.compile(r'@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>\w+)\);')
_YEAR_SECONDS = 31_536_000


class Assets:
    """The static tree at one moment: its digest, and the style sheet with its imports put in place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.style = flattened(folder / "css" / "app.css")
        digest = hashlib.sha256(self.style.encode())
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
        self.digest = digest.hexdigest()[:16]

    def url(self, name: str) -> str:
        """The address of a file such as `css/app.css`."""
        return f"/assets/{self.digest}/{name}"


def init_assets(app: Flask, folder: Path) -> None:
    """Serve the static tree and give templates `asset(name)` and the filter `picture`."""
    app.extensions["assets"] = assets = Assets(folder)
    app.jinja_env.globals["asset"] = assets.url
    app.jinja_env.filters["picture"] = lambda name: name if name.startswith("/") else assets.url(name)
    app.register_blueprint(blueprint)


@blueprint.get("/assets/<digest>/<path:name>")
@public
def file(digest: str, name: str) -> Response:
    """One file; an address of an older tree is answered with today's file, kept only for a while."""
    assets: Assets = current_app.extensions["assets"]
    if name == "css/app.css":
        response = Response(assets.style, mimetype="text/css")
    elif ".." in name:
        abort(404)
    else:
        response = send_from_directory(assets.folder, name)
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR_SECONDS if digest == assets.digest else 60
    response.cache_control.immutable = digest == assets.digest
    return response


def flattened(sheet: Path) -> str:
    """A style sheet with every `@import … layer(x)` put in place as `@layer x { … }`: one request instead of many."""

    def inline(found: re.Match[str]) -> str:
        return f"@layer {found['layer']} {{\n{(sheet.parent / found['file']).read_text()}}}\n"

    return _IMPORT.sub(inline, sheet.read_text())
