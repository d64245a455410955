"""A factory's way in by its pages: the photo, the form, and what is kept when something is wrong."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from kernel.db import session, transaction
from kernel.files import Files
from kernel.permissions import SYSTEM
from onboarding.accounts.models import Organisation
from onboarding.belts.operations import load_belts
from onboarding.licences.models import Licence
from onboarding.licences.ocr.reading import LicenceField, LicenceReading
from onboarding.licences.operations import record_reading
from onboarding.listings.models import SheetImport
from onboarding.verification import operations
from onboarding.verification.models import Application
from tests.cast import TAN, WEI, YU
from tests.onboarding.people import CODES, begun, factory, noon, operator, post, said, sign_in, user
from tests.support.goods import blank_photo, price_sheet

HERE, PHOTO, BY_HAND = "/join/factory", "/join/factory/licence", "/join/factory?by-hand=1"
NAME = "丹阳市明视眼镜厂"

READ = LicenceReading(
    is_licence=True,
    fields={
        "uscc": LicenceField(CODES[0], 0.99, (10, 10, 200, 40)),
        "name": LicenceField(NAME, 0.99, None),
        "legal_representative": LicenceField("魏国强", 0.6, (10, 90, 200, 120)),
        "address": LicenceField("江苏省镇江市丹阳市眼镜城二楼216号", 0.98, None),
        "established_on": LicenceField("2015-03-18", 0.98, None),
        "business_scope": LicenceField("眼镜、镜片批发", 0.95, None),
    },
    warnings=(),
    turned=0,
)


@pytest.fixture(autouse=True)
def _belts(app: Flask) -> None:
    load_belts(actor=SYSTEM, now=noon())


@pytest.fixture
def wei(client: FlaskClient) -> FlaskClient:
    sign_in(client, WEI)
    return client


def show(client: FlaskClient, photo: bytes | None = None, **more: tuple[BytesIO, str]) -> TestResponse:
    """Send a photo as the page does."""
    files = {"licence": (BytesIO(blank_photo() if photo is None else photo), "执照.jpg"), **more}
    return post(client, PHOTO, page=HERE, **files)


def form(**told: str) -> dict[str, str]:
    """What the form sends when nothing is missing."""
    whole = {"name": NAME, "uscc": CODES[0], "belt": "danyang-glasses", "ways": "both", "agreement": said().agreement}
    return {**whole, **told}


def test_one_photo_begins_a_factory_and_is_read(wei: FlaskClient) -> None:
    assert "拍照，或从相册选" in wei.get(HERE).text
    assert show(wei).location == HERE
    waits = wei.get(HERE)
    assert (waits.headers["Refresh"], "正在识别" in waits.text) == ("2", True)
    assert "比平时久" not in waits.text
    with transaction():
        session().execute(update(Licence).values(uploaded_at=noon() - timedelta(seconds=30)))
    assert "比平时久" in wei.get(HERE).text
    assert f'href="{HERE}"' in wei.get("/factory").text
    assert "核对工厂资料" in wei.get(BY_HAND).text
    assert session().scalar(select(Application.state)) == "draft"
    assert session().scalar(select(Licence.state)) == "waiting"


def test_what_was_read_stands_in_the_form_beside_what_it_was_read_from(wei: FlaskClient) -> None:
    begun(WEI)
    record_reading(actor=SYSTEM, licence=session().scalars(select(Licence.public_id)).one(), reading=READ, now=noon())
    shown = wei.get(HERE).text
    for value in (CODES[0], NAME, "魏国强", "江苏省镇江市丹阳市眼镜城二楼216号", "2015-03-18", "眼镜、镜片批发"):
        assert value in shown, value
    assert re.search(r'value="danyang-glasses"\s+selected', shown)
    assert "地址在" in shown
    assert "回到资料" in wei.get(f"{HERE}?photo=1").text
    assert shown.count("/crops/") == 2
    assert shown.count("data-doubtful") == 1


def test_a_price_sheet_comes_along_with_the_photo(wei: FlaskClient) -> None:
    sheet = BytesIO(price_sheet("W1,羊绒围巾,驼色,60,128,50,1"))
    assert show(wei, sheet=(sheet, "价格表.csv")).location == HERE
    assert session().scalar(select(SheetImport.filename)) == "价格表.csv"
    assert "价目表也收到了" in wei.get(HERE).text
    mine = session().scalar(select(SheetImport.public_id))
    assert f'href="/factory/sheets/{mine}"' in wei.get("/factory").text
    with transaction():
        session().execute(update(SheetImport).values(state="read", reading={"listings": [{}, {}]}))
    assert "读出 2 款" in wei.get("/factory").text


NO_PHOTOS = {b"": "没有收到照片", b"%PDF-1.7 x": "PDF", b"<svg onload=x>": "矢量图"}


@pytest.mark.parametrize(("photo", "told"), NO_PHOTOS.items())
def test_what_is_no_photo_is_told_and_begins_nothing(wei: FlaskClient, photo: bytes, told: str) -> None:
    answer = show(wei, photo)
    assert answer.status_code == 422
    assert "还有一处要改" in answer.text
    assert "</a>：" in answer.text
    assert told in answer.text
    assert session().scalar(select(Application.id)) is None


def test_a_photo_that_is_too_large_is_told_on_its_page(wei: FlaskClient) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="licence"; filename="a.jpg"\r\n\r\n\xff\xd8\xff'
    body = head + bytes(30 << 20) + b"\r\n--b--\r\n"
    answer = wei.post(PHOTO, data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert "照片超过 20 MB" in answer.text
    assert "拍照，或从相册选" in answer.text


def test_where_a_photo_was_taken_stays_with_its_owner(app: Flask, wei: FlaskClient) -> None:
    kept, exif = BytesIO(), Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"  # GPSLatitudeRef
    Image.new("RGB", (640, 480), "white").save(kept, "JPEG", exif=exif)
    assert b"Exif" in kept.getvalue()
    assert show(wei, kept.getvalue()).location == HERE
    key = session().scalars(select(Licence.photo_key)).one()
    assert b"Exif" not in app.extensions["ports"].get(Files).get(key)


def test_goods_may_come_before_the_licence(wei: FlaskClient) -> None:
    assert post(wei, "/join/factory/later", page=HERE).location == "/factory/sheets"
    assert wei.get("/factory/sheets").status_code == 200
    assert "去拍照" in wei.get("/factory").text
    assert "新工厂" in wei.get("/factory").text


def test_what_was_filled_in_stays_whatever_is_wrong(wei: FlaskClient) -> None:
    begun(WEI)
    answer = post(wei, HERE, page=BY_HAND, **form(ways="", belt="danyang-glasses", legal_representative="魏国强"))
    assert answer.status_code == 422
    assert "请选一种卖法" in answer.text
    assert re.search(r'name="agreement"[^>]*checked', answer.text)
    again = wei.get(HERE).text  # on another day, on another device
    assert f'value="{CODES[0]}"' in again
    assert f'value="{NAME}"' in again
    assert 'value="魏国强"' in again
    assert re.search(r'value="danyang-glasses"\s+selected', again)


def test_a_wrong_code_is_kept_to_be_put_right(wei: FlaskClient) -> None:
    begun(WEI)
    wrong = CODES[0][:-1] + "X"
    post(wei, HERE, page=BY_HAND, **form(uscc=wrong))
    assert f'value="{wrong}"' in wei.get(BY_HAND).text


@pytest.mark.parametrize("field", ["legal_representative", "address", "sort"])
def test_what_is_too_long_is_told_and_the_rest_is_kept(wei: FlaskClient, field: str) -> None:
    begun(WEI)
    answer = post(wei, HERE, page=BY_HAND, **form(**{field: "长" * 400}))
    assert (answer.status_code, f'href="#{field}"' in answer.text) == (422, True)
    kept = session().scalars(select(Application)).one()
    assert (kept.uscc, getattr(kept, field)) == (CODES[0], "")


@pytest.mark.parametrize("missing", ["name", "uscc", "belt", "ways", "agreement"])
def test_nothing_that_counts_may_be_missing(wei: FlaskClient, missing: str) -> None:
    begun(WEI)
    answer = post(wei, HERE, page=BY_HAND, **form(**{missing: ""}))
    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.text
    assert session().scalar(select(Application.state)) == "draft"


def test_nothing_is_ticked_for_her(wei: FlaskClient) -> None:
    begun(WEI)
    boxes = re.findall(r'<input[^>]*name="(?:agreement|ways)"[^>]*>', wei.get(BY_HAND).text)
    assert len(boxes) == 4
    assert not [box for box in boxes if "checked" in box]


def test_without_a_photo_nothing_is_handed_in(wei: FlaskClient) -> None:
    post(wei, "/join/factory/later", page=HERE)
    answer = post(wei, HERE, page=HERE, **form())
    assert "还没有营业执照照片" in answer.text


def test_a_name_and_an_address_of_its_own_come_with_the_first_time(wei: FlaskClient) -> None:
    begun(WEI)
    assert post(wei, HERE, page=BY_HAND, **form()).location == "/factory"
    made = session().scalars(select(Organisation)).one()
    assert made.name == NAME
    assert made.slug.startswith("dan-yang-shi-ming-shi-yan-jing-chang-")
    assert "排队等审核" in wei.get("/factory").text
    assert wei.get(HERE).location == "/factory"


def test_what_was_asked_for_is_pointed_out_and_the_rest_stands(wei: FlaskClient) -> None:
    factory(WEI, name=NAME)
    house = user(WEI).memberships[0].organisation
    operations.ask(actor=operator(TAN), organisation=house, fields=["address"], reason="地址没有写全", now=noon())
    assert "地址没有写全" in wei.get("/factory").text
    shown = wei.get(HERE).text
    assert "地址没有写全" in shown
    assert shown.count("data-asked") == 1
    assert post(wei, HERE, page=HERE, **form(address="江苏省丹阳市眼镜城二楼")).location == "/factory"
    assert session().scalars(select(Application)).one().asked == ""


def test_a_stranger_has_a_way_in_of_her_own(client: FlaskClient) -> None:
    factory(WEI, name=NAME)
    sign_in(client, YU)
    assert NAME not in client.get(HERE).text
    assert "拍照，或从相册选" in client.get(HERE).text
