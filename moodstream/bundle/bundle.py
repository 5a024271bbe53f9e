"""Contents of a bundle in memory, from which a pipeline is built."""

from collections.abc import Iterator
from dataclasses import dataclass

from moodstream.bundle.card import Card
from moodstream.bundle.cnn import CnnClassifier
from moodstream.bundle.rnn import RnnClassifier


class BundleError(Exception):
    """The bundle cannot be used; the message says what was found and what to do."""


@dataclass(frozen=True)
class Bundle:
    """Card, and the models whose checksums it contains."""

    card: Card
    sha256: str
    """Checksum of the card's bytes. It identifies the bundle, because the card contains the
    checksums of the models."""
    cnn_model: bytes
    """Content of the CNN's TFLite file."""
    rnn_model: bytes
    """Content of the RNN's TFLite file."""

    def classifiers(self) -> tuple[CnnClassifier, RnnClassifier]:
        """Make new classifiers that share no state with others.

        Raises:
            BundleError: a model cannot be loaded, or its shapes do not fit the card.
        """
        card = self.card
        try:
            cnn = CnnClassifier(self.cnn_model, card.cnn.temperature, card.cnn.window_frames)
            rnn = RnnClassifier(self.rnn_model, card.rnn.temperature, card.rnn.memory_steps)
        except KeyError as error:
            raise BundleError(f"a model of the bundle has no tensor named {error}") from error
        except (ValueError, RuntimeError) as error:
            raise BundleError(f"a model of the bundle cannot be loaded: {error}") from error
        if problems := [*_problems(card, cnn, rnn)]:
            raise BundleError("the models do not fit the card: " + "; ".join(problems))
        return cnn, rnn


def _problems(card: Card, cnn: CnnClassifier, rnn: RnnClassifier) -> Iterator[str]:
    for name, model in (("cnn", cnn), ("rnn", rnn)):
        if model.n_mfcc != card.features.n_mfcc:
            yield (
                f"{name} takes {model.n_mfcc} coefficients a frame, features have "
                f"{card.features.n_mfcc}"
            )
    if cnn.texture_width != len(card.texture.mean):
        yield f"cnn takes {cnn.texture_width} statistics, texture has {len(card.texture.mean)}"
    if cnn.odd_frames or cnn.row_frames < 1:
        yield f"cnn.window_frames {cnn.window_frames} does not fit the frames that its model takes"
    # The CNN keeps its rows from hop to hop. A hop is a number of steps, so these must be rows.
    elif rnn.step_frames % cnn.row_frames:
        yield (
            f"a step of the rnn is {rnn.step_frames} frames, which must be whole rows of the cnn "
            f"of {cnn.row_frames} frames"
        )
    # A hop is a number of steps. It must be a number of chroma frames, too: then both describe
    # the same audio.
    step_n = rnn.step_frames * card.features.hop_length
    if step_n % card.chroma.hop_length:
        yield (
            f"a step of the rnn is {step_n} samples, which must be whole chroma frames of "
            f"{card.chroma.hop_length} samples"
        )
