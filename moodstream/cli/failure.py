"""Errors that end a command, and their exit statuses."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

EX_TEMPFAIL, EX_CONFIG = 75, 78
"""Exit statuses of ``sysexits.h``: try again; correct the settings first."""


class Failure(click.ClickException):
    """Error that a person can do something about."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]


@contextmanager
def failures() -> Iterator[None]:
    """Report errors that a person can do something about without a traceback."""
    # The kinds of errors are imported only when there is one: they bring much code along.
    try:
        yield
    except _settings() as error:
        raise Failure(str(error), EX_CONFIG) from error
    except _surroundings() as error:
        raise Failure(str(error)) from error
    except _stuck():  # logged where it was found
        # A clean exit would wait for ever: PortAudio says goodbye to the frozen server.
        os._exit(EX_TEMPFAIL)


def _settings() -> tuple[type[Exception], ...]:
    from moodstream.bundle.bundle import BundleError
    from moodstream.config.sections import ConfigError

    return BundleError, ConfigError


def _surroundings() -> tuple[type[Exception], ...]:
    from moodstream.audio.portaudio import CaptureError
    from moodstream.mqtt.trouble import BrokerError
    from moodstream.service.error import ServiceError

    return BrokerError, CaptureError, ServiceError


def _stuck() -> type[Exception]:
    from moodstream.audio.portaudio import CaptureStuckError

    return CaptureStuckError
