"""A run: a folder with the models of each fold, of everything, and how they were made."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras

from moodstream.normalise import NormalisationSpec
from moodstream.schema import decode
from moodstream_train import cnn, corpora, features, pictures, rnn, splits
from moodstream_train.calibrate import Calibration, calibrate, mean
from moodstream_train.corpora import Clip
from moodstream_train.examples import Examples
from moodstream_train.features import Features
from moodstream_train.fit import WEIGHTS, Build, Draw, fit
from moodstream_train.recipe import Recipe, Schedule

RUN = "run.json"
PRIOR = "prior.json"
CALIBRATION = "calibration.json"
FINAL = "final"

Say = Callable[[str], None]


class RunError(Exception):
    """The run cannot go on; the message says why and what to do."""


class Run:
    """A folder of one training: made by :func:`begin`, found again by :func:`find`."""

    def __init__(self, folder: Path) -> None:
        tree = json.loads((folder / RUN).read_text())
        errors: list[str] = []
        recipe = decode(Recipe, tree["recipe"], "recipe", errors)
        if recipe is None:
            raise RunError(f"{folder / RUN}: " + "; ".join(errors))
        self.folder = folder
        self.recipe = recipe
        self.data = Path(tree["data"])
        self.cache = Path(tree["cache"])
        self.seed = int(tree["seed"])
        self.corpora: dict[str, Any] = tree["corpora"]

    def part(self, fold: int | None) -> Path:
        """The folder of a fold, or of the final model."""
        return self.folder / (FINAL if fold is None else f"fold-{fold}")

    def finished(self, fold: int | None) -> bool:
        """Whether a fold, or the final model, is trained and calibrated."""
        return (self.part(fold) / CALIBRATION).exists()

    def finished_folds(self) -> list[int]:
        """The folds that can be measured."""
        return [fold for fold in range(splits.FOLDS) if self.finished(fold)]

    def require(self, *parts: int | None) -> None:
        """Make sure that one of some parts is trained.

        Raises:
            RunError: none of them is.
        """
        if not any(self.finished(part) for part in parts):
            names = ", ".join(self.part(part).name for part in parts)
            raise RunError(
                f"{self.folder}: not trained yet: {names}; go on with `moodstream train`"
            )

    def prior(self, fold: int | None) -> NormalisationSpec:
        """The normalisation that the models of a part were trained with."""
        tree = json.loads((self.part(fold) / PRIOR).read_text())
        return NormalisationSpec(**{**tree, "mean": tuple(tree["mean"]), "std": tuple(tree["std"])})

    def calibration(self, fold: int | None) -> Calibration:
        """Of a fold; of all finished folds for the final model."""
        if fold is None:
            return mean([self.calibration(k) for k in self.finished_folds()])
        return Calibration(**json.loads((self.part(fold) / CALIBRATION).read_text()))

    def models(self, fold: int | None) -> tuple[keras.Model, keras.Model]:
        """The trained CNN and RNN of a part."""
        n_mfcc = self.recipe.features.n_mfcc
        made = cnn.build(self.recipe.cnn, n_mfcc), rnn.build(self.recipe.rnn, n_mfcc)
        for model in made:
            model.load_weights(self.part(fold) / model.name / WEIGHTS)
        return made


def find(folder: Path) -> Run:
    """A run that ``moodstream train`` began.

    Raises:
        RunError: there is none.
    """
    if not (folder / RUN).exists():
        raise RunError(f"{folder}: no {RUN} in it; give the folder that `moodstream train` wrote")
    return Run(folder)


def begin(folder: Path, data: Path, cache: Path, seed: int, recipe: Recipe, say: Say) -> Run:
    """Begin a run, or go on with one that was begun with the same settings.

    Raises:
        RunError: it was begun with others.
        corpora.CorpusError: there is nothing to train on.
    """
    clips, warnings = corpora.load(data)
    for warning in warnings:
        say(f"warning: {warning}")
    counts = Counter(f"{clip.corpus} {clip.label}" for clip in clips)
    tree = json.loads(
        json.dumps(
            {
                "data": str(data.resolve()),
                "cache": str(cache.expanduser().resolve()),
                "seed": seed,
                "recipe": asdict(recipe),
                "corpora": {
                    "clips": dict(sorted(counts.items())),
                    "groups": len({clip.group for clip in clips}),
                    "warnings": warnings,
                },
            }
        )
    )
    path = folder / RUN
    if path.exists():
        before = json.loads(path.read_text())
        other = [name for name in tree if tree[name] != before.get(name)]
        if other:
            raise RunError(
                f"{path}: begun with other settings ({', '.join(other)}); "
                "choose another folder for --run, or remove this one"
            )
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tree, indent=1))
    return Run(folder)


def load_features(run: Run, clips: list[Clip], variant: int, say: Say) -> Features:
    """The features of all clips as they are (0), or of one of their waveform variants."""

    def progress(done: int, of: int) -> None:
        if done % 250 == 0 or done == of:
            say(f"features, variant {variant}: {done}/{of} clips")

    return features.load(clips, run.recipe, variant, run.cache, progress)


def train_part(
    run: Run, fold: int | None, clips: list[Clip], variants: list[Features], say: Say
) -> None:
    """Train, draw and calibrate the models of a fold, or the final ones (``None``)."""
    folder, recipe = run.part(fold), run.recipe
    folder.mkdir(exist_ok=True)
    sides = splits.split(clips, fold)
    prior = features.normalisation(variants[0], sides.train, recipe)
    (folder / PRIOR).write_text(json.dumps(asdict(prior)))
    train = Examples(clips, variants, sides.train, prior, recipe, varied=True)
    inner = (
        Examples(clips, variants[:1], sides.inner, prior, recipe, varied=False)
        if sides.inner
        else None
    )
    n_mfcc = recipe.features.n_mfcc
    seed = run.seed * 100 + (splits.FOLDS if fold is None else fold)

    def fitted(name: str, build: Build, draw: Draw, inner: Draw | None, how: Schedule) -> Any:
        title = f"{folder.name} {name}"

        def say_of_it(line: str) -> None:
            say(f"{title}: {line}")

        model, history = fit(build, draw, inner, how, folder / name, seed, say_of_it)
        pictures.curves(history, title, folder / f"{name}-curves.png")
        return model

    trained_cnn = fitted(
        "cnn",
        lambda: cnn.build(recipe.cnn, n_mfcc),
        train.windows,
        inner.windows if inner else None,
        recipe.cnn.schedule,
    )
    trained_rnn = fitted(
        "rnn",
        lambda: rnn.build(recipe.rnn, n_mfcc),
        train.sequences,
        inner.sequences if inner else None,
        recipe.rnn.schedule,
    )
    found = calibrate(trained_cnn, trained_rnn, clips, variants[0], sides.inner, prior, recipe)
    (folder / CALIBRATION).write_text(json.dumps(asdict(found)))
    say(f"{folder.name}: calibrated {asdict(found)}")
