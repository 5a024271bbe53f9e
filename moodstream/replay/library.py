"""Many recordings, one after the other; a bad one does not affect the others."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from moodstream.audio.chunk import Block, Gap
from moodstream.audio.file import (
    BLOCK_N,
    AudioFile,
    AudioFileError,
    DamagedFileError,
    in_real_time,
)
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.messages.published import Announcer, Message, recording_clock, wall_clock
from moodstream.messages.sinks import Sink, publish
from moodstream.pipeline import Pipeline
from moodstream.replay.files import message_name
from moodstream.replay.recording import steps
from moodstream.replay.summary import Summary

Advance = Callable[[float, float], None]
"""Function that receives the seconds heard since the last call, and the finished part of the file:
0 .. 1, 0 if the length is unknown."""

INTEGERS = frozenset((".aif", ".aiff", ".au", ".caf", ".flac", ".rf64", ".snd", ".w64", ".wav"))
"""Suffixes of files in which only float samples exceed full scale; decoders of lossy formats
overshoot it a little."""
FULL_SCALE, FULL_SCALE_LOSSY = 1.001, 4.0
"""Largest sample that causes no warning."""


class Library:
    """Replayer of recordings.

    Args:
        pipeline: function that makes the pipeline for the next recording.
        bundle: its sha256, for the messages.
        settings: fingerprint, for the summaries.
        realtime: whether to replay in real time.
        stop: ends it early.
        tell: receives complaints about a recording, a sentence at a time.
        raw: format of the samples if the recordings have no headers.
    """

    def __init__(
        self,
        pipeline: Callable[[], Pipeline],
        bundle: str,
        settings: str,
        *,
        realtime: bool,
        stop: threading.Event,
        tell: Callable[[str], None],
        raw: Layout | None = None,
    ) -> None:
        self._pipeline, self._bundle = pipeline, bundle
        self._settings, self._realtime, self._stop, self._tell = settings, realtime, stop, tell
        self._raw = raw
        self.failed = 0
        """Recordings that could not be read, or not to their end."""
        self._last: tuple[Pipeline, Announcer] | None = None

    def replay(
        self,
        path: Path,
        sinks: Sequence[Sink],
        on_summary: Callable[[Message], None],
        advance: Advance,
    ) -> None:
        """Replay one recording.

        Args:
            path: of the recording.
            sinks: receive its states and events.
            on_summary: receives its summary, even if a later part is damaged.
            advance: receives the progress.
        """
        if self._stop.is_set():
            return
        try:
            with AudioFile(path, raw=self._raw) as file:
                self._replay(file, sinks, on_summary, advance)
        except DamagedFileError as error:
            self.failed += 1
            self._tell(f"Warning: {error}")
        except AudioFileError as error:
            self.failed += 1
            self._tell(f"Error: {error}")

    def end(self, sinks: Sequence[Sink]) -> None:
        """Report that nothing is heard any more, so that no mood remains as the newest."""
        if self._last:
            pipeline, announcer = self._last
            for step in pipeline.process(Gap(0, pipeline.rate, source_lost=True)):
                publish(*announcer.process(step.state), sinks)

    def _replay(
        self,
        file: AudioFile,
        sinks: Sequence[Sink],
        on_summary: Callable[[Message], None],
        advance: Advance,
    ) -> None:
        pipeline, name = self._pipeline(), message_name(file.path)
        clock = wall_clock if self._realtime else recording_clock
        announcer = Announcer(name, self._bundle, pipeline.rate, clock)
        summary = Summary(pipeline.rate)
        self._last = pipeline, announcer
        loudest = _Loudest(self._blocks(file))
        position_n = 0
        try:
            for step in steps(pipeline, iter(loudest)):
                summary.add(step)
                if sinks:
                    publish(*announcer.process(step.state), sinks)
                total_n = file.estimated_n
                behind = min(1.0, file.read_n / total_n) if total_n else 0.0
                advance((step.state.position_n - position_n) / pipeline.rate, behind)
                position_n = step.state.position_n
                if self._stop.is_set():
                    return
        finally:
            if file.read_n and not self._stop.is_set():
                on_summary(summary.message(name, file.read_s, self._settings))
        if pipeline.resampler.unreadable_n:
            self._tell(
                f"Warning: {file.path}: {pipeline.resampler.unreadable_n} samples are not "
                f"finite numbers; they were replaced by silence"
            )
        is_exact = file.path.suffix.lower() in INTEGERS
        if loudest.peak > (FULL_SCALE if is_exact else FULL_SCALE_LOSSY):
            self._tell(
                f"Warning: {file.path}: its samples reach {loudest.peak:.4g} times full scale, "
                f"and were analysed at that level: scale it down"
            )

    def _blocks(self, file: AudioFile) -> Iterator[Block]:
        if self._realtime:
            return in_real_time(file.blocks(file.rate // 10), self._stop)
        return file.blocks(BLOCK_N)


class _Loudest:
    """Blocks in passing, and the largest sample among them."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self.peak = 0.0
        """Largest magnitude, full scale is 1; NaN samples do not count."""

    def __iter__(self) -> Iterator[Block]:
        for block in self._blocks:
            peak = float(max(block.samples.max(initial=0.0), -block.samples.min(initial=0.0)))
            if self.peak < peak < float("inf"):
                self.peak = peak
            yield block
