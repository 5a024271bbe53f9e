"""Errors that end a command, and their exit statuses."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

EX_TEMPFAIL, EX_CONFIG = 75, 78
"""Exit statuses of ``sysexits.h``: try again; correct the settings first."""


class Failure(click.ClickException):
    """Error that the user can fix."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]


@contextmanager
def failures() -> Iterator[None]:
    """Report errors that the user can fix, without a traceback."""
    # The error classes are imported only when there is an error, because they import much code.
    try:
        yield
    except _settings() as error:
        raise Failure(str(error), EX_CONFIG) from error
    except _surroundings() as error:
        raise Failure(str(error)) from error
    except _stuck():  # already logged
        # A clean exit would wait forever, because PortAudio disconnects from the frozen server.
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
