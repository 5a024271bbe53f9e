"""How far many recordings are, on standard error."""

import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import click

from moodstream.audio.file import AudioFile, AudioFileError


class Progress:
    """A bar over the seconds of audio, with the recordings and the speed beside it.

    Args:
        files: what is going to be heard.
        hidden: whether to show nothing.
    """

    def __init__(self, files: Sequence[Path], *, hidden: bool) -> None:
        self._files_n, self._done_n = len(files), 0
        self._heard_s = 0.0
        self._begun_s = time.monotonic()
        total_s = 0.0 if hidden else sum(map(_duration_s, files))
        self._bar = click.progressbar(
            range(max(1, round(total_s))),
            hidden=hidden,
            width=20,
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

    def heard(self, seconds: float) -> None:
        """So much more audio has been heard."""
        whole = int(self._heard_s + seconds) - int(self._heard_s)
        self._heard_s += seconds
        self._bar.update(whole)

    def done(self) -> None:
        """A recording has been heard to its end, or will not be."""
        self._done_n += 1
        self._bar.render_progress()

    def _speed(self) -> str:
        """Hours of audio are heard in a minute as minutes are in a second."""
        speed = self._heard_s / 60 / max(1e-3, time.monotonic() - self._begun_s)
        return f"{self._done_n}/{self._files_n} files, {speed:.1f} h/min"


def tell(text: str) -> None:
    """A line on standard error, in place of the progress bar if there is one."""
    click.echo(f"\r\x1b[K{text}" if sys.stderr.isatty() else text, err=True)


def _duration_s(path: Path) -> float:
    with suppress(AudioFileError), AudioFile(path) as file:
        return file.estimated_n / file.rate
    return 0.0
