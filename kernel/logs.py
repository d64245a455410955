"""Logs: what happened where, one line each; never the values that a statement or a function held at that moment."""

from __future__ import annotations

import sys

import structlog


def configure(*, production: bool) -> None:
    """Write JSON lines in production and coloured ones elsewhere; tracebacks show code, no local variables."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *_rendering(production=production),
        ],
    )


def _rendering(*, production: bool) -> list[structlog.typing.Processor]:
    if production:
        plain = structlog.processors.format_exc_info
        return [plain, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(),
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]
