"""`moodstream demo`: the daemon and its messages, without any settings."""

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import failures
from moodstream.cli.options import BROKER, BUNDLE, DEVICE, PREFIX, configured

if TYPE_CHECKING:
    import threading

    from moodstream.audio.chunk import Chunk
    from moodstream.config.sections import Config


@click.command()
@configured(DEVICE, BROKER, PREFIX, BUNDLE)
def demo(config: "Config") -> None:
    """Listen to the microphone, or to a recording if there is none, and show the mood.

    On a terminal, shows a line for each change of the mood, with the current state below. Publishes
    no retained messages, to leave those of a daemon alone. Refuses to start if a daemon publishes
    to the same topics. If the extra [web] is installed, also serves the page of `moodstream web`.
    """
    from moodstream import log
    from moodstream.cli.page import page_beside
    from moodstream.cli.signals import stopped_by_signals
    from moodstream.daemon.run import run_daemon
    from moodstream.mqtt.subscriber import subscribed
    from moodstream.publication import running_broker
    from moodstream.watch.live_line import LiveLine

    if config.log.level == "info":  # the status line shows the same
        log.configure("warning", config.log.format)
    with failures(), stopped_by_signals() as stop, ExitStack() as stack:
        chunks = _source(config, stop)
        connection = stack.enter_context(running_broker(config))
        if address := stack.enter_context(page_beside(config)):
            click.echo(f"The page is at {address}")
        prefix = config.mqtt.prefix
        click.echo(
            f"The lines below are what a subscriber receives at {connection.address}, "
            f"topic {prefix}/#"
        )
        shown = LiveLine(sys.stdout)
        stack.callback(shown.end)

        def say(trouble: str) -> None:
            if trouble:
                shown.say(f"Broker: {trouble}")

        stack.enter_context(subscribed(connection, prefix, shown.take, say, ("current", "event")))
        run_daemon(config, connection, chunks, [], as_guest=True)
    click.echo("Ended.")


def _source(config: "Config", stop: "threading.Event") -> "Iterable[Chunk]":
    """Return the sound of the microphone or of the recording, and print which it is."""
    from moodstream.audio.demo import recording
    from moodstream.audio.device import find
    from moodstream.audio.microphone import Microphone
    from moodstream.audio.portaudio import CaptureError
    from moodstream.text import printable

    try:
        device = find(config.audio.device)
    except CaptureError as error:
        click.echo(
            f"No microphone: {error}\n"
            "Playing the bundled recording instead, in a loop, in real time. Press Ctrl-C to "
            "stop."
        )
        return recording(stop)
    click.echo(f"Listening to '{printable(device.name, 60)}'. Press Ctrl-C to stop.")
    return Microphone(config.audio.device, config.audio.buffer_s).chunks(stop)
