"""Logs on stderr: plain lines on a terminal, JSON elsewhere."""

import logging
import os
import sys
from typing import Any

# structlog loads rich wherever it is installed, for tracebacks that the daemon never prints:
# 80 ms and 3.9 MB. A None in its place makes Python say that rich is missing.
_rich = sys.modules.get("rich")
if _rich is None:
    sys.modules["rich"] = None  # type: ignore[assignment]
import structlog  # noqa: E402 - after the lines above

if _rich is None:
    del sys.modules["rich"]


def get_logger() -> Any:
    """Return the logger of a module; its settings are those of :func:`configure`."""
    return structlog.get_logger()


def configure(level: str, style: str) -> None:
    """Set up logging.

    Args:
        level: debug, info, warning or error.
        style: console, json, or auto: console on a terminal and JSON elsewhere.
    """
    # PortAudio redirects file descriptor 2 while it starts, and would swallow log lines of other
    # threads. A duplicate of the descriptor stays open.
    stream = os.fdopen(os.dup(sys.stderr.fileno()), "w", buffering=1, encoding="utf-8")
    console = style == "console" or (style == "auto" and stream.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not console),
            structlog.dev.ConsoleRenderer(colors=stream.isatty())
            if console
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
