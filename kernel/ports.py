"""The running deployment's implementations, asked for by the port they fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

Port = TypeVar("Port")


class Ports:
    """One implementation per port, fixed when the application is composed."""

    def __init__(self, implementations: Mapping[type[object], object]) -> None:
        self._implementations = dict(implementations)

    def get(self, port: type[Port]) -> Port:
        """The implementation of a port, such as `ports.get(Rail)`."""
        return cast("Port", self._implementations[port])
