"""Make docs/pictures/watch.svg: a real `moodstream watch` on a terminal of its own.

Usage: python scripts/picture_of_watch.py [OUTPUT]

It starts a mosquitto on a free port, `moodstream demo` with the bundled recording, and
`moodstream watch` on a pseudo-terminal. After some minutes it draws the last screen.
"""

import fcntl
import os
import pty
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from terminal_picture import Screen, svg

OUTPUT = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "watch.svg"
COLUMNS, LINES = 84, 24
SECONDS = 394
"""Two rounds of the recording (164 s each), and 66 s: happy music after five full minutes."""
MOODSTREAM = [sys.executable, "-m", "moodstream"]
HOME = "\x1b[H"
"""The start of each picture of `watch`."""


def main() -> None:
    """Run the programs, and write the picture."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    seconds = float(os.environ.get("SECONDS_OF_SOUND", SECONDS))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"mqtt://127.0.0.1:{port}"
    environment = {**os.environ, "MOODSTREAM_AUDIO_NAME": "living room", "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as folder, mosquitto(port, Path(folder)):
        environment["XDG_STATE_HOME"] = folder
        # A device of this name does not exist, so that the recording is played.
        demo = [*MOODSTREAM, "demo", "--broker", url, "--device", "no microphone, please"]
        with running(demo, environment):
            written = watched([*MOODSTREAM, "watch", "--broker", url], environment, seconds)
    screen = Screen(COLUMNS, LINES)
    screen.write(HOME + written.split(HOME)[-2])  # the last one may be cut off
    alternative = "A terminal that shows the mood, bars for eight moods, and the last five minutes"
    output.write_text(svg(screen, "moodstream watch", alternative), encoding="utf-8")
    print(f"Wrote {output}")


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    """Run a program until the end of the block."""
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)


@contextmanager
def mosquitto(port: int, folder: Path) -> Iterator[None]:
    """Run a broker that only this machine reaches."""
    program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        sys.exit("mosquitto is missing. Type: sudo apt-get install mosquitto")
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n", encoding="ascii")
    with running([program, "-c", str(settings)], dict(os.environ)):
        deadline_s = time.monotonic() + 10
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if time.monotonic() > deadline_s:
                sys.exit("mosquitto does not start")
            time.sleep(0.05)
        yield


def watched(command: list[str], environment: dict[str, str], seconds: float) -> str:
    """Run a program on a pseudo-terminal for a time; return all that it wrote."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(command[0], command, environment)  # noqa: S606 - no shell is wanted
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    written = bytearray()
    deadline_s = time.monotonic() + seconds
    while (left_s := deadline_s - time.monotonic()) > 0:
        written += os.read(terminal, 65536)
        print(f"\r{left_s:5.0f} s left ", end="", file=sys.stderr)
        del written[:-200_000]
    os.kill(child, signal.SIGINT)
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:  # the program has ended
        pass
    os.waitpid(child, 0)
    return written.decode(errors="replace")


if __name__ == "__main__":
    main()
