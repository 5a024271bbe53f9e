"""What PortAudio and the libraries below it do to the process that uses them, and do not."""

import os
import subprocess
import sys

from moodstream.audio import portaudio
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


SEES = """
from pathlib import Path
from moodstream.audio.portaudio import portaudio
from moodstream.audio.device import devices

def has_ffmpeg():
    return "libavcodec" in Path("/proc/self/maps").read_text()

portaudio()
print(has_ffmpeg())
print([device.name for device in devices()], has_ffmpeg())
print([device.name for device in devices()], has_ffmpeg())
"""


def test_the_codecs_that_a_search_for_devices_loads_are_unloaded(pulseaudio):
    environment = {**pulseaudio.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SEES]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines() == ["True", *["['pulse', 'default'] False"] * 2]


class Opened:
    """A capture that closes when it is told to, or is stuck."""

    def __init__(self, captures, *, is_stuck=False):
        self.told, self._captures, self._is_stuck = [], captures, is_stuck

    def give_up(self, reason):
        self.told.append(reason)
        if not self._is_stuck:
            self._captures.remove(self)
        return not self._is_stuck


def test_devices_are_listed_anew_only_when_no_capture_is_open_or_something_has_come(monkeypatch):
    signs = [frozenset()]
    monkeypatch.setattr(portaudio.arrival, "signs", lambda: signs[0])
    captures = portaudio.Captures()
    assert captures.is_outdated()
    assert captures.is_outdated()
    one, two = Opened(captures), Opened(captures)
    captures.add(one)
    captures.add(two)
    assert not captures.is_outdated()
    assert one.told + two.told == []
    signs[0] = frozenset([("/dev/snd/pcmC1D0c", 1, 2, 3, 4)])
    assert captures.is_outdated()
    assert len(one.told) == len(two.told) == 1
    captures.add(one)
    assert not captures.is_outdated()


def test_a_stream_that_does_not_close_is_not_pulled_away(monkeypatch):
    signs = [frozenset()]
    monkeypatch.setattr(portaudio.arrival, "signs", lambda: signs[0])
    captures = portaudio.Captures()
    captures.is_outdated()
    stuck = Opened(captures, is_stuck=True)
    captures.add(stuck)
    signs[0] = frozenset([("/dev/snd/pcmC1D0c", 1, 2, 3, 4)])
    assert not captures.is_outdated()
    assert not captures.is_outdated()
    captures.remove(stuck)
    assert captures.is_outdated()
