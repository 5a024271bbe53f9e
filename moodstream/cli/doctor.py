"""`moodstream doctor`: what is well on this machine, and what is not."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from moodstream.cli.failure import failures
from moodstream.cli.options import BROKER, BUNDLE, DEVICE, HOP, PREFIX, configurable


@click.command()
@configurable(DEVICE, BROKER, PREFIX, HOP, BUNDLE)
def doctor(path: Path | None, options: dict[str, Any]) -> None:
    """Examine this machine: what is well, what is not, what to do about it.

    Listens to the microphone for three seconds, and publishes one message to PREFIX/doctor. The
    exit status is 1 if there is any failure.
    """
    from moodstream.doctor.examine import examine
    from moodstream.doctor.report import Report

    with failures():
        report = Report(sys.stdout)
        report.show(examine(path, options, report.meter))
    sys.stdout.flush()
    # No clean exit: PortAudio's own farewell would wait for a frozen audio server for ever.
    os._exit(1 if report.failures else 0)
