"""Standard output and error, whatever becomes of their readers and disks."""

import fcntl
import os
import subprocess
import sys
import threading
import time

import pytest

from moodstream.outlet import WAITING_BYTES, Outlet
from tests.support.program import wait_until


@pytest.fixture
def pipe():
    """A pipe of 4096 bytes: the end to read, and the end to write."""
    ends = os.pipe()
    fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 4096)
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_everything_arrives_in_order_while_somebody_reads(pipe):
    outlet = Outlet(pipe[1])
    read = []
    reader = threading.Thread(
        target=lambda: read.extend(iter(lambda: os.read(pipe[0], 999), b"end\n"))
    )
    reader.start()
    lines = [f"line {n}\n" for n in range(1000)]
    for line in lines:
        outlet.write(line)
    assert outlet.drain(5)
    wait_until(lambda: b"".join(read) == "".join(lines).encode())
    outlet.write("end\n")
    reader.join()
    assert outlet.dropped == 0


def test_a_reader_that_stopped_costs_no_time_and_bounded_memory(pipe):
    outlet = Outlet(pipe[1])
    begun_s = time.monotonic()
    for _ in range(10_000):
        outlet.write("x" * 99 + "\n")
    assert time.monotonic() - begun_s < 5
    kept = 10_000 - outlet.dropped
    assert WAITING_BYTES / 100 - 2 <= kept <= (WAITING_BYTES + 4096) / 100 + 1
    # It reads again: all that was kept arrives, every line whole.
    read = b""
    while len(read) < kept * 100:
        read += os.read(pipe[0], 4096)
    assert read == (b"x" * 99 + b"\n") * kept
    assert outlet.drain(1)


def test_a_reader_that_left_is_no_error(pipe):
    outlet = Outlet(pipe[1])
    os.close(pipe[0])
    for _ in range(3):
        outlet.write("nobody hears this\n")
    assert outlet.drain(1)
    assert outlet.dropped == 3


FULL = """
import resource, sys
from moodstream.outlet import Outlet
resource.setrlimit(resource.RLIMIT_FSIZE, (25, resource.RLIM_INFINITY))
outlet = Outlet(1)
for n in range(5):
    outlet.write(f"line {n} is long\\n")
outlet.drain(5)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
outlet.write("room again\\n")
outlet.drain(5)
print(outlet.dropped, file=sys.stderr)
"""
"""Writes until the file may not grow, which fails in the midst of a line, and then goes on."""


def test_a_disk_that_was_full_leaves_whole_lines_after_the_cut(tmp_path):
    with (tmp_path / "out").open("wb") as out:
        result = subprocess.run(
            [sys.executable, "-c", FULL], stdout=out, stderr=subprocess.PIPE, text=True
        )
    assert (result.returncode, result.stderr) == (0, "4\n")
    first, cut, last = (tmp_path / "out").read_text().splitlines()
    assert (first, last) == ("line 0 is long", "room again")
    assert "line 1 is long".startswith(cut)


CLOSED = """
import os, sys
from moodstream.outlet import open_standard_streams
open_standard_streams()
opened = os.open("/dev/zero", os.O_RDONLY)
print("to nobody")
print("to nobody", file=sys.stderr, flush=True)
sys.stdin.read()
os._exit(opened)
"""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_the_numbers_of_closed_streams_are_never_given_to_files(closed):
    command = ["sh", "-c", f'exec "$0" "$@" {closed}', sys.executable, "-c", CLOSED]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    assert result.returncode >= 3, result.stderr
