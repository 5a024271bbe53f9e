"""PortAudio, as far as it can be brought to start and to end."""

import atexit
import ctypes
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

JACK = Path("/dev/shm")  # noqa: S108 - where libjack keeps its files
"""Where servers of JACK and their clients meet."""


class CaptureError(Exception):
    """The device cannot be opened or read; the message keeps PortAudio's words."""


class CaptureStuckError(Exception):
    """The audio server is frozen, and cannot be left from inside this process."""


def portaudio() -> ModuleType:
    """Return the sounddevice module; imported late, as that already opens the audio system.

    Raises:
        CaptureError: PortAudio is not installed.
    """
    if "sounddevice" not in sys.modules:
        _unlock_jack()
        _keep_pixman()
    try:
        import sounddevice  # noqa: PLC0415
    except OSError as error:
        raise CaptureError(f"{error}: install it: apt-get install libportaudio2") from error
    # One device whose name is not UTF-8 would hide all others.
    sounddevice._ffi_string = _readable  # noqa: SLF001
    module: ModuleType = sounddevice
    return module


def _readable(text: Any) -> bytes:
    r"""Return a string of C as UTF-8; other bytes become \x and two digits."""
    content: bytes = sys.modules["sounddevice"]._ffi.string(text)  # noqa: SLF001
    return content.decode("utf-8", "backslashreplace").encode()


def _unlock_jack() -> None:
    """Remove the database of JACK if no JACK runs.

    libjack, which PortAudio opens even so, shares it among all processes of a user, and whoever
    is killed in it leaves it locked: the next one, and each after it, would wait there for ever.
    """
    user = os.getuid()
    if not list(JACK.glob(f"jack_*_{user}_*")):  # the sockets of a server
        shutil.rmtree(JACK / f"jack_db-{user}", ignore_errors=True)


def _keep_pixman() -> None:
    """Load libpixman, where there is one, for as long as the process lives.

    Whenever PortAudio looks for devices, ALSA loads its AC-3 plugin and unloads it again; with it,
    by way of FFmpeg, come this library and the 12 kB that it leaks each time that it is loaded.
    """
    with suppress(OSError):
        ctypes.CDLL("libpixman-1.so.0")


def leave_behind() -> None:
    """Let the process end without PortAudio's farewell, which a frozen server never answers."""
    if sounddevice := sys.modules.get("sounddevice"):  # not imported anew: that may be what hangs
        atexit.unregister(sounddevice._exit_handler)  # noqa: SLF001
