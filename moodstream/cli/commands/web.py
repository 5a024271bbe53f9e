"""`moodstream web`: the page."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from moodstream.cli.extra import needs
from moodstream.cli.failure import EX_CONFIG, Failure
from moodstream.cli.options import BROKER, PORT, PREFIX, configured, is_prefix_given

if TYPE_CHECKING:
    from moodstream.config.sections import Config


@click.command()
@click.option("--new-password", is_flag=True, help="Ask for a password, and print its hash.")
@configured(BROKER, PREFIX, PORT)
def web(config: "Config", *, new_password: bool) -> None:
    """Serve a page with the live mood of all rooms, and record their history.

    It subscribes to the broker like `moodstream watch`. Press Ctrl-C to stop.
    """
    with needs("web", "starlette", "uvicorn", "prometheus_client"):
        from moodstream.web.serve import AddressError, serve
    from moodstream.cli.signals import stopped_by_signals
    from moodstream.config.sections import ConfigError
    from moodstream.daemon.notify import Notifier
    from moodstream.daemon.state_directory import state_directory

    if new_password:
        _print_hash()
        return
    if is_prefix_given():
        config = replace(config, source=())
    notifier = Notifier()

    def ready(address: str) -> None:
        click.echo(f"The page is at {address}")
        notifier.ready()

    try:
        with stopped_by_signals() as stop:
            serve(config, state_directory(os.environ), stop, ready)
    except ConfigError as error:
        raise Failure(str(error), EX_CONFIG) from error
    except AddressError as error:
        raise Failure(str(error)) from error


def _print_hash() -> None:
    from moodstream.web.password import LONGEST, SHORTEST, hashed

    password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if not SHORTEST <= len(password) <= LONGEST:
        raise Failure(f"the password must have {SHORTEST} to {LONGEST} characters")
    click.echo(f'password_hash = "{hashed(password)}"')
