"""The old binary .xls, opened in a child process with its own limits of memory and time."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from kernel.errors import DomainError
from onboarding.listings.sheets.scan import MAX_COLUMNS, MAX_ROWS

_CHILD: Final = Path(__file__).with_name("legacy_child.py")
_SECONDS: Final = 30
_LIMITS: Final = {"sheet.too_many_rows": MAX_ROWS, "sheet.too_many_columns": MAX_COLUMNS}


def read_xls(data: bytes) -> list[dict[str, Any]]:
    """Visible worksheets as `{name, rows of text, merged, places of dates}`.

    Raises DomainError `sheet.encrypted`, `sheet.too_many_rows`, `sheet.too_many_columns`, `sheet.bomb`,
    `sheet.damaged`.
    """
    command = [sys.executable, "-I", str(_CHILD), str(MAX_ROWS), str(MAX_COLUMNS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603 - our own file, no shell, no outside argument
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise DomainError("sheet.bomb") from error
    except subprocess.CalledProcessError as error:  # a signal means that it hit a limit
        raise DomainError("sheet.bomb" if error.returncode < 0 else "sheet.damaged") from error
    except ValueError as error:
        raise DomainError("sheet.damaged") from error
    if "error" in answer:
        code = answer["error"]
        raise DomainError(code, **({"limit": _LIMITS[code]} if code in _LIMITS else {}))
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets
