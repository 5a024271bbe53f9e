"""`moodstream config`: the settings in use."""

import os
from pathlib import Path
from typing import Any

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


@click.command("config")
@configurable(DEVICE, BROKER, PREFIX, HOP, BUNDLE, LOG_LEVEL)
def show_config(path: Path | None, options: dict[str, Any]) -> None:
    """Print the settings in use as TOML, and where they come from. Secrets are hidden."""
    from moodstream.bundle import disk
    from moodstream.bundle.bundle import BundleError
    from moodstream.config.shown import origin, shown

    config = load_config(path, options)
    problem, card = "", None
    try:
        card = disk.read(Path(config.models.bundle or disk.shipped())).card
    except BundleError as error:
        problem = f"the bundle cannot be read: {error}"
    with failures():
        text = shown(config, card)
    click.echo(f"{origin(path, os.environ)}\n\n{text}")
    if problem:
        click.echo(f"Warning: {problem}", err=True)
