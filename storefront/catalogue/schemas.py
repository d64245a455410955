"""What the address of a factory's shop may hold; what cannot be read of it is left out, so that no link is broken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlencode

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from kernel.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

SORTS: Final = ("newest", "price", "-price")
_WORDS: Final = 40
_LAST_PAGE: Final = 1_000


class ShopSchema(Schema):
    """`q category sort page`."""

    class Meta(Schema.Meta):
        """Campaign marks and the like are no error in an address."""

        unknown = EXCLUDE

    q = fields.String(validate=validate.Length(max=_WORDS))
    category = fields.String(validate=validate.Length(max=40))
    sort = fields.String(validate=validate.OneOf(SORTS))
    page = fields.Integer(validate=validate.Range(1, _LAST_PAGE))


@dataclass(frozen=True, kw_only=True)
class ShopChoice:
    """What somebody looks for in one shop, and the address of every next choice."""

    path: str
    q: str = ""
    category: str = ""
    sort: str = SORTS[0]
    page: int = 1

    @classmethod
    def read(cls, path: str, arguments: Mapping[str, str]) -> Self:
        """What an address asks for."""
        given: dict[str, Any] = {**arguments, "q": clean(arguments.get("q", ""))[:_WORDS]}
        schema = ShopSchema()
        try:
            loaded = schema.load(given)
        except ValidationError as error:
            loaded = schema.load({name: value for name, value in given.items() if name not in error.messages_dict})
        return cls(path=path, **loaded)

    def url(self, **changes: Any) -> str:  # noqa: ANN401  the fields of this dataclass
        """The address after a change; any change but of the page leads to the first page."""
        other = replace(self, **{"page": 1, **changes})
        sort, page = "" if other.sort == SORTS[0] else other.sort, str(other.page) if other.page > 1 else ""
        pairs = (("q", other.q), ("category", other.category), ("sort", sort), ("page", page))
        chosen = urlencode([(name, value) for name, value in pairs if value])
        return f"{self.path}?{chosen}" if chosen else self.path
