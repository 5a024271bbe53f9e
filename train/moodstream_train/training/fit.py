"""Fitting of one model: Keras' own loop, a running average of the weights, a checkpoint an epoch.

Nothing here depends on the backend of Keras: ``KERAS_BACKEND`` may be tensorflow, jax or torch.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from moodstream.arrays import Float32
from moodstream.whole_file import written_whole
from moodstream_train.dataset.examples import Batch
from moodstream_train.recipe import Schedule
from moodstream_train.training import losses
from moodstream_train.training.progress import Did, nothing

Draw = Callable[[np.random.Generator], Batch]
Build = Callable[[], keras.Model]
Drawn = tuple[tuple[Float32, ...] | Float32, dict[str, Float32]]
"""Inputs and targets, as Keras takes them."""
History = dict[str, list[float]]
"""A value an epoch: loss, accuracy, seconds; inner_loss and inner_accuracy with inner groups."""

CHECKPOINT = "checkpoint.npz"
WEIGHTS = "average.weights.h5"
HISTORY = "history.json"
INNER_BATCHES = 12
DRAWING_THREADS = 2
BATCHES_AHEAD = 6
INNER_KEY = 1 << 20
"""Stands in the seed of the inner batches where others have the number of an epoch."""
LOGS = {
    "loss": "logits_loss",
    "accuracy": "logits_accuracy",
    "heard_loss": "heard_loss",
    "place_loss": "place_loss",
    "inner_loss": "val_logits_unsmoothed",
    "inner_accuracy": "val_logits_accuracy",
    "inner_heard_loss": "val_heard_loss",
    "inner_place_loss": "val_place_loss",
}
"""Names in the history, and in the logs of Keras."""


def fit(  # noqa: PLR0913, PLR0917
    build: Build,
    draw: Draw,
    draw_inner: Draw | None,
    schedule: Schedule,
    folder: Path,
    seed: int,
    say: Callable[[str], None],
    did: Did = nothing,
    share: float = 1.0,
) -> tuple[keras.Model, History]:
    """Fit a model, or go on where an interrupted run stopped.

    A batch depends on the seed, the number of the epoch and its own number only. A resumed run
    therefore sees the batches that an uninterrupted run sees.

    Args:
        build: makes the model, with the weights that the fitting starts from.
        draw: draws a training batch.
        draw_inner: draws a batch of the inner validation groups; None if there are none.
        schedule: batches, epochs and learning rate.
        folder: receives the checkpoint, the history and the finished weights.
        seed: of the weights and the batches.
        say: prints a line after each epoch.
        did: counts batches, by the name of the model.
        share: share of the way from the first weights to the fitted ones. Below one, more of what
            the model knew before stays.

    Returns:
        the model with the running average of its weights, and its history.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(seed)
    model = build()
    if (folder / WEIGHTS).exists():
        model.load_weights(folder / WEIGHTS)
        return model, json.loads((folder / HISTORY).read_text())
    _compile(model, schedule)
    checkpoint = _Checkpoint(folder, model)
    done = len(checkpoint.history["loss"])
    if done < schedule.epochs:
        model.fit(
            _batches(draw, schedule, seed, done),
            steps_per_epoch=schedule.steps,
            validation_data=_inner(draw_inner, seed),
            validation_batch_size=schedule.batch,
            initial_epoch=done,
            epochs=schedule.epochs,
            callbacks=[
                keras.callbacks.SwapEMAWeights(),
                checkpoint,
                _Report(checkpoint.history, schedule.epochs, say, did),
            ],
            shuffle=False,
            verbose=0,
        )
    else:  # stopped after the last epoch: only the average is missing
        model.optimizer.finalize_variable_values(model.trainable_variables)
    kept = _keep(build(), model, folder, share)
    (folder / CHECKPOINT).unlink()
    return kept, checkpoint.history


def epochs_done(folder: Path) -> int:
    """Return the number of epochs that a model in a folder has been trained for."""
    path = folder / HISTORY
    return len(json.loads(path.read_text())["loss"]) if path.exists() else 0


def _compile(model: keras.Model, schedule: Schedule) -> None:
    """Give a model its optimizer, with the running average of the weights, and its loss."""
    total = schedule.epochs * schedule.steps
    optimizer = keras.optimizers.AdamW(
        keras.optimizers.schedules.CosineDecay(
            schedule.learning_rate / 20,
            total - schedule.steps if total > schedule.steps else total,
            warmup_target=schedule.learning_rate,
            warmup_steps=min(schedule.steps, total - 1),
        ),
        weight_decay=schedule.weight_decay,
        global_clipnorm=1.0,
        use_ema=True,
        ema_momentum=schedule.average,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(model.trainable_variables)
    model.compile(
        optimizer,
        loss={
            "logits": losses.MoodLoss(schedule.label_smoothing),
            "heard": losses.HeardLoss(),
            "place": losses.PlaceLoss(),
        },
        metrics={"logits": [losses.accuracy, losses.unsmoothed]},
        jit_compile=keras.backend.backend() == "jax",
    )


def _keep(kept: keras.Model, model: keras.Model, folder: Path, share: float) -> keras.Model:
    """Write the weights of a fitted model, or others on the way to them, without its optimizer."""
    pairs = zip(kept.get_weights(), model.get_weights(), strict=True)
    kept.set_weights(
        [first + share * (last - first) for first, last in pairs]
        if share < 1
        else model.get_weights()
    )
    part = folder / f"part.{WEIGHTS}"  # Keras insists on the suffix
    kept.save_weights(part)
    with written_whole(folder / WEIGHTS) as file:
        file.write(part.read_bytes())
    part.unlink()
    return kept


def _inner(draw: Draw | None, seed: int) -> Drawn | None:
    """Draw inputs and targets of some inner batches, the same in each epoch."""
    if draw is None:
        return None
    batches = [draw(np.random.default_rng([seed, INNER_KEY, k])) for k in range(INNER_BATCHES)]
    inputs = zip(*(one.inputs for one in batches), strict=True)
    targets = {
        name: np.concatenate([one.targets[name] for one in batches]) for name in batches[0].targets
    }
    return _single(tuple(np.concatenate(each) for each in inputs)), targets


def _single(inputs: tuple[Float32, ...]) -> tuple[Float32, ...] | Float32:
    """Return the only input by itself, as Keras takes it."""
    return inputs if len(inputs) > 1 else inputs[0]


def _batches(draw: Draw, schedule: Schedule, seed: int, first_epoch: int) -> Iterator[Drawn]:
    """Yield inputs and targets of the remaining batches, drawn in threads ahead of the training."""

    def batch(k: int) -> Drawn:
        made = draw(np.random.default_rng([seed, *divmod(k, schedule.steps)]))
        return _single(made.inputs), made.targets

    left = range(first_epoch * schedule.steps, schedule.epochs * schedule.steps)
    pool = ThreadPoolExecutor(DRAWING_THREADS)
    try:
        ready: deque[Future[Drawn]] = deque()
        for k in left:
            ready.append(pool.submit(batch, k))
            if len(ready) > BATCHES_AHEAD:
                yield ready.popleft().result()
        for one in ready:
            yield one.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _Checkpoint(keras.callbacks.Callback):  # type: ignore[misc]  # Keras is not typed
    """The state of the training after each epoch, with the history, in one file.

    Args:
        folder: holds the file. What it holds is restored.
        model: compiled, with its optimizer built.
    """

    def __init__(self, folder: Path, model: keras.Model) -> None:
        super().__init__()
        self._folder = folder
        self._variables = [*model.variables, *model.optimizer.variables]
        self._began = time.monotonic()
        self.history: History = {name: [] for name in ("loss", "accuracy", "seconds")}
        if (folder / CHECKPOINT).exists():
            with np.load(folder / CHECKPOINT) as stored:
                for i, variable in enumerate(self._variables):
                    variable.assign(stored[f"v{i}"])
                self.history = json.loads(str(stored["history"]))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start the clock."""
        del epoch, logs
        self._began = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add to the history, and write the checkpoint."""
        del epoch
        values = {name: logs[log] for name, log in LOGS.items() if logs and log in logs}
        values["seconds"] = time.monotonic() - self._began
        for name, value in values.items():
            self.history.setdefault(name, []).append(round(float(value), 5))
        arrays = {f"v{i}": ops.convert_to_numpy(one) for i, one in enumerate(self._variables)}
        with written_whole(self._folder / CHECKPOINT) as file:
            np.savez(file, history=json.dumps(self.history), **arrays)
        with written_whole(self._folder / HISTORY, "w") as text:
            json.dump(self.history, text)


class _Report(keras.callbacks.Callback):  # type: ignore[misc]  # Keras is not typed
    """Counts of batches, and a line after each epoch."""

    def __init__(self, history: History, epochs: int, say: Callable[[str], None], did: Did) -> None:
        super().__init__()
        self._history, self._epochs, self._say, self._did = history, epochs, say, did
        self._doing = ""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Note the number of the epoch."""
        del logs
        self._doing = f"epoch {epoch + 1}/{self._epochs}"

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Count a batch."""
        del batch, logs
        self._did(self.model.name, 1, self._doing)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Print the line."""
        del epoch, logs
        last = {name: values[-1] for name, values in self._history.items()}
        line = f"{self._doing} loss {last['loss']:.2f} right {100 * last['accuracy']:.0f} %"
        if "inner_loss" in last:
            inner = 100 * last["inner_accuracy"]
            line += f", inner {last['inner_loss']:.2f} {inner:.0f} %"
        self._say(line)
