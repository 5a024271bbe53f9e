"""Errors that end a command, and what they make of its exit status."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

EX_TEMPFAIL, EX_CONFIG = 75, 78
"""Exit statuses of ``sysexits.h``: try again, and do not before the settings are mended."""


class Failure(click.ClickException):
    """An error that a person can do something about."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]


@contextmanager
def failures() -> Iterator[None]:
    """Errors that a person can do something about, told without a traceback."""
    from moodstream.audio.portaudio import CaptureError, CaptureStuckError
    from moodstream.bundle.bundle import BundleError
    from moodstream.config.sections import ConfigError
    from moodstream.mqtt.broker import BrokerError

    try:
        yield
    except (BundleError, ConfigError) as error:
        raise Failure(str(error), EX_CONFIG) from error
    except (BrokerError, CaptureError) as error:
        raise Failure(str(error)) from error
    except CaptureStuckError:  # logged where it was found
        # A clean exit would wait for ever: PortAudio says goodbye to the frozen server.
        os._exit(EX_TEMPFAIL)
