"""A paid order as the first tables kept it: rows in the order in which they refer to each other."""

from datetime import datetime, timedelta

from tests.cast import NOW

_AT = NOW.replace(tzinfo=None)
_LATER = datetime(2026, 3, 2, 4, 30)  # noqa: DTZ001  as the column keeps it
_ADDRESS = "sealed"

INSPECTION: tuple[str, dict[str, object]] = (
    "inspections",
    {
        "id": 1,
        "public_id": "ins_1",
        "organisation_id": 1,
        "inspected_by": 1,
        "recorded_at": _AT,
        **dict.fromkeys(("visited_on", "recorded_on"), _AT.date()),
        **dict.fromkeys(("at_address", "makes_goods", "fits_profile", "in_order"), True),
        "outcome": "passed",
        "note": "",
        "pictures": "0" * 64,
        "valid_until": _LATER.date() + timedelta(days=300),
    },
)
"""A visit as it was told before what the factory tells of itself was kept with it."""
ORDER: tuple[tuple[str, dict[str, object]], ...] = (
    (
        "users",
        {"id": 1, "public_id": "usr_1", "phone": "x", "phone_fingerprint": "f", "name": "林晓", "created_at": _AT},
    ),
    (
        "organisations",
        {"id": 1, "public_id": "fac_1", "kind": "factory", "name": "样绒厂", "slug": "yang", "created_at": _AT},
    ),
    (
        "listings",
        {
            "id": 1,
            "public_id": "lst_1",
            "organisation_id": 1,
            "code": "T1",
            "title": "羊绒围巾",
            "category": "服饰",
            "attributes": "{}",
            "description": "",
            "image": "",
            "state": "published",
            "reason": "",
            "created_at": _AT,
        },
    ),
    (
        "skus",
        {
            "id": 1,
            "public_id": "sku_1",
            "listing_id": 1,
            "organisation_id": 1,
            "options": "{}",
            "options_key": "",
            "retail_price_fen": 12_800,
            "currency": "CNY",
            "on_hand": 9,
            "reserved": 0,
            "made_to_order": False,
        },
    ),
    (
        "offers",
        {
            "id": 1,
            "public_id": "off_1",
            "organisation_id": 1,
            "listing_id": 1,
            "sku_id": 1,
            "kind": "own",
            "price_fen": 12_800,
            "currency": "CNY",
            "min_quantity": 1,
            "state": "on",
            "created_at": _AT,
        },
    ),
    (
        "order_groups",
        {
            "id": 1,
            "public_id": "grp_1",
            "buyer_id": 1,
            "buyer": "usr_1",
            "form_token": "t",
            "address": _ADDRESS,
            "total_fen": 12_800,
            "currency": "CNY",
            "placed_at": _AT,
            "expires_at": _LATER,
        },
    ),
    (
        "orders",
        {
            "id": 1,
            "public_id": "ord_1",
            "group_id": 1,
            "number": "Y1001-1",
            "organisation_id": 1,
            "seller": "fac_1",
            "seller_name": "样绒厂",
            "belt": "qinghe-cashmere",
            "way": "direct",
            "state": "paid",
            "goods_fen": 12_800,
            "freight_fen": 0,
            "total_fen": 12_800,
            "processing_fen": 77,
            "currency": "CNY",
            "cancel_reason": "",
            "placed_at": _AT,
            "paid_at": _AT,
        },
    ),
    (
        "order_lines",
        {
            "id": 1,
            "order_id": 1,
            "offer": "off_1",
            "sku_id": 1,
            "sku": "sku_1",
            "listing": "lst_1",
            "title": "羊绒围巾",
            "options": "{}",
            "image": "",
            "category": "服饰",
            "unit_price_fen": 12_800,
            "quantity": 1,
            "amount_fen": 12_800,
            "currency": "CNY",
        },
    ),
)

OWNER: tuple[str, dict[str, object]] = (
    "memberships",
    {"id": 1, "user_id": 1, "organisation_id": 1, "role": "owner", "created_at": _AT},
)
