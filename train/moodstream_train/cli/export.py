"""``moodstream export``."""

import os
from pathlib import Path
from typing import Any

import click

from moodstream_train import quiet
from moodstream_train.cli.say import say, stoppable

PRECISIONS = ("int8", "float32", "auto")
PARTS = ("final", "random", *(f"fold-{k}" for k in range(5)))


@click.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder for the bundle."
)
@click.option("--force", is_flag=True, help="Replace files in a folder that is not empty.")
@click.option(
    "--part",
    type=click.Choice(PARTS),
    default="final",
    show_default=True,
    help="Part of the run to export.",
)
@click.option(
    "--precision",
    type=click.Choice(PRECISIONS),
    default="auto",
    show_default=True,
    help="Precision of the weights; auto is int8 if it agrees with Keras, else float32.",
)
@click.option(
    "--note", default="", help="Remark for the card, for example on how the recipe was chosen."
)
def export(folder: Path, out: Path, force: bool, part: str, precision: str, note: str) -> None:
    """Write the models of RUN as a bundle, with its card and MODEL_CARD.md."""
    check_out(out, force=force)
    quiet.load_keras()
    from moodstream_train.card import model_card  # noqa: PLC0415, loads Keras
    from moodstream_train.export.bundle import export_part  # noqa: PLC0415
    from moodstream_train.training import run as runs  # noqa: PLC0415

    with stoppable():
        run = runs.find(folder)
        if not run.finished(part):
            raise runs.RunError(
                f"{folder}: {part} is not trained yet; continue with `moodstream train --run "
                f"{folder} --part {part}`"
            )
        clips = run.clips()
        loaded = runs.load_features(run, clips, 0, say)
        training, results = model_card.training_of(run, part), model_card.results_of(run, note)
        parity = export_part(
            run, part, precision, clips, loaded, out, training=training, results=results
        )
        model_card.write(out, training, results, parity)
    click.echo(_summary(out, parity))


def check_out(out: Path, *, force: bool) -> None:
    """Check that a bundle can be written to a folder.

    Args:
        out: the folder.
        force: replace existing files.

    Raises:
        click.ClickException: it cannot.
    """
    from moodstream.bundle import disk  # noqa: PLC0415, loads LiteRT

    there = out.resolve()
    if there == disk.shipped().resolve():
        raise click.ClickException(f"{out}: contains the shipped bundle; choose another --out")
    if there.exists() and not there.is_dir():
        raise click.ClickException(f"{out}: is a file; choose another --out")
    held = sorted(path.name for path in there.iterdir()) if there.exists() else []
    if held and not force:
        raise click.ClickException(
            f"{out}: already contains {held[0]}{' and more' if len(held) > 1 else ''}; "
            "choose another --out, or replace it with --force"
        )
    existing = next(path for path in (there, *there.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        raise click.ClickException(f"{out}: {existing} cannot be written; choose another --out")


def _summary(out: Path, parity: dict[str, Any]) -> str:
    """Describe a bundle that was written, and the next commands."""
    from moodstream import self_test  # noqa: PLC0415
    from moodstream.audio.demo import RECORDING  # noqa: PLC0415
    from moodstream.replay.recording import summarise  # noqa: PLC0415

    lines = [f"Bundle written to {out}"]
    for name in ("cnn", "rnn"):
        made = parity[name]
        lines.append(
            f"  {name.upper()}: {made['bytes'] / 1000:.0f} kB, {made['quantisation']}, "
            f"{100 * made['agreement_with_keras']:.1f} % of moods as in Keras"
        )
    said = summarise(Path(RECORDING), self_test.load(out))
    heard = "no mood"
    if said["mood"]:
        heard = (
            f"{said['mood']}, {100 * said['confidence']:.0f} % sure, quadrant {said['quadrant']}"
        )
    lines += [
        f"  Bundled recording: {heard}",
        "Next:",
        f"  moodstream replay --bundle {out} FILE",
        f"  moodstream bundle show {out}",
        f"  moodstream config --bundle {out}",
    ]
    return "\n".join(lines)
