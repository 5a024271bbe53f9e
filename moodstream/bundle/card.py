"""Card of a bundle: what its models were trained on and how to use them."""

from dataclasses import dataclass, field
from typing import Any

from moodstream.features.chroma import ChromaSpec
from moodstream.features.mfcc import FeatureSpec
from moodstream.features.normalise import NormalisationSpec
from moodstream.features.silence import SilenceSpec
from moodstream.features.texture import TextureSpec, width
from moodstream.mood.circumplex import MOODS
from moodstream.mood.hearing_spec import HearingSpec
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.schema import at_least, between, one_of

CARD_SCHEMA = 5
"""Version of the card's layout that this code reads and writes."""


@dataclass(frozen=True)
class ArtifactSpec:
    """TFLite file of the bundle, with its parameters."""

    file: str
    """File name; the file is in the folder of the card."""
    sha256: str
    """Checksum of the content, 64 hexadecimal digits."""
    quantisation: str = field(metadata=one_of("int8", "dynamic-range", "float32"))
    """Number format of the weights and activations; inputs and outputs are float32."""
    inputs: dict[str, Any]
    """Shape of each input, by name."""
    outputs: dict[str, Any]
    """Shape of each output, by name."""
    temperature: float = field(metadata=between(0.01, 100))
    """Divisor of the logits, which calibrates the probabilities."""
    weight: float = field(metadata=between(0, 1))
    """Share of this model's log probabilities in the fused evidence."""


@dataclass(frozen=True)
class CnnSpec(ArtifactSpec):
    """TFLite file of the CNN, and the length of its window."""

    window_frames: int = field(metadata=at_least(1))
    """Number of MFCC frames that are classified together. The model's input is the last of them."""


@dataclass(frozen=True)
class RnnSpec(ArtifactSpec):
    """TFLite file of the RNN, and the length of its memory."""

    memory_steps: int = field(metadata=at_least(2))
    """Number of steps after which a state is replaced."""


@dataclass(frozen=True)
class SelfTestSpec:
    """Expected results of the self-test, from samples to evidence, on every machine."""

    moods: tuple[tuple[tuple[float, ...], ...], ...] = field(metadata=between(0, 1))
    """Probabilities at the last hops of :func:`moodstream.self_test.signal`: of both models
    together, of the CNN and of the RNN [shape=(hops, 3, moods)]."""
    heard: tuple[tuple[float, ...], ...] = field(metadata=between(0, 1))
    """Probabilities of voice and of music at the same hops, of both models together
    [shape=(hops, 2)]."""
    place: tuple[tuple[float, ...], ...] = field(metadata=between(-1, 1))
    """Valence and arousal at the same hops, of both models together [shape=(hops, 2)]."""
    tolerance: float = field(metadata=between(0, 1))
    """Largest deviation of each number; integer kernels round differently on each processor."""

    def problems(self) -> list[str]:
        """Return the contradictions between the fields, a sentence each."""
        found = []
        if not self.moods or any(
            len(hop) != 3 or any(len(row) != len(MOODS) for row in hop) for hop in self.moods
        ):
            found.append(f"moods must hold hops of 3 rows of {len(MOODS)} probabilities")
        for name, rows in (("heard", self.heard), ("place", self.place)):
            if len(rows) != len(self.moods) or any(len(row) != 2 for row in rows):
                found.append(f"{name} must hold 2 numbers for each hop of moods")
        return found


@dataclass(frozen=True)
class Card:
    """Content of ``card.json``: training, use and results of the models."""

    schema: int
    """Version of the layout, :data:`CARD_SCHEMA`."""
    name: str
    """Name of the bundle, for people."""
    created: str
    """Date of the export, ISO 8601."""
    labels: tuple[str, ...]
    """Moods, in the order of the models' outputs."""
    features: FeatureSpec
    normalisation: NormalisationSpec
    chroma: ChromaSpec
    texture: TextureSpec
    cnn: CnnSpec
    rnn: RnnSpec
    silence: SilenceSpec
    smoothing: SmoothingSpec
    hearing: HearingSpec
    """Smoothing of the decision between voice or music and other sounds."""
    self_test: SelfTestSpec
    training: dict[str, Any]
    """Corpora, counts, protocol and seeds, for people."""
    results: dict[str, Any]
    """Measured results and their conditions, for people."""

    def problems(self) -> list[str]:
        """Return the contradictions between the fields, a sentence each."""
        found = []
        if self.labels != MOODS:
            found.append(f"labels must be {', '.join(MOODS)}, in this order")
        if len(self.normalisation.mean) != self.features.n_mfcc:
            found.append(
                f"normalisation is for {len(self.normalisation.mean)} coefficients, "
                f"features have {self.features.n_mfcc}"
            )
        if self.cnn.weight + self.rnn.weight <= 0:
            found.append("the weights of cnn and rnn are both zero")
        if self.rnn.memory_steps % 2:
            found.append(f"rnn.memory_steps must be even, found {self.rnn.memory_steps}")
        return [*found, *self._problems_of_texture()]

    def _problems_of_texture(self) -> list[str]:
        features, chroma, texture = self.features, self.chroma, self.texture
        found = [f"chroma: {problem}" for problem in chroma.problems_at(features.sample_rate)]
        if chroma.hop_length % features.hop_length:
            found.append(
                f"chroma.hop_length {chroma.hop_length} must be a multiple of features.hop_length "
                f"{features.hop_length}"
            )
        if texture.length * features.hop_length % chroma.hop_length:
            found.append(
                f"texture.length, {texture.length} frames of {features.hop_length} samples, must "
                f"be whole chroma frames of {chroma.hop_length} samples"
            )
        statistics = width(features.n_mfcc, texture.lags)
        if len(texture.mean) != statistics:
            found.append(
                f"texture is for {len(texture.mean)} statistics, features, chroma and lags make "
                f"{statistics}"
            )
        return found
