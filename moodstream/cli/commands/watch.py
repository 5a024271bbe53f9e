"""`moodstream watch`: the live messages of a daemon."""

import sys
from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import EX_CONFIG, Failure
from moodstream.cli.options import (
    BROKER,
    PREFIX,
    SOURCE,
    chosen,
    configured,
    is_prefix_given,
)

if TYPE_CHECKING:
    from moodstream.config.sections import Config


@click.command()
@SOURCE
@configured(BROKER, PREFIX)
def watch(config: "Config", name: str | None) -> None:
    """Show live what a daemon publishes, as any subscriber of its broker receives it.

    On a terminal, draws a live view. Otherwise, writes a line for each message. Press Ctrl-C to
    stop.
    """
    from moodstream.cli.signals import stopped_by_signals
    from moodstream.config.sections import ConfigError
    from moodstream.watch import live

    if not is_prefix_given():
        config = chosen(config, name)
    try:
        with stopped_by_signals() as stop:
            live.watch(config, stop, sys.stdout, sys.stderr)
    except ConfigError as error:
        raise Failure(str(error), EX_CONFIG) from error
