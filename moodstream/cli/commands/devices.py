"""`moodstream devices`: the devices and sources that moodstream can listen to."""

from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import Failure, failures

if TYPE_CHECKING:
    from moodstream.audio.device import Device


@click.command()
def devices() -> None:
    """List the capture devices, and the sources of a sound server; * marks the default.

    --device and audio.device take such a name, or a part of it that no other name contains. A
    monitor carries the sound that this computer plays.
    """
    from moodstream.audio import device
    from moodstream.audio.system import alsa

    with failures():
        found = device.devices()
        for card in alsa.busy_cards():
            click.echo(str(card), err=True)
        if not found:
            raise Failure("no capture device: is one plugged in, and are you allowed to use it?")
        for each in [*found, *device.sources(found)]:
            click.echo(_line(each))


def _line(device: "Device") -> str:
    facts = [
        device.host,
        f"{device.rate} Hz",
        f"{device.channels} channel{'s' if device.channels > 1 else ''}",
        *([f"plugged in at {device.port}"] if device.port else []),
        *([f"monitor: {device.description}"] if device.monitor else []),
        *([device.description] if device.description and not device.monitor else []),
    ]
    return f"{'*' if device.default else ' '} {device.name}  ({', '.join(facts)})"
