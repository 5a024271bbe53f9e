"""`moodstream config`: the settings as they are."""

from typing import TYPE_CHECKING

import click

from moodstream.cli.options import BROKER, BUNDLE, DEVICE, HOP, PREFIX, configured

if TYPE_CHECKING:
    from moodstream.config.sections import Config


@click.command("config")
@configured(DEVICE, BROKER, PREFIX, HOP, BUNDLE)
def show_config(config: "Config") -> None:
    """Print the merged configuration as TOML, secrets masked."""
    from moodstream.config.load import shown

    click.echo(shown(config))
