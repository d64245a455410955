"""A file becomes what is shown of it: bare, upright, no larger than it was, and labelled where AI made it."""

import json
import time
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.ExifTags import Base
from PIL.PngImagePlugin import PngInfo

from kernel.errors import DomainError
from kernel.pictures import Look, look
from onboarding.pictures.labels import DECLARED, label_in, xmp_of
from onboarding.pictures.making import make, seen_of
from onboarding.pictures.rules import ALIKE, Made, apart, arranged, bands, proposed_words, speaks
from tests.support.pictures import drawn, jpeg, saved

LABEL = {"Label": "1", "ContentProducer": "001191310000MA1", "ProduceID": "42"}
PLACE = "31°14'N Shanghai"


def made_of(data: bytes, *, declared: bool = False) -> tuple[Made, dict[str, Image.Image]]:
    """What is made, and its sizes by the ends of their names."""
    made, files = make(data, picture="pic_x", declared=declared)
    return made, {name.rpartition("/")[2]: Image.open(BytesIO(content)) for name, content in files.items()}


@pytest.mark.parametrize(
    ("wide", "sizes"), [(2000, {320, 800, 1600}), (1000, {320, 800, 1000}), (800, {320, 800}), (200, {200})]
)
def test_no_size_is_larger_than_what_was_handed_in(wide: int, sizes: set[int]) -> None:
    made, files = made_of(jpeg(size=(wide, 400)))
    assert {name.partition(".")[0] for name in files} == set(map(str, sizes))
    assert {name: picture.width for name, picture in files.items()} == {name: int(name[:-5]) for name in files}
    assert made.width == max(sizes)


def test_every_size_comes_in_both_kinds_under_the_name_that_its_address_tells() -> None:
    made, files = make(jpeg(), picture="pic_x", declared=False)
    told = Look("pic_x", made.digest[:16], made.width, made.height, by_ai=False)
    assert set(files) == {f"{told.name}/{size}.{kind}" for size in told.sizes for kind in ("webp", "avif")}
    assert look(told.address) == told
    assert {Image.open(BytesIO(content)).format for content in files.values()} == {"WEBP", "AVIF"}


def test_where_it_was_taken_stays_behind() -> None:
    exif = Image.Exif()
    exif[Base.ImageDescription] = PLACE
    exif.get_ifd(0x8825)[1] = "N"
    data = jpeg(exif=exif, comment=PLACE.encode())
    assert PLACE.encode() in data
    for picture in made_of(data)[1].values():
        assert not set(picture.info) & {"exif", "xmp", "comment", "icc_profile"}


def test_a_photo_stands_upright_however_the_phone_was_held() -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    made, _files = made_of(jpeg(size=(640, 400), exif=exif))
    assert (made.width, made.height) == (400, 640)


def test_colours_are_shown_as_the_camera_meant_them() -> None:
    common = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = common.replace(b"rXYZ", b"x---").replace(b"gXYZ", b"rXYZ").replace(b"x---", b"gXYZ")
    red = Image.new("RGB", (400, 400), (230, 20, 20))
    for profile, channel in ((b"", 0), (common, 0), (swapped, 1), (b"no profile", 0)):
        for picture in made_of(saved(red, "PNG", icc_profile=profile))[1].values():
            shown = picture.convert("RGB").getextrema()
            assert max(range(3), key=lambda place: shown[place]) == channel, profile[:20]


def carriers() -> dict[str, bytes]:
    """The same label wherever a file may carry it."""
    told = json.dumps(LABEL)
    exif, info = Image.Exif(), PngInfo()
    exif.get_ifd(Base.ExifOffset)[Base.UserComment] = b"ASCII\0\0\0" + json.dumps({"AIGC": LABEL}).encode()
    info.add_text("AIGC", told)
    return {
        "xmp of a jpeg": jpeg(xmp=xmp_of(told)),
        "xmp of a webp": saved(drawn(), "WEBP", xmp=xmp_of(told)),
        "exif of a jpeg": jpeg(exif=exif),
        "text of a png": saved(drawn(), "PNG", pnginfo=info),
    }


@pytest.mark.parametrize("where", carriers())
def test_a_label_is_found_kept_and_written_again(where: str) -> None:
    made, files = made_of(carriers()[where])
    assert json.loads(made.label) == LABEL
    for picture in files.values():
        assert json.loads(label_in([f"xmp: {picture.info['xmp'].decode()}"])) == LABEL


def test_a_label_outlives_being_handed_in_a_second_time() -> None:
    _made, files = make(jpeg(), picture="pic_x", declared=True)
    again, _files = made_of(next(content for name, content in files.items() if name.endswith("640.webp")))
    assert json.loads(again.label) == {"Label": "1"}


@pytest.mark.parametrize("unit", ['"Label"', "{", '{"Label"', '{"Label"}', "&aaaaaaaa", "&#9"])
def test_the_time_to_find_a_label_grows_with_the_length_alone(unit: str) -> None:
    short, long = (_spent("AIGC {" + unit * (length // len(unit))) for length in (8_000, 64_000))
    assert long < 24 * max(short, 0.01)  # eight times is even growth, sixty-four times what squares


def _spent(note: str) -> float:
    """Seconds of the processor that a text takes."""
    began = time.process_time()
    label_in([note])
    return time.process_time() - began


@pytest.mark.parametrize(
    "value",
    [
        '{"X": "Label", "ProduceID": "' + "a" * 5_000 + '"}',
        '{"Label": ' + "[" * 60_000,
        '{"Label": ' + "[" * 60_000 + "]" * 60_000 + "}",
        '{"Label": ' + "9" * 5_000 + "}",
        '{"Label": "\\ud800"}',
        '{"Label": ["1"]}',
        '{"X": "Label"}',
        '{"Label": "1"} &#' + "9" * 5_000 + ";" + '{"Label',
        "&#" + "9" * 5_000 + ";",
    ],
)
def test_a_label_that_cannot_be_read_is_one_nevertheless(value: str) -> None:
    assert label_in([f"AIGC {value}"]) == DECLARED


def test_what_iptc_calls_generated_is_labelled_and_a_photograph_is_not() -> None:
    generated = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>digitalsourcetype/trainedAlgorithmicMedia</x:xmpmeta>"
    assert made_of(jpeg(xmp=generated))[0].label
    assert not made_of(jpeg(xmp=b"<x:xmpmeta>xmlns:TC260='http://www.tc260.org.cn/ns/AIGC/1.0/'</x:xmpmeta>"))[0].label
    assert not made_of(jpeg())[0].label


def test_the_label_is_seen_inside_the_square_that_cards_show() -> None:
    plain, labelled = (made_of(jpeg(size=(1600, 1000)), declared=declared)[1] for declared in (False, True))
    for size in ("320.webp", "1600.webp"):
        picture, marked = plain[size].convert("L"), labelled[size].convert("L")
        short = min(picture.size)
        left, top = ((side - short) // 2 for side in picture.size)
        corner = (left + short // 2, top + short * 3 // 4, left + short, top + short)
        rest = (0, 0, picture.width, picture.height // 2)
        assert apart_by(picture.crop(corner), marked.crop(corner)) > 6
        assert apart_by(picture.crop(rest), marked.crop(rest)) < 4


def apart_by(one: Image.Image, other: Image.Image) -> float:
    """How far two grey pictures are apart, of 255."""
    pairs = zip(one.tobytes(), other.tobytes(), strict=True)
    return sum(abs(left - right) for left, right in pairs) / (one.width * one.height)


@pytest.mark.parametrize("data", [b"", b"GIF89a" + b"\0" * 30, b"<svg/>", jpeg()[:200]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(DomainError, match=r"photo\."):
        make(data, picture="pic_x", declared=False)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(320, 240), (900, 675)]), st.integers(45, 95))
def test_a_picture_is_known_again_made_smaller_and_saved_again(seed: int, size: tuple[int, int], quality: int) -> None:
    shown = drawn(seed, (1600, 1200))
    again = Image.open(BytesIO(saved(shown.resize(size), "JPEG", quality=quality)))
    assert apart(seen_of(shown), seen_of(again)) <= ALIKE
    assert apart(seen_of(shown), seen_of(drawn(seed + 1, (1600, 1200)))) > ALIKE


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=7))
def test_looks_that_differ_in_seven_bits_share_a_byte(seen: int, flipped: set[int]) -> None:
    other = seen ^ sum(1 << bit for bit in flipped)
    assert any(one == another for one, another in zip(bands(seen), bands(other), strict=True))


def test_a_blank_sheet_is_like_nothing() -> None:
    assert not speaks(seen_of(Image.new("RGB", (400, 400), "white")))
    assert speaks(seen_of(drawn()))


@pytest.mark.parametrize(
    ("asked", "move", "then"),
    [
        ("cab", "", "cab"),
        ("c", "", "cab"),
        ("xcc", "", "cab"),
        ("abc", "c:first", "cab"),
        ("abc", "c:earlier", "acb"),
        ("abc", "a:earlier", "abc"),
        ("abc", "a:later", "bac"),
        ("abc", "c:later", "abc"),
        ("abc", "x:first", "abc"),
        ("abc", "nonsense", "abc"),
    ],
)
def test_pictures_stand_in_the_order_asked_for(asked: str, move: str, then: str) -> None:
    assert "".join(arranged("abc", asked, move)) == then


def test_a_picture_is_proposed_to_be_called_after_its_goods_and_the_variant_in_its_name() -> None:
    options = [{"颜色": "红"}, {"颜色": "红棕"}]
    assert proposed_words("羊绒围巾", options, "A1_红棕.jpg") == "羊绒围巾 红棕"
    assert proposed_words("羊绒围巾", options, "IMG_1.jpg") == "羊绒围巾"
