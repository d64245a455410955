"""Every route says who may come in."""

from flask import Flask

from kernel.permissions import Permission
from kernel.web import PUBLIC


def undeclared(app: Flask) -> list[str]:
    """Complain about routes that declare neither a permission nor `public`."""
    return [
        f"{rule.rule}: {rule.endpoint} declares no access"
        for rule in app.url_map.iter_rules()
        if not _declares(getattr(app.view_functions[rule.endpoint], "access", None))
    ]


def _declares(access: object) -> bool:
    return access == PUBLIC or isinstance(access, Permission)
