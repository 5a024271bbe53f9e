"""A command whose output is raw samples."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from moodstream.audio.formats.decoder import Piece
from moodstream.audio.formats.uncompressed.layout import Layout
from moodstream.audio.sources import pipe
from moodstream.audio.sources.address import redacted
from moodstream.audio.sources.input import RETRY_S, STALL_S, START_S, InputError, Patience
from moodstream.text import printable

END_S = 0.5
"""Seconds in which a command ends when it is asked to."""
LOOK_S = 0.02
TOLD_BYTES = 4096
"""Bytes kept from the end of its standard error."""
TOLD_CELLS = 160
OWN = ("MOODSTREAM_", "NOTIFY_SOCKET", "WATCHDOG_", "CREDENTIALS_DIRECTORY", "STATE_DIRECTORY")
"""Prefixes of this program's own environment variables, one of which contains its password."""


class Command:
    """A command that is started, read to its end, and started again.

    Args:
        words: the program and its options.
        layout: format of the samples on its standard output.
    """

    retry_s = RETRY_S

    def __init__(self, words: Sequence[str], layout: Layout) -> None:
        self._words, self._layout = words, layout
        # Options may hold passwords.
        self.label = f"command '{Path(self._words[0]).name}'"

    def pieces(self, closing: threading.Event) -> Generator[Piece, None, None]:
        """Yield the samples that it writes.

        Raises:
            InputError: it cannot be started, has stalled or has ended.
        """
        try:
            child = subprocess.Popen(  # noqa: S603 - the person's own settings name it
                self._words,
                env=_environment(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # so that all programs of a pipeline can be ended
            )
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise InputError(f"{self._words[0]}: {reason}") from error
        assert child.stdout  # noqa: S101 - there is a pipe
        complaints = _Complaints(child)
        try:
            patience = Patience(START_S, STALL_S)
            yield from pipe.pieces(child.stdout.fileno(), self._layout, closing, patience)
            reason = "it has ended"
            if not closing.is_set():
                _wait(child)
        except InputError as error:
            reason = str(error)
        finally:
            child.stdout.close()
            is_ended = _end(child)
        if not closing.is_set():
            status = f", {_status(child.returncode)}" if is_ended else ""
            raise InputError(f"{reason}{status}{complaints.text()}")


class _Complaints:
    """The end of what a command writes to its standard error.

    Args:
        child: the command.
    """

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._end = b""
        self._thread = threading.Thread(target=self._read, args=(child,), daemon=True)
        self._thread.start()

    def text(self) -> str:
        """Return the last line for a message, with URLs shortened; empty if there is none."""
        self._thread.join(0.2)
        lines = self._end.decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f": {printable(redacted(last), TOLD_CELLS)}" if last else ""

    def _read(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stderr  # noqa: S101 - there is a pipe
        with suppress(OSError, ValueError), child.stderr as stream:
            while data := stream.read(TOLD_BYTES):
                self._end = (self._end + data)[-TOLD_BYTES:]


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(OWN)}


def _status(status: int) -> str:
    return f"by signal {-status}" if status < 0 else f"status {status}"


def _wait(child: subprocess.Popen[bytes]) -> bool:
    """Wait a while for the command to end; return whether it has.

    The process id stays reserved until the status is collected.
    """
    until_s = time.monotonic() + END_S
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while not os.waitid(os.P_PID, child.pid, options):
        if time.monotonic() > until_s:
            return False
        time.sleep(LOOK_S)
    return True


def _end(child: subprocess.Popen[bytes]) -> bool:
    """End the command, and the programs that it has started; return whether it had ended."""
    is_ended = bool(os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT))
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(PermissionError):  # as of a program of another user, like sudo
            os.killpg(child.pid, number)
        _wait(child)
    with suppress(subprocess.TimeoutExpired):
        child.wait(LOOK_S)
    return is_ended
