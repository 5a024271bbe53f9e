"""`moodstream devices`: what could be listened to."""

import click

from moodstream.cli.failure import Failure, failures


@click.command()
def devices() -> None:
    """List the capture devices; * marks the default."""
    from moodstream.audio import microphone

    with failures():
        found = microphone.devices()
        if not found:
            raise Failure("no capture device: is one plugged in, and may you use it?")
        for device in found:
            mark = "*" if device.default else " "
            click.echo(
                f"{mark} {device.name}  ({device.host}, {device.rate} Hz, "
                f"{device.channels} channel{'s' if device.channels > 1 else ''})"
            )
