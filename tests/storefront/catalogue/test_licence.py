"""The licence on show: what the law wants told, a marked copy of the photo, and nothing that is nobody's business."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageChops
from sqlalchemy import func, select, update

from kernel.db import session, transaction
from kernel.files import Files
from kernel.ids import public_id
from onboarding.accounts.models import Organisation
from onboarding.licences.models import Licence
from onboarding.standing.models import ShownLicence
from onboarding.standing.pictures import LONG_SIDE, marked
from onboarding.verification.models import Application
from storefront.jobs import draw_licence
from tests.cast import NOW, WEI
from tests.storefront.shop import Shop


def paper(width: int = 2000, height: int = 1500) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (width, height), "white").save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def slug(shop: Shop) -> str:
    """The address of Wei's factory, which has shown its licence."""
    organisation = shop.wei.memberships[0]
    with transaction():
        key = shop.ports.get(Files).put(paper())
        licence = Licence(public_id=public_id("lic"), organisation_id=organisation.organisation_id, photo_key=key)
        licence.state, licence.reading, licence.uploaded_at, licence.read_at = "read", {"turned": 0}, NOW, NOW
        session().add(licence)
        session().flush()
        told = {"legal_representative": "魏国强", "address": "河北省清河县羊绒路 8 号", "scope": "羊绒制品制造"}
        session().execute(update(Application).values(licence_id=licence.id, checked_at=NOW, **told))
    draw_licence({"organisation": organisation.organisation}, ports=shop.ports, now=NOW)
    return session().scalars(select(Organisation.slug)).one()


def test_everybody_reads_it_and_finds_it(client: FlaskClient, shop: Shop, slug: str) -> None:
    page = client.get(f"/f/{slug}/licence").text
    code = session().scalars(select(Application.uscc)).one()
    for part in ("魏国强羊绒厂", code, "魏国强", "河北省清河县羊绒路 8 号", "羊绒制品制造", "2026年3月2日"):
        assert part in page, part
    for place in (f"/f/{slug}", f"/goods/{shop.listing.public_id}"):
        assert f'href="/f/{slug}/licence"' in client.get(place, follow_redirects=True).text


def test_it_never_tells_a_phone_or_what_is_kept(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/f/{slug}/licence").text
    keys = [*session().scalars(select(Licence.photo_key)), *session().scalars(select(ShownLicence.picture_key))]
    for secret in (WEI.phone, WEI.phone[-4:], *keys):
        assert secret not in page


def test_the_copy_is_small_and_marked(client: FlaskClient, slug: str) -> None:
    answer = client.get(f"/f/{slug}/licence/picture")
    assert answer.mimetype == "image/jpeg"
    with Image.open(BytesIO(answer.data)) as shown:
        assert max(shown.size) == LONG_SIDE
        bare = Image.new("RGB", shown.size, "white")
        assert ImageChops.difference(shown, bare).getbbox() is not None


@pytest.mark.parametrize("channel", ["源头", "Yuantou", "", "源头" * 20])
@pytest.mark.parametrize("size", [(300, 400), (3000, 300), (300, 3000)])
def test_any_picture_is_marked_whatever_the_channel_is_called(channel: str, size: tuple[int, int]) -> None:
    with Image.open(BytesIO(marked(paper(*size), channel=channel))) as shown:
        assert max(shown.size) <= LONG_SIDE
        assert shown.convert("L").getextrema()[0] < 225


def test_drawing_twice_is_once(shop: Shop, slug: str) -> None:
    organisation = shop.wei.memberships[0].organisation
    key = session().scalars(select(ShownLicence.picture_key)).one()
    draw_licence({"organisation": organisation}, ports=shop.ports, now=NOW)
    session().rollback()
    assert session().scalar(select(func.count(ShownLicence.id))) == 1
    assert session().scalars(select(ShownLicence.picture_key)).one() == key


@pytest.mark.parametrize(("state", "seen"), [("suspended", 200), ("refused", 404), ("submitted", 404), ("closed", 404)])
def test_it_is_shown_of_who_trades_or_is_suspended(client: FlaskClient, slug: str, state: str, seen: int) -> None:
    reason = "" if state == "submitted" else "因为所以"
    with transaction():
        session().execute(update(Application).values(state=state, reason=reason))
    urls = (f"/f/{slug}/licence", f"/f/{slug}/licence/picture")
    assert {client.get(url).status_code for url in urls} == {seen}


def test_a_code_that_was_given_up_is_shown_no_more(client: FlaskClient, slug: str) -> None:
    with transaction():
        session().execute(update(Application).values(state="suspended", reason="因为所以", uscc=""))
    assert client.get(f"/f/{slug}/licence").status_code == 404


def test_a_factory_of_before_has_no_picture_but_its_page(client: FlaskClient, shop: Shop) -> None:
    slug = session().scalars(select(Organisation.slug)).one()
    draw_licence({"organisation": shop.wei.memberships[0].organisation}, ports=shop.ports, now=NOW)
    assert "/licence/picture" not in client.get(f"/f/{slug}/licence").text
    assert client.get(f"/f/{slug}/licence/picture").status_code == 404
