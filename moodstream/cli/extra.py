"""Extras: packages that only some commands need."""

from collections.abc import Iterator
from contextlib import contextmanager

from moodstream.cli.failure import Failure


@contextmanager
def needs(extra: str, *packages: str) -> Iterator[None]:
    """Say how to install an extra if one of its packages is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in packages:
            raise
        raise Failure(
            f"this needs the package {error.name}: pip install 'moodstream[{extra}]'"
        ) from error
