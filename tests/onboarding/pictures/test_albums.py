"""An archive is put to goods by the names in it: safe against what hostile ones hold, told file by file."""

import zipfile
from hashlib import sha256
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.permissions import Actor
from onboarding.listings.models import Listing
from onboarding.pictures import albums, archive
from onboarding.pictures.archive import code_for, folded
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.queries import pictures_of
from tests.cast import YU
from tests.support.goods import make_factory, make_listing, signed_in
from tests.support.pictures import drawn, files_of, jpeg, saved, worked

PLACE = "/factory/pictures"
SMALL = (200, 200)


class OfOldWindows(zipfile.ZipInfo):
    """An entry whose name is in GB 18030 and does not say so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  as zipfile calls it
        return self.filename.encode("gb18030"), self.flag_bits


def zipped(*files: tuple[str, bytes], entry: type[zipfile.ZipInfo] = zipfile.ZipInfo) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files:
            made.writestr(entry(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def send(browser: FlaskClient, data: bytes) -> tuple[int, str]:
    given = {"archive": (BytesIO(data), "图片.zip")}
    answer = browser.post(PLACE, data=given, content_type="multipart/form-data")
    return answer.status_code, answer.text


def coded(owner: Actor, code: str) -> Listing:
    listing = make_listing(owner, title=f"围巾{code}", state="draft")
    with transaction():
        session().execute(update(Listing).where(Listing.id == listing.id).values(code=code))
    return listing


def count(listing: Listing) -> int:
    session().rollback()
    return len(pictures_of(listing.id))


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    """Wei's."""
    return signed_in(app, wei)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("A1.jpg", "A1"),
        ("a1.JPG", "A1"),
        ("A1_2.jpg", "A1"),
        ("A1-主图.png", "A1"),
        ("A1(3).jpg", "A1"),
        ("A1/1.jpg", "A1"),
        ("照片/A1/细节/1.jpg", "A1"),
        ("A1-2.jpg", "A1-2"),
        ("A1-3.jpg", "A1"),
        ("A12.jpg", None),
        ("B7/A1.jpg", "A1"),
        ("Ａ１.jpg", "A1"),
        ("驼色围巾/1.jpg", "驼色围巾"),
        ("1.jpg", None),
        ("A1", "A1"),
        ("", None),
    ],
)
def test_a_name_begins_with_the_code_or_lies_in_its_folder(name: str, code: str | None) -> None:
    codes = {folded(one): one for one in ("A1", "A1-2", "B7", "驼色围巾")}
    assert code_for(name, codes) == code


@pytest.mark.parametrize("entry", [zipfile.ZipInfo, OfOldWindows])
def test_pictures_find_their_goods_the_main_one_first(
    app: Flask, wei: Actor, browser: FlaskClient, entry: type[zipfile.ZipInfo]
) -> None:
    scarf, shawl = coded(wei, "A1"), coded(wei, "驼色2号")
    files = [("A1_10.jpg", 1), ("A1_2.jpg", 2), ("A1-主图.jpg", 3), ("驼色2号/正面.jpg", 4), ("别的.jpg", 5)]
    status, text = send(browser, zipped(*((name, jpeg(seed, SMALL)) for name, seed in files), entry=entry))
    assert (status, "放好 4 张" in text, "没放上 1 张" in text, "别的.jpg" in text) == (200, True, True, True)
    worked(app)
    assert [one.made_at is not None for one in pictures_of(shawl.id)] == [True]
    wanted = [saved(drawn(seed, SMALL), "JPEG", quality=90) for seed in (3, 2, 1)]
    assert [one.source for one in pictures_of(scarf.id)] == [_hash(data) for data in wanted]


def test_codes_that_look_alike_get_no_picture_of_each_other(wei: Actor, browser: FlaskClient) -> None:
    large, small, wide, other = (coded(wei, code) for code in ("D-88", "d-88", "Ｄ－８８", "e-9"))
    names = ("D-88.jpg", "d-88-2.jpg", "Ｄ－８８/1.jpg", "ｄ-88.jpg", "D-88/d-88.jpg", "E-9.jpg")
    _status, text = send(browser, zipped(*((name, jpeg(seed, SMALL)) for seed, name in enumerate(names))))
    assert ("没放上 2 张" in text, text.count("（D-88 / d-88 / Ｄ－８８），分不清是哪一款")) == (True, 2)
    wanted = [_hash(jpeg(seed, SMALL)) for seed in (0, 1, 2, 5)]
    assert [one.source for goods in (large, small, wide, other) for one in pictures_of(goods.id)] == wanted


def test_the_same_archive_twice_adds_nothing(wei: Actor, browser: FlaskClient) -> None:
    scarf, data = coded(wei, "A1"), zipped(("A1.jpg", jpeg(1, SMALL)))
    for _twice in range(2):
        _status, text = send(browser, data)
    assert ("放好 0 张" in text, "这张图片已经有了" in text, count(scarf)) == (True, True, 1)


def test_each_file_that_is_left_out_says_why(wei: Actor, browser: FlaskClient) -> None:
    coded(wei, "A1")
    coded(make_factory(YU), "Y1")
    strange = ("../../A1.jpg", "C:/A1.jpg", "/A1.jpg")
    files = [(name, jpeg(1, SMALL)) for name in (*strange, "Y1.jpg")]
    files += [("A1.txt", b"A1"), ("A1_small.jpg", jpeg(1, (100, 100))), ("__MACOSX/A1.jpg", b"x"), (".DS_Store", b"x")]
    _status, text = send(browser, zipped(*files))
    assert ("没放上 6 张" in text, text.count("文件的路径不正常"), text.count("没有这个货号")) == (True, 3, 1)
    assert "图片太小（100×100 像素）" in text
    assert session().scalars(select(ListingPicture)).all() == []


def locked() -> bytes:
    data = bytearray(zipped(("A1.jpg", b"x" * 99)))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying() -> bytes:
    """A directory that says of a hundred thousand bytes that they are five."""
    data = bytearray(zipped(("A1.jpg", b"\0" * 100_000)))
    for head, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(head) + place
        data[at : at + 4] = (5).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no archive", "ZIP 打不开"),
        (zipped(("A1.jpg", jpeg()))[:-30], "ZIP 打不开"),
        (lying(), "ZIP 打不开"),
        (zipped(), "ZIP 里没有文件"),
        (locked(), "ZIP 加了密码"),
        (zipped(*((f"A1_{n}.jpg", b"") for n in range(4))), "ZIP 里的文件超过 3 个"),
        (zipped(("A1.jpg", b"\0" * 300_000)), "ZIP 解压后超过"),
    ],
)
def test_an_archive_that_is_refused_leaves_nothing_behind(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch, data: bytes, said: str
) -> None:
    coded(next(iter(app.extensions["people"].values())), "A1")
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    for module in (archive, albums):
        monkeypatch.setattr(module, "MAX_UNPACKED_BYTES", 200_000)
    before = _kept(app)
    status, text = send(browser, data)
    assert (status, said in text) == (422, True), text
    assert (_kept(app), session().scalars(select(ListingPicture)).all()) == (before, [])


def test_a_file_that_breaks_half_way_undoes_those_before_it(app: Flask, wei: Actor, browser: FlaskClient) -> None:
    scarf = coded(wei, "A1")
    data = bytearray(zipped(("A1_1.jpg", jpeg(1, SMALL)), ("A1_2.jpg", jpeg(2, SMALL))))
    second = data.index(b"A1_2.jpg") + 400
    data[second] ^= 0xFF
    before = _kept(app)
    status, _text = send(browser, bytes(data))
    assert (status, count(scarf), _kept(app)) == (422, 0, before)


def test_more_than_other_forms_hold_is_taken_from_who_may_send_it(app: Flask, browser: FlaskClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="archive"; filename="a.zip"\r\n\r\n'
    large = {"data": head + b"\0" * (22 << 20) + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}
    assert browser.post(PLACE, **large).status_code == 422
    assert app.test_client().post(PLACE, **large).status_code in {401, 413}


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()


def _kept(app: Flask) -> int:
    """How many files lie there."""
    folder = files_of(app)._folder  # type: ignore[attr-defined]  # noqa: SLF001
    return sum(1 for path in folder.rglob("*") if path.is_file())


def test_a_name_without_end_is_looked_at_by_its_end() -> None:
    assert code_for("A1" + "\ufdfa" * 21_000 + ".jpg", {"a1": "A1"}) is None
    assert code_for("x/" * 30_000 + "A1/2.jpg", {"a1": "A1"}) == "A1"
