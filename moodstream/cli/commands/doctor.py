"""`moodstream doctor`: an examination of this machine."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from moodstream.cli.failure import failures
from moodstream.cli.options import BROKER, BUNDLE, DEVICE, HOP, PREFIX, configurable


@click.command()
@click.option(
    "--quick",
    is_flag=True,
    help="Check that the daemon of these settings is online at its broker, in about a second: for "
    "health checks. The microphone is not opened, and nothing is published.",
)
@configurable(DEVICE, BROKER, PREFIX, HOP, BUNDLE)
def doctor(path: Path | None, options: dict[str, Any], quick: bool) -> None:
    """Examine this machine, and say what to do about problems.

    Listens to the microphone for three seconds, and publishes one message to PREFIX/doctor. The
    exit status is 1 after any failure.
    """
    from moodstream.doctor import quick as quickly
    from moodstream.doctor.examine import examine
    from moodstream.doctor.report import Report

    with failures():
        report = Report(sys.stdout)
        if quick:
            report.show(quickly.examine(path, options))
        else:
            report.show(examine(path, options, report.meter))
    sys.stdout.flush()
    # A clean exit would wait for ever: PortAudio says goodbye to a frozen audio server.
    os._exit(1 if report.failures else 0)
