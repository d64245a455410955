"""Where axe and Lighthouse are: installed by `make test-needs` beside the other tools of this environment."""

import sys
from pathlib import Path

MODULES = Path(sys.prefix) / "face" / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
LIGHTHOUSE = MODULES / "lighthouse" / "cli" / "index.js"
MISSING = "axe-core is not installed: make test-needs"
