"""A run: a folder with the models of one recipe and seed, and how they were made."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from moodstream.features.normalise import NormalisationSpec
from moodstream.features.texture import TextureSpec
from moodstream.mood.smoothing_spec import SmoothingSpec
from moodstream.schema import decode
from moodstream_train import corpora
from moodstream_train import plots as pictures
from moodstream_train.corpora import Clip, noise
from moodstream_train.dataset import features, random_split, splits
from moodstream_train.dataset.examples import Examples, Prior
from moodstream_train.dataset.features import Features
from moodstream_train.dataset.splits import Split
from moodstream_train.errors import TrainingError
from moodstream_train.networks import cnn, rnn
from moodstream_train.recipe import Recipe, Schedule
from moodstream_train.training.calibrate import Calibration, calibrate, mean
from moodstream_train.training.fit import HISTORY, WEIGHTS, Build, Draw, fit

RUN = "run.json"
PRIOR = "prior.json"
CALIBRATION = "calibration.json"
TUNING = "tuning.json"
FINAL = "final"
RANDOM = "random"
FOLDS = tuple(f"fold-{k}" for k in range(splits.FOLDS))
RANDOM_SHARES = {"random-20": 0.2, "random-25": 0.25}
INNER_RANDOM_SHARE = 0.1
CORPUS_OF = {"speech": "ravdess", "song": "ravdess", "cremad": "cremad"}
CORPUS_OF |= {"music": "4q", "emopia": "emopia", "own": "own"}
RENDERED = "rendered"
NOISE = "noise"

Say = Callable[[str], None]


class RunError(TrainingError):
    """The run cannot go on; the message says why and what to do."""


class Run:
    """A folder of one training: made by :func:`begin`, found again by :func:`find`.

    Its parts are ``fold-0`` to ``fold-4``, which hold out groups, ``final``, which holds out
    nothing, and for the leaky recipes ``random``.
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
        self.teachers = [Path(folder) for folder in tree.get("teachers", [])]

    def part(self, part: str) -> Path:
        """The folder of a part."""
        return self.folder / part

    def finished(self, part: str) -> bool:
        """Whether a part is trained and calibrated."""
        return (self.part(part) / CALIBRATION).exists()

    def finished_folds(self) -> list[str]:
        """The folds that can be measured."""
        return [fold for fold in FOLDS if self.finished(fold)]

    def split(self, clips: Sequence[Clip], part: str) -> Split:
        """Who is trained on, who calibrates and who is tested on.

        Raises:
            splits.SplitError: a group is on two sides.
        """
        if part == RANDOM:
            share = RANDOM_SHARES[self.recipe.split]
            rest, test = random_split.stratified(clips, share, self.seed)
            own = [clips[i] for i in rest]
            train, inner = random_split.stratified(own, INNER_RANDOM_SHARE, self.seed)
            return Split(tuple(rest[train]), tuple(rest[inner]), tuple(test))
        return splits.split(clips, None if part == FINAL else FOLDS.index(part))

    def clips(self) -> list[Clip]:
        """What the recipe trains on and, in its folds, is tested on."""
        return load_clips(self.recipe, self.data, self.cache)[0]

    def prior(self, part: str) -> Prior:
        """What standardised the inputs of the models of a part."""
        tree = json.loads((self.part(part) / PRIOR).read_text())
        return Prior(**{name: np.array(values, np.float32) for name, values in tree.items()})

    def normalisation(self, part: str) -> NormalisationSpec:
        """The same, as the card holds it."""
        prior, recipe = self.prior(part), self.recipe
        return NormalisationSpec(
            mean=features.rounded(prior.mean),
            std=features.rounded(prior.std),
            prior_frames=recipe.prior_frames,
            memory_frames=recipe.memory_frames,
        )

    def texture(self, part: str) -> TextureSpec:
        """The texture, as the card holds it."""
        prior, recipe = self.prior(part), self.recipe.texture
        return TextureSpec(
            length=recipe.length,
            lags=recipe.lags,
            mean=features.rounded(prior.texture_mean),
            std=features.rounded(prior.texture_std),
        )

    @property
    def smoothing(self) -> SmoothingSpec:
        """As tuned on this run; without that, the recipe's."""
        path = self.folder / TUNING
        if not path.exists():
            return self.recipe.smoothing
        return SmoothingSpec(**json.loads(path.read_text())["chosen"]["spec"])

    def calibration(self, part: str) -> Calibration:
        """Of a fold; of all finished folds for the final model."""
        if part == FINAL:
            return mean([self.calibration(fold) for fold in self.finished_folds()])
        return Calibration(**json.loads((self.part(part) / CALIBRATION).read_text()))

    def minutes(self, part: str) -> float:
        """What training the models of a part took, checks on the inner side included."""
        histories = sorted(self.part(part).glob(f"*/{HISTORY}"))
        return sum(sum(json.loads(path.read_text())["seconds"]) for path in histories) / 60

    def models(self, part: str) -> tuple[keras.Model, keras.Model]:
        """The trained CNN and RNN of a part."""
        made = build(self.recipe, len(self.prior(part).texture_mean))
        for model in made:
            model.load_weights(self.part(part) / model.name / WEIGHTS)
        return made


def build(recipe: Recipe, texture_width: int) -> tuple[keras.Model, keras.Model]:
    """The CNN and the RNN of a recipe, not trained."""
    return (
        cnn.build(recipe.cnn, recipe.features.n_mfcc, texture_width),
        rnn.build(recipe.rnn, recipe.features),
    )


def find(folder: Path) -> Run:
    """A run that ``moodstream train`` began.

    Raises:
        RunError: there is none.
    """
    if not (folder / RUN).exists():
        raise RunError(f"{folder}: no {RUN} in it; give the folder that `moodstream train` wrote")
    return Run(folder)


def load_clips(recipe: Recipe, data: Path, cache: Path) -> tuple[list[Clip], list[str]]:
    """The clips of the corpora that a recipe takes a share of.

    Raises:
        corpora.CorpusError: one of them is not there.
    """
    wanted = [name for name, share in asdict(recipe.shares).items() if share and name in CORPUS_OF]
    sources = list(dict.fromkeys(CORPUS_OF[name] for name in wanted))
    found, warnings = corpora.load(data, sources, cache / RENDERED)
    clips = [clip for clip in found if clip.corpus in wanted]
    if recipe.shares.noise:
        clips += noise.load(cache / NOISE)
    return clips, warnings


def begin(
    folder: Path,
    data: Path,
    cache: Path,
    seed: int,
    name: str,
    recipe: Recipe,
    say: Say,
    teachers: Sequence[Path] = (),
) -> Run:
    """Begin a run, or go on with one that was begun with the same settings.

    Args:
        folder: of the run.
        data: folder of the corpora.
        cache: folder of computed features.
        seed: of everything drawn.
        name: of the recipe.
        recipe: with all changes.
        say: prints a line.
        teachers: runs whose models of a part teach those of this run's part.

    Raises:
        RunError: it was begun with others.
        corpora.CorpusError: there is nothing to train on.
    """
    cache = cache.expanduser().resolve()
    clips, warnings = load_clips(recipe, data, cache)
    for warning in warnings:
        say(f"warning: {warning}")
    counts = Counter(f"{clip.corpus} {clip.label}" for clip in clips)
    tree = json.loads(
        json.dumps(
            {
                "name": name,
                "data": str(data.resolve()),
                "cache": str(cache),
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
    if teachers:
        tree["teachers"] = [str(teacher.resolve()) for teacher in teachers]
    path = folder / RUN
    if path.exists():
        before = json.loads(path.read_text())
        other = [key for key in tree if tree[key] != before.get(key)]
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


def train_part(run: Run, part: str, clips: list[Clip], variants: list[Features], say: Say) -> None:
    """Train, draw and calibrate the models of a part."""
    folder, recipe = run.part(part), run.recipe
    folder.mkdir(exist_ok=True)
    sides = run.split(clips, part)
    prior = prior_of(variants[0], [i for i in sides.train if clips[i].moods], recipe)
    tree = {name: features.rounded(values) for name, values in prior._asdict().items()}
    (folder / PRIOR).write_text(json.dumps(tree))
    prior = run.prior(part)  # as rounded: what the bundle will hold
    train = Examples(clips, variants, sides.train, prior, recipe, varied=True)
    # The curves of the leaky recipes show their test side; nothing is chosen by it.
    watched = sides.test if part == RANDOM else sides.inner
    inner = Examples(clips, variants[:1], watched, prior, recipe, varied=False) if watched else None
    seed = run.seed * 100 + (len(FOLDS) if part not in FOLDS else FOLDS.index(part))
    width = len(prior.texture_mean)

    taught = [_teacher(find(teacher), part, prior) for teacher in run.teachers]

    def fitted(name: str, made: Build, draw: Draw, inner: Draw | None, how: Schedule) -> Any:
        title = f"{run.name}, seed {run.seed}, {part}: {name}"

        def say_of_it(line: str) -> None:
            say(f"{title}: {line}")

        teachers = [model for pair in taught for model in pair if model.name == name]
        model, history = fit(made, draw, inner, how, folder / name, seed, say_of_it, teachers)
        seen = {"watched": "test, leaky"} if part == RANDOM else {}
        pictures.curves(history, title, folder / f"{name}-curves.png", **seen)
        return model

    trained_cnn = fitted(
        "cnn",
        lambda: cnn.build(recipe.cnn, recipe.features.n_mfcc, width),
        train.windows,
        inner.windows if inner else None,
        recipe.cnn.schedule,
    )
    trained_rnn = fitted(
        "rnn",
        lambda: rnn.build(recipe.rnn, recipe.features),
        train.sequences,
        inner.sequences if inner else None,
        recipe.rnn.schedule,
    )
    heard = [i for i in sides.inner if clips[i].moods]
    found = calibrate(trained_cnn, trained_rnn, clips, variants[0], heard, prior, recipe)
    (folder / CALIBRATION).write_text(json.dumps(asdict(found)))
    say(f"{part}: calibrated {asdict(found)}")


def _teacher(run: Run, part: str, prior: Prior) -> tuple[keras.Model, keras.Model]:
    """The models of a part of another run, which must have been trained on the same clips.

    Raises:
        RunError: they were not, or are not finished.
    """
    if not run.finished(part):
        raise RunError(f"{run.folder}: its {part} is not trained yet, so that it cannot teach")
    theirs = run.prior(part)
    if any(not np.array_equal(own, other) for own, other in zip(prior, theirs, strict=True)):
        raise RunError(f"{run.folder}: its {part} was trained on other clips than this run's")
    return run.models(part)


def prior_of(source: Features, indices: Sequence[int], recipe: Recipe) -> Prior:
    """What standardises the inputs, from the clips of the training side as they are."""
    mean, std = features.statistics(source, indices, recipe)
    hops = np.concatenate([source.textures[source.hops(i)] for i in indices])
    textures = features.normalised(hops, mean, std, len(recipe.texture.lags))
    return Prior(
        mean, std, textures.mean(axis=0), np.maximum(textures.std(axis=0), np.float32(1e-3))
    )
