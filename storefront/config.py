"""Settings of one deployment, read once from the environment; production refuses to start half-configured."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.text import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

DEVELOPMENT_SECRET = "development-only-secret-never-in-production"  # noqa: S105  its name says what it is
_MEBIBYTE = 1024 * 1024


class ConfigurationError(SystemExit):
    """The environment lacks something; the text says which variable and why."""


@dataclass(frozen=True)
class Config:
    """What a deployment may choose."""

    environment: str = "development"
    data_dir: Path = Path("var")
    database_url: str = ""
    secret_key: str = DEVELOPMENT_SECRET
    public_url: str = "http://127.0.0.1:8000"
    channel_name: str = lazy("源头")
    limits_scale: int = 1
    sandbox: bool = False
    staff_second_factor: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Config:
        """Read the variables of `docs/deployment.md`; raises ConfigurationError."""
        config = cls(
            environment=environment.get("YUANTOU_ENV", cls.environment),
            data_dir=Path(environment.get("DATA_DIR", "var")).resolve(),
            database_url=environment.get("DATABASE_URL", ""),
            secret_key=environment.get("SECRET_KEY", DEVELOPMENT_SECRET),
            public_url=environment.get("PUBLIC_URL", f"http://127.0.0.1:{environment.get('PORT', '8000')}"),
            channel_name=environment.get("CHANNEL_NAME", cls.channel_name),
            limits_scale=int(environment.get("LIMITS_SCALE", "1")),
            sandbox=environment.get("SANDBOX") == "yes",
            staff_second_factor=environment.get("STAFF_SECOND_FACTOR", ""),
        )
        config.check()
        return config

    @property
    def is_production(self) -> bool:
        """Whether real people and money depend on this deployment."""
        return self.environment == "production"

    @property
    def staff_needs_second_factor(self) -> bool:
        """Whether operators and finance get to their pages with a second factor only: in production unless said."""
        return (self.staff_second_factor or ("required" if self.is_production else "offered")) == "required"

    @property
    def sqlalchemy_url(self) -> str:
        """The database: PostgreSQL by `DATABASE_URL`, else the embedded SQLite file."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'yuantou.db'}"
        return url.replace("postgres://", "postgresql://").replace("postgresql://", "postgresql+psycopg://", 1)

    def check(self) -> None:
        """Refuse what would be unsafe, naming the variable."""
        if self.environment not in {"development", "production"}:
            raise ConfigurationError(f"YUANTOU_ENV is {self.environment!r}: use development or production")
        if self.staff_second_factor not in {"", "required", "offered"}:
            raise ConfigurationError(f"STAFF_SECOND_FACTOR is {self.staff_second_factor!r}: use required or offered")
        if not self.is_production:
            return
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 32:  # noqa: PLR2004
            raise ConfigurationError("SECRET_KEY is missing or shorter than 32 characters: set it before production")
        if not self.public_url.startswith("https://"):
            raise ConfigurationError("PUBLIC_URL must start with https:// in production")
        if not self.sandbox:
            raise ConfigurationError(
                "SANDBOX=yes is missing: this release knows only the sandbox rail and no SMS provider: no money "
                "moves and no code is sent. Set it for a rehearsal, and only for that",
            )
        if self.limits_scale != 1:
            raise ConfigurationError("LIMITS_SCALE is for tests: unset it in production")

    def flask_settings(self) -> dict[str, Any]:
        """The settings as Flask and its extensions name them."""
        return {
            "YUANTOU_ENV": self.environment,
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.sqlalchemy_url,
            "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
            "SESSION_COOKIE_NAME": "__Host-yuantou" if self.is_production else "yuantou",
            "SESSION_COOKIE_SECURE": self.is_production,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": 30 * 86400,
            # A late picture must not bring back the cookie of before: the cart and what is said once live in it.
            "SESSION_REFRESH_EACH_REQUEST": False,
            "MAX_CONTENT_LENGTH": 21 * _MEBIBYTE,
            "MAX_FORM_MEMORY_SIZE": _MEBIBYTE,
            "WTF_CSRF_TIME_LIMIT": None,
            "CHANNEL_NAME": self.channel_name,
            "PUBLIC_URL": self.public_url,
            "LIMITS_SCALE": self.limits_scale,
            **self.extra,
        }
