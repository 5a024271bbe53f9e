"""``moodstream train``, ``evaluate`` and ``export``: thin commands over the modules."""

import os
import sys
import time
from pathlib import Path

import click

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from moodstream_train import memory, override  # TensorFlow reads the line above
from moodstream_train.errors import TrainingError
from moodstream_train.recipe import RECIPES

CACHE = Path("~/.cache/moodstream")
SEED_PROJECT = "seed-project"
"""No recipe of ours: the models of the project that this one grew from."""


def say(line: str) -> None:
    """Print a line of progress with the time of day, and do not hold it back."""
    click.echo(f"{time.strftime('%H:%M:%S')}  {line}")
    sys.stdout.flush()


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
    type=click.Choice([*RECIPES, SEED_PROJECT]),
    default="shipped",
    show_default=True,
    help="What to train; see docs/training.md.",
)
@click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a number of the recipe."
)
@click.option(
    "--part",
    "chosen",
    type=click.Choice(["fold-0", "fold-1", "fold-2", "fold-3", "fold-4", "final"]),
    multiple=True,
    help="Train this part only; may be given again. Default: all folds, then the final model on "
    "everything.",
)
@click.option(
    "--teacher",
    "teachers",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Learn from the models of this run, too; may be given again.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=CACHE,
    show_default=True,
    help="Folder for computed features and rendered music.",
)
@click.option("--seed", type=int, default=1, show_default=True)
def train(
    data: Path,
    folder: Path,
    name: str,
    changes: tuple[str, ...],
    chosen: tuple[str, ...],
    teachers: tuple[Path, ...],
    cache: Path,
    seed: int,
) -> None:
    """Train the models; goes on where an interrupted run stopped."""
    from moodstream_train.seed_project import baseline  # noqa: PLC0415
    from moodstream_train.training import run as runs  # noqa: PLC0415, imports TensorFlow

    memory.keep_freed()
    try:
        if name == SEED_PROJECT:
            if changes or chosen:
                raise click.UsageError(f"{SEED_PROJECT} takes neither --set nor --part")
            baseline.train(data, cache, folder, seed, say)
            return
        recipe = override.apply(RECIPES[name], changes)
        run = runs.begin(folder, data, cache, seed, name, recipe, say, teachers)
        clips = run.clips()
        variants = [
            runs.load_features(run, clips, k, say) for k in range(recipe.variants.count + 1)
        ]
        parts = list(chosen) or [*runs.FOLDS, runs.FINAL]
        if recipe.split != "groups":
            parts = [runs.RANDOM]
        parts = [part for part in parts if not run.finished(part)]
        began = time.monotonic()
        for done, part in enumerate(parts):
            if done:
                left = (time.monotonic() - began) / done * (len(parts) - done)
                say(f"{done} of {len(parts)} parts done, {left / 60:.0f} min left for all")
            runs.train_part(run, part, clips, variants, say)
    except TrainingError as error:
        raise click.ClickException(str(error)) from error
    say(f"done: {run.folder}")


@click.command()
@click.argument(
    "folders", metavar="RUN...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for results.json and results.md of all the runs together.",
)
@click.option(
    "--tune",
    is_flag=True,
    help="Choose the smoothing instead, on calibrating groups; with a run of one corpus, try how "
    "fast to learn the room of another.",
)
@click.option(
    "--accuracy-only",
    is_flag=True,
    help="Without robustness and streams, which take most of the time: for further seeds.",
)
def evaluate(folders: tuple[Path, ...], out: Path | None, tune: bool, accuracy_only: bool) -> None:
    """Measure the finished parts of RUNs on who was held out, through the runtime."""
    from moodstream_train.evaluation import evaluate as evaluation  # noqa: PLC0415, imports TensorFlow
    from moodstream_train.report.gathered import is_seed_project  # noqa: PLC0415
    from moodstream_train.report.page import write  # noqa: PLC0415
    from moodstream_train.training import run as runs  # noqa: PLC0415

    try:
        for run in [runs.find(one) for one in folders if not is_seed_project(one)]:
            if tune and run.name in evaluation.TRIED_ON:
                click.echo(evaluation.learning(run, say)["chosen"])
                continue
            if tune:
                click.echo(evaluation.tuning(run, say)["chosen"])
                continue
            evaluation.measure(run, say, accuracy_only=accuracy_only)
            say(f"written: {run.folder / evaluation.RESULTS}")
        if out:
            for path in write(folders, out):
                say(f"written: {path}")
    except TrainingError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder for the bundle."
)
@click.option(
    "--note", default="", help="A remark for the card: on how the recipe was chosen, say."
)
def export(folder: Path, out: Path, note: str) -> None:
    """Write the final model of RUN as a bundle, with its card and a page for people."""
    from moodstream_train.card import model_card  # noqa: PLC0415
    from moodstream_train.export import bundle as exporting  # noqa: PLC0415, imports TensorFlow
    from moodstream_train.training import run as runs  # noqa: PLC0415

    try:
        run = runs.find(folder)
        if not run.finished(runs.FINAL):
            raise runs.RunError(f"{folder}: no final model yet; go on with `moodstream train`")
        clips = run.clips()
        loaded = runs.load_features(run, clips, 0, say)
        training, results = model_card.training_of(run), model_card.results_of(run, note)
        parity = exporting.export_part(
            run, runs.FINAL, "int8", clips, loaded, out, training=training, results=results
        )
        model_card.write(out, training, results, parity)
    except TrainingError as error:
        raise click.ClickException(str(error)) from error
    for path in sorted(out.iterdir()):
        click.echo(f"{path}  {path.stat().st_size} bytes")
