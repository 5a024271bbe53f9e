"""`moodstream homeassistant`: the announcement to Home Assistant."""

from typing import TYPE_CHECKING

import click

from moodstream.cli.failure import Failure, failures
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


@click.group("homeassistant")
def home_assistant() -> None:
    """Manage the device that Home Assistant shows. See docs/home-assistant.md."""


@home_assistant.command("remove")
@SOURCE
@configured(BROKER, PREFIX)
def remove_from_home_assistant(config: "Config", name: str | None) -> None:
    """Remove the device from Home Assistant.

    A daemon with homeassistant.discovery = true would announce it again.
    """
    from moodstream.publication import broker_connection, discovery

    if not is_prefix_given():
        config = chosen(config, name)
    with failures():
        connection = broker_connection(config)
        try:
            connection.retain(discovery(config).topic, "")
        except OSError as error:
            raise Failure(str(error)) from error
    click.echo(f"Removed the device of {config.mqtt.prefix} at {connection.address}.")
    if config.homeassistant.discovery:
        click.echo("homeassistant.discovery is set: the daemon will announce it again.", err=True)
