"""Training of the two networks, measured on the test side of their split."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from moodstream.arrays import Float32
from moodstream_train import plots
from moodstream_train.dataset.splits import Indices
from moodstream_train.seed_project import models
from moodstream_train.seed_project.models import SONG_MOODS
from moodstream_train.training.fit import History

Say = Callable[[str], None]

CNN_EPOCHS = 500
RNN_EPOCHS = 100
LINES_OF_PROGRESS = 20


@dataclass(frozen=True)
class Fitted:
    """A trained model and its figures on the test clips."""

    model: keras.Model
    accuracy: float
    """Share of right test clips, percent."""
    loss: float
    """Mean cross-entropy over the test clips, nats."""
    confusion: NDArray[np.int64]
    """Counts of the test clips [shape=(true, named)], in the order of ``SONG_MOODS``."""
    history: History
    """Values of each epoch: loss, accuracy, test_loss, test_accuracy; accuracy as a share."""


def fit_cnn(
    sequences: Sequence[Float32],
    labels: Sequence[int],
    train: Indices,
    test: Indices,
    folder: Path,
    seed: int,
    say: Say,
    epochs: int = CNN_EPOCHS,
) -> Fitted:
    """Train the CNN and plot its curves and its confusion matrix.

    Args:
        sequences: MFCC of each clip, not normalised [shape=(frames, 40)].
        labels: index of each clip's mood in ``SONG_MOODS``.
        train: clips to train on.
        test: clips to measure on after each epoch; no choice is made by them.
        folder: for the plots.
        seed: of the weights, the dropout and the order of the batches.
        say: prints a line of progress.
        epochs: number of passes over the training clips.
    """
    keras.utils.set_random_seed(seed)
    inputs = models.time_means(sequences)
    return _fit(models.build_cnn(), 16, inputs, labels, (train, test), folder, say, epochs)


def fit_rnn(
    sequences: Sequence[Float32],
    labels: Sequence[int],
    train: Indices,
    test: Indices,
    folder: Path,
    seed: int,
    say: Say,
    epochs: int = RNN_EPOCHS,
) -> Fitted:
    """Train the RNN and plot its curves and its confusion matrix, like :func:`fit_cnn`."""
    keras.utils.set_random_seed(seed)
    inputs = models.padded(sequences)
    return _fit(models.build_rnn(), 32, inputs, labels, (train, test), folder, say, epochs)


def _fit(
    model: keras.Model,
    batch: int,
    inputs: Float32,
    labels: Sequence[int],
    sides: tuple[Indices, Indices],
    folder: Path,
    say: Say,
    epochs: int,
) -> Fitted:
    moods = np.asarray(labels)
    (train, train_moods), (test, test_moods) = ((inputs[side], moods[side]) for side in sides)
    logs = model.fit(
        train,
        train_moods,
        batch_size=batch,
        epochs=epochs,
        validation_data=(test, test_moods),
        callbacks=[_Progress(f"seed project {model.name}", epochs, say)],
        verbose=0,
    ).history
    probabilities = model.predict(test, verbose=0)
    counts = np.zeros((len(SONG_MOODS), len(SONG_MOODS)), np.int64)
    np.add.at(counts, (test_moods, probabilities.argmax(axis=1)), 1)
    right = probabilities[np.arange(len(test)), test_moods]
    fitted = Fitted(
        model,
        accuracy=100 * float(np.trace(counts)) / len(test),
        loss=float(-np.log(np.maximum(right, keras.config.epsilon())).mean()),
        confusion=counts,
        history={
            "loss": logs["loss"],
            "accuracy": logs["accuracy"],
            "test_loss": logs["val_loss"],
            "test_accuracy": logs["val_accuracy"],
        },
    )
    title = f"{model.name}, {len(test)} test clips, leaky: {fitted.accuracy:.2f} %"
    _draw(
        fitted, title, folder / f"{model.name}-curves.png", folder / f"{model.name}-confusion.png"
    )
    return fitted


def _draw(fitted: Fitted, title: str, curves: Path, confusion: Path) -> None:
    curves.parent.mkdir(parents=True, exist_ok=True)
    history = fitted.history
    drawn = {
        **history,
        "inner_loss": history["test_loss"],
        "inner_accuracy": history["test_accuracy"],
    }
    plots.curves(drawn, title, curves, trained="training", watched="test, leaky")
    plots.confusion(fitted.confusion, SONG_MOODS, title, confusion)


class _Progress(keras.callbacks.Callback):  # type: ignore[misc]  # Keras is not typed
    """Occasional lines of progress, with the time left."""

    def __init__(self, title: str, epochs: int, say: Say) -> None:
        super().__init__()
        self._title, self._epochs, self._say = title, epochs, say
        self._every = max(1, epochs // LINES_OF_PROGRESS)
        self._began = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Print a line after some of the epochs."""
        done = epoch + 1
        if logs is None or (done % self._every and done != self._epochs):
            return
        left_s = (time.monotonic() - self._began) / done * (self._epochs - done)
        self._say(
            f"{self._title}: epoch {done}/{self._epochs}  loss {logs['loss']:.3f}  "
            f"accuracy {logs['accuracy']:.3f}  test loss {logs['val_loss']:.3f}  "
            f"test accuracy {logs['val_accuracy']:.3f}  {left_s / 60:.1f} min left"
        )
