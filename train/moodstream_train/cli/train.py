"""``moodstream train``."""

from pathlib import Path

import click

from moodstream_train import memory, override, quiet
from moodstream_train.cli.say import say, stoppable
from moodstream_train.errors import TrainingError
from moodstream_train.parts import FINAL, FOLDS, PARTS, RANDOM
from moodstream_train.recipe import RECIPES, Recipe

CACHE = Path("~/.cache/moodstream")
SEED_RECIPE = "seed-project"
"""Name that trains the models of the student project, which has no recipe."""


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path), required=True, help="Folder with the corpora."
)
@click.option(
    "--run", "folder", type=click.Path(path_type=Path), required=True, help="Folder to write to."
)
@click.option(
    "--recipe",
    "name",
    type=click.Choice([*RECIPES, SEED_RECIPE]),
    default="shipped",
    show_default=True,
    help="Recipe to train; docs/training.md describes them.",
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
    help="Train this part only; may be repeated. Default: the folds of the recipe, then the "
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
    data: Path,
    folder: Path,
    name: str,
    changes: tuple[str, ...],
    chosen: tuple[str, ...],
    cache: Path,
    seed: int,
) -> None:
    """Train the models, or go on where an interrupted run stopped."""
    try:
        if name == SEED_RECIPE and (changes or chosen):
            raise click.UsageError(f"{SEED_RECIPE} takes neither --set nor --part")
        with stoppable():
            if name == SEED_RECIPE:
                _train_seed_project(data, folder, cache, seed)
            else:
                recipe = override.apply(RECIPES[name], changes)
                _train(data, folder, name, recipe, chosen, cache, seed)
    except TrainingError as error:
        raise click.ClickException(str(error)) from error
    say(f"done: {folder}")


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
    from moodstream_train.training import run as runs  # noqa: PLC0415
    from moodstream_train.training.progress import Progress  # noqa: PLC0415
    from moodstream_train.training.train import planned, train_part  # noqa: PLC0415

    memory.keep_freed()
    run = runs.begin(folder, data, cache, seed, name, recipe, say)
    clips = run.clips()
    parts = list(chosen) or [*FOLDS[: recipe.folds], FINAL]
    if recipe.split != "groups":
        parts = [RANDOM]
    parts = [part for part in parts if not run.finished(part)]
    progress = Progress(planned(run, parts, clips), say)
    progress.say(f"{len(clips)} clips, to train: {', '.join(parts) or 'nothing'}")
    variants = [
        runs.load_features(run, clips, k, progress.say, progress.did)
        for k in range(recipe.variants.count + 1)
    ]
    for part in parts:
        train_part(run, part, clips, variants, progress.say, progress.did)
    progress.clear()
