"""``moodstream evaluate``."""

from pathlib import Path
from typing import Any

import click

from moodstream_train import quiet
from moodstream_train.cli.say import say, stoppable


@click.command()
@click.argument(
    "folders", metavar="RUN...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for a combined results.json and results.md of all runs.",
)
@click.option(
    "--tune",
    is_flag=True,
    help="Choose the smoothing on the calibration groups instead. With a run of one corpus, "
    "also choose how fast to learn the room of another.",
)
@click.option(
    "--accuracy-only",
    is_flag=True,
    help="Measure only accuracy on held-out clips. The other measurements take most of the time.",
)
def evaluate(folders: tuple[Path, ...], out: Path | None, tune: bool, accuracy_only: bool) -> None:
    """Measure the finished parts of RUNs on held-out clips, through the runtime.

    A run of own recordings is compared with its start bundle.
    """
    quiet.load_keras()
    from moodstream_train.evaluation import evaluate as evaluation  # noqa: PLC0415, loads Keras
    from moodstream_train.evaluation import own, tuning  # noqa: PLC0415
    from moodstream_train.evaluation.measured import RESULTS, prepare  # noqa: PLC0415
    from moodstream_train.evaluation.rows import TRIED_ON  # noqa: PLC0415
    from moodstream_train.report import own_page  # noqa: PLC0415
    from moodstream_train.report.gathered import is_seed_project  # noqa: PLC0415
    from moodstream_train.report.page import write  # noqa: PLC0415
    from moodstream_train.training import run as runs  # noqa: PLC0415

    with stoppable():
        for run in [runs.find(one) for one in folders if not is_seed_project(one)]:
            if run.own and (tune or len(folders) > 1):
                raise runs.RunError(
                    f"{run.folder}: a run of own recordings must be measured alone, without --tune"
                )
            if run.own:
                results = own.measure(run, say)
                for path in own_page.write(run.folder, results, out):
                    say(f"written: {path}")
                click.echo(own_page.brief(run.folder, results))
                return
            if tune and run.name in TRIED_ON:
                click.echo(_shown(tuning.learning(prepare(run, say))["chosen"]))
            elif tune:
                click.echo(_shown(tuning.smoothing(prepare(run, say))["chosen"]["spec"]))
            else:
                evaluation.measure(run, say, accuracy_only=accuracy_only)
                say(f"written: {run.folder / RESULTS}")
        if out:
            for path in write(folders, out):
                say(f"written: {path}")


def _shown(chosen: dict[str, Any]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in chosen.items())
