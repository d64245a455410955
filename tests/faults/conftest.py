"""The shop of the storefront's tests: the whole application, where time stands still until a test moves it."""

from tests.storefront.conftest import app, lin, shop

__all__ = ["app", "lin", "shop"]
