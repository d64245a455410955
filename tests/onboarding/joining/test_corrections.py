"""What an operator asks an owner to correct: pointed out, not handed in unmended, read again beside the next case."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel.errors import InvalidInputError
from onboarding.licences.operations import upload_licence
from onboarding.moderation.operations import ask_case
from onboarding.verification.operations import hand_in
from onboarding.verification.rules import Papers
from tests.cast import TAN, WEI
from tests.onboarding.people import CODES, QINGHE, factory, noon, operator, said, sign_in, user, waiting

HERE = "/join/factory"


def sent_back(*fields: str) -> None:
    """Wei's factory is to correct these."""
    factory(WEI)
    case = waiting(operator(TAN))[0].public_id
    ask_case(actor=operator(TAN), case=case, fields=fields, reason="请按执照改", now=noon())


def another_photo() -> None:
    """She takes a new one."""
    upload_licence(actor=user(WEI), organisation=user(WEI).memberships[0].organisation, photo_key="1" * 64, now=noon())


@pytest.mark.parametrize(
    ("field", "mended"),
    [
        ("uscc", {"uscc": CODES[1]}),
        ("name", {"name": "丹阳明视眼镜二厂"}),
        ("legal_representative", {"papers": Papers(legal_representative="魏国强")}),
        ("address", {"papers": Papers(address="江苏省丹阳市眼镜城二楼")}),
        ("belt", {"belt": QINGHE}),
    ],
)
def test_what_was_asked_for_is_mended_or_not_handed_in(app: Flask, field: str, mended: dict[str, object]) -> None:
    sent_back(field)
    with pytest.raises(InvalidInputError) as refused:
        hand_in(actor=user(WEI), said=said(), now=noon())
    assert refused.value.fields == {field: ("field.unmended", {})}
    assert hand_in(actor=user(WEI), said=said(**mended), now=noon()).state == "submitted"


def test_a_photo_that_was_asked_for_is_a_new_one_and_answers_for_the_rest(app: Flask) -> None:
    sent_back("licence", "address")
    with pytest.raises(InvalidInputError) as refused:
        hand_in(actor=user(WEI), said=said(papers=Papers(address="江苏省丹阳市眼镜城二楼")), now=noon())
    assert refused.value.fields == {"licence": ("field.photo_unmended", {})}
    another_photo()
    assert hand_in(actor=user(WEI), said=said(), now=noon()).state == "submitted"


def test_she_is_led_to_the_photo_until_it_is_a_new_one(client: FlaskClient) -> None:
    sent_back("licence")
    sign_in(client, WEI)
    for url in ("/factory", HERE):
        assert f'href="{HERE}?photo=1"' in client.get(url).text, url
    shown = client.get(HERE).text
    assert "审核员请您换一张照片" in shown
    assert "data-asked" in shown
    another_photo()
    assert "新照片收到了" in client.get(f"{HERE}?by-hand=1").text
    assert "重新拍照" not in client.get("/factory").text


def test_who_looks_again_reads_what_was_asked_for(client: FlaskClient) -> None:
    sent_back("address")
    hand_in(actor=user(WEI), said=said(papers=Papers(address="江苏省丹阳市眼镜城二楼")), now=noon())
    sign_in(client, TAN)
    shown = client.get(f"/ops/cases/{waiting(operator(TAN))[0].public_id}").text
    earlier = shown[shown.index("以前的审核") :]
    assert "住所或经营场所" in earlier[: earlier.index("</ul>")]
