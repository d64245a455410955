"""A copy of one's own data tells what became of goods, as its pages do: nobody who reported, no word of colleagues."""

from collections.abc import Callable
from dataclasses import replace
from zipfile import ZipFile

import pytest
from flask import Flask

from kernel.files import Files
from kernel.permissions import Actor, Role, Scope, StaffGrant
from onboarding.listings.takedowns import appeal, restore, take_down
from onboarding.moderation.operations import approve_case, refuse_case
from onboarding.notices.operations import counter, withdraw
from onboarding.reports.operations import report
from onboarding.reports.queries import goods_named, reports_of
from tests.cast import HUA, NOW, TAN, YU
from tests.onboarding.notices.rights import TOLD, WORDS, case_of, in_force, sent
from tests.onboarding.people import operator
from tests.storefront.leaving.test_copies import rows
from tests.storefront.shop import Shop, make_person
from tests.support.pictures import jpeg, made

Copied = Callable[[Actor], ZipFile]
SECRET, REPORTED = "同行举报，勿外传", "我是林晓，13800138001"


@pytest.fixture
def tan(app: Flask) -> Actor:
    return replace(make_person(TAN), staff=(StaffGrant(Role.OPERATOR, Scope()),))


def all_of(copy: ZipFile) -> str:
    return "".join(copy.read(name).decode() for name in copy.namelist() if name.endswith(".csv"))


def test_take_downs_with_her_appeal_and_without_words_of_colleagues(shop: Shop, copied: Copied) -> None:
    listing, why = shop.listing.public_id, {"reason_code": "words", "told": "标题写错了", "internal": SECRET}
    take_down(actor=operator(HUA), listing=listing, **why, now=NOW)
    appeal(actor=shop.wei, listing=listing, words="标题没有写错", now=NOW)
    copy = copied(shop.wei)
    [down] = rows(copy, "take-downs.csv")
    assert (down["原因"], down["平台说明"]) == ("文字会让买家误解", "标题写错了")
    assert (down["申诉"], down["结果"], down["结束时间"]) == ("标题没有写错", "", "")
    assert (SECRET in all_of(copy), HUA.name in all_of(copy)) == (False, False)


def test_a_take_down_that_ended_says_how(shop: Shop, tan: Actor, copied: Copied) -> None:
    listing, why = shop.listing.public_id, {"reason_code": "words", "told": "", "internal": ""}
    take_down(actor=tan, listing=listing, **why, now=NOW)
    restore(actor=tan, listing=listing, note=SECRET, now=NOW)
    copy = copied(shop.wei)
    assert ([one["结果"] for one in rows(copy, "take-downs.csv")], SECRET in all_of(copy)) == (["已恢复"], False)


def test_notices_with_her_own_evidence_and_without_how_to_reach_the_holder(
    app: Flask, shop: Shop, tan: Actor, copied: Copied
) -> None:
    holder = make_person(YU)
    notice = in_force(holder, tan, shop.listing)
    key = app.extensions["ports"].get(Files).put(b"\xff\xd8 mine")
    counter(actor=shop.wei, notice=notice, words=WORDS, promised=True, files=[("jpeg", key)], now=NOW)
    withdraw(actor=holder, notice=notice, now=NOW)
    copy = copied(shop.wei)
    [told] = rows(copy, "notices.csv")
    assert (told["权利人"], told["状态"], told["商品"]) == (TOLD.name, "权利人已撤回", shop.listing.title)
    assert WORDS in {one["说明"] for one in rows(copy, "notice-steps.csv")}
    assert [copy.read(name) for name in copy.namelist() if name.startswith("evidence/")] == [b"\xff\xd8 mine"]
    assert TOLD.contact not in all_of(copy)


def test_a_notice_that_was_not_forwarded_is_not_hers_to_read(shop: Shop, copied: Copied) -> None:
    sent(make_person(YU), shop.listing)
    assert rows(copied(shop.wei), "notices.csv") == []


def test_reports_that_were_borne_out_name_nobody(shop: Shop, tan: Actor, copied: Copied) -> None:
    listing = shop.listing.public_id
    for reason, decide in (("fake", refuse_case), ("false", approve_case)):
        goods = goods_named(listing)
        report(actor=shop.buyer, goods=goods, reason=reason, words=REPORTED, pictures=[], now=NOW)
        about = {"reason": "没有问题"} if decide is refuse_case else {"basis": "成分和说明不一致", "goods": []}
        decide(actor=tan, case=case_of(listing), **about, seen=reports_of(listing)[0].report, now=NOW)
    copy = copied(shop.wei)
    assert [(one["原因"], one["结果"]) for one in rows(copy, "reports.csv")] == [("虚假宣传", "商品已下架")]
    assert not [one for one in (REPORTED, shop.buyer.name, shop.buyer.user) if one in all_of(copy)]
    assert [one["平台说明"] for one in rows(copy, "take-downs.csv")] == ["成分和说明不一致"]


def test_pictures_are_listed(shop: Shop, copied: Copied) -> None:
    picture = made(shop.app, shop.wei, shop.listing.public_id, jpeg()).public_id
    copy = copied(shop.wei)
    [told] = rows(copy, "pictures.csv")
    assert (told["图片"] in copy.namelist(), picture in told["图片"], told["状态"]) == (True, True, "待审核")
