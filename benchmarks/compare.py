"""``python -m benchmarks.compare``: name the costs that grew since the run before."""

import sys
from pathlib import Path

import click

from benchmarks.kept import ALLOWED, FOLDER, runs, slower
from benchmarks.report import Report, figure
from moodstream.bench.machine import machine


@click.command()
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    show_default=True,
    help="Folder of the results.",
)
@click.option(
    "--percent",
    type=click.FloatRange(0),
    default=100 * ALLOWED,
    show_default=True,
    help="Growth that is allowed.",
)
def main(results: Path, percent: float) -> None:
    """Compare the last two runs of `python -m benchmarks --keep` on this machine.

    Exits with 1 if a cost grew by more than the allowed share. Run it by hand, on a machine that
    does nothing else.
    """
    found = runs(results, machine())
    if len(found) < 2:
        raise click.ClickException(
            f"{results} holds {len(found)} runs of this machine, and two are needed: run "
            "`make bench` before and after the change"
        )
    before, after = found[-2:]
    grown = slower(before, after, percent / 100)
    rows = [(name, figure(old), figure(new), f"+{new / old - 1:.0%}") for name, old, new in grown]
    about = (
        f"{before.commit} ({before.date}) and {after.commit} ({after.date}), "
        f"{len(before.costs.keys() & after.costs.keys())} costs: "
        f"{len(rows) or 'none'} grew by more than {percent:g} %."
    )
    click.echo(Report("Comparison", about, ("cost", "before", "after", "growth"), rows).text)
    sys.exit(1 if rows else 0)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.compare")
