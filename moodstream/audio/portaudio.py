"""PortAudio, with workarounds to start and end it reliably."""

import atexit
import ctypes
import os
import shutil
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from moodstream.audio.system import arrival

JACK = Path("/dev/shm")  # noqa: S108 - where libjack keeps its files
"""Directory of the sockets between JACK's servers and clients."""


class CaptureError(Exception):
    """A device that cannot be opened or read; the message keeps PortAudio's words."""


class CaptureStuckError(Exception):
    """A frozen audio server, which only a new process or the server's end can recover from.

    Args:
        message: says what does not answer.
        thread: waits for the audio server; None if it is not known.
    """

    def __init__(self, message: str = "", thread: threading.Thread | None = None) -> None:
        super().__init__(message)
        self.thread = thread


class Open(Protocol):
    """A capture that is open."""

    def give_up(self, reason: str) -> bool:
        """End it for this reason; return whether its device is closed."""


class Captures:
    """The open captures of this process, and the list of devices that they share.

    PortAudio lists devices when it starts, and its end closes all streams. So it is started again
    only when no capture is open, or when a device has come or gone and all captures end first.
    """

    def __init__(self) -> None:
        self.finding = threading.RLock()
        """Held while devices are listed and one is opened."""
        self.changing = threading.Lock()
        """Held while a stream is opened or closed: PortAudio's list of them has no lock."""
        self._lock = threading.Lock()
        self._open: set[Open] = set()
        self._signs: frozenset[arrival.Sign] | None = None

    def is_outdated(self) -> bool:
        """Return whether to list the devices again; end all captures, if there are any."""
        signs = arrival.signs()
        with self._lock:
            there = [*self._open]
        if there and signs == self._signs:
            return False
        reason = "a device or sound server was added or removed: listing devices again"
        if not all(capture.give_up(reason) for capture in there):
            return False
        self._signs = signs
        return True

    def add(self, capture: Open) -> None:
        """Register an open capture."""
        with self._lock:
            self._open.add(capture)

    def remove(self, capture: Open) -> None:
        """Remove a closed capture."""
        with self._lock:
            self._open.discard(capture)


CAPTURES = Captures()


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
    """Remove the database of JACK if no JACK server runs.

    PortAudio opens libjack, which shares the database among all processes of a user. A process that
    is killed while it holds the lock leaves it locked, and all later ones would wait forever.
    """
    user = os.getuid()
    if not list(JACK.glob(f"jack_*_{user}_*")):  # the sockets of a server
        shutil.rmtree(JACK / f"jack_db-{user}", ignore_errors=True)


def _keep_pixman() -> None:
    """Load libpixman, where there is one, for as long as the process lives.

    Each search for devices loads and unloads ALSA's AC-3 plugin, and through FFmpeg this library,
    which leaks 12 kB each time.
    """
    with suppress(OSError):
        ctypes.CDLL("libpixman-1.so.0")


def leave_behind() -> None:
    """Skip PortAudio's exit handler, as a frozen server never answers it."""
    if sounddevice := sys.modules.get("sounddevice"):  # not imported anew: that may be what hangs
        atexit.unregister(sounddevice._exit_handler)  # noqa: SLF001
