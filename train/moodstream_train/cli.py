"""``moodstream train``, ``evaluate`` and ``export``: thin commands over the modules."""

import os
import sys
import time
from pathlib import Path

import click

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from moodstream_train import corpora, splits  # noqa: E402, TensorFlow reads the line above
from moodstream_train.recipe import RECIPE  # noqa: E402

CACHE = Path("~/.cache/moodstream")


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
    "--fold",
    type=click.IntRange(0, splits.FOLDS - 1),
    help="Train this fold only. Default: all folds, then the final model on everything.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=CACHE,
    show_default=True,
    help="Folder for computed features.",
)
@click.option("--seed", type=int, default=1, show_default=True)
def train(data: Path, folder: Path, fold: int | None, cache: Path, seed: int) -> None:
    """Train the models; goes on where an interrupted run stopped."""
    from moodstream_train import run as runs  # noqa: PLC0415, imports TensorFlow

    try:
        run = runs.begin(folder, data, cache, seed, RECIPE, say)
        clips, _ = corpora.load(data)
        variants = runs.load_variants(run, clips, say)
        parts: list[int | None] = [fold] if fold is not None else [*range(splits.FOLDS), None]
        parts = [part for part in parts if not run.finished(part)]
        began = time.monotonic()
        for done, part in enumerate(parts):
            if done:
                left = (time.monotonic() - began) / done * (len(parts) - done)
                say(f"{done} of {len(parts)} parts done, {left / 60:.0f} min left for all")
            runs.train_part(run, part, clips, variants, say)
    except (corpora.CorpusError, splits.SplitError, runs.RunError) as error:
        raise click.ClickException(str(error)) from error
    say(f"done: {run.folder}")
