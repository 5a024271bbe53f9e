"""Options that override settings, and the merged configuration."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from moodstream.cli.failure import EX_CONFIG, Failure

if TYPE_CHECKING:
    from moodstream.config.sections import Config
    from moodstream.outlet import Outlet


def _option(setting: str, *names: str, help_: str, **more: Any) -> Callable[[Any], Any]:
    """Return an option that overrides a setting."""
    return click.option(*names, setting.replace(".", "__"), help=help_, **more)


def configurable(*settings: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give a command the path of the configuration and the options that override settings."""

    def decorate(function: Callable[..., None]) -> Any:
        @wraps(function)  # keeps the options that the function already has
        def command(config_path: Path | None, **arguments: Any) -> None:
            options = {
                key.replace("__", "."): arguments.pop(key)
                for key in [key for key in arguments if "__" in key]
            }
            function(config_path, options, **arguments)

        for option in settings:
            option(command)
        return click.option(
            "--config",
            "-c",
            "config_path",
            type=click.Path(path_type=Path, dir_okay=False),
            help="TOML file; default: $MOODSTREAM_CONFIG, ~/.config/moodstream/config.toml, "
            "/etc/moodstream/config.toml.",
        )(command)

    return decorate


def configured(*settings: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give a command the merged configuration, and options for some of its settings."""

    def decorate(function: Callable[..., None]) -> Any:
        @configurable(*settings, LOG_LEVEL)
        @wraps(function)
        def command(path: Path | None, options: dict[str, Any], **arguments: Any) -> None:
            function(load_config(path, options), **arguments)

        return command

    return decorate


def load_config(
    path: Path | None, options: dict[str, Any], logs: "Outlet | None" = None
) -> "Config":
    """Return the merged configuration, and set up logging accordingly.

    Args:
        path: path of the settings file; None looks for one.
        options: settings from the command line.
        logs: destination of logs; None means standard error.

    Raises:
        Failure: the configuration is wrong.
    """
    from moodstream import log
    from moodstream.config.load import load
    from moodstream.config.platform import injected
    from moodstream.config.sections import ConfigError

    try:
        merged = load(path, os.environ, options)
    except ConfigError as error:
        raise Failure(f"the configuration is wrong:\n{error}", EX_CONFIG) from error
    log.configure(merged.log.level, merged.log.format, logs)
    if ignored := injected(os.environ):
        log.get_logger().warning(
            "environment variables ignored; a container platform seems to have set them",
            variables=ignored,
        )
    return merged


def chosen(config: "Config", name: str | None) -> "Config":
    """Return the settings of one source, as if it were the only one.

    Args:
        config: all settings.
        name: name of the source; None selects the first.

    Raises:
        Failure: no source has this name.
    """
    from moodstream.config.sources import each

    views = each(config)
    if name is None:
        return views[0]
    names = [source.name for source in config.source]
    if name not in names:
        known = f"there are: {', '.join(names)}" if names else "the settings have no [[source]]"
        raise Failure(f"no source '{name}'; {known}", EX_CONFIG)
    return views[names.index(name)]


def is_prefix_given() -> bool:
    """Return whether the topics come from the option --prefix, not from a [[source]]."""
    origin = click.get_current_context().get_parameter_source("mqtt__prefix")
    return origin is ParameterSource.COMMANDLINE


SOURCE = click.option(
    "--source",
    "name",
    metavar="NAME",
    help="Name of the [[source]] table to use; default: the first.",
)
BUNDLE = _option("models.bundle", "--bundle", help_="Directory of a model bundle.", metavar="DIR")
DEVICE = _option("audio.device", "--device", help_="Capture device: its name, or a part of it.")
BROKER = _option("mqtt.url", "--broker", help_="mqtt://HOST[:PORT], or 'embedded'.", metavar="URL")
PREFIX = _option("mqtt.prefix", "--prefix", help_="First part of the topics.")
HOP = _option(
    "pipeline.hop_s", "--hop", help_="Seconds from one classification to the next.", type=float
)
PORT = _option("web.port_number", "--port", help_="TCP port of the page.", type=int)
LOG_LEVEL = _option("log.level", "--log-level", help_="debug, info, warning or error.")
