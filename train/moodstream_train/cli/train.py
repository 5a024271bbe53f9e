"""``moodstream train``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from moodstream_train import memory, override, quiet
from moodstream_train.cli.say import say, stoppable
from moodstream_train.parts import FINAL, FOLDS, PARTS, RANDOM
from moodstream_train.recipe import Recipe
from moodstream_train.recipes import RECIPES

if TYPE_CHECKING:
    from moodstream_train.corpora import Clip
    from moodstream_train.training.run import Run

CACHE = Path("~/.cache/moodstream")
SEED_RECIPE = "seed-project"
"""Name for training the models of the student project, which has no recipe."""


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder with the corpora. With --own, the corpora in it are mixed in.",
)
@click.option(
    "--own",
    "place",
    type=click.Path(path_type=Path, exists=True),
    help="Fine-tune a bundle on these recordings: a folder for each mood or quadrant, a CSV of "
    "file, label and group, or corrected results of `moodstream replay`.",
)
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    help="Bundle that --own starts from. Default: the shipped one.",
)
@click.option(
    "--run", "folder", type=click.Path(path_type=Path), required=True, help="Folder to write to."
)
@click.option(
    "--recipe",
    "name",
    type=click.Choice([*RECIPES, SEED_RECIPE]),
    help="Recipe to train; docs/training.md describes them. Default: shipped.",
)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a value of the recipe; may be repeated.",
)
@click.option(
    "--part",
    "chosen",
    type=click.Choice(PARTS),
    multiple=True,
    help="Train only this part; may be repeated. Default: the folds of the recipe, then the "
    "final models on all data.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=CACHE,
    show_default=True,
    help="Folder for computed features and rendered music.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of all random choices.")
def train(
    data: Path | None, folder: Path, name: str | None, cache: Path, seed: int, **asked: Any
) -> None:
    """Train the models, or continue an interrupted run.

    With --own, fine-tune the models of a bundle on your own recordings.
    """
    place: Path | None = asked["place"]
    changes: tuple[str, ...] = asked["changes"]
    chosen: tuple[str, ...] = asked["chosen"]
    _check(data, name, asked)
    with stoppable():
        if place:
            _train_own(folder, place, data, asked["bundle"], cache, seed, changes, chosen)
        elif data and name == SEED_RECIPE:
            _train_seed_project(data, folder, cache, seed)
        elif data:
            name = name or "shipped"
            recipe = override.apply(RECIPES[name], changes)
            _train(data, folder, name, recipe, chosen, cache, seed)
    say(f"done: {folder}")


def _check(data: Path | None, name: str | None, asked: dict[str, Any]) -> None:
    """Check that the options are consistent.

    Raises:
        click.UsageError: they do not.
    """
    if asked["place"] and name:
        raise click.UsageError("--own has its own recipe; leave --recipe out")
    if not asked["place"] and not data:
        raise click.UsageError("give the corpora with --data, or your own recordings with --own")
    if not asked["place"] and asked["bundle"]:
        raise click.UsageError("--bundle works only with --own; a recipe starts from scratch")
    if name == SEED_RECIPE and (asked["changes"] or asked["chosen"]):
        raise click.UsageError(f"{SEED_RECIPE} takes neither --set nor --part")


def _train_own(
    folder: Path,
    place: Path,
    data: Path | None,
    bundle: Path | None,
    cache: Path,
    seed: int,
    changes: tuple[str, ...],
    chosen: tuple[str, ...],
) -> None:
    say("loading Keras")
    quiet.load_keras()
    from moodstream.bundle import disk  # noqa: PLC0415
    from moodstream_train.training import own  # noqa: PLC0415

    memory.keep_freed()
    run, survey = own.begin(
        folder, place, data, bundle or disk.shipped(), cache, seed, changes, say
    )
    say(survey.summary)
    for warning in survey.warnings():
        say(f"warning: {warning}")
    clips = run.clips()
    _train_parts(run, clips, list(chosen) or own.parts(run, clips))


def _train_seed_project(data: Path, folder: Path, cache: Path, seed: int) -> None:
    quiet.load_keras()
    from moodstream_train.seed_project import baseline  # noqa: PLC0415

    baseline.train(data, cache, folder, seed, say)


def _train(
    data: Path,
    folder: Path,
    name: str,
    recipe: Recipe,
    chosen: tuple[str, ...],
    cache: Path,
    seed: int,
) -> None:
    say("loading Keras")
    quiet.load_keras()
    from moodstream_train.training import record  # noqa: PLC0415

    memory.keep_freed()
    if (data / "own").is_dir() and not recipe.shares.own:
        say(f"warning: {data / 'own'} is not used; pass it to --own, or set shares.own")
    run = record.begin(folder, data, cache, seed, name, recipe, say)
    parts = list(chosen) or [*FOLDS[: recipe.folds], FINAL]
    _train_parts(run, run.clips(), parts if recipe.split == "groups" else [RANDOM])


def _train_parts(run: "Run", clips: "list[Clip]", parts: list[str]) -> None:
    """Train the unfinished parts of a run."""
    from moodstream_train.training import run as runs  # noqa: PLC0415
    from moodstream_train.training.progress import Progress  # noqa: PLC0415
    from moodstream_train.training.train import planned, train_part  # noqa: PLC0415

    parts = [part for part in parts if not run.finished(part)]
    progress = Progress(planned(run, parts, clips), say)
    progress.say(f"{len(clips)} clips, to train: {', '.join(parts) or 'nothing'}")
    variants = [
        runs.load_features(run, clips, k, progress.say, progress.did)
        for k in range(run.recipe.variants.count + 1)
    ]
    for part in parts:
        train_part(run, part, clips, variants, progress.say, progress.did)
    progress.clear()
