"""What can be done about belts: load the packaged file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.audit import note, operation
from kernel.db import session
from kernel.permissions import Actor, Permission
from onboarding.belts.models import Belt
from onboarding.belts.rules import COLUMNS, faults

if TYPE_CHECKING:
    from datetime import datetime

FILE = Path(__file__).parent / "data" / "belts.csv"


@operation("belts.load")
def load_belts(*, actor: Actor, now: datetime, file: Path = FILE) -> int:  # noqa: ARG001  audited
    """Bring the table up to the file, by slug; loading twice is once. ValueError names the lines that are wrong."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    if wrong := faults(rows):
        raise ValueError("; ".join(wrong))
    known = {belt.slug: belt for belt in session().scalars(select(Belt))}
    for row in rows:
        values = {column: row[name] for name, column in COLUMNS.items()}
        belt = known.get(row["slug"])
        if belt is None:
            session().add(Belt(**values))
            continue
        for column, value in values.items():
            setattr(belt, column, value)
    note("belts:file", after={"rows": len(rows), "new": len(rows) - len(known)})
    return len(rows)
