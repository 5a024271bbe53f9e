"""The data path: blocks of audio in, the state of the room out, hop by hop.

    blocks -> resample -> hops -> MFCC -> normalise -> window -> CNN + RNN -> hearing -> smoothing
                               -> chroma -------------> texture ->

The pipeline counts samples and has no clock. The same audio gives the same states, live or from a
file, whatever the sizes of its blocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from moodstream.arrays import Float32
from moodstream.audio.chunk import Chunk, Gap
from moodstream.audio.hops import Hops
from moodstream.audio.resampler import Resampler
from moodstream.bundle.bundle import Bundle
from moodstream.features.chroma import Chroma
from moodstream.features.hop import DEFAULT_HOP_S
from moodstream.features.mfcc import Mfcc
from moodstream.features.normalise import Normaliser
from moodstream.features.silence import SilenceGate, SilenceSpec, level_dbfs
from moodstream.features.stationary import StationaryGate
from moodstream.features.texture import Texture
from moodstream.features.window import Window
from moodstream.mood.hearing import Hearing
from moodstream.mood.smoothing import Smoother
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.mood.softmax import log_softmax
from moodstream.mood.state import Heard, Moods, MoodState, Status


@dataclass(frozen=True)
class Step:
    """Result of one hop of audio."""

    state: MoodState
    """State of the room at the end of the hop."""
    evidence: Float32 | None = None
    """Log probabilities of both models together, of the CNN and of the RNN, not smoothed
    [shape=(3, moods)]; None in silence."""
    place: Float32 | None = None
    """Valence and arousal of the two models together, not yet smoothed [shape=(2,)]; None without
    evidence."""
    length_n: int = 0
    """Length of the hop, in samples at the pipeline's rate; 0 without evidence."""
    heard: Float32 | None = None
    """Logits of voice and of music of the two models together, not yet smoothed [shape=(2,)]; None
    without evidence."""


class Pipeline:
    """Processing between a source of audio and its sinks.

    Args:
        bundle: models, and the parameters of their features.
        hop_s: seconds from one classification to the next, rounded to whole steps of the RNN.
        silence: thresholds of silence.
        smoothing: settings that decide how slowly the mood changes.
        room: statistics of the room, which it goes on learning; None starts from the prior.
    """

    def __init__(
        self,
        bundle: Bundle,
        hop_s: float,
        silence: SilenceSpec,
        smoothing: SmoothingSpec,
        room: Normaliser | None = None,
    ) -> None:
        card = bundle.card
        self.rate = card.features.sample_rate
        """Sample rate of the features, hertz; positions are counted at it."""
        self._cnn, self._rnn = bundle.classifiers()
        self._weights = np.array([card.cnn.weight, card.rnn.weight], np.float32)
        self._shares = self._weights / self._weights.sum()
        step_n = self._rnn.step_frames * card.features.hop_length
        self.resampler = Resampler(self.rate)
        """Resampler, which also counts the samples that are not finite."""
        self._hops = Hops(max(1, round(hop_s * self.rate / step_n)) * step_n, step_n)
        self._mfcc = Mfcc(card.features)
        self._normaliser = Normaliser(card.normalisation) if room is None else room
        self._window = Window(self._cnn.window_frames, card.features.n_mfcc)
        self._chroma = Chroma(card.chroma, self.rate)
        self._texture = Texture(card.texture, card.features, card.chroma)
        self._silence = SilenceGate(silence, self.rate)
        self._stationary = StationaryGate(silence.stationary, self._cnn.window_frames)
        self._hearing = Hearing(card.hearing, self.rate)
        self._smoother = Smoother(smoothing, self.rate)
        self._begun_n = 0  # position where the stream began, or restarted after a gap
        self._received_n = 0  # number of source samples since then, at the source's rate
        self._position_n = 0  # position of the end of the last hop, at the pipeline's rate
        self._state: MoodState | None = None
        self.heard_frames = 0
        """Number of MFCC frames so far."""

    @classmethod
    def of(cls, bundle: Bundle, room: Normaliser | None = None) -> "Pipeline":
        """Build a pipeline with the bundle's own settings and the default hop.

        Args:
            bundle: models, features and settings.
            room: statistics of the room, which it goes on learning; None starts from the prior.
        """
        return cls(bundle, DEFAULT_HOP_S, bundle.card.silence, bundle.card.smoothing, room)

    def parts(self) -> dict[str, object]:
        """Return the stateful parts by name, in the order in which a hop passes through them."""
        return {
            "resampler": self.resampler,
            "hops": self._hops,
            "silence": self._silence,
            "mfcc": self._mfcc,
            "stationary": self._stationary,
            "normaliser": self._normaliser,
            "window": self._window,
            "chroma": self._chroma,
            "texture": self._texture,
            "rnn": self._rnn,
            "cnn": self._cnn,
            "hearing": self._hearing,
            "smoother": self._smoother,
        }

    def retune(self, silence: SilenceSpec, smoothing: SmoothingSpec) -> None:
        """Use other settings from the next hop on, and keep all state."""
        self._silence.retune(silence)
        self._stationary.retune(silence.stationary)
        self._smoother.retune(smoothing)

    def process(self, chunk: Chunk) -> Iterator[Step]:
        """Process the next audio or gap; yield a step for each hop that it completes."""
        if isinstance(chunk, Gap):
            yield self._restart(chunk)
            return
        if chunk.rate != self.resampler.from_rate:
            self._reset(chunk.rate)
        self._received_n += len(chunk.samples)
        for hop in self._hops.process(self.resampler.process(chunk.samples)):
            yield self._hear(hop)

    def finish(self) -> Iterator[Step]:
        """End the stream; yield the steps of the remaining audio."""
        for hop in self._hops.process(self.resampler.finish()):
            yield self._hear(hop)
        for hop in self._hops.flush():
            yield self._hear(hop)

    def _hear(self, hop: Float32) -> Step:
        self._position_n += len(hop)
        level = level_dbfs(hop)
        silent = self._silence.process(level, len(hop))
        mfcc = self._mfcc.process(hop)
        moodless = self._stationary.process(mfcc) or silent
        audible = self._hearing.moodful and not moodless
        frames = self._normaliser.process(mfcc, audible=audible)
        self.heard_frames += len(frames)
        self._window.push(frames)
        self._texture.push(frames, self._chroma.process(hop))
        rnn = self._rnn.process(frames)
        if moodless:
            self._hearing.reset()
            self._smoother.reset()
            return Step(self._say("silence" if self._window.full else "warming_up", level))
        cnn = self._cnn.process(self._window, self._texture.view())
        voice_music = self._shares @ (cnn.heard, rnn.heard)
        heard = self._hearing.process(voice_music, len(hop))
        if not self._hearing.moodful:
            self._smoother.reset()
            return Step(self._say("other" if self._window.full else "warming_up", level, heard))
        evidence = self._fuse(cnn.moods, rnn.moods)
        place = self._shares @ (cnn.place, rnn.place)
        if not self._window.full:
            state = self._say("warming_up", level, heard)
            return Step(state, evidence, place, len(hop), voice_music)
        # The weight of a hop is its probability of voice or music.
        counted_n = max(1, round(len(hop) * self._hearing.presence))
        moods, mood = self._smoother.process(evidence, place, counted_n)
        state = self._say("ok" if mood else "uncertain", level, heard, moods, mood)
        return Step(state, evidence, place, len(hop), voice_music)

    def _fuse(self, cnn: Float32, rnn: Float32) -> Float32:
        """Weigh the log probabilities of the two models [shape=(3, moods)]."""
        evidence = np.empty((3, len(cnn)), np.float32)
        evidence[1], evidence[2] = cnn, rnn
        evidence[0] = log_softmax(self._weights @ evidence[1:])
        return evidence

    def _restart(self, gap: Gap) -> Step:
        """Restart after a gap, so that no mood is based on missing audio."""
        self._reset(self.resampler.from_rate)
        self._begun_n += round(gap.length_n * self.rate / gap.rate)
        self._position_n = self._begun_n
        lost: Status = "no_audio" if gap.source_lost else "warming_up"
        return Step(self._say("paused" if gap.paused else lost))

    def _reset(self, source_rate: int) -> None:
        self._begun_n += round(self._received_n * self.rate / self.resampler.from_rate)
        self._position_n = self._begun_n
        self._received_n = 0
        self.resampler.reset(source_rate)
        for part in (
            self._hops,
            self._mfcc,
            self._window,
            self._chroma,
            self._texture,
            self._rnn,
            self._cnn,
            self._silence,
            self._stationary,
            self._hearing,
            self._smoother,
        ):
            part.reset()

    def _say(
        self,
        status: Status,
        level: float | None = None,
        heard: Heard | None = None,
        moods: Moods | None = None,
        mood: str | None = None,
    ) -> MoodState:
        before = self._state
        unchanged = before is not None and before.key == (status, mood)
        since_n = before.since_n if before and unchanged else self._position_n
        self._state = MoodState(status, mood, moods, self._position_n, since_n, level, heard)
        return self._state
