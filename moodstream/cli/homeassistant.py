"""`moodstream homeassistant`: what Home Assistant was told."""

from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import Failure, failures
from moodstream.cli.options import BROKER, PREFIX, configured

if TYPE_CHECKING:
    from moodstream.config.sections import Config


@click.group("homeassistant")
def home_assistant() -> None:
    """How Home Assistant shows the daemon: see docs/home-assistant.md."""


@home_assistant.command("remove")
@configured(BROKER, PREFIX)
def remove_from_home_assistant(config: "Config") -> None:
    """Remove the device that was announced; homeassistant.discovery would announce it again."""
    from moodstream.publication import broker_connection, discovery

    with failures():
        connection = broker_connection(config)
        try:
            connection.retain(discovery(config).topic, "")
        except OSError as error:
            raise Failure(str(error)) from error
    click.echo(f"Removed what was announced of {config.mqtt.prefix} at {connection.address}.")
    if config.homeassistant.discovery:
        click.echo("homeassistant.discovery is set: the daemon will announce it again.", err=True)
