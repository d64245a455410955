"""`make check-face`: prints the figures of the face and says where it falls short.

Serves the demo itself. While mending: `--demo FOLDER` keeps the demo between runs, `--role`, `--route` and `--part`
narrow what is looked at.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storefront.app import create_app
from storefront.config import Config
from tests.face.check import report, tools
from tests.face.check.inspection import PARTS, Inspection
from tests.support.server import Server


def main() -> int:
    """Run the parts that are asked for; 1 when any falls short."""
    options = _options()
    if not tools.AXE.exists():
        sys.exit(tools.MISSING)
    began = time.monotonic()
    with _served(options.demo) as server:
        app = create_app(Config(data_dir=server.data_dir))
        inspection = Inspection(app, server.url, report.say, roles=options.role, routes=options.route)
        for part in options.part or PARTS:
            inspection.do(part)
    return report.close(inspection.short, seconds=round(time.monotonic() - began))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.face.check", description=__doc__)
    parser.add_argument("--demo", type=Path, help="a data folder to keep; loaded when it is empty")
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--role", action="append", help="only these visitors, such as shopper")
    parser.add_argument("--route", action="append", help="only routes that begin like this")
    return parser.parse_args()


@contextmanager
def _served(folder: Path | None) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="yt-face-") as scratch:
        server = Server(folder or Path(scratch), LIMITS_SCALE="1000")
        if not (server.data_dir / "yuantou.db").exists():
            report.say("loading the demo …")
            server.command("demo")
        server.start()
        try:
            yield server
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
