"""A document from a person: a picture made anew, or a PDF that is kept as it is and only ever handed out as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.errors import DomainError
from kernel.photos import take_photo

PDF_CAP_BYTES: Final = 10 << 20
MEDIA: Final = ("jpeg", "pdf")
TYPES: Final = {"jpeg": "image/jpeg", "pdf": "application/pdf"}
_HEAD, _TAIL = b"%PDF-", b"%%EOF"
_TAIL_BYTES: Final = 2048


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it is kept."""

    media: str
    data: bytes


def headers_of(media: str, name: str) -> dict[str, str]:
    """How a kept document travels: to one pair of eyes, and a PDF never inside a page."""
    shown = {"Content-Type": TYPES[media], "Cache-Control": "private"}
    return shown | ({"Content-Disposition": f'attachment; filename="{name}.pdf"'} if media == "pdf" else {})


def take_paper(data: bytes) -> Paper:
    """What somebody hands in as evidence; DomainError `photo.…` or `paper.…` for anything else.

    A PDF begins and ends as one: half a file is refused now, not found out in a dispute.
    """
    if not data.startswith(_HEAD):
        return Paper("jpeg", take_photo(data).jpeg)
    if len(data) > PDF_CAP_BYTES:
        raise DomainError("paper.too_large", limit_mb=PDF_CAP_BYTES >> 20)
    if _TAIL not in data[-_TAIL_BYTES:]:
        raise DomainError("paper.broken")
    return Paper("pdf", data)
