"""Logs on stderr: plain lines on a terminal, JSON elsewhere."""

import contextvars
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, TextIO, cast

from moodstream.outlet import Outlet
from moodstream.text import coloured

INTERVALS_S = (60.0, 600.0, 3600.0, 6 * 3600.0, 24 * 3600.0)
"""Seconds between two reports of the same trouble: a minute at first, a day in the end."""
MAX_SUBJECTS = 8
"""Subjects of a message that are told apart; what a program says may hold an address or a time."""
STDERR = 2


class Logger:
    """Logger that loads structlog with its first line; most commands log nothing."""

    def debug(self, event: str, **fields: Any) -> None:
        """Log a detail for developers."""
        self._bound.debug(event, **fields)

    def info(self, event: str, **fields: Any) -> None:
        """Log a normal change."""
        self._bound.info(event, **fields)

    def warning(self, event: str, **fields: Any) -> None:
        """Log a problem that the program copes with."""
        self._bound.warning(event, **fields)

    def error(self, event: str, **fields: Any) -> None:
        """Log a problem that ends something."""
        self._bound.error(event, **fields)

    @cached_property
    def _bound(self) -> Any:
        return _structlog().get_logger()


def bind(**fields: Any) -> None:
    """Add fields to all lines that this thread logs from now on, and those of :func:`thread`."""
    _structlog().contextvars.bind_contextvars(**fields)


def thread(target: Callable[[], None], name: str) -> threading.Thread:
    """Return a daemon thread that logs with the fields of its creator."""
    run = contextvars.copy_context().run
    return threading.Thread(target=run, args=(target,), name=name, daemon=True)


class _Settings:
    """Arguments of :func:`configure`, until structlog is loaded."""

    apply: Callable[[ModuleType], None] | None = None


def get_logger() -> Logger:
    """Return the logger of a module; its settings are those of :func:`configure`."""
    return Logger()


def configure(level: str, style: str, outlet: Outlet | None = None) -> None:
    """Set up logging.

    Args:
        level: debug, info, warning or error.
        style: console, json, or auto: console on a terminal and JSON elsewhere.
        outlet: where the logs go; None is standard error.
    """
    # PortAudio redirects file descriptor 2 while it starts, and would swallow log lines of other
    # threads. An outlet has a descriptor of its own.
    stream = cast("TextIO", outlet or Outlet(STDERR))

    def apply(structlog: ModuleType) -> None:
        _apply(structlog, level, style, stream)

    _Settings.apply = apply
    if "structlog" in sys.modules:
        _structlog()


def _structlog() -> ModuleType:
    """Return structlog, with the settings last given."""
    # If rich is installed, structlog loads it for tracebacks that the daemon never prints. That
    # costs 80 ms and 3.9 MB. A None in its place makes Python report that rich is missing.
    is_new = "rich" not in sys.modules
    if is_new:
        sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import structlog  # noqa: PLC0415 - with asyncio, 60 ms that replay does not need
    finally:
        if is_new:
            del sys.modules["rich"]
    if _Settings.apply:
        apply, _Settings.apply = _Settings.apply, None
        apply(structlog)
    return structlog


def _apply(structlog: Any, level: str, style: str, stream: TextIO) -> None:
    import logging  # noqa: PLC0415

    console = style == "console" or (style == "auto" and stream.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not console),
            structlog.dev.ConsoleRenderer(colors=coloured(stream))
            if console
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )


log = get_logger()


@dataclass
class _Said:
    """History of one kind of problem."""

    logged_s: float
    happened_s: float
    step: int = 0
    held_back: int = 0


class Seldom:
    """Logger of problems that may repeat: immediately, then at growing intervals.

    Trouble that returns after a quiet time longer than the next interval counts as new. A day
    later it is forgotten.

    Args:
        clock: monotonic clock, seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said: dict[str, dict[str, _Said]] = {}  # by message and subject

    def warning(self, event: str, subject: str = "", **fields: Any) -> bool:
        """Log a warning if it is due; return whether it was.

        Args:
            event: the message.
            subject: distinguishes kinds of problems with the same message; empty for a single kind.
            fields: as structlog takes them; ``repeated`` is added when some were held back.
        """
        held_back = self._due(self._kinds(event), subject)
        if held_back is None:
            return False
        log.warning(event, **fields, **({"repeated": held_back} if held_back else {}))
        return True

    def _kinds(self, event: str) -> dict[str, _Said]:
        """Return the past of each subject of a message, without what is over."""
        oldest_s = self._clock() - INTERVALS_S[-1]
        kinds = self._said.get(event, {})
        self._said[event] = {k: said for k, said in kinds.items() if said.happened_s >= oldest_s}
        return self._said[event]

    def _due(self, kinds: dict[str, _Said], subject: str) -> int | None:
        """Return how many were held back since the last line, None if this one is, too."""
        if subject not in kinds and len(kinds) >= MAX_SUBJECTS:
            subject = ""  # all further ones are one kind
        now_s = self._clock()
        said = kinds.get(subject)
        if said is None or now_s - said.happened_s > _interval_s(said.step + 1):
            said = _Said(now_s, now_s, held_back=said.held_back if said else 0)
        elif now_s - said.logged_s >= _interval_s(said.step):
            said.logged_s, said.step = now_s, said.step + 1
        else:
            said.held_back += 1
            said.happened_s = now_s
            return None
        held_back, said.held_back, said.happened_s = said.held_back, 0, now_s
        kinds[subject] = said
        return held_back


def _interval_s(step: int) -> float:
    return INTERVALS_S[min(step, len(INTERVALS_S) - 1)]
