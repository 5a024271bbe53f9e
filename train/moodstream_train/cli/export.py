"""``moodstream export``."""

from pathlib import Path

import click

from moodstream_train.cli.say import say
from moodstream_train.errors import TrainingError


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
