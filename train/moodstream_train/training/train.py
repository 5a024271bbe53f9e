"""Training of a part of a run: its statistics, both models, curves and calibration."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import keras
import numpy as np

from moodstream.whole_file import written_whole
from moodstream_train import plots
from moodstream_train.corpora import Clip
from moodstream_train.dataset import features
from moodstream_train.dataset.examples import Examples
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior
from moodstream_train.dataset.statistics import statistics
from moodstream_train.parts import FINAL, FOLDS, RANDOM, WITHOUT
from moodstream_train.recipe import Recipe, Schedule
from moodstream_train.training import recovery, start
from moodstream_train.training.calibrate import calibrate
from moodstream_train.training.fit import Build, Draw, epochs_done, fit
from moodstream_train.training.progress import Did, nothing
from moodstream_train.training.run import CALIBRATION, PRIOR, Run, Say, build


def train_part(
    run: Run,
    part: str,
    clips: list[Clip],
    variants: list[Features],
    say: Say,
    did: Did = nothing,
) -> None:
    """Train, plot and calibrate the models of a part.

    The calibration is written last. With it the part counts as finished.

    Args:
        run: to which the part belongs.
        part: name of the part.
        clips: all clips of the run.
        variants: features of the clips, then of their waveform variants.
        say: prints a line of progress.
        did: counts batches.
    """
    recipe = run.recipe
    run.part(part).mkdir(exist_ok=True)
    sides = run.split(clips, part)
    prior = _kept_prior(run, part, clips, variants[0])
    train = Examples(clips, variants, sides.train, prior, recipe, varied=True)
    # The curves of the leaky recipes show their test side, which nothing is chosen by.
    watched = sides.test if part == RANDOM else sides.inner
    inner = Examples(clips, variants[:1], watched, prior, recipe, varied=False) if watched else None
    fitting = _Fitting(run, part, say, did)
    trained_cnn = fitting.fit(
        "cnn",
        lambda: _built(run, prior)[0],
        train.windows,
        inner.windows if inner else None,
        recipe.cnn.schedule,
    )
    trained_rnn = fitting.fit(
        "rnn",
        lambda: _built(run, prior)[1],
        train.sequences,
        inner.sequences if inner else None,
        recipe.rnn.schedule,
    )
    if run.start:
        found = start.calibration_of(run.start)
    else:
        heard = [i for i in sides.inner if clips[i].moods]
        found = calibrate(trained_cnn, trained_rnn, clips, variants[0], heard, prior, recipe)
    with written_whole(run.part(part) / CALIBRATION, "w") as file:
        json.dump(asdict(found), file)
    say(f"{part}: trained and calibrated")


def _built(run: Run, prior: Prior) -> tuple[keras.Model, keras.Model]:
    """Build the networks to be trained: those of the bundle that a run starts from, or new ones."""
    if run.start:
        return recovery.networks(run.start, run.recipe)
    return build(run.recipe, len(prior.texture_mean))


@dataclass(frozen=True)
class _Fitting:
    """Fitting of the models of a part, with their curves."""

    run: Run
    part: str
    say: Say
    did: Did

    def fit(
        self, name: str, build: Build, draw: Draw, inner: Draw | None, schedule: Schedule
    ) -> keras.Model:
        """Fit a model, and plot its curves."""
        folder = self.run.part(self.part)
        number = [*FOLDS, FINAL, RANDOM, *WITHOUT].index(self.part)

        def say(line: str) -> None:
            self.say(f"{self.part} {name}: {line}")

        def did(kind: str, units: int, doing: str) -> None:
            self.did(kind, units, f"{self.part} {name}: {doing}")

        seed = self.run.seed * 100 + number
        share = start.kept_share(self.run.recipe) if self.run.start else 1.0
        model, history = fit(build, draw, inner, schedule, folder / name, seed, say, did, share)
        title = f"{self.run.name}, seed {self.run.seed}, {self.part}: {name}"
        seen = {"watched": "test, leaky"} if self.part == RANDOM else {}
        plots.curves(history, title, folder / f"{name}-curves.png", **seen)
        return model


def planned(run: Run, parts: Sequence[str], clips: Sequence[Clip]) -> dict[str, int]:
    """Count the work that is left: clips whose features are missing, and batches of each model.

    Args:
        run: of which parts are trained.
        parts: names of these parts.
        clips: all clips of the run.
    """
    recipe, cache, near = run.recipe, run.cache, run.around(clips)
    missing = [
        features.missing_n(clips, recipe, k, cache, near) for k in range(recipe.variants.count + 1)
    ]
    work = {"features": missing[0], "variants": sum(missing[1:])}
    for name, schedule in (("cnn", recipe.cnn.schedule), ("rnn", recipe.rnn.schedule)):
        epochs = sum(schedule.epochs - epochs_done(run.part(part) / name) for part in parts)
        work[name] = epochs * schedule.steps
    return work


def prior_of(
    source: Features, clips: Sequence[Clip], indices: Sequence[int], recipe: Recipe
) -> Prior:
    """Compute the statistics that standardise the inputs, each corpus by its share.

    Args:
        source: features of all clips, as they are.
        clips: all clips.
        indices: those of the training side. Only clips with a voice or music count.
        recipe: has the shares.
    """
    shares, each = [], []
    for corpus, share in asdict(recipe.shares).items():
        own = [i for i in indices if clips[i].corpus == corpus and _sounds(clips[i])]
        if share and own:
            shares.append(share)
            each.append((own, *statistics(source, own, recipe)))
    weights = (np.array(shares) / sum(shares)).astype(np.float32)
    mean = np.sum([w * m for w, (_, m, _) in zip(weights, each, strict=True)], axis=0)
    square = np.sum([w * (s**2 + m**2) for w, (_, m, s) in zip(weights, each, strict=True)], axis=0)
    std = np.sqrt(np.maximum(square - mean**2, np.float32(1e-6)))
    lags = len(recipe.texture.lags)
    textures = [
        features.normalised(
            np.concatenate([source.textures[source.hops(i)] for i in own]), mean, std, lags
        )
        for own, _, _ in each
    ]
    texture_mean = np.sum([w * t.mean(axis=0) for w, t in zip(weights, textures, strict=True)], 0)
    texture_square = np.sum(
        [w * (t**2).mean(axis=0) for w, t in zip(weights, textures, strict=True)], 0
    )
    texture_std = np.sqrt(np.maximum(texture_square - texture_mean**2, np.float32(1e-6)))
    return Prior(mean, std, texture_mean, texture_std)


def _sounds(clip: Clip) -> bool:
    return bool(clip.moods) or clip.voice == 1.0 or clip.music == 1.0


def _kept_prior(run: Run, part: str, clips: Sequence[Clip], source: Features) -> Prior:
    """Write the statistics of a part, and return them rounded, as the bundle holds them."""
    if run.start:
        made = start.prior_of(run.start)
    else:
        made = prior_of(source, clips, run.split(clips, part).train, run.recipe)
    with written_whole(run.part(part) / PRIOR, "w") as file:
        json.dump({name: features.rounded(values) for name, values in made._asdict().items()}, file)
    return run.prior(part)
