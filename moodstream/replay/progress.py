"""Progress of a replay on standard error, and complaints."""

import os
import sys
import time
from collections.abc import Sequence
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import click

from moodstream.outlet import lead_nowhere
from moodstream.text import printable

STDERR = 2
LONGEST_LINE = 4096
"""Longest complaint, cells; paths are shorter."""


class Progress:
    """Progress bar over the bytes of the recordings, with their number and the speed.

    Sizes in bytes are known without opening the files, which may be thousands, or pipes.

    Args:
        files: recordings to replay.
        hidden: whether to show nothing.
    """

    def __init__(self, files: Sequence[Path], *, hidden: bool) -> None:
        self._sizes = {path: _size(path) for path in files} if not hidden else {}
        self._files_n, self._done_n = len(files), 0
        self._behind: dict[Path, int] = {}
        self._left = sum(self._sizes.get(path, 0) for path in files)
        self._heard_s = 0.0
        self._begun_s = time.monotonic()
        self._bar: Any = click.progressbar(
            length=max(1, self._left),
            hidden=hidden,
            width=20,
            show_eta=False,
            item_show_func=lambda _: self._speed(),
            file=sys.stderr,
        )

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.__exit__(kind, error, traceback)

    def advance(self, path: Path, heard_s: float, behind: float) -> None:
        """Show progress within a recording.

        Args:
            path: of the recording.
            heard_s: seconds heard since the last call.
            behind: finished part of the file, 0 .. 1.
        """
        self._heard_s += heard_s
        self._move(path, behind)

    def done(self, path: Path) -> None:
        """Count a recording as finished, whether it succeeded or not."""
        self._done_n += 1
        self._move(path, 1.0)
        self._behind.pop(path, None)
        if self._done_n == self._files_n:
            self._bar.update(self._left)  # one file may be named twice
        self._bar.render_progress()

    def _move(self, path: Path, behind: float) -> None:
        before, now = self._behind.get(path, 0), int(behind * self._sizes.get(path, 0))
        if now > before:
            self._behind[path] = now
            self._bar.update(now - before)
            self._left -= now - before

    def _speed(self) -> str:
        """Return the speed as text; an hour a minute is 60 times real time."""
        speed = self._heard_s / 60 / max(1e-3, time.monotonic() - self._begun_s)
        return f"{self._done_n}/{self._files_n} files, {speed:.1f} h/min"


def quieten_libraries() -> None:
    """Keep the output of C libraries, such as libmpg123, off standard error.

    They write to file descriptor 2, which now leads to /dev/null. Python writes to a duplicate.
    """
    sys.stderr.flush()
    kept = FileIO(os.dup(sys.stderr.fileno()), "w")
    sys.stderr = TextIOWrapper(
        BufferedWriter(kept), sys.stderr.encoding, "backslashreplace", line_buffering=True
    )
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDERR)
    os.close(nowhere)


def tell(text: str) -> None:
    """Write a line to standard error, in place of the progress bar if there is one.

    A write error is ignored, so that the replay continues.
    """
    line = printable(text, LONGEST_LINE)
    try:
        click.echo(f"\r\x1b[K{line}" if sys.stderr.isatty() else line, err=True)
    except OSError:
        lead_nowhere(sys.stderr)


def _size(path: Path) -> int:
    try:
        return max(1, path.stat().st_size)
    except OSError:
        return 1
