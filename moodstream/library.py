"""Many recordings, one after the other; one that is bad harms no other."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from moodstream.audio.chunk import Gap
from moodstream.audio.file import BLOCK_N, AudioFile, AudioFileError, in_real_time
from moodstream.message import Announcer, Message, recording_clock, wall_clock
from moodstream.pipeline import Pipeline
from moodstream.replay import steps
from moodstream.sinks import Sink, publish
from moodstream.summary import Summary

Advance = Callable[[float], None]
"""Takes the seconds of audio that have been heard since the last call."""


class Library:
    """Replays recordings.

    Args:
        pipeline: makes the one for the next recording.
        bundle: its sha256, for the messages.
        sinks: for states and events.
        realtime: whether to replay as slowly as it would be heard.
        stop: ends it early.
    """

    def __init__(
        self,
        pipeline: Callable[[], Pipeline],
        bundle: str,
        sinks: Sequence[Sink],
        *,
        realtime: bool,
        stop: threading.Event,
    ) -> None:
        self._pipeline, self._bundle, self._sinks = pipeline, bundle, sinks
        self._realtime, self._stop = realtime, stop
        self.failed = 0
        """Recordings that could not be read, or not to their end."""
        self._last: tuple[Pipeline, Announcer] | None = None

    @contextmanager
    def progress(self, files: Sequence[Path], *, hidden: bool) -> Iterator[Advance]:
        """A bar over the seconds of all these files on standard error."""
        total_s: float = 0.0 if hidden else sum(map(_duration_s, files))
        with click.progressbar(
            length=max(1, round(total_s)), hidden=hidden, file=sys.stderr
        ) as bar:
            heard_s = 0.0

            def advance(seconds: float) -> None:
                nonlocal heard_s
                whole = int(heard_s + seconds) - int(heard_s)
                heard_s += seconds
                bar.update(whole)

            yield advance

    def hear(self, path: Path, on_summary: Callable[[Message], None], advance: Advance) -> None:
        """Replay one recording; what is wrong with it is told on standard error."""
        if self._stop.is_set():
            return
        try:
            with AudioFile(path) as file:
                self._hear(file, on_summary, advance)
        except AudioFileError as error:
            self.failed += 1
            _tell(f"Error: {error}")

    def end(self, sinks: Sequence[Sink]) -> None:
        """Say that nothing is heard any more, so that no mood stays behind as the newest."""
        if self._last:
            pipeline, announcer = self._last
            for step in pipeline.process(Gap(0, pipeline.rate, source_lost=True)):
                publish(*announcer.process(step.state), sinks)

    def _hear(
        self, file: AudioFile, on_summary: Callable[[Message], None], advance: Advance
    ) -> None:
        pipeline = self._pipeline()
        clock = wall_clock if self._realtime else recording_clock
        announcer = Announcer(str(file.path), self._bundle, pipeline.rate, clock)
        summary = Summary(pipeline.rate)
        self._last = pipeline, announcer
        blocks = file.blocks(file.rate // 10 if self._realtime else BLOCK_N)
        if self._realtime:
            blocks = in_real_time(blocks, self._stop)
        position_n = 0
        try:
            for step in steps(pipeline, blocks):
                summary.add(step)
                if self._sinks:
                    publish(*announcer.process(step.state), self._sinks)
                advance((step.state.position_n - position_n) / pipeline.rate)
                position_n = step.state.position_n
                if self._stop.is_set():
                    return
        finally:
            if file.read_n and not self._stop.is_set():
                # Of a recording that is damaged further on, what could be heard is told.
                on_summary(summary.message(str(file.path), file.read_n / file.rate))
        if pipeline.resampler.unreadable_n:
            _tell(
                f"Warning: {file.path}: {pipeline.resampler.unreadable_n} samples are not finite "
                "numbers; they were heard as silence"
            )


def _tell(text: str) -> None:
    """A line on standard error, in place of the progress bar if there is one."""
    click.echo(f"\r\x1b[K{text}" if sys.stderr.isatty() else text, err=True)


def _duration_s(path: Path) -> float:
    with suppress(AudioFileError), AudioFile(path) as file:
        return file.length_n / file.rate
    return 0.0
