"""`moodstream devices`: what could be listened to."""

import click

from moodstream.cli.failure import Failure, failures


@click.command()
def devices() -> None:
    """List the capture devices; * marks the default."""
    from moodstream.audio import device

    with failures():
        found = device.devices()
        if not found:
            raise Failure("no capture device: is one plugged in, and may you use it?")
        for each in found:
            mark = "*" if each.default else " "
            click.echo(
                f"{mark} {each.name}  ({each.host}, {each.rate} Hz, "
                f"{each.channels} channel{'s' if each.channels > 1 else ''})"
            )
