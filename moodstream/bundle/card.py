"""The card of a bundle: all that its models were trained on, and how they are to be used."""

from dataclasses import dataclass, field
from typing import Any

from moodstream.features.chroma import ChromaSpec
from moodstream.features.mfcc import FeatureSpec
from moodstream.features.normalise import NormalisationSpec
from moodstream.features.silence import SilenceSpec
from moodstream.features.texture import TextureSpec, width
from moodstream.mood.circumplex import MOODS
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.schema import at_least, between, one_of

CARD_SCHEMA = 3
"""The version of the card's layout that this code reads and writes."""


@dataclass(frozen=True)
class ArtifactSpec:
    """One TFLite file of the bundle and how to use it."""

    file: str
    """Its name, beside the card."""
    sha256: str
    """Of its content, 64 hexadecimal digits."""
    quantisation: str = field(metadata=one_of("int8", "dynamic-range", "float32"))
    """How its weights and activations are held; inputs and outputs are float32."""
    inputs: dict[str, Any]
    """Name to shape."""
    outputs: dict[str, Any]
    """Name to shape."""
    temperature: float = field(metadata=between(0.01, 100))
    """Divides the logits."""
    weight: float = field(metadata=between(0, 1))
    """Share of this model's log probabilities in the fused evidence."""


@dataclass(frozen=True)
class RnnSpec(ArtifactSpec):
    """The RNN's file, and how long it remembers."""

    memory_steps: int = field(metadata=at_least(2))
    """Steps after which a state is retired."""


@dataclass(frozen=True)
class SelfTestSpec:
    """What the whole way from samples to evidence must give on this machine, too."""

    expected: tuple[tuple[tuple[float, ...], ...], ...] = field(metadata=between(0, 1))
    """Probabilities at the last hops of :func:`moodstream.self_test.signal`, by both models
    together, the CNN and the RNN [shape=(hops, 3, moods)]."""
    tolerance: float = field(metadata=between(0, 1))
    """How far a probability may be off: integer kernels round otherwise on other processors."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        if not self.expected or any(
            len(hop) != 3 or any(len(row) != len(MOODS) for row in hop) for hop in self.expected
        ):
            return [f"expected must hold hops of 3 rows of {len(MOODS)} probabilities"]
        return []


@dataclass(frozen=True)
class Card:
    """``card.json``: what was trained, how to use it, what it measured."""

    schema: int
    name: str
    created: str
    """ISO 8601 date."""
    labels: tuple[str, ...]
    features: FeatureSpec
    normalisation: NormalisationSpec
    chroma: ChromaSpec
    texture: TextureSpec
    cnn: ArtifactSpec
    rnn: RnnSpec
    silence: SilenceSpec
    smoothing: SmoothingSpec
    self_test: SelfTestSpec
    training: dict[str, Any]
    """For people: corpora, counts, protocol, seeds."""
    results: dict[str, Any]
    """For people: what was measured, how, on what."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
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
