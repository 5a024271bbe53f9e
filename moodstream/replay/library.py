"""Many recordings, one after the other; one that is bad harms no other."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from moodstream.audio.chunk import Gap
from moodstream.audio.file import (
    BLOCK_N,
    AudioFile,
    AudioFileError,
    DamagedFileError,
    in_real_time,
    suffixes,
)
from moodstream.audio.formats.pcm import Layout
from moodstream.messages.published import Announcer, Message, recording_clock, wall_clock
from moodstream.messages.sinks import Sink, publish
from moodstream.pipeline import Pipeline
from moodstream.replay.recording import steps
from moodstream.replay.summary import Summary

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
        tell: takes what is wrong with a recording, a sentence at a time.
        raw: form of the recordings' samples if they have no headers.
    """

    def __init__(
        self,
        pipeline: Callable[[], Pipeline],
        bundle: str,
        sinks: Sequence[Sink],
        *,
        realtime: bool,
        stop: threading.Event,
        tell: Callable[[str], None],
        raw: Layout | None = None,
    ) -> None:
        self._pipeline, self._bundle, self._sinks = pipeline, bundle, sinks
        self._realtime, self._stop, self._tell = realtime, stop, tell
        self._raw = raw
        self.failed = 0
        """Recordings that could not be read, or not to their end."""
        self._last: tuple[Pipeline, Announcer] | None = None

    def hear(self, path: Path, on_summary: Callable[[Message], None], advance: Advance) -> None:
        """Replay one recording."""
        if self._stop.is_set():
            return
        try:
            with AudioFile(path, raw=self._raw) as file:
                self._hear(file, on_summary, advance)
        except DamagedFileError as error:
            self.failed += 1
            self._tell(f"Warning: {error}")
        except AudioFileError as error:
            self.failed += 1
            self._tell(f"Error: {error}")

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
        announcer = Announcer(name(file.path), self._bundle, pipeline.rate, clock)
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
                on_summary(summary.message(name(file.path), file.read_s))
        if pipeline.resampler.unreadable_n:
            self._tell(
                f"Warning: {file.path}: {pipeline.resampler.unreadable_n} samples are not finite "
                "numbers; they were heard as silence"
            )


def recordings(paths: Iterable[Path]) -> Iterator[Path]:
    """The files as they are named, and in place of a directory all audio files under it."""
    for path in paths:
        heard = suffixes()
        under = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in heard and not file.name.startswith(".") and file.is_file()
        )
        # Of a directory without any, the attempt to hear it will tell.
        yield from under or [path]


def name(path: Path) -> str:
    r"""What the messages call a file: its path, as text that can be written anywhere.

    A name that is not UTF-8, as old music libraries have, shows its bytes as \x and two digits.
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")
