"""`moodstream watch`: what a daemon publishes, live."""

import sys
from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import failures
from moodstream.cli.options import BROKER, PREFIX, configured

if TYPE_CHECKING:
    from moodstream.config.sections import Config


@click.command()
@configured(BROKER, PREFIX)
def watch(config: "Config") -> None:
    """Show what a daemon publishes, live, as any subscriber of its broker sees it.

    A picture on a terminal; elsewhere a line for each message. Ctrl-C ends it.
    """
    from moodstream.cli.signals import stopped_by_signals
    from moodstream.watch import live as watch

    with failures(), stopped_by_signals() as stop:
        watch.watch(config, stop, sys.stdout, sys.stderr)
