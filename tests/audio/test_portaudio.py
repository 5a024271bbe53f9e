"""What PortAudio and the libraries below it do to the process that uses them, and do not."""

import os
import subprocess
import sys

from tests.support.program import MOODSTREAM, program

STUCK = """
mount -t tmpfs tmpfs /dev/shm && mkdir /dev/shm/jack_db-0 && mkfifo /dev/shm/jack_db-0/__db.001
exec "$@"
"""
"""A database of JACK, in a /dev/shm of its own, in which whoever opens it waits for ever."""


def test_a_process_that_was_killed_in_the_library_of_jack_leaves_no_lock(tmp_path):
    unshare = [program("unshare"), "--map-root-user", "--mount", "sh", "-c", STUCK, "sh"]
    command = [*unshare, *MOODSTREAM, "devices"]
    environment = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert "no capture device" in result.stderr


LOOKS = """
import psutil
from moodstream.audio.device import devices

def held_kb():
    for _ in range(30):
        devices()
    return psutil.Process().memory_info().rss / 1e3

before, after = held_kb(), held_kb()
print(after - before)
"""


def test_who_looks_for_devices_again_and_again_does_not_grow(pulseaudio):
    """A microphone may be away for months, and is looked for twice a minute."""
    command = [sys.executable, "-c", LOOKS]
    environment = {**pulseaudio.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert float(found.stdout) < 30 * 3  # kB; libpixman alone would leak 12 a time
