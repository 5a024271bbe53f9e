"""Logs on stderr: for people on a terminal, JSON elsewhere."""

import logging
import sys

import structlog


def configure(level: str, style: str) -> None:
    """Set up structlog.

    Args:
        level: debug, info, warning or error.
        style: console, json, or auto for console on a terminal and JSON elsewhere.
    """
    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not console),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
            if console
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
