"""Signs that a capture device or a sound server was added or removed."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

SOUND = Path("/dev/snd")
"""Folder of ALSA's devices."""
UNIX = "unix:"

Sign = tuple[str, int, int, int, int]
"""Name, inode, mode, group and time of the last change, nanoseconds."""


def signs(environment: Mapping[str, str] = os.environ) -> frozenset[Sign]:
    """Return values that change when a device or sound server appears, leaves or becomes usable.

    Args:
        environment: of the process.
    """
    return frozenset(_signs(environment))


def are_complete(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether every new device gives a sign, unlike the sources of a sound server."""
    is_there = any(path.exists() for path in servers(environment).values())
    return is_local(environment) and not is_there


def is_local(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether PulseAudio is reached through a socket of this machine."""
    return environment.get("PULSE_SERVER", UNIX).startswith((UNIX, "/"))


def servers(environment: Mapping[str, str] = os.environ) -> dict[str, Path]:
    """Return the sockets of sound servers, which may not exist, by the server's name."""
    runtime = Path(environment.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    found = {"PipeWire": runtime / "pipewire-0"}
    if is_local(environment):
        given = environment.get("PULSE_SERVER", "").removeprefix(UNIX)
        found["PulseAudio"] = Path(given or runtime / "pulse" / "native")
    return found


def _signs(environment: Mapping[str, str]) -> Iterator[Sign]:
    paths = list(servers(environment).values())
    with suppress(OSError):  # no sound card
        paths += SOUND.iterdir()
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            continue
        # Opening a node does not change its status; a socket that is bound again has a new inode.
        yield str(path), found.st_ino, found.st_mode, found.st_gid, found.st_ctime_ns
