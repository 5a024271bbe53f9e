"""The sources of PulseAudio, or of PipeWire in its place, by name."""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from shutil import which

ANSWER_S = 2.0
"""Seconds that a sound server has to answer; a frozen one never does."""
SPECIFICATION = re.compile(r"(\d+)ch (\d+)Hz")
VARIABLE = "PULSE_SOURCE"
"""Environment variable from which libpulse takes the source."""

_opening = threading.Lock()


@dataclass(frozen=True)
class Source:
    """A source of the sound server."""

    name: str
    description: str
    """The name that desktops show."""
    channels: int
    rate: int
    """Hertz."""
    monitor: bool
    """Whether it carries what a sink plays."""


def sources() -> list[Source]:
    """Return the sources; none if there is no server or ``pactl`` is not installed."""
    pactl = which("pactl")
    if not pactl:
        return []
    try:
        listed = subprocess.run(  # noqa: S603 - found on the PATH, as users find it
            [pactl, "list", "sources"],
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return parsed(listed.stdout.decode("utf-8", "backslashreplace"))


def parsed(listing: str) -> list[Source]:
    """Return the sources in the output of ``pactl list sources``."""
    found = []
    for part in re.split(r"^Source #", listing, flags=re.MULTILINE)[1:]:
        fields = dict(re.findall(r"^\t([A-Z][\w ]*): ?(.*)$", part, flags=re.MULTILINE))
        form = SPECIFICATION.search(fields.get("Sample Specification", ""))
        if form and fields.get("Name"):
            source = Source(
                fields["Name"],
                fields.get("Description", ""),
                int(form[1]),
                int(form[2]),
                fields.get("Monitor of Sink", "n/a") != "n/a",
            )
            found.append(source)
    return found


@contextmanager
def chosen(source: str) -> Iterator[None]:
    """Make devices opened inside the context use this source; empty means the server's default."""
    if not source:
        yield
        return
    with _opening:
        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = source
        try:
            yield
        finally:
            if before is None:
                del os.environ[VARIABLE]
            else:
                os.environ[VARIABLE] = before
