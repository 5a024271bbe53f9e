"""`moodstream doctor`: a check of this machine."""

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
    help="For health checks: only check that the daemon with these settings is online at its "
    "broker. Takes about a second, does not open the microphone, and publishes nothing.",
)
@configurable(DEVICE, BROKER, PREFIX, HOP, BUNDLE)
def doctor(path: Path | None, options: dict[str, Any], quick: bool) -> None:
    """Check this machine, and say how to fix problems.

    Listens to the microphone for three seconds, and publishes one message to PREFIX/doctor. The
    exit status is 1 if any check fails.
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
    # A clean exit would wait forever, because PortAudio disconnects from a frozen audio server.
    os._exit(1 if report.failures else 0)
