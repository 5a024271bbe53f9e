"""``python -m benchmarks``: measure, print tables, and write them to a page or keep them.

This process only starts others and stays small: Linux reports at least the memory of the parent as
the peak memory of a child.
"""

import hashlib
import os
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks import kept, machine
from benchmarks.compared import naive, peer_files, peers
from benchmarks.listening import latency, live
from benchmarks.plan import FULL, SHORT, Plan
from benchmarks.process import Missing, python
from benchmarks.report import Report, goals, page
from benchmarks.speed import growth, left, library, replay, stages, start_up, training

SHIPPED = "from moodstream.bundle.disk import shipped; print(shipped())"
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
@click.option("--write", type=click.Path(path_type=Path), help="Markdown page to write.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    help="Folder to keep the costs in, by machine and commit; see python -m benchmarks.compare.",
)
@click.option(
    "--peers",
    "folder_of_peers",
    type=click.Path(path_type=Path),
    default=CACHE / "peers",
    show_default=True,
    help="Folder where other programs are installed, each in its own environment.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    help="Folder of the corpora to train on.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=CACHE,
    show_default=True,
    help="Folder where the training caches features.",
)
@click.option("--only", multiple=True, type=click.Choice(list(BENCHMARKS)), help="Run only these.")
@click.option("--short", is_flag=True, help="Take seconds, not minutes, to see that it runs.")
def main(  # noqa: PLR0913, PLR0917 - an argument for each option
    bundle: Path | None,
    audio: Path | None,
    write: Path | None,
    keep: Path | None,
    folder_of_peers: Path,
    data: Path | None,
    cache: Path,
    only: tuple[str, ...],
    short: bool,
) -> None:
    """Measure the speed and the memory of moodstream on this machine.

    The machine should do nothing else. Times are CPU seconds where possible, and medians of
    several runs, but all programs share the caches.
    """
    bundle = bundle or Path(python("-c", SHIPPED))
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
    if keep:
        sha256 = hashlib.sha256((bundle / "card.json").read_bytes()).hexdigest()
        click.echo(f"\nKept in {os.fspath(kept.keep(keep, kept.run(sha256, reports)))}", err=True)
    if write:
        write.write_text(page([summary, *reports, conditions]), encoding="utf-8")
        click.echo(f"\nWritten to {os.fspath(write)}", err=True)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
