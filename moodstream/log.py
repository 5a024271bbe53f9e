"""Logs on stderr: for people on a terminal, JSON elsewhere."""

import logging
from typing import TextIO, cast

import structlog

from moodstream.outlet import Outlet, is_coloured

STDERR = 2


def configure(level: str, style: str, outlet: Outlet | None = None) -> None:
    """Set up structlog.

    Args:
        level: debug, info, warning or error.
        style: console, json, or auto for console on a terminal and JSON elsewhere.
        outlet: where the logs go; None is standard error.
    """
    # An outlet has a descriptor of its own: PortAudio silences number 2 for a moment when it
    # starts, and a log line of another thread would be lost.
    stream = outlet or Outlet(STDERR)
    console = style == "console" or (style == "auto" and stream.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not console),
            structlog.dev.ConsoleRenderer(colors=is_coloured(stream))
            if console
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", stream)),
        cache_logger_on_first_use=True,
    )
