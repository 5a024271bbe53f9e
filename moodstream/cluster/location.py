"""Locations of recordings: paths that all machines share, and objects behind URLs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path, PosixPath, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Self

from moodstream.audio.file import suffixes
from moodstream.replay.errors import ReplayError

INSTALL = "pip install 'moodstream[cluster]'"
"""Command that installs Dask and fsspec."""


class LocationError(ReplayError):
    """Location that cannot be listed; the message says why."""


class Remote(PosixPath):
    """URL in place of a path; a plain path would lose one of its slashes.

    Args:
        url: such as ``s3://bucket/song.mp3``.
    """

    def __new__(cls, url: str) -> Self:
        """Make a path that keeps the URL."""
        made = super().__new__(cls, url)
        made._url = url
        return made

    _url: str

    def __str__(self) -> str:
        return self._url


def require_cluster() -> None:
    """Check that Dask and fsspec are installed.

    Raises:
        LocationError: they are not; the message has the command that installs them.
    """
    if not (find_spec("distributed") and find_spec("fsspec")):
        raise LocationError(f"a cluster needs Dask and fsspec: {INSTALL}")


def expanded(paths: Iterable[Path]) -> list[Path]:
    """Return the paths; each URL of a folder is replaced by the audio files below it.

    Raises:
        LocationError: a URL cannot be listed.
    """
    found: list[Path] = []
    for path in paths:
        found += _listed(str(path)) if isinstance(path, Remote) else [path]
    return found


@contextmanager
def local(location: str) -> Iterator[Path]:
    """Provide the path of a recording on this machine; an object behind a URL is copied whole.

    Reading an object piece by piece takes thousands of requests. The copy is removed at the end.

    Raises:
        LocationError: the object cannot be copied.
    """
    if "://" not in location:
        yield Path(location)
        return
    with TemporaryDirectory(prefix="moodstream-") as folder:
        copy = Path(folder) / f"audio{PurePosixPath(location).suffix}"
        system, path = _system(location)
        try:
            system.get_file(path, str(copy))
        except Exception as error:  # each store has errors of its own
            raise LocationError(f"{location}: {_reason(error)}") from error
        yield copy


def _listed(url: str) -> list[Path]:
    system, path = _system(url)
    try:
        if url.startswith("http") or not system.isdir(path):
            return [Remote(url)]
        names = sorted(system.find(path))
    except Exception as error:  # each store has errors of its own
        raise LocationError(f"{url}: {_reason(error)}") from error
    known = suffixes()
    files = [(name, PurePosixPath(name)) for name in names]
    heard = [
        name
        for name, file in files
        if file.suffix.lower() in known and not file.name.startswith(".")
    ]
    if not heard:
        raise LocationError(f"{url}: contains none of {', '.join(sorted(known))}")
    return [Remote(system.unstrip_protocol(name)) for name in heard]


def _system(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and the path in it.

    Raises:
        LocationError: nothing is installed for such URLs, or its settings are wrong.
    """
    from fsspec.core import url_to_fs  # noqa: PLC0415 - only URLs need it

    try:
        system, path = url_to_fs(url)
    except Exception as error:  # each store has errors of its own
        raise LocationError(f"{url}: {_reason(error)}") from error
    return system, path


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such object"
    return str(error) or type(error).__name__
