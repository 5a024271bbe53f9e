"""``python -m benchmarks``: measure, print tables, and write them to a page if asked to.

This process only starts others and stays small: the peak memory that Linux reports of a child is
never below that of the process that started it.
"""

import os
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks import (
    growth,
    latency,
    left,
    library,
    live,
    machine,
    naive,
    peer_files,
    peers,
    replay,
    stages,
    start_up,
    training,
)
from benchmarks.plan import FULL, SHORT, Plan
from benchmarks.process import Missing, python
from benchmarks.report import Report, goals, page

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "moodstream"
BENCHMARKS: dict[str, Callable[[Plan], Report]] = {
    "replay": replay.measure,
    "library": library.measure,
    "live": live.measure,
    "latency": latency.measure,
    "start-up": start_up.measure,
    "naive": naive.measure,
    "peers": peers.measure,
    "peer files": peer_files.measure,
    "stages": stages.measure,
    "left of replay": left.of_replay,
    "left of live": left.of_live,
    "left of memory": left.of_memory,
    "growth": growth.measure,
    "training": training.measure,
}


@click.command()
@click.option("--bundle", type=click.Path(path_type=Path, exists=True), help="Default: shipped.")
@click.option("--audio", type=click.Path(path_type=Path, exists=True), help="Default: the demo's.")
@click.option("--write", type=click.Path(path_type=Path), help="A Markdown page to write, too.")
@click.option(
    "--peers",
    "folder_of_peers",
    type=click.Path(path_type=Path),
    default=CACHE / "peers",
    show_default=True,
    help="Where other programs are installed, each in an environment of its own.",
)
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True), help="The corpora to train on."
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=CACHE,
    show_default=True,
    help="Where the training keeps features.",
)
@click.option("--only", multiple=True, type=click.Choice(list(BENCHMARKS)), help="Some of them.")
@click.option("--short", is_flag=True, help="Seconds, not minutes: to see that it runs.")
def main(
    bundle: Path | None,
    audio: Path | None,
    write: Path | None,
    folder_of_peers: Path,
    data: Path | None,
    cache: Path,
    only: tuple[str, ...],
    short: bool,
) -> None:
    """Measure the speed and the memory of moodstream on this machine.

    Meant for a machine that does nothing else: times are CPU seconds where that is possible, and
    medians of several runs, but the caches are shared.
    """
    bundle = bundle or Path(python("-c", "from moodstream.bundle import shipped; print(shipped())"))
    conditions = machine.conditions(
        bundle, shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]])
    )
    reports = []
    with tempfile.TemporaryDirectory(prefix="moodstream-") as folder:
        scale = SHORT if short else FULL
        plan = Plan(bundle, audio, Path(folder), folder_of_peers, data, cache, scale)
        for name in only or BENCHMARKS:
            if sys.stderr.isatty():
                click.echo(f"{name} ...", err=True)
            try:
                report = BENCHMARKS[name](plan)
            except Missing as error:
                report = Report(name.capitalize(), f"Not measured: {error}.")
            click.echo(f"{report.text}\n")
            reports.append(report)
    summary = goals(reports)
    click.echo(f"{summary.text}\n\n{conditions.text}")
    if write:
        write.write_text(page([summary, *reports, conditions]), encoding="utf-8")
        click.echo(f"\nWritten to {os.fspath(write)}", err=True)


main(prog_name="python -m benchmarks")
