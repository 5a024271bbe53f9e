"""Data of a recording for pictures: its states, its mel spectrogram and its summary."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.chunk import Block
from moodstream.audio.file import AudioFile, DamagedFileError
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.audio.resampler import Resampler
from moodstream.bundle.bundle import Bundle
from moodstream.features.mfcc import FeatureSpec, mel_filter_bank
from moodstream.features.spectrum import POWER_FLOOR, PowerSpectra
from moodstream.messages.published import Message
from moodstream.pipeline import Pipeline
from moodstream.replay.files import message_name
from moodstream.replay.recording import steps
from moodstream.replay.summary import Summary

COLUMN_FRAMES = 8
"""Number of frames averaged in a column of the spectrogram."""


@dataclass(frozen=True)
class Heard:
    """A recording that was heard."""

    summary: Message
    """Summary, as `replay` publishes it."""
    pieces: tuple[tuple[float, float, str], ...]
    """Start and end in seconds, and the mood or the status."""
    places: tuple[tuple[float, float, float], ...]
    """Time in seconds, valence and arousal of each hop with scores."""
    mel_db: Float32
    """Mel spectrogram, decibels [shape=(bands, columns), float32]."""
    duration_s: float
    damage: str
    """Reason why the rest was not heard; empty if all was."""


def hear(path: Path, bundle: Bundle, pipeline: Pipeline, raw: Layout | None = None) -> Heard:
    """Hear a recording as far as it can be read.

    Args:
        path: the recording.
        bundle: the models, for the features of the spectrogram.
        pipeline: a fresh pipeline.
        raw: form of the samples if the recording has no header.

    Raises:
        AudioFileError: nothing of it can be read.
    """
    summary, mel = Summary(pipeline.rate), _Mel(bundle.card.features)
    pieces: list[tuple[float, float, str]] = []
    places: list[tuple[float, float, float]] = []
    damage, end_s = "", 0.0
    with AudioFile(path, raw=raw) as file:
        try:
            for step in steps(pipeline, mel.beside(file.blocks())):
                summary.add(step)
                state = step.state
                begin_s, end_s = end_s, state.position_n / pipeline.rate
                key = state.mood or state.status
                if pieces and pieces[-1][2] == key:
                    begin_s = pieces.pop()[0]
                pieces.append((begin_s, end_s, key))
                if state.moods:
                    places.append((end_s, state.moods.valence, state.moods.arousal))
        except DamagedFileError as error:
            damage = str(error)
        duration_s = file.read_s
    message = summary.message(message_name(path), duration_s, "")
    return Heard(message, tuple(pieces), tuple(places), mel.image(), duration_s, damage)


class _Mel:
    """Mel spectrogram of a stream, in columns of some frames.

    Args:
        spec: parameters of the features.
    """

    def __init__(self, spec: FeatureSpec) -> None:
        self._resampler = Resampler(spec.sample_rate)
        self._spectra = PowerSpectra(spec.frame_length, spec.hop_length)
        self._bank = mel_filter_bank(spec).T.copy()
        self._rest = np.empty((0, spec.n_mels), np.float32)
        self._columns: list[Float32] = []

    def beside(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """Pass the blocks on, and add each to the spectrogram."""
        for block in blocks:
            self._add(block)
            yield block

    def _add(self, block: Block) -> None:
        if block.rate != self._resampler.from_rate:
            self._resampler.reset(block.rate)
        frames = self._spectra.process(self._resampler.process(block.samples)) @ self._bank
        frames = np.concatenate((self._rest, frames))
        whole = len(frames) - len(frames) % COLUMN_FRAMES
        self._rest = frames[whole:]
        if whole:
            self._columns.append(
                frames[:whole].reshape(-1, COLUMN_FRAMES, frames.shape[1]).mean(axis=1)
            )

    def image(self) -> Float32:
        """Return the spectrogram, decibels [shape=(bands, columns), float32]."""
        columns = [*self._columns, *([self._rest] if not self._columns else [])]
        power = np.concatenate(columns).T
        image: Float32 = 10 * np.log10(np.maximum(power, np.float32(POWER_FLOOR)))
        return image
