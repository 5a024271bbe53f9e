"""The training loop: one model, its running average, a checkpoint after each epoch."""

import json
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from moodstream_train.dataset.examples import Batch
from moodstream_train.recipe import Schedule

Draw = Callable[[np.random.Generator], Batch]
Build = Callable[[], keras.Model]
History = dict[str, list[float]]
"""A value an epoch: loss, accuracy, inner_loss, inner_accuracy, seconds."""

CHECKPOINT = "checkpoint.npz"
WEIGHTS = "average.weights.h5"
HISTORY = "history.json"
INNER_BATCHES = 12
TEACHING = 0.5
"""Share of the loss that follows the teachers, where there are any."""


def fit(
    build: Build,
    draw: Draw,
    draw_inner: Draw | None,
    schedule: Schedule,
    folder: Path,
    seed: int,
    say: Callable[[str], None],
    teachers: Sequence[keras.Model] = (),
) -> tuple[keras.Model, History]:
    """Fit a model, or go on where an interrupted run stopped.

    The batches of an epoch depend on the seed and the epoch's number only, so that a resumed run
    sees what an uninterrupted one would have seen.

    Args:
        build: makes the model.
        draw: a training batch.
        draw_inner: a batch of the inner validation groups; None if there are none.
        schedule: of this model.
        folder: for the checkpoint, the history and the finished weights.
        seed: of the weights and of the batches.
        say: prints a line of progress.
        teachers: what they say together is learned, too (Hinton et al. 2015, "Distilling the
            knowledge in a neural network").

    Returns:
        the running average of the model, and what was measured over the epochs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(seed)
    average = build()
    if (folder / WEIGHTS).exists():
        average.load_weights(folder / WEIGHTS)
        return average, json.loads((folder / HISTORY).read_text())
    model = build()
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
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(model.trainable_variables)
    variables = [*model.variables, *average.variables, *optimizer.variables]
    history = _resume(folder, variables)
    if not history["loss"]:
        average.set_weights(model.get_weights())
    step = _training_step(model, average, optimizer, schedule, teachers)
    inner = _inner_batches(draw_inner, seed)
    for epoch in range(len(history["loss"]), schedule.epochs):
        began = time.monotonic()
        rng = np.random.default_rng([seed, epoch])
        values = [step(*batch) for batch in _prefetch(draw, rng, schedule.steps)]
        loss, accuracy = np.mean([[float(v) for v in value] for value in values], axis=0)
        inner_loss, inner_accuracy = evaluate(average, inner)
        taken = time.monotonic() - began
        for name, value in (
            ("loss", loss),
            ("accuracy", accuracy),
            ("inner_loss", inner_loss),
            ("inner_accuracy", inner_accuracy),
            ("seconds", taken),
        ):
            history[name].append(round(float(value), 5))
        _save(folder, variables, history)
        left = (schedule.epochs - epoch - 1) * taken
        say(
            f"epoch {epoch + 1}/{schedule.epochs}  loss {loss:.3f}  accuracy {accuracy:.3f}  "
            f"inner loss {inner_loss:.3f}  inner accuracy {inner_accuracy:.3f}  "
            f"{taken:.0f} s, {left / 60:.1f} min left for this model"
        )
    average.save_weights(folder / WEIGHTS)
    (folder / CHECKPOINT).unlink(missing_ok=True)
    return average, history


def call(model: keras.Model, inputs: Sequence[Any], training: bool = False) -> Any:
    """The logits of a model of one input or of several."""
    return model(inputs[0] if len(inputs) == 1 else list(inputs), training=training)


def losses(logits: Any, masks: Any, smoothing: float) -> Any:
    """Minus the log of the probability of all moods that are right [shape=masks.shape[:-1]].

    Where none is right, all should be as probable: the cross-entropy of the uniform distribution.
    """
    logp = tf.nn.log_softmax(logits)
    right = tf.reduce_logsumexp(tf.where(masks > 0, logp, -1e9), axis=-1)
    even = tf.reduce_mean(logp, axis=-1)
    any_right = tf.reduce_any(masks > 0, axis=-1)
    return -tf.where(any_right, (1 - smoothing) * right + smoothing * even, even)


def accuracy_of(logits: Any, masks: Any, weights: Any) -> Any:
    """The weighted share of targets whose most probable mood is a right one."""
    named = tf.one_hot(tf.argmax(logits, axis=-1), masks.shape[-1])
    weights *= tf.reduce_max(masks, axis=-1)  # nothing can be named right where nothing is
    return tf.reduce_sum(weights * tf.reduce_sum(named * masks, axis=-1)) / tf.reduce_sum(weights)


def evaluate(model: keras.Model, batches: list[Batch]) -> tuple[float, float]:
    """Loss, not smoothed, and accuracy over batches; not a number without any."""
    if not batches:
        return float("nan"), float("nan")

    def measure(inputs: Any, masks: Any, weights: Any) -> Any:
        logits = call(model, inputs)[None]
        loss = tf.reduce_sum(weights * losses(logits, masks, 0.0)) / tf.reduce_sum(weights)
        return loss, accuracy_of(logits, masks, weights)

    # Compiled, as a recurrent network run eagerly takes a second a batch.
    compiled = tf.function(measure, reduce_retracing=True)
    values = [[float(value) for value in compiled(*batch)] for batch in batches]
    loss, accuracy = np.mean(values, axis=0)
    return float(loss), float(accuracy)


def _training_step(
    model: keras.Model,
    average: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    schedule: Schedule,
    teachers: Sequence[keras.Model],
) -> Callable[..., Any]:
    pairs = list(zip(average.weights, model.weights, strict=True))

    def step(inputs: Any, masks: Any, weights: Any) -> Any:
        taught = [tf.nn.softmax(call(teacher, inputs)) for teacher in teachers]
        with tf.GradientTape() as tape:
            logits = call(model, inputs, training=True)[None]
            each = losses(logits, masks, schedule.label_smoothing)
            if teachers:
                logp = tf.nn.log_softmax(logits)
                followed = -tf.reduce_sum(tf.add_n(taught) / len(teachers) * logp, axis=-1)
                each = (1 - TEACHING) * each + TEACHING * followed
            loss = tf.reduce_sum(weights * each) / tf.reduce_sum(weights)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        # Young averages forget faster, so that they do not remember the random start.
        n = tf.cast(optimizer.iterations, tf.float32)
        keep = tf.minimum(schedule.average, (1 + n) / (10 + n))
        for mean, weight in pairs:
            mean.assign(keep * mean + (1 - keep) * weight)
        return loss, accuracy_of(logits, masks, weights)

    compiled: Callable[..., Any] = tf.function(step, reduce_retracing=True)
    return compiled


def _inner_batches(draw: Draw | None, seed: int) -> list[Batch]:
    rng = np.random.default_rng([seed, 1 << 20])
    return [draw(rng) for _ in range(INNER_BATCHES)] if draw else []


def _prefetch(draw: Draw, rng: np.random.Generator, count: int) -> Iterator[Batch]:
    """Draw batches in a thread, a few ahead of the training."""
    ready: queue.Queue[Batch | Exception] = queue.Queue(maxsize=4)

    def work() -> None:
        try:
            for _ in range(count):
                ready.put(draw(rng))
        except Exception as error:  # noqa: BLE001, raised again where it is waited for
            ready.put(error)

    threading.Thread(target=work, daemon=True).start()
    for _ in range(count):
        batch = ready.get()
        if isinstance(batch, Exception):
            raise batch
        yield batch


def _resume(folder: Path, variables: list[Any]) -> History:
    path = folder / CHECKPOINT
    if not path.exists():
        names = ("loss", "accuracy", "inner_loss", "inner_accuracy", "seconds")
        return {name: [] for name in names}
    with np.load(path) as stored:
        for i, variable in enumerate(variables):
            variable.assign(stored[f"v{i}"])
        history: History = json.loads(str(stored["history"]))
    return history


def _save(folder: Path, variables: list[Any], history: History) -> None:
    """Write weights and history in one file, so that they cannot disagree."""
    part = folder / f"{CHECKPOINT}.{os.getpid()}.part.npz"
    arrays = {f"v{i}": variable.numpy() for i, variable in enumerate(variables)}
    np.savez(part, history=json.dumps(history), **arrays)
    part.replace(folder / CHECKPOINT)
    (folder / HISTORY).write_text(json.dumps(history))
