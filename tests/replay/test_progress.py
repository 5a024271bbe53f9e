import os
import pty
import re
import struct
import subprocess
import threading
from fcntl import ioctl
from termios import TIOCSWINSZ

import numpy as np
import pytest
import soundfile

from moodstream.replay.progress import Progress
from moodstream.text import cells
from tests.support.program import MOODSTREAM, run_program
from tests.support.replays import replaying
from tests.support.signals import noise


def on_a_terminal(*arguments, columns=80):
    """The exit status of a replay, and what its standard error shows on a terminal."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    shown = bytearray()

    def read():
        try:
            while part := os.read(ours, 1 << 16):
                shown.extend(part)
        except OSError:  # the other end is closed
            pass

    reader = threading.Thread(target=read)
    reader.start()
    command = [*MOODSTREAM, "replay", *map(str, arguments)]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    reader.join()
    os.close(ours)
    return result.returncode, shown.decode()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_terminal_shows_files_and_speed(library, jobs):
    status, shown = on_a_terminal(library / "b", "--format", "csv", "--jobs", jobs)
    assert status == 1
    assert "0/3 files" in shown
    assert "3/3 files" in shown
    assert " h/min" in shown
    assert "damaged" in shown
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[?0-9]*[A-Za-z]", "", shown))
    assert all(cells(line) <= 80 for line in lines if "h/min" in line)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bar_ends_at_the_end_whatever_could_be_heard(library, short, jobs):
    # Damaged and empty files, one that is absent, and one that is named twice.
    files = library, short, short, library / "absent.wav"
    _, shown = on_a_terminal(*files, "--format", "csv", "--jobs", jobs)
    assert re.findall(r"(\d+)%", shown)[-1] == "100"
    assert "10/10 files" in shown


def test_no_file_is_opened_for_the_bar(tmp_path):
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    with Progress([pipe, tmp_path / "absent.wav"], hidden=False) as progress:
        progress.advance(pipe, 1.0, 0.5)
        progress.done(pipe)


@pytest.mark.parametrize("jobs", [1, 2])
def test_lines_of_libraries_do_not_reach_the_terminal(tmp_path, jobs):
    whole = tmp_path / "noise.mp3"
    soundfile.write(whole, noise(8), 16000)
    spoilt = bytearray(whole.read_bytes())
    middle = len(spoilt) // 2
    spoilt[middle : middle + 3000] = np.random.default_rng(2).bytes(3000)
    path = tmp_path / "spoilt.mp3"
    path.write_bytes(spoilt)
    result = run_program("replay", path, "--jobs", jobs)
    assert all(line.startswith(("Error:", "Warning:")) for line in result.stderr.splitlines())
    assert all(str(path) in line for line in result.stderr.splitlines())


def test_no_colours_and_no_bar_where_nobody_looks(short):
    with replaying(short) as process:
        output, errors = process.communicate(timeout=60)
    assert errors == ""
    assert "\x1b" not in output
