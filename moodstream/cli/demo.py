"""`moodstream demo`: the daemon, and what it publishes, without a setting."""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import failures
from moodstream.cli.options import BROKER, BUNDLE, DEVICE, PREFIX, configured

if TYPE_CHECKING:
    from moodstream.audio.chunk import Chunk
    from moodstream.config.sections import Config


@click.command()
@configured(DEVICE, BROKER, PREFIX, BUNDLE)
def demo(config: "Config") -> None:
    """Run on the microphone, or on a recording if there is none, and show what is published."""
    from moodstream.audio.demo import recording
    from moodstream.audio.device import find
    from moodstream.audio.microphone import Microphone
    from moodstream.audio.portaudio import CaptureError
    from moodstream.cli.signals import stopped_by_signals
    from moodstream.daemon.run import run_daemon
    from moodstream.messages.received import line
    from moodstream.mqtt.subscriber import subscribed
    from moodstream.publication import running_broker

    with failures(), stopped_by_signals() as stop, ExitStack() as stack:
        try:
            device = find(config.audio.device)
            chunks: Iterable[Chunk] = Microphone(config.audio.device, config.audio.buffer_s).chunks(
                stop
            )
            click.echo(f"Listening to '{device.name}'. Ctrl-C ends it.")
        except CaptureError as error:
            chunks = recording(stop)
            click.echo(
                f"No microphone: {error}\n"
                "Playing the bundled recording instead, over and over, in real time. "
                "Ctrl-C ends it."
            )
        connection = stack.enter_context(running_broker(config))
        click.echo(
            f"Below is what a subscriber sees at {connection.address}, topic {config.mqtt.prefix}/#"
        )
        stack.enter_context(
            subscribed(
                connection,
                config.mqtt.prefix,
                lambda topic, payload: click.echo(line(topic, payload)),
            )
        )
        run_daemon(config, connection, chunks, [])
    click.echo("Ended.")
