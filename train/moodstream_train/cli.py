"""``moodstream train``, ``evaluate`` and ``export``: thin commands over the modules."""

import os
import sys
import time
from pathlib import Path

import click

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from moodstream_train import corpora, splits  # TensorFlow reads the line above
from moodstream_train.recipe import RECIPE

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
    type=click.Choice([*(str(k) for k in range(splits.FOLDS)), "final"]),
    help="Train this part only. Default: all folds, then the final model on everything.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=CACHE,
    show_default=True,
    help="Folder for computed features.",
)
@click.option("--seed", type=int, default=1, show_default=True)
def train(data: Path, folder: Path, fold: str | None, cache: Path, seed: int) -> None:
    """Train the models; goes on where an interrupted run stopped."""
    from moodstream_train import run as runs  # noqa: PLC0415, imports TensorFlow

    try:
        run = runs.begin(folder, data, cache, seed, RECIPE, say)
        clips, _ = corpora.load(data)
        count = run.recipe.variants.count
        variants = [runs.load_features(run, clips, k, say) for k in range(count + 1)]
        parts: list[int | None] = [*range(splits.FOLDS), None]
        if fold is not None:
            parts = [None if fold == "final" else int(fold)]
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


@click.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
def evaluate(folder: Path) -> None:
    """Measure the finished folds of RUN on who was held out, through the runtime."""
    from moodstream_train import evaluate as evaluation  # noqa: PLC0415, imports TensorFlow
    from moodstream_train import export as exporting  # noqa: PLC0415
    from moodstream_train import run as runs  # noqa: PLC0415

    try:
        run = runs.find(folder)
        run.require(*range(splits.FOLDS))
        clips, _ = corpora.load(run.data)
        loaded = runs.load_features(run, clips, 0, say)
        for fold in run.finished_folds():
            evaluation.measure(run, fold, clips, loaded, say)
        results = evaluation.summarise(run)
    except (corpora.CorpusError, splits.SplitError, runs.RunError, exporting.ExportError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(evaluation.table(results))
    click.echo(f"written: {run.folder / evaluation.RESULTS}")


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
    from moodstream_train import export as exporting  # noqa: PLC0415, imports TensorFlow
    from moodstream_train import model_card  # noqa: PLC0415
    from moodstream_train import run as runs  # noqa: PLC0415

    try:
        run = runs.find(folder)
        run.require(None)
        clips, _ = corpora.load(run.data)
        loaded = runs.load_features(run, clips, 0, say)
        training, results = model_card.training_of(run), model_card.results_of(run, note)
        parity = exporting.export_part(
            run, None, "int8", clips, loaded, out, training=training, results=results
        )
        model_card.write(out, training, results, parity)
    except (corpora.CorpusError, splits.SplitError, runs.RunError, exporting.ExportError) as error:
        raise click.ClickException(str(error)) from error
    for path in sorted(out.iterdir()):
        click.echo(f"{path}  {path.stat().st_size} bytes")
