"""Repeated faults of real parts with all running numbers checked, a soak, and a day of audio.

    python -m tests.reliability --write docs/reliability.md      everything, as often as asked
    python -m tests.reliability --times 1 "broker frozen"        one fault, once

Ends with status 1 if an event was lost or out of order, a mood was shown that was no longer heard,
something did not recover, the daemon ended as it should not, or what it holds grew.
"""

import shlex
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from moodstream import log
from tests.reliability import page
from tests.reliability.day import day
from tests.reliability.faults import FAULTS, endure
from tests.reliability.journal_cut import cut_at_every_byte
from tests.reliability.soak import soak

CUT = "journal cut short at every byte"
SOAK, DAY = "soak", "day"


@click.command(help=__doc__)
@click.argument("names", nargs=-1, type=click.Choice([*FAULTS, CUT, SOAK, DAY]))
@click.option("--times", type=int, help="Of each fault, instead of the page's numbers.")
@click.option("--minutes", default=30.0, show_default=True, help="Of the soak.")
@click.option("--hours", default=24.0, show_default=True, help="Of audio, for the day.")
@click.option("--seed", default="1", show_default=True, help="Of the times of the faults.")
@click.option("--write", type=click.Path(path_type=Path), help="A Markdown page to write, too.")
def main(
    names: tuple[str, ...],
    times: int | None,
    minutes: float,
    hours: float,
    seed: str,
    write: Path | None,
) -> None:
    log.configure("error", "json")
    chosen = names or (*FAULTS, CUT, SOAK, DAY)
    reports = [page.machine(shlex.join(["python", "-m", "tests.reliability", *sys.argv[1:]]))]
    # Each waits in a thread; what works are the processes that it watches.
    with ThreadPoolExecutor(max_workers=len(chosen)) as pool:
        struck = {
            name: pool.submit(endure, name, fault, times or fault.times, seed)
            for name, fault in FAULTS.items()
            if name in chosen
        }
        soaking = pool.submit(soak, minutes, seed) if SOAK in chosen else None
        passing = pool.submit(day, hours) if DAY in chosen else None
    outcomes = {name: future.result() for name, future in struck.items()}
    if CUT in chosen:
        # Alone: a process that is forked meanwhile would hold the journal's lock for a moment.
        outcomes[CUT] = cut_at_every_byte()
    is_good = all(outcome.is_good for outcome in outcomes.values())
    if outcomes:
        reports.append(page.faults(outcomes))
    if soaking:
        reports.append(page.soak(minutes, soaking.result()))
        is_good &= soaking.result().is_good
    if passing:
        reports.append(page.day(passing.result()))
        is_good &= passing.result().is_good
    text = "\n\n".join([*(report.text for report in reports), page.LIMITS]) + "\n"
    click.echo(text)
    if write:
        begin = "# Reliability\n\nWritten by the command below; do not edit.\n\n"
        write.write_text(begin + text, encoding="utf-8")
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
