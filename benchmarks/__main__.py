"""`make bench`: every benchmark, each a ratio against a reference measured in the same run."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = (
    "search_page",
    "product_page",
    "search_engine",
    "whole_index",
    "relevance",
    "photo_search",
    "licence_reading",
    "same_answers",
    "sheet_import",
    "advertising_law",
    "freshness",
    "lighthouse",
)


def main() -> int:
    """Run all, or those named on the command line; each in a process of its own."""
    chosen = sys.argv[1:] or BENCHMARKS
    return max(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode for name in chosen)


if __name__ == "__main__":
    sys.exit(main())
