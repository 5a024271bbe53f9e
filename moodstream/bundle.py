"""The model bundle: a card that says everything, and the two TFLite files it vouches for."""

import hashlib
import json
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from moodstream.cnn import CnnClassifier
from moodstream.mfcc import FeatureSpec
from moodstream.mood import MOODS
from moodstream.normalise import NormalisationSpec
from moodstream.rnn import RnnClassifier
from moodstream.schema import at_least, between, decode, one_of
from moodstream.silence import SilenceSpec
from moodstream.smoothing import SmoothingSpec

CARD = "card.json"
CARD_SCHEMA = 1
"""The version of the card's layout that this code reads and writes."""
MAX_CARD_BYTES = 1 << 20
MAX_MODEL_BYTES = 16 << 20


class BundleError(Exception):
    """The bundle cannot be used; the message says what was found and what to do."""


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
class Card:
    """``card.json``: what was trained, how to use it, what it measured."""

    schema: int
    name: str
    created: str
    """ISO 8601 date."""
    labels: tuple[str, ...]
    features: FeatureSpec
    normalisation: NormalisationSpec
    cnn: ArtifactSpec
    rnn: RnnSpec
    silence: SilenceSpec
    smoothing: SmoothingSpec
    training: dict[str, Any]
    """For people: corpora, counts, protocol, seeds."""
    results: dict[str, Any]
    """For people: what was measured, how, on what."""

    def problems(self) -> list[str]:
        """What contradicts itself, a sentence each."""
        found = []
        if self.schema != CARD_SCHEMA:
            found.append(f"schema {self.schema} is not {CARD_SCHEMA}, the one this version reads")
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
        return found


@dataclass(frozen=True)
class Bundle:
    """A checked bundle: its card, and the content of its models."""

    card: Card
    sha256: str
    """Of the card's bytes; as the card holds the models' checksums, it names the whole bundle."""
    cnn_model: bytes
    rnn_model: bytes

    def classifiers(self) -> tuple[CnnClassifier, RnnClassifier]:
        """New classifiers, that share no state with any other.

        Raises:
            BundleError: a model cannot be loaded, or its shapes are not those of the card.
        """
        card = self.card
        try:
            cnn = CnnClassifier(self.cnn_model, card.cnn.temperature)
            rnn = RnnClassifier(self.rnn_model, card.rnn.temperature, card.rnn.memory_steps)
        except (ValueError, KeyError, RuntimeError) as error:
            raise BundleError(f"a model of the bundle cannot be loaded: {error}") from error
        for name, model in (("cnn", cnn), ("rnn", rnn)):
            if model.n_mfcc != card.features.n_mfcc:
                raise BundleError(
                    f"{name}: takes {model.n_mfcc} coefficients a frame, "
                    f"the card's features have {card.features.n_mfcc}"
                )
        return cnn, rnn


def shipped() -> Path:
    """The bundle that came with this installation, or with this source tree."""
    installed = Path(str(files("moodstream"))) / "models"
    return installed if installed.is_dir() else installed.parents[1] / "models"


def load(directory: Path) -> Bundle:
    """Read a bundle and check all of it.

    Raises:
        BundleError: with what is wrong, where, and what to do.
    """
    raw = _read(directory / CARD, MAX_CARD_BYTES)
    try:
        tree = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{directory / CARD}: not JSON: {error}") from error
    errors: list[str] = []
    card = decode(Card, tree, "", errors)
    if card is None:
        raise BundleError(f"{directory / CARD}: " + "; ".join(errors))
    return Bundle(
        card=card,
        sha256=hashlib.sha256(raw).hexdigest(),
        cnn_model=_checked(directory, card.cnn),
        rnn_model=_checked(directory, card.rnn),
    )


def _checked(directory: Path, artifact: ArtifactSpec) -> bytes:
    if Path(artifact.file).name != artifact.file:
        raise BundleError(f"{directory / CARD}: file '{artifact.file}' must lie beside the card")
    content = _read(directory / artifact.file, MAX_MODEL_BYTES)
    found = hashlib.sha256(content).hexdigest()
    if found != artifact.sha256:
        raise BundleError(
            f"{directory / artifact.file}: its sha256 is {found[:12]}..., the card says "
            f"{artifact.sha256[:12]}...; the file is damaged or of another bundle: install the "
            "bundle again"
        )
    return content


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise BundleError(
            f"{path}: {error.strerror or error}; a bundle is a directory with {CARD} and the "
            "models that it names"
        ) from error
    if len(content) > limit:
        raise BundleError(f"{path}: larger than {limit} bytes, so it is no part of a bundle")
    return content
