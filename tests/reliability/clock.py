"""Wall clock of one process, which can be set; its monotonic clock is not affected."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def movable_clock(directory: Path) -> Iterator[Mapping[str, str]]:
    """Yield the environment of a process whose clock :func:`set_clock` sets.

    Raises:
        FileNotFoundError: libfaketime is not installed.
    """
    # Of Debian's package. A time namespace would not do: it has no wall clock of its own.
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        raise FileNotFoundError("libfaketime is missing: apt-get install libfaketime")
    set_clock(directory, 0)
    yield {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(directory / "clock"),
        "FAKETIME_CACHE_DURATION": "1",  # seconds; otherwise the file is read each time
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def set_clock(directory: Path, ahead_s: float) -> None:
    """Set the clock ahead of the true time by so many seconds."""
    new = directory / "clock.new"
    new.write_text(f"{ahead_s:+.0f}\n")
    new.replace(directory / "clock")
