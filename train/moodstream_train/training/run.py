"""A run: a folder with the models of one recipe and seed, and a record of how they were made."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from moodstream.features.normalise import NormalisationSpec
from moodstream.features.texture import TextureSpec
from moodstream.mood.hearing_spec import HearingSpec
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.schema import decode
from moodstream_train.corpora import Clip
from moodstream_train.corpora.rooms import responses
from moodstream_train.corpora.survey import Hearing
from moodstream_train.dataset import features, splits, surroundings
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.inputs import Prior
from moodstream_train.dataset.splits import Split
from moodstream_train.dataset.surroundings import Around
from moodstream_train.errors import TrainingError
from moodstream_train.networks import cnn, rnn
from moodstream_train.parts import FINAL, FOLDS, RANDOM, WITHOUT
from moodstream_train.recipe import Recipe
from moodstream_train.training import sources, start
from moodstream_train.training.calibrate import Calibration, mean
from moodstream_train.training.fit import HISTORY, WEIGHTS
from moodstream_train.training.progress import Did, nothing

RUN = "run.json"
PRIOR = "prior.json"
CALIBRATION = "calibration.json"
START = "start"
"""Folder of the bundle that a run of own recordings starts from."""
HEARD = "heard.json"
"""File with what that bundle hears in each own recording."""
TUNING = "tuning.json"
RANDOM_SHARES = {"random-20": 0.2, "random-25": 0.25}
INNER_RANDOM_SHARE = 0.1
LINE_EVERY = 1000
"""Clips after which features print a line."""

Say = Callable[[str], None]
"""Prints a line of progress."""


class RunError(TrainingError):
    """An error that stops a run; the message says why and what to do."""


class Run:
    """A folder of one training, made by :func:`record.begin` and found again by :func:`find`.

    Its parts are ``fold-0`` to ``fold-4``, which hold out groups, ``final``, which holds out
    nothing, and those of :data:`WITHOUT`, which leave whole corpora out. The leaky recipes have a
    single part, ``random``. A run of own recordings starts from a bundle, which it has a copy of.
    """

    def __init__(self, folder: Path) -> None:
        tree = json.loads((folder / RUN).read_text())
        errors: list[str] = []
        recipe = decode(Recipe, tree["recipe"], "recipe", errors)
        if recipe is None:
            raise RunError(f"{folder / RUN}: " + "; ".join(errors))
        self.folder = folder
        self.recipe = recipe
        self.name: str = tree["name"]
        self.data = Path(tree["data"])
        self.cache = Path(tree["cache"])
        self.seed = int(tree["seed"])
        self.corpora: dict[str, Any] = tree["corpora"]
        self.own = Path(tree["own"]["place"]) if "own" in tree else None
        self.started_from: dict[str, str] = tree.get("start", {})
        self.start = start.read(folder / START) if self.own else None

    def part(self, part: str) -> Path:
        """Return the folder of a part."""
        return self.folder / part

    def finished(self, part: str) -> bool:
        """Tell whether a part is trained and calibrated."""
        return (self.part(part) / CALIBRATION).exists()

    def finished_folds(self) -> list[str]:
        """Return the folds that can be measured."""
        return [fold for fold in FOLDS if self.finished(fold)]

    def split(self, clips: Sequence[Clip], part: str) -> Split:
        """Split clips into those that train, calibrate and test a part.

        Raises:
            splits.SplitError: a group is on two sides.
        """
        if part == RANDOM:
            share = RANDOM_SHARES[self.recipe.split]
            rest, test = splits.random_split(clips, share, self.seed)
            own = [clips[i] for i in rest]
            train, inner = splits.random_split(own, INNER_RANDOM_SHARE, self.seed)
            return Split(tuple(rest[train]), tuple(rest[inner]), tuple(test))
        if part in WITHOUT:
            return splits.without(clips, WITHOUT[part])
        made = splits.split(clips, None if part == FINAL else FOLDS.index(part))
        if self.start:  # keeps its calibration, so nobody is needed to calibrate
            return Split(tuple(sorted((*made.train, *made.inner))), (), made.test)
        return made

    def clips(self) -> list[Clip]:
        """Load the clips of the recipe's corpora, or the own recordings with those among them."""
        if self.own is None:
            return sources.load_clips(self.recipe, self.data, self.cache)[0]
        found, _ = sources.load_own(self.recipe, self.own, self.data, self.cache)
        heard = self.heard()
        if new := [
            clip.path for clip in found if clip.corpus == "own" and str(clip.path) not in heard
        ]:
            raise RunError(
                f"{new[0]}: was not there when the run began; take it away, or begin another run"
            )
        return [
            sources.heard_in(clip, heard[str(clip.path)]) if clip.corpus == "own" else clip
            for clip in found
        ]

    def heard(self) -> dict[str, Hearing]:
        """Read what the bundle to start from hears in each own recording, by its path."""
        tree = json.loads((self.folder / HEARD).read_text())
        return {path: Hearing(**one) for path, one in tree.items()}

    def around(self, clips: Sequence[Clip]) -> Around:
        """Gather what may be around each clip in its variants."""
        return surroundings.around(clips, responses(self.data))

    def prior(self, part: str) -> Prior:
        """Read the statistics that standardise the inputs of a part's models."""
        tree = json.loads((self.part(part) / PRIOR).read_text())
        return Prior(**{name: np.array(values, np.float32) for name, values in tree.items()})

    def normalisation(self, part: str) -> NormalisationSpec:
        """Return the statistics of the frames, as the card holds them."""
        prior, recipe = self.prior(part), self.recipe
        return NormalisationSpec(
            mean=features.rounded(prior.mean),
            std=features.rounded(prior.std),
            prior_frames=recipe.prior_frames,
            memory_frames=recipe.memory_frames,
        )

    def texture(self, part: str) -> TextureSpec:
        """Return the texture and its statistics, as the card holds them."""
        prior, recipe = self.prior(part), self.recipe.texture
        return TextureSpec(
            length=recipe.length,
            lags=recipe.lags,
            mean=features.rounded(prior.texture_mean),
            std=features.rounded(prior.texture_std),
        )

    @property
    def hearing(self) -> HearingSpec:
        """Decision between voice or music and other sounds, as in the recipe."""
        return self.recipe.hearing

    @property
    def smoothing(self) -> SmoothingSpec:
        """Smoothing as tuned on this run, or else as in the recipe."""
        path = self.folder / TUNING
        if not path.exists():
            return self.recipe.smoothing
        return SmoothingSpec(**json.loads(path.read_text())["chosen"]["spec"])

    def calibration(self, part: str) -> Calibration:
        """Read the calibration of a part. The final model has the mean of the finished folds."""
        if part == FINAL and not self.start:
            return mean([self.calibration(fold) for fold in self.finished_folds()])
        return Calibration(**json.loads((self.part(part) / CALIBRATION).read_text()))

    def minutes(self, part: str) -> float:
        """Return the minutes that the epochs of a part took, with their checks on inner groups."""
        histories = sorted(self.part(part).glob(f"*/{HISTORY}"))
        return sum(sum(json.loads(path.read_text())["seconds"]) for path in histories) / 60

    def models(self, part: str) -> tuple[keras.Model, keras.Model]:
        """Load the trained CNN and RNN of a part."""
        width = len(self.prior(part).texture_mean)
        made = build(self.recipe, width, folded=self.start is not None)
        for model in made:
            model.load_weights(self.part(part) / model.name / WEIGHTS)
        return made


def build(
    recipe: Recipe, texture_width: int, *, folded: bool = False
) -> tuple[keras.Model, keras.Model]:
    """Build the CNN, ``folded`` as :func:`cnn.build` says, and the RNN of a recipe, not trained."""
    return (
        cnn.build(recipe.cnn, recipe.features.n_mfcc, texture_width, folded=folded),
        rnn.build(recipe.rnn, recipe.features),
    )


def find(folder: Path) -> Run:
    """Open a run that ``moodstream train`` began.

    Raises:
        RunError: the folder holds none.
    """
    if not (folder / RUN).exists():
        raise RunError(f"{folder}: no {RUN} in it; give the folder that `moodstream train` wrote")
    return Run(folder)


def load_features(
    run: Run, clips: list[Clip], variant: int, say: Say, did: Did = nothing
) -> Features:
    """Load the features of all clips as they are (0), or of one of their waveform variants.

    Args:
        run: gives the recipe and the cache.
        clips: all clips of the run.
        variant: 0, or the number of a variant.
        say: prints a line of progress.
        did: counts clips.
    """

    def progress(done: int, of: int) -> None:
        doing = f"features{f' of variant {variant}' if variant else ''}: {done} of {of} clips"
        did("variants" if variant else "features", 1, doing)
        if done % LINE_EVERY == 0 or done == of:
            say(doing)

    near = run.around(clips)
    return features.load(clips, run.recipe, variant, run.cache, progress, near)
