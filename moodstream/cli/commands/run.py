"""`moodstream run`: listen and publish."""

import os
from functools import partial
from pathlib import Path
from typing import Any, TextIO, cast

import click

from moodstream.cli.failure import failures
from moodstream.cli.options import (
    BROKER,
    BUNDLE,
    DEVICE,
    HOP,
    LOG_LEVEL,
    PREFIX,
    configurable,
    load_config,
)


@click.command()
@click.option("--states", is_flag=True, help="Write a line for each hop, not only for each event.")
@configurable(DEVICE, BROKER, PREFIX, HOP, BUNDLE, LOG_LEVEL)
def run(path: Path | None, options: dict[str, Any], states: bool) -> None:
    """Listen to a microphone, or to each [[source]] of the settings, and publish the moods.

    Runs until stopped. Events go to standard output as JSON lines, logs to standard error. On
    SIGHUP, the daemon reads the settings again, and applies those that need no restart.
    """
    from moodstream.cli.signals import stopped_by_signals
    from moodstream.config.load import load
    from moodstream.daemon.reload import Reread
    from moodstream.daemon.request import requested_by_signal
    from moodstream.daemon.state_directory import state_directory
    from moodstream.log import get_logger
    from moodstream.messages.sinks import JsonLines
    from moodstream.outlet import Outlet
    from moodstream.publication import running_broker

    out, logs = Outlet(1), Outlet(2)
    config = load_config(path, options, logs)
    with failures(), stopped_by_signals() as stop, requested_by_signal() as request:
        sinks = [JsonLines(cast("TextIO", out), states=states)]
        state = state_directory(os.environ)
        reread = Reread(request, partial(load, path, os.environ, options))

        def lost() -> int:
            return out.dropped + logs.dropped

        with running_broker(config) as connection:
            if config.source:
                from moodstream.daemon.several import run_sources

                run_sources(config, connection, stop, sinks, state, reread, lost)
            else:
                from moodstream.audio.microphone import Microphone
                from moodstream.daemon.run import run_daemon

                audio = config.audio
                microphone = Microphone(audio.device, audio.buffer_s, audio.channels)
                chunks = microphone.chunks(stop)
                run_daemon(config, connection, chunks, sinks, state, reread, lost)
    if out.dropped:
        get_logger().warning("not all lines could be written to standard output", lost=out.dropped)
