"""Logs on stderr: for people on a terminal, JSON elsewhere."""

import logging
import os
import sys

import structlog


def configure(level: str, style: str) -> None:
    """Set up structlog.

    Args:
        level: debug, info, warning or error.
        style: console, json, or auto for console on a terminal and JSON elsewhere.
    """
    # A stream of our own: PortAudio's start silences file descriptor 2 for a moment, and a log
    # line of another thread would be lost in it.
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
