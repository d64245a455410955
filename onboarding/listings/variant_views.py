"""The page of a listing's variants: its options and values, and the matrix of prices and stock that follows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request

from kernel.errors import DomainError
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say
from onboarding.listings import again, queries, shaping
from onboarding.listings.batch import COLUMNS, WAYS
from onboarding.listings.changes import refused_of, spelled, waiting_edit
from onboarding.listings.clearance import filled_in, reductions
from onboarding.listings.matrix import NAME_CAP, OPTIONS_MOST, SKUS_MOST, VALUE_CAP, options_of
from onboarding.listings.matrix_forms import (
    applied_to,
    bulk_of,
    matrix_schema,
    options_schema,
    shown_options,
    split_matrix,
    told_options,
)
from onboarding.listings.naming import names_asked
from onboarding.listings.rules import LISTING, REASONS
from onboarding.listings.schemas import typed_again

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.listings.clearance import Reduced
    from onboarding.listings.matrix import Option
    from onboarding.listings.models import Listing

blueprint = Blueprint("variants", __name__)

_EDIT = Permission.LISTING_GOODS_EDIT


@blueprint.get("/factory/listings/<listing>/variants")
@requires(_EDIT)
def variants(listing: str) -> Response:
    """What variants there are, at which prices, how many; asked to reduce, with lower prices for what lies."""
    found = queries.own_listing(actor(), listing)
    proposed = reductions(found, now=now()) if "reduce" in request.args else []
    return _variants_page(found, form=filled_in(found.skus, proposed) if proposed else None, reduced=proposed)


@blueprint.post("/factory/listings/<listing>/options")
@requires(_EDIT)
def shape(listing: str) -> BaseResponse:
    """Lay the variants out by other options and values."""
    found = queries.own_listing(actor(), listing)
    try:
        form = form_data(options_schema(request.form))
        shaped = shaping.shape_variants(
            actor=actor(),
            listing=listing,
            options=told_options(form),
            fill=form["fill"] == "yes",
            agreed=form["agreed"],
            shown=shown_options(form),
            now=now(),
        )
    except DomainError as refusal:
        return _variants_page(found, refusal, options_form=request.form)
    if shaped.renamed:
        say(
            _("规格改好了。改的名字和新加的规格审核通过后才生效，结果会发短信通知您；原有的规格照原来的名字卖。"),
            "warn",
        )
    elif shaped.wait:
        say(_("规格改好了。新加的规格审核通过后才开卖，结果会发短信通知您；原有的规格照常卖。"), "warn")
    else:
        say(_("规格改好了：新增 %(made)s 个，去掉 %(gone)s 个。", made=shaped.made, gone=shaped.gone))
    return redirect(f"/factory/listings/{listing}/variants", 303)


@blueprint.post("/factory/listings/<listing>/variants")
@requires(_EDIT)
def save(listing: str) -> BaseResponse:
    """Keep prices, stock, weights and what is off sale; or write one change into many fields, and show them first."""
    found = queries.own_listing(actor(), listing)
    try:
        form = form_data(matrix_schema(sku.public_id for sku in found.skus))
        if form["then"] == "bulk":
            return _variants_page(found, form=applied_to(request.form, form, found.skus, bulk_of(form)), applied=True)
        changes = split_matrix(form, found.skus, who=actor().user)
        waiting = shaping.set_variants(actor=actor(), listing=listing, changes=changes, now=now())
        if form["then"] == "again":
            again.ask_again(actor=actor(), listing=listing, whole=False, now=now())
    except DomainError as refusal:
        typed = typed_again(request.form, refusal)
        return _variants_page(queries.own_listing(actor(), listing), refusal, form=typed)
    if form["then"] == "again":
        say(_("已保存。新规格已提交审核，通过后开卖，结果会发短信通知您。"))
    elif waiting:
        say(
            _("已保存。有 %(count)s 个价格改动较大，审核后生效，期间按原价卖；其他改动马上生效。", count=waiting),
            "warn",
        )
    else:
        say(_("已保存。"))
    return redirect(f"/factory/listings/{listing}/variants", 303)


def _variants_page(
    listing: Listing,
    error: DomainError | None = None,
    *,
    form: Mapping[str, str] | None = None,
    options_form: Mapping[str, str] | None = None,
    applied: bool = False,
    reduced: Sequence[Reduced] = (),
) -> Response:
    live = [sku for sku in listing.skus if not sku.off]
    options = options_of(sku.options for sku in live)
    asked, new = names_asked(listing, waiting_edit(listing.id)), again.stands_of_new(listing)
    refused = refused_of(listing) if "refused" in new.values() else None
    return page(
        "listings/variants.html",
        listing=listing,
        lifecycle=LISTING,
        error=error,
        live=live,
        off=[sku for sku in listing.skus if sku.off],
        becomes={one.public_id: spelled(said) for one in live if (said := asked[one.public_id]) != one.options},
        new=new,
        idle=listing.state == "published" and any(stands != "waiting" for stands in new.values()),
        refused=refused.reason if refused else "",
        rows=_option_rows(options_of(asked[sku.public_id] for sku in live), options_form),
        options_form=options_form or {},
        takes_away=error.params.get("count", 0) if error and error.code == "variants.takes_away" else 0,
        scopes=[(f"{one.name}={value.name}", f"{one.name}：{value.name}") for one in options for value in one.values],
        form=form or {},
        applied=applied,
        reduced=reduced,
        columns=[(key, _(label)) for key, label in COLUMNS.items()],
        ways=[(key, _(label)) for key, label in WAYS.items()],
        reasons=[(key, _(label)) for key, label in REASONS.items()],
        caps={"options": OPTIONS_MOST, "skus": SKUS_MOST, "name": NAME_CAP, "value": VALUE_CAP},
        shapes=listing.state in shaping.SHAPED,
        editable=listing.state != "archived",
    )


def _option_rows(known: Sequence[Option], typed: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """The rows of the options' form: those there are, as typed where it was refused, and room for more."""
    rows = []
    for number in range(OPTIONS_MOST):
        option = known[number] if number < len(known) else None
        values = [value.name for value in option.values] if option else []
        name = option.name if option else ""
        rows.append(
            {
                "number": number,
                "was": name,
                "name": typed.get(f"option_{number}", "") if typed else name,
                "values": [_value_row(number, place, value, typed) for place, value in enumerate(values)],
                "paste": typed.get(f"paste_{number}", "") if typed else "",
            }
        )
    return rows


def _value_row(number: int, place: int, value: str, typed: Mapping[str, str] | None) -> dict[str, Any]:
    if not typed:
        return {"place": place, "was": value, "name": value, "dropped": False}
    told = typed.get(f"value_{number}_{place}", value)
    return {"place": place, "was": value, "name": told, "dropped": f"drop_{number}_{place}" in typed}
