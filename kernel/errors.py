"""Refusals are types: the code is the message id of pages and the `error.code` of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Param = str | int


class DomainError(Exception):
    """Something may not be done; `code` says what, `params` fill the message."""

    status: ClassVar[int] = 422

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        filled = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code}({filled})"


class InvalidInputError(DomainError):
    """Fields that cannot be accepted: `{field: (code, params)}`."""

    def __init__(self, fields: Mapping[str, tuple[str, dict[str, Param]]]) -> None:
        super().__init__("input.invalid")
        self.fields = dict(fields)


class NotFoundError(DomainError):
    """There is no such thing for this actor; strangers get the same answer as for nothing at all."""

    status = 404

    def __init__(self, code: str = "not_found", **params: Param) -> None:
        super().__init__(code, **params)


class ForbiddenError(DomainError):
    """The actor sees the thing but may not do this."""

    status = 403

    def __init__(self, code: str = "forbidden", **params: Param) -> None:
        super().__init__(code, **params)


class TooManyError(DomainError):
    """A rate limit; `seconds` says when to try again."""

    status = 429
