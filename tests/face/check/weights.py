"""What travels: sizes, lasting names, answers that need not be sent again, compression."""

from collections.abc import Iterable, Iterator

from tests.face.check.addresses import links
from tests.face.check.client import Answer, Client

KB = 1000
MOST_OF_ALL = {"text/css": 40 * KB, "text/javascript": 40 * KB}
LEAST_PACKED = 500  # bytes; below that compression saves nothing


def of_assets(client: Client, answers: Iterable[Answer]) -> tuple[dict[str, int], list[str]]:
    """The compressed size of all style sheets and all scripts together, and what is wrong with how files are sent."""
    names = {link for one in answers if one.is_page for link in links(one.text) if link.startswith("/assets/")}
    files = [client.get(name) for name in sorted(names)]
    sums = {kind: sum(one.size for one in files if one.kind == kind) for kind in MOST_OF_ALL}
    wrong = [complaint for one in files for complaint in _lasting(client, one)]
    heavy = [
        f"all {kind}: {sums[kind]} bytes, at most {most}" for kind, most in MOST_OF_ALL.items() if sums[kind] > most
    ]
    return sums, [*heavy, *wrong]


def of_pages(client: Client, answers: Iterable[Answer]) -> Iterator[str]:
    """What is wrong with how pages are sent."""
    for one in answers:
        if not one.is_page:
            continue
        if len(one.body) > LEAST_PACKED and "Content-Encoding" not in one.headers:
            yield f"{one.path}: {len(one.body)} bytes sent as they are"
        if _may_be_kept(one) and not _is_spared(client, one) and client.get(one.path).said == one.said:
            yield f"{one.path}: sent a second time, although nothing changed"


def _lasting(client: Client, one: Answer) -> Iterator[str]:
    if one.status != 200:
        yield f"{one.path}: {one.status}"
    if "immutable" not in one.headers.get("Cache-Control", ""):
        yield f"{one.path}: not immutable"
    if not _is_spared(client, one):
        yield f"{one.path}: sent a second time"


def _may_be_kept(one: Answer) -> bool:
    """Pages of a person are kept nowhere; a style with a nonce belongs to one answer alone."""
    return "no-store" not in one.headers.get("Cache-Control", "") and "<style" not in one.text


def _is_spared(client: Client, one: Answer) -> bool:
    again = client.get(one.path, If_None_Match=one.headers.get("ETag", ""))
    return "ETag" in one.headers and again.status == 304 and again.size == 0
