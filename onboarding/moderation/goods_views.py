"""Pages of operators about goods: the list of their desk, one with its history, taking it off sale and putting back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, redirect, request

from kernel.desk import Sheet, chips, download, keeps_filters, usual_place
from kernel.errors import DomainError, NotFoundError
from kernel.i18n import coded_text, error_text, locale, ngettext
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.text import lazy
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.listings.rules import LISTING, TAKEDOWN_REASONS
from onboarding.listings.sharing import standing_takedown
from onboarding.listings.steps import is_held
from onboarding.listings.takedowns import restore, take_down_sharing
from onboarding.moderation import queries
from onboarding.moderation.goods import goods, goods_file, reaches
from onboarding.moderation.goods_tables import GOODS
from onboarding.moderation.matters import goods_matter
from onboarding.moderation.rules import CASE
from onboarding.moderation.schemas import RestoreForm, TakedownForm
from onboarding.moderation.tables import SUBJECTS
from onboarding.pictures.queries import goods_alike

if TYPE_CHECKING:
    from collections.abc import Collection

    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.listings.models import Listing
    from onboarding.listings.takedowns import TakenDown
    from onboarding.moderation.goods import GoodsFile

blueprint = Blueprint("goods", __name__, template_folder="templates")

_HERE: Final = "/ops/goods"
_SHOWN: Final = 60
_ALSO: Final = {
    "certificate": lazy("用同一张证书的全部商品"),
    "factory": lazy("这家工厂在售的全部商品"),
    "picture": lazy("用同一张图片的全部商品"),
}


@blueprint.get("/ops/goods")
@requires(Permission.OPS_CASES_VIEW)
@keeps_filters
def listed() -> Response | BaseResponse:
    """The goods of this operator's desk."""
    options = queries.places_on_desk(actor(), locale())
    sheet = Sheet(GOODS, lambda asked: goods(actor(), asked.values), options=options)
    return usual_place(GOODS) or download(sheet) or page("moderation/goods.html", sheet=sheet, chips=chips(sheet))


@blueprint.get("/ops/goods/<listing>")
@requires(Permission.OPS_CASES_VIEW)
def one(listing: str) -> Response:
    """Goods with everything that was ever decided about them."""
    return _goods_page(listing)


@blueprint.get("/ops/goods/<listing>/takedown")
@requires(Permission.OPS_CASES_DECIDE)
def asked(listing: str) -> Response:
    """Which goods are meant, before they are taken down."""
    return _takedown_page(listing)


@blueprint.post("/ops/goods/<listing>/takedown")
@requires(Permission.OPS_CASES_DECIDE)
def take_down(listing: str) -> Response | BaseResponse:
    """Take them off sale, and say what was done and what was not."""
    found = _to_decide(listing)
    try:
        told, alike = form_data(TakedownForm()), goods_alike(found.listing.id)
        result = take_down_sharing(actor=actor(), listing=listing, **told, alike=alike, now=now())
    except DomainError as error:
        return _takedown_page(listing, error)
    said = ngettext("已下架 %(num)s 款，已通知老板。", "已下架 %(num)s 款，已通知老板。", len(result.done))
    if result.skipped or result.away:
        return _told(found, result, said if result.done else "")
    say(said, "good")
    return redirect(f"{_HERE}/{listing}", 303)


@blueprint.post("/ops/goods/<listing>/restoration")
@requires(Permission.OPS_CASES_DECIDE)
def put_back(listing: str) -> Response | BaseResponse:
    """Put them back on sale."""
    found = _to_decide(listing)
    try:
        restore(actor=actor(), listing=listing, **form_data(RestoreForm()), now=now())
    except DomainError as error:
        return _goods_page(listing, error)
    if is_held(found.listing):
        say(_("平台的下架已撤销，已通知老板；知识产权通知还没结束，商品还不能卖。"))
    else:
        say(_("已恢复销售，已通知老板。"), "good")
    return redirect(f"{_HERE}/{listing}", 303)


def _goods_page(listing: str, error: DomainError | None = None) -> Response:
    if isinstance(error, NotFoundError):
        raise error
    found = goods_file(actor(), listing)
    may_decide = actor().holds(Permission.OPS_CASES_DECIDE) and not found.barred
    return page(
        "moderation/one_goods.html",
        error=error,
        found=found,
        actions=_actions(found.listing) if may_decide else (),
        held=is_held(found.listing),
        barred=coded_text(found.barred, {}) if found.barred else "",
        goods_lifecycle=LISTING,
        lifecycle=CASE,
        subjects=dict(SUBJECTS),
        reaches=reaches(actor(), found.listing),
        also=_ALSO,
        note=request.form.get("note", ""),
        **goods_matter(found.listing, now=now()),
    )


def _actions(listing: Listing) -> Collection[str]:
    """What can be done: goods that a notice alone keeps down can be taken down besides, and not be put back."""
    if is_held(listing) and standing_takedown(listing.id) is None:
        return ("take_down",)
    return LISTING.actions(listing.state)


def _takedown_page(listing: str, error: DomainError | None = None) -> Response:
    if isinstance(error, NotFoundError):
        raise error
    found = _to_decide(listing)
    by = request.values.get("by", "")
    reach = next((one for one in reaches(actor(), found.listing) if one.by == by), None)
    others = reach.goods if reach else ()
    return page(
        "moderation/takedown.html",
        error=error,
        found=found,
        by=by if reach else "",
        also=_ALSO,
        meant=[found.listing, *others][:_SHOWN],
        many=len(others) + 1,
        unlisted=max(len(others) + 1 - _SHOWN, 0),
        away=reach.away if reach else 0,
        reasons=TAKEDOWN_REASONS,
        values=request.form,
    )


def _to_decide(listing: str) -> GoodsFile:
    """Goods of this operator's desk that she may decide about."""
    found = goods_file(actor(), listing)
    if found.barred:
        raise NotFoundError
    return found


def _told(found: GoodsFile, result: TakenDown, said: str) -> Response:
    """What became of many, each a way to the goods."""
    meant: list[Listing] = [found.listing, *(one for reach in reaches(actor(), found.listing) for one in reach.goods)]
    titles = {one.public_id: one.title for one in meant}
    away = ngettext(
        "另有 %(num)s 款不在您的范围内，没有动，请转给同事。",
        "另有 %(num)s 款不在您的范围内，没有动，请转给同事。",
        result.away,
    )
    return page(
        "moderation/taken_down.html",
        back=f"{_HERE}/{found.listing.public_id}",
        goods_title=found.listing.title,
        said=said,
        away=away if result.away else "",
        skipped=[(titles.get(one, one), error_text(why), f"{_HERE}/{one}") for one, why in result.skipped.items()],
        done=[(titles.get(one, one), "", f"{_HERE}/{one}") for one in result.done],
    )
